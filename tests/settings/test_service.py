"""Where a setting comes from, which one wins, and what a wrong one is told."""

import contextlib
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from bot.errors import SettingsError
from bot.settings import Mode, Settings, load_settings, resource_path, resource_text
from bot.settings.service import variable_names


def from_file(folder: Path, text: str, environment: dict[str, str] | None = None) -> Settings:
    path = folder / "seawall.toml"
    path.write_text(text, encoding="utf-8")
    return load_settings(environment or {}, path)


def secret(settings: Settings, group: str, name: str) -> str:
    return str(getattr(getattr(settings, group), name).get_secret_value())


def test_the_shipped_file_sets_every_key_and_says_what_each_is_for() -> None:
    text = resource_text("config/seawall.toml")
    shipped = tomllib.loads(text)

    def keys(values: dict[str, Any], before: str) -> set[str]:
        deeper = [(f"{before}__{key}".upper(), value) for key, value in values.items()]
        return {name for at, value in deeper for name in (keys(value, at) if isinstance(value, dict) else [at])}

    names = {name.replace("SEAWALL__", "SEAWALL_", 1) for name in keys(shipped, "SEAWALL")}
    assert names == set(variable_names())
    for line in text.splitlines():
        if re.match(r"\w+ = ", line):
            assert len(line.split("#", 1)[1].split()) >= 2, line


def test_defaults_alone_are_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load_settings({})
    assert (settings.web.host, settings.web.port, settings.llm.model, settings.paused) == ("127.0.0.1", 8080, "", False)
    assert settings.ledger_path == settings.data_dir / "ledger.sqlite"
    assert settings.data_dir.is_absolute()


def test_the_environment_wins_over_the_file_and_an_override_over_both(tmp_path: Path) -> None:
    text = '[web]\nport = 1001\nhost = "10.0.0.1"\nthreads = 3'
    settings = from_file(tmp_path, text, {"SEAWALL_WEB__PORT": "1002"})
    assert (settings.web.port, settings.web.host, settings.web.threads) == (1002, "10.0.0.1", 3)
    assert load_settings({"SEAWALL_WEB__PORT": "1002"}, None, web={"port": 0}).web.port == 0


def test_a_file_in_the_folder_is_read_unless_the_folder_is_not_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "seawall.toml").write_text("[web]\nport = 1001")
    assert load_settings({}).web.port == 1001
    assert load_settings({}, trust_here=False).web.port == 8080
    other = tmp_path / "other.toml"
    other.write_text("[web]\nport = 1002")
    assert load_settings({"SEAWALL_CONFIG": str(other)}).web.port == 1002
    assert load_settings({"SEAWALL_CONFIG": str(other)}, trust_here=False).web.port == 1002


def test_the_scripted_names_all_work(tmp_path: Path) -> None:
    given = {
        "SEAWALL_DATA_DIR": str(tmp_path),
        "SEAWALL_WEB__HOST": "0.0.0.0",
        "SEAWALL_WEB__PORT": "9000",
        "SEAWALL_GITHUB__BASE_URL": "https://ghe.test/api/v3",
        "SEAWALL_GITHUB__TOKEN": "t1",
        "SEAWALL_GITHUB__APP_ID": "7",
        "SEAWALL_GITHUB__PRIVATE_KEY": "k1",
        "SEAWALL_GITHUB__PRIVATE_KEY_PATH": "/k",
        "SEAWALL_GITHUB__WEBHOOK_SECRET": "s1",
        "SEAWALL_LLM__MODEL": "openai:gpt-5.2",
        "SEAWALL_LLM__BASE_URL": "http://llm.test/v1",
        "SEAWALL_LLM__API_KEY": "a1",
        "SEAWALL_ENGINE__URL": "postgresql://db/seawall",
        "SEAWALL_REPOSITORIES": '["acme/*", "emca/till"]',
        "SEAWALL_POLICY__MODE": "shadow",
        "SEAWALL_POLICY__SKIP_AUTHORS": '["renovate*"]',
    }
    settings = load_settings(given)
    assert (settings.data_dir, settings.web.host, settings.web.port) == (tmp_path, "0.0.0.0", 9000)
    assert (settings.github.base_url, settings.github.app_id, settings.github.is_app) == (
        "https://ghe.test/api/v3",
        7,
        True,
    )
    assert secret(settings, "github", "token") + secret(settings, "github", "webhook_secret") == "t1s1"
    assert (settings.llm.model, settings.llm.base_url, secret(settings, "llm", "api_key")) == (
        "openai:gpt-5.2",
        "http://llm.test/v1",
        "a1",
    )
    assert settings.engine_url == "postgresql://db/seawall"
    assert settings.repositories == ("acme/*", "emca/till")
    assert (settings.policy.mode, settings.policy.skip_authors) == (Mode.SHADOW, ("renovate*",))


