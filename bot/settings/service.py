"""Settings of the service: shipped defaults < seawall.toml < environment."""

import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.errors import SettingsError
from bot.settings.groups import Chat, Dashboard, Engine, GitHub, LedgerAccess, Llm, Log, Reading, Web, Weekly
from bot.settings.nearest import did_you_mean
from bot.settings.policy import Policy
from bot.settings.resources import resource_text
from bot.settings.shipped_toml import shipped

__all__ = ["Chat", "Engine", "GitHub", "Llm", "Log", "Reading", "Settings", "Web", "load_settings", "variable_names"]

PREFIX = "SEAWALL_"
CONFIG_VARIABLE = "SEAWALL_CONFIG"
DEFAULT_MODEL = "openai:gpt-5-mini"
"""Used where OPENAI_API_KEY is all that is set."""


class Settings(BaseModel):
    """What the service runs by. Every key is explained in config/seawall.toml."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    data_dir: Path
    paused: bool
    repositories: tuple[str, ...]
    web: Web
    github: GitHub
    llm: Llm
    engine: Engine
    ledger: LedgerAccess
    weekly: Weekly
    dashboard: Dashboard
    reading: Reading
    chat: Chat
    log: Log
    policy: Policy

    @property
    def ledger_path(self) -> Path:
        return self.data_dir / "ledger.sqlite"

    @property
    def engine_url(self) -> str:
        return self.engine.url.get_secret_value() or f"sqlite:///{self.data_dir / 'engine.sqlite'}"


def load_settings(
    environment: Mapping[str, str] | None = None,
    config_file: Path | None = None,
    trust_here: bool = True,
    **overrides: Any,
) -> Settings:
    """Reads defaults, file and environment. Raises SettingsError with one line a fault.

    `overrides` come last, nested as in the file: `load_settings(web={"port": 0})`. `trust_here=False` passes over
    ./seawall.toml: where the current folder is what is being reviewed, its author must not choose where keys are sent.
    """
    environment = dict(os.environ if environment is None else environment)
    _reject_unknown_variables(environment)
    values = shipped(resource_text("config/seawall.toml"))
    named = config_file or _named(environment)
    here = Path("seawall.toml")
    if named and named.is_file():
        _merge(values, _read_file(named))
    elif not named and trust_here and here.is_file():
        _merge(values, _read_file(here))
    elif named:
        raise SettingsError(f"The settings file {named} does not exist. Create it, or unset {CONFIG_VARIABLE}.")
    ours = _from_environment(environment)
    _merge(ours, overrides)
    _fill_in_well_known(values, environment, ours)
    _merge(values, ours)
    values["data_dir"] = _data_dir(values["data_dir"], environment)
    try:
        return Settings(**values)
    except ValidationError as invalid:
        raise SettingsError(_explain(invalid)) from invalid


def _named(environment: Mapping[str, str]) -> Path | None:
    name = environment.get(CONFIG_VARIABLE)
    return Path(name).expanduser() if name else None


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    ours = {name: value for name, value in environment.items() if name.upper().startswith(PREFIX)}
    if not ours:
        return {}
    from bot.settings.variables import values_in

    return values_in(Settings, PREFIX, ours)


def _reject_unknown_variables(environment: Mapping[str, str]) -> None:
    """pydantic-settings passes over misspelt groups (SEAWALL_WBE__PORT), so each name is looked up here."""
    known = {CONFIG_VARIABLE} | set(variable_names())
    for name in sorted(environment):
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            raise SettingsError(f"{name} is no setting{did_you_mean(name.upper(), known)}. See config/seawall.toml.")


def variable_names() -> list[str]:
    """Every environment variable that sets something, such as SEAWALL_WEB__PORT."""
    return [f"{PREFIX}{name}".upper() for name in _names_in(Settings)]


def _names_in(group: type[BaseModel]) -> Iterator[str]:
    for name, field in group.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from (f"{name}__{key}" for key in _names_in(kind))
        else:
            yield name


def _read_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as broken:
        raise SettingsError(f"The settings file {path} cannot be read: {broken}") from broken


def _fill_in_well_known(values: dict[str, Any], environment: Mapping[str, str], ours: Mapping[str, Any]) -> None:
    """Variables that other tools use too fill what the file leaves empty; `ours` win over them.

    What belongs to OpenAI is not handed to another provider's model.
    """
    if token := environment.get("GITHUB_TOKEN"):
        _fill(values, "github", "token", token)
    if key := environment.get("OPENAI_API_KEY"):
        _fill(values, "llm", "model", DEFAULT_MODEL)
    model = ours.get("llm", {}).get("model") if isinstance(ours.get("llm"), Mapping) else None
    if model is None and isinstance(values.get("llm"), Mapping):
        model = values["llm"].get("model")
    if str(model).startswith("openai:"):
        _fill(values, "llm", "api_key", key)
        _fill(values, "llm", "base_url", environment.get("OPENAI_BASE_URL"))


def _fill(values: Mapping[str, Any], group: str, name: str, value: str | None) -> None:
    if value and isinstance(values.get(group), dict) and not values[group].get(name):
        values[group][name] = value


def _data_dir(given: Any, environment: Mapping[str, str]) -> Path:
    if not isinstance(given, str | Path):
        raise SettingsError(f"`data_dir`: {given!r} is no path. See config/seawall.toml.")
    if given:
        return Path(given).expanduser().absolute()
    home = environment.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(home).expanduser() / "seawall"


def _merge(values: dict[str, Any], more: Mapping[str, Any]) -> None:
    for key, value in more.items():
        if isinstance(value, Mapping) and isinstance(values.get(key), dict):
            _merge(values[key], value)
        else:
            values[key] = value


def _explain(invalid: ValidationError) -> str:
    lines = []
    for error in invalid.errors():
        where = ".".join(str(part) for part in error["loc"])
        if error["type"] == "extra_forbidden":
            lines.append(f"`{where}` is no setting{did_you_mean(where, _keys())}")
        else:
            lines.append(f"`{where}`: {error['msg']}")
    return "; ".join(lines) + ". See config/seawall.toml."


def _keys() -> list[str]:
    keys = [name.removeprefix(PREFIX).lower().replace("__", ".") for name in variable_names()]
    return [*Settings.model_fields, *keys]
