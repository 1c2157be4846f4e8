"""The quick reading of what ships gives what the library gives."""

import tomllib
from pathlib import Path

import pytest

from bot.settings import shipped_toml
from bot.settings.resources import resource_path
from bot.settings.shipped_toml import shipped

AT_EACH_START = (
    "config/seawall.toml",
    *(f"config/apis/{file.name}" for file in resource_path("config/apis").iterdir()),
)


@pytest.mark.parametrize("name", AT_EACH_START)
def test_what_is_read_at_each_start_is_read_the_quick_way(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = resource_path(name).read_text(encoding="utf-8")
    wanted = tomllib.loads(text)
    monkeypatch.delattr(shipped_toml, "tomllib")
    assert shipped(text) == wanted


@pytest.mark.parametrize("path", sorted(resource_path("config").rglob("*.toml")), ids=lambda path: str(path.name))
def test_all_other_toml_is_read_as_well(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert shipped(text) == tomllib.loads(text)


@pytest.mark.parametrize(
    "text",
    [
        "a = 'x # y'  # z",
        "a.b = 1",
        "a = 1_000",
        'a = "x" # "y',
        "[a.b]\nc = 1",
        "[a.b]\nc = 1\n[a]\nd = 2",
        "[a]\nc = 1\n[a.b]\nd = 2",
        "[[a]]\nb = 1\n[[a]]\nb = 2  # more",
        "[[a]]\n[a.b]\nc = 1",
        "a = [\n  1,\n]",
        'a = """\n[b]\n"""',
        "a = 1979-05-27",
        "a = { b = 1 }",
        "a = -1.5",
        "a = inf",
        '"a b" = 1',
        'a = "\\u00e9\\n\\t"',
        "a=1",
    ],
)
def test_toml_of_any_kind_is_read(text: str) -> None:
    assert shipped(text) == tomllib.loads(text)


@pytest.mark.parametrize(
    "text",
    [
        "a = 1\na = 2",
        "[a]\n[a]",
        "a = [1]\n[[a]]",
        "a = x",
        "a = 01",
        "a = 1 2",
        "[a] b",
        "[[a]",
        "a = null",
        "a = 1\n[a.b]",
    ],
)
def test_what_is_no_toml_is_refused(text: str) -> None:
    with pytest.raises(tomllib.TOMLDecodeError):
        shipped(text)