@pytest.mark.parametrize("name", variable_names())
def test_every_variable_is_heard(name: str) -> None:
    """Of a few values, at least one changes the setting: no name is accepted and then passed over."""

    def with_value(environment: dict[str, str]) -> Any:
        found: Any = load_settings(environment, trust_here=False)
        for part in name.removeprefix("SEAWALL_").lower().split("__"):
            found = getattr(found, part)
        return found

    heard = {with_value({})}
    words = (
        "gate",
        "admin",
        "high",
        "critical",
        "error",
        "json",
        "economy",
        "thorough",
        "queue",
        "ignore",
        '["mon"]',
        '["repository"]',
        '["teams"]',
        '["lead@acme.example"]',
        "lead@acme.example",
        "tls",
        "07:30",
        "Asia/Tokyo",
        "https://seawall.acme.example",
        "0123456789abcdef0123456789abcdef",
        '[{"match": "services/**"}]',
        '[{"of": "acme"}]',
        "tue",
    )
    for value in ("1", "2", "0.5", "true", "false", '["acme/*"]', *words, "2048"):
        if len(heard) < 2:
            with contextlib.suppress(SettingsError):
                heard.add(with_value({name: value}))
    assert len(heard) > 1


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("SEAWALL_WBE__PORT", "SEAWALL_WEB__PORT"),
        ("SEAWALL_WEB__PROT", "SEAWALL_WEB__PORT"),
        ("SEAWALL_WEB_PORT", "SEAWALL_WEB__PORT"),
        ("seawall_llm__modle", "SEAWALL_LLM__MODEL"),
        ("SEAWALL_GITHUB__SECRET", "SEAWALL_GITHUB__"),
        ("SEAWALL_DATADIR", "SEAWALL_DATA_DIR"),
        ("SEAWALL_WEB__PORT__X", "SEAWALL_WEB__PORT"),
        ("SEAWALL_WEB", "SEAWALL_WEB__PORT"),
    ],
)
def test_a_misspelt_variable_is_an_error_that_names_the_nearest(name: str, meant: str) -> None:
    with pytest.raises(SettingsError, match=rf"{name} is no setting \(did you mean {meant}"):
        load_settings({name: "1"})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[web]\nprot = 1", r"`web\.prot` is no setting \(did you mean web\.port\?\)"),
        ("[wbe]\nport = 1", r"`wbe` is no setting \(did you mean web\?\)"),
        ("pausd = true", r"`pausd` is no setting \(did you mean paused\?\)"),
        ("web = 3", r"`web`: "),
        ("llm = 3", r"`llm`: "),
        ("[web]\nport = 70000", r"`web\.port`: .*65535"),
        ("[web]\nport = 'x'\nthreads = 0", r"`web\.port`: .*; `web\.threads`: "),
        ("repositories = 'acme/*'", r"`repositories`: "),
        ("data_dir = 3", r"`data_dir`: 3 is no path"),
        ("[engine]\nquiet_cap_s = inf", r"`engine\.quiet_cap_s`: .*finite"),
        ("[github]\ntimeout_s = 0", r"`github\.timeout_s`: .*greater than 0"),
        ("[engine]\nslot = '../x'", r"`engine\.slot`: "),
        ("[policy]\nmode = 'loud'", r"`policy\.mode`: .*'shadow', 'comment' or 'gate'"),
        ("[policy]\nmdoe = 'gate'", r"`policy\.mdoe` is no setting \(did you mean policy\.mode\?\)"),
        ("[web", "cannot be read: "),
    ],
)
def test_a_wrong_file_is_told_in_one_line_what_is_wrong(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(SettingsError, match=told) as raised:
        from_file(tmp_path, text)
    assert "\n" not in str(raised.value)


def test_a_list_that_is_not_json_names_its_variable() -> None:
    with pytest.raises(SettingsError, match=r"^SEAWALL_POLICY__SKIP_AUTHORS: a list is written as JSON"):
        load_settings({"SEAWALL_POLICY__SKIP_AUTHORS": "a,b", "SEAWALL_WEB__PORT": "1"})


def test_a_named_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nowhere\.toml"):
        load_settings({"SEAWALL_CONFIG": str(tmp_path / "nowhere.toml")})
    with pytest.raises(SettingsError, match=r"nowhere\.toml"):
        load_settings({}, tmp_path / "nowhere.toml")


def test_a_file_that_is_not_utf8_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "seawall.toml").write_bytes(b"# \xff")
    with pytest.raises(SettingsError, match=r"seawall\.toml cannot be read"):
        load_settings({}, tmp_path / "seawall.toml")


