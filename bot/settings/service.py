"""Settings of the service: shipped defaults < seawall.toml < environment."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from pydantic_settings import (
    SettingsError as PydanticSettingsError,
)

from bot.errors import SettingsError
from bot.settings.nearest import did_you_mean
from bot.settings.policy import Policy
from bot.settings.resources import resource_text

PREFIX = "SEAWALL_"
CONFIG_VARIABLE = "SEAWALL_CONFIG"
DEFAULT_MODEL = "openai:gpt-5-mini"
"""Used where OPENAI_API_KEY is all that is set."""


class Group(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Web(Group):
    host: str
    port: int = Field(ge=0, le=65535)
    threads: int = Field(ge=1, le=128)
    body_limit_bytes: int = Field(ge=1024)
    backlog_limit: int = Field(ge=1)


class GitHub(Group):
    base_url: str
    token: SecretStr
    app_id: int
    private_key: SecretStr
    private_key_path: str
    webhook_secret: SecretStr
    timeout_s: float = Field(gt=0)
    connections: int = Field(ge=1, le=64)
    attempts: int = Field(ge=1, le=10)
    max_wait_s: float = Field(ge=0)
    writes_per_minute: int = Field(ge=1)
    writes_per_hour: int = Field(ge=1)
    breaker_failures: int = Field(ge=1)
    breaker_reset_s: float = Field(gt=0)

    @property
    def is_app(self) -> bool:
        return bool(self.app_id)

    def key_pem(self) -> str:
        """The App's private key. Raises SettingsError when its file cannot be read."""
        if self.private_key.get_secret_value():
            return self.private_key.get_secret_value().replace("\\n", "\n")
        try:
            return Path(self.private_key_path).expanduser().read_text(encoding="ascii")
        except (OSError, ValueError) as unreadable:
            raise SettingsError(
                f"github.app_id is set but its key cannot be read from {self.private_key_path or '(no path)'}: "
                f"{unreadable}. Set SEAWALL_GITHUB__PRIVATE_KEY_PATH to the .pem file."
            ) from unreadable


class Llm(Group):
    model: str
    base_url: str
    api_key: SecretStr
    fallback_model: str
    timeout_s: float = Field(gt=0)
    attempts: int = Field(ge=1, le=10)
    max_wait_s: float = Field(ge=0)
    max_input_tokens: int = Field(ge=500)
    max_output_tokens: int = Field(ge=100)
    temperature: float
    calls_per_minute: int = Field(ge=1)
    daily_cap_usd: float = Field(ge=0)
    input_usd_per_million: float = Field(ge=0)
    output_usd_per_million: float = Field(ge=0)
    breaker_failures: int = Field(ge=1)
    breaker_reset_s: float = Field(gt=0)


class Engine(Group):
    url: SecretStr
    slot: str = Field(pattern=r"^[A-Za-z0-9_.-]{1,40}$")
    review_concurrency: int = Field(ge=1)
    intake_concurrency: int = Field(ge=1)
    poll_s: float = Field(gt=0)
    quiet_s: float = Field(ge=0)
    quiet_cap_s: float = Field(gt=0)
    keep_days: float = Field(gt=0)
    reap_after_s: float = Field(ge=1)
    drain_s: float = Field(ge=0)
    review_timeout_s: float = Field(gt=0)
    reconcile_every_s: int = Field(ge=1)
    serves_ledger: bool


class Reading(Group):
    max_file_bytes: int = Field(ge=1)
    max_line_chars: int = Field(ge=100)
    max_files: int = Field(ge=1)
    max_total_bytes: int = Field(ge=1)
    guard_processes: int = Field(ge=1, le=64)
    guard_timeout_s: float = Field(gt=0)
    guard_memory_mb: int = Field(ge=128)


class Log(Group):
    level: Literal["debug", "info", "warning", "error"]
    format: Literal["json", "text", "auto"]


class Settings(BaseSettings):
    """What the service runs by. Every key is explained in config/seawall.toml."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True)

    data_dir: Path
    paused: bool
    repositories: tuple[str, ...]
    web: Web
    github: GitHub
    llm: Llm
    engine: Engine
    reading: Reading
    log: Log
    policy: Policy

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """`load_settings` has merged the sources; nothing else is read behind its back."""
        return (init_settings,)

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
    values = tomllib.loads(resource_text("config/seawall.toml"))
    named = config_file or _named(environment)
    here = Path("seawall.toml")
    if named and named.is_file():
        _merge(values, _read_file(named))
    elif not named and trust_here and here.is_file():
        _merge(values, _read_file(here))
    elif named:
        raise SettingsError(f"The settings file {named} does not exist. Create it, or unset {CONFIG_VARIABLE}.")
    _merge(values, _well_known(environment, values))
    _merge(values, _from_environment(environment))
    _merge(values, overrides)
    values["data_dir"] = _data_dir(values["data_dir"], environment)
    try:
        return Settings(**values)
    except ValidationError as invalid:
        raise SettingsError(_explain(invalid)) from invalid


def _named(environment: Mapping[str, str]) -> Path | None:
    name = environment.get(CONFIG_VARIABLE)
    return Path(name).expanduser() if name else None


class _Environment(EnvSettingsSource):
    """pydantic-settings' reading of `SEAWALL_A__B`, over any mapping."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._given = {name.lower(): value for name, value in environment.items()}
        super().__init__(Settings)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return self._given


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    try:
        return dict(_Environment(environment)())
    except PydanticSettingsError as malformed:
        raise SettingsError(f"{malformed}. Lists are written as JSON, such as '[\"acme/*\"]'.") from malformed


def _reject_unknown_variables(environment: Mapping[str, str]) -> None:
    """pydantic-settings passes over misspelt groups (SEAWALL_WBE__PORT), so each name is looked up here."""
    known = {CONFIG_VARIABLE} | set(variable_names())
    for name in sorted(environment):
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            raise SettingsError(f"{name} is no setting{did_you_mean(name.upper(), known)}. See config/seawall.toml.")


def variable_names() -> list[str]:
    """Every environment variable that sets something, such as SEAWALL_WEB__PORT."""
    names = []
    for name, field in Settings.model_fields.items():
        group = field.annotation
        if isinstance(group, type) and issubclass(group, BaseModel):
            names += [f"{PREFIX}{name}__{key}".upper() for key in group.model_fields]
        else:
            names.append(f"{PREFIX}{name}".upper())
    return names


def _read_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as broken:
        raise SettingsError(f"The settings file {path} cannot be read: {broken}") from broken


def _well_known(environment: Mapping[str, str], values: Mapping[str, Any]) -> dict[str, Any]:
    """Variables that other tools use too; ours win over them."""
    llm: dict[str, Any] = {}
    if key := environment.get("OPENAI_API_KEY"):
        llm["api_key"] = values["llm"]["api_key"] or key
        llm["model"] = values["llm"]["model"] or DEFAULT_MODEL
    if url := environment.get("OPENAI_BASE_URL"):
        llm["base_url"] = values["llm"]["base_url"] or url
    github: dict[str, Any] = {}
    if token := environment.get("GITHUB_TOKEN"):
        github["token"] = values["github"]["token"] or token
    return {"llm": llm, "github": github}


def _data_dir(given: Any, environment: Mapping[str, str]) -> Path:
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
    return [name.removeprefix(PREFIX).lower().replace("__", ".") for name in variable_names()]
