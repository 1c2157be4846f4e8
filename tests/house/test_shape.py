"""Checks on the house itself: where things lie, who may know what, and that nothing is left undocumented."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings.service import Settings, variable_names

ROOT = Path(__file__).resolve().parents[2]
ROOMS = {
    "tree_sitter": ["bot/syntax/"],
    "langchain": ["bot/llm/"],
    "openai": ["bot/llm/"],
    "langsmith": ["bot/llm/"],
    "httpx": ["bot/llm/"],
    "pybreaker": ["bot/llm/", "bot/github/"],
    "slack_sdk": ["bot/transports/"],
    "sqlite_utils": ["bot/ledger/"],
    "github": ["bot/github/"],
    "dbos": ["bot/engine/"],
    "flask": ["webhooks/", "bot/dashboard/", "bot/demo/"],
    "graphql": ["bot/demo/"],
    "unidiff": ["bot/diff/"],
    "rich": [
        "bot/cli/",
        "bot/demo/",
        "bot/review/formats/",
        "bot/backtest/formats/",
        "bot/evals/formats/",
        "bot/posture/formats/",
        "bot/weekly/formats/",
    ],
    "pydantic_settings": ["bot/settings/"],
    "prometheus_client": ["bot/metrics.py", "webhooks/"],
}
"""Package → where it may be imported. One heavy dependency, one room."""

TOP = {"pyproject.toml", "README.md", "Makefile", "LICENSE", "CHANGELOG.md", "action.yml"}
FOLDERS = {"bot", "webhooks", "prompts", "tests", "config"}


def tracked() -> list[str]:
    run = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, timeout=30)
    if run.returncode:
        pytest.skip("this copy of the project is no git checkout")
    return [path for path in run.stdout.splitlines() if (ROOT / path).is_file()]


def our_modules() -> Iterator[tuple[str, ast.Module]]:
    for path in tracked():
        if path.endswith(".py") and path.startswith(("bot/", "webhooks/")) and "/sample/" not in path:
            yield path, ast.parse((ROOT / path).read_text(encoding="utf-8"))


def test_the_top_holds_only_what_belongs_there() -> None:
    tops = {path.split("/")[0] for path in tracked()}
    assert {top for top in tops if not top.startswith(".")} <= TOP | FOLDERS


def test_each_heavy_dependency_lives_in_one_room() -> None:
    strays = []
    for path, module in our_modules():
        for node in ast.walk(module):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            for name in names:
                package = name.split(".")[0]
                rooms = next((ROOMS[known] for known in ROOMS if package.startswith(known)), None)
                if rooms and not any(path.startswith(room) for room in rooms):
                    strays.append(f"{path}:{node.lineno} imports {name}")
    assert strays == []


def test_only_settings_reads_the_environment() -> None:
    readers = [
        f"{path}:{node.lineno}"
        for path, module in our_modules()
        if not path.startswith(("bot/settings/",))
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv") and isinstance(node.value, ast.Name)
        if node.value.id == "os"
    ]
    allowed = {"bot/demo/", "bot/engine/", "bot/source/", "bot/cli/"}  # they hand an environment to a child process
    assert [reader for reader in readers if not any(reader.startswith(room) for room in allowed)] == []


def test_the_layers_hold() -> None:
    run = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-3000:]


def test_no_file_holds_two_topics() -> None:
    long = {
        path: lines
        for path, _ in our_modules()
        if (lines := (ROOT / path).read_text(encoding="utf-8").count("\n")) > 300
    }
    assert long == {}


def test_every_module_says_what_it_is() -> None:
    assert [path for path, module in our_modules() if module.body and not ast.get_docstring(module)] == []


def documented_keys() -> dict[str, str]:
    """Dotted key → its remark in config/seawall.toml."""
    keys, group = {}, ""
    for line in (ROOT / "config/seawall.toml").read_text(encoding="utf-8").splitlines():
        if match := re.match(r"\[([\w.]+)\]", line):
            group = match[1] + "."
        elif match := re.match(r"(\w+) = (.*)", line):
            keys[group + match[1]] = match[2].partition(" # ")[2].strip()
    return keys


def test_every_setting_has_a_default_and_a_remark() -> None:
    keys = {name.removeprefix("SEAWALL_").lower().replace("__", ".") for name in variable_names()}
    documented = documented_keys()
    assert documented.keys() == keys
    assert [key for key, remark in documented.items() if len(remark) < 5] == []
    assert Settings.model_fields.keys() >= tomllib.loads((ROOT / "config/seawall.toml").read_text()).keys()


def test_every_setting_is_read_somewhere() -> None:
    read = {
        node.attr
        for path, module in our_modules()
        if not path.endswith("settings/__init__.py")
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute)
    }
    assert [key for key in documented_keys() if key.split(".")[-1] not in read] == []


def test_the_project_names_no_registry_and_no_place_of_its_making() -> None:
    words = ["py" + "pi.org", "registry.npm" + "js", "/work" + "/", "files.python" + "hosted"]
    told = []
    for path in tracked():
        text = (ROOT / path).read_bytes().decode("utf-8", errors="ignore")
        told += [f"{path}: {word}" for word in words if word in text]
    assert told == []


def test_lock_files_pin_every_package_by_hash() -> None:
    for lock in (ROOT / "config").glob("requirements*.lock"):
        text = lock.read_text(encoding="utf-8")
        assert not re.search(r"(?m)^--|https?://", text), lock.name
        for block in re.split(r"\n(?=\S)", text.strip()):
            assert "==" in block, block[:80]
            assert "--hash=sha256:" in block, block[:80]