def test_no_secret_is_shown_in_a_listing_or_an_error(tmp_path: Path) -> None:
    settings = load_settings(
        {"SEAWALL_GITHUB__TOKEN": "verysecret", "SEAWALL_ENGINE__URL": "postgresql://u:verysecret@h/d"}
    )
    assert "verysecret" not in repr(settings) + str(settings.model_dump())
    with pytest.raises(SettingsError) as raised:
        from_file(tmp_path, '[github]\ntoken = ["verysecret"]')
    assert "verysecret" not in str(raised.value)


def test_other_tools_variables_fill_what_is_empty() -> None:
    settings = load_settings(
        {"OPENAI_API_KEY": "o1", "OPENAI_BASE_URL": "http://o.test/v1", "GITHUB_TOKEN": "g1"}, trust_here=False
    )
    assert settings.llm.model.startswith("openai:")
    assert (secret(settings, "llm", "api_key"), settings.llm.base_url) == ("o1", "http://o.test/v1")
    assert secret(settings, "github", "token") == "g1"


def test_ours_win_over_other_tools_variables(tmp_path: Path) -> None:
    others = {"OPENAI_API_KEY": "o1", "OPENAI_BASE_URL": "http://o.test/v1", "GITHUB_TOKEN": "g1"}
    ours = {"SEAWALL_LLM__API_KEY": "a1", "SEAWALL_LLM__MODEL": "openai:x", "SEAWALL_GITHUB__TOKEN": "t1"}
    settings = load_settings(others | ours)
    assert (secret(settings, "llm", "api_key"), settings.llm.model, secret(settings, "github", "token")) == (
        "a1",
        "openai:x",
        "t1",
    )
    of_file = from_file(tmp_path, '[llm]\nmodel = "openai:y"\napi_key = "f1"\n[github]\ntoken = "f2"', others)
    assert (secret(of_file, "llm", "api_key"), of_file.llm.model, secret(of_file, "github", "token")) == (
        "f1",
        "openai:y",
        "f2",
    )


def test_a_model_said_to_be_none_stays_none() -> None:
    assert load_settings({"OPENAI_API_KEY": "o1", "SEAWALL_LLM__MODEL": ""}).llm.model == ""


@pytest.mark.parametrize("model", ["ollama:qwen3", "anthropic:claude"])
def test_openais_key_is_not_handed_to_another_provider(tmp_path: Path, model: str) -> None:
    others = {"OPENAI_API_KEY": "o1", "OPENAI_BASE_URL": "http://o.test/v1"}
    for settings in (
        load_settings(others | {"SEAWALL_LLM__MODEL": model}),
        from_file(tmp_path, f'[llm]\nmodel = "{model}"', others),
        load_settings(others, None, llm={"model": model}),
    ):
        assert (settings.llm.model, secret(settings, "llm", "api_key"), settings.llm.base_url) == (model, "", "")


def test_the_data_folder_follows_the_desktop_standard_and_the_home_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings({"XDG_DATA_HOME": "/x"}, trust_here=False).engine_url == "sqlite:////x/seawall/engine.sqlite"
    monkeypatch.setenv("HOME", "/home/mona")
    assert load_settings({"SEAWALL_DATA_DIR": "~/sea"}).data_dir == Path("/home/mona/sea")


def test_the_apps_key_comes_from_the_setting_or_its_file(tmp_path: Path) -> None:
    assert load_settings({"SEAWALL_GITHUB__PRIVATE_KEY": "a\\nb"}).github.key_pem() == "a\nb"
    (tmp_path / "app.pem").write_text("from the file")
    assert (
        load_settings({"SEAWALL_GITHUB__PRIVATE_KEY_PATH": str(tmp_path / "app.pem")}).github.key_pem()
        == "from the file"
    )
    with pytest.raises(SettingsError, match=r"gone\.pem.*SEAWALL_GITHUB__PRIVATE_KEY_PATH"):
        load_settings({"SEAWALL_GITHUB__PRIVATE_KEY_PATH": "/gone.pem"}).github.key_pem()
    with pytest.raises(SettingsError, match="without its key"):
        load_settings({"SEAWALL_GITHUB__APP_ID": "3"}).github.key_pem()


def test_settings_cannot_be_changed_afterwards() -> None:
    settings = load_settings({})
    with pytest.raises(ValueError, match="frozen"):
        settings.web.port = 1  # type: ignore[misc]


def test_a_shipped_file_is_found_and_a_missing_one_is_named() -> None:
    assert resource_path("config/seawall.toml").is_file()
    with pytest.raises(FileNotFoundError, match=r"config/none\.toml is not part of this installation"):
        resource_path("config/none.toml")


CLOCKS = """
[weekly]
zone = "Europe/Berlin"
at = "08:00"
[[weekly.clocks]]
of = "Acme"
zone = "Asia/Kathmandu"
working_days = ["sun", "mon", "tue", "wed", "thu"]
day = "sun"
[[weekly.clocks]]
of = "acme/till"
at = "06:30"
"""


def test_an_organisation_and_a_repository_may_live_by_a_clock_of_their_own(tmp_path: Path) -> None:
    weekly = from_file(tmp_path, CLOCKS).weekly
    told = {name: (own.zone, own.day, own.at) for name in ("", "globex", "acme", "acme/shop", "acme/till")
            for own in [weekly.of(name)]}  # fmt: skip
    assert told == {
        "": ("Europe/Berlin", "mon", "08:00"),
        "globex": ("Europe/Berlin", "mon", "08:00"),
        "acme": ("Asia/Kathmandu", "sun", "08:00"),
        "acme/shop": ("Asia/Kathmandu", "sun", "08:00"),
        "acme/till": ("Asia/Kathmandu", "sun", "06:30"),
    }
    assert weekly.of("ACME").working_days == ("sun", "mon", "tue", "wed", "thu")
    assert weekly.of("acme").opens == weekly.opens


@pytest.mark.parametrize(
    ("clock", "says"),
    [
        ('of = "acme"\nzone = "Mars/Olympus"', "Mars/Olympus"),
        ('of = "acme"\nday = "monday"', "day"),
        ('of = "acme"\nworking_days = []', "working_days"),
        ('of = "acme"\nhour = "08:00"', "hour"),
        ('zone = "UTC"', "of"),
        ('of = "no/such/name"', "of"),
    ],
)
def test_a_clock_that_cannot_be_read_is_told(tmp_path: Path, clock: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        from_file(tmp_path, f"[[weekly.clocks]]\n{clock}")
