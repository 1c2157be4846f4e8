"""The groups of settings. Every key is explained in config/seawall.toml."""

from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, field_validator

from bot.domain import Profile
from bot.errors import SettingsError

_HOUR = r"^([01]\d|2[0-3]):[0-5]\d$"
_CHANNEL = r"^(slack:[A-Za-z0-9]{1,40}|teams|signed)$"
_ADDRESS = r"^[^\s@<>,;:\"()\[\]]{1,64}@[A-Za-z0-9.-]{1,255}$"


class Group(BaseModel):
    # No infinity: a wait for ever is no setting.
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, defer_build=True)


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
        if not self.private_key_path:
            raise SettingsError(
                "github.app_id is set without its key. Set SEAWALL_GITHUB__PRIVATE_KEY_PATH to the .pem file."
            )
        try:
            return Path(self.private_key_path).expanduser().read_text(encoding="ascii")
        except (OSError, ValueError) as unreadable:
            raise SettingsError(
                f"github.app_id is set but its key cannot be read from {self.private_key_path}: "
                f"{unreadable}. Set SEAWALL_GITHUB__PRIVATE_KEY_PATH to the .pem file."
            ) from unreadable


class Llm(Group):
    model: str
    profile: Profile
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
    tokens_per_minute: int = Field(ge=0)
    calls_per_repository: int = Field(ge=1)
    review_cap_usd: float = Field(ge=0)
    review_cap_tokens: int = Field(ge=0)
    repository_daily_cap_usd: float = Field(ge=0)
    daily_cap_usd: float = Field(ge=0)
    organisation_monthly_cap_usd: float = Field(ge=0)
    cache_hours: float = Field(ge=0)
    rule_drafts_per_week: int = Field(ge=0, le=50)
    input_usd_per_million: float = Field(ge=0)
    output_usd_per_million: float = Field(ge=0)
    breaker_failures: int = Field(ge=1)
    breaker_reset_s: float = Field(gt=0)

    @property
    def chain(self) -> tuple[str, ...]:
        """The models in the order in which they are asked, each once."""
        names = (self.model, *(name.strip() for name in self.fallback_model.split(",")))
        return tuple(dict.fromkeys(name for name in names if name))


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
    sweep_every_s: int = Field(ge=1)
    metrics_port: int = Field(ge=0, le=65535)


class LedgerAccess(Group):
    access: Literal["file", "queue"]
    wait_s: float = Field(gt=0, le=120)


def _a_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ValueError, OSError, KeyError):
        raise ValueError(f"{value!r} is no time zone; write one such as Europe/Berlin") from None
    return value


_Zone = Annotated[str, AfterValidator(_a_zone)]
_Hour = Annotated[str, Field(pattern=_HOUR)]
_Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_Days = Annotated[tuple[_Day, ...], Field(min_length=1)]


class OwnClock(Group):
    """Where one organisation, or one repository, lives by another clock. What is left out is as for all."""

    of: str = Field(pattern=r"^[\w.-]+(/[\w.-]+)?$")
    zone: _Zone | None = None
    working_days: _Days | None = None
    opens: _Hour | None = None
    closes: _Hour | None = None
    day: _Day | None = None
    at: _Hour | None = None


class Weekly(Group):
    zone: _Zone
    working_days: _Days
    opens: _Hour
    closes: _Hour
    day: _Day
    at: _Hour
    clocks: tuple[OwnClock, ...]
    incident_labels: tuple[str, ...]
    production: tuple[str, ...]
    tells: tuple[Literal["organisation", "repository"], ...]
    channels: tuple[Annotated[str, Field(pattern=_CHANNEL)], ...]
    folder: str
    issue_repository: str = Field(pattern=r"^([\w.-]+/[\w.-]+)?$")
    issue_label: str = Field(max_length=50)
    to_mail: tuple[Annotated[str, Field(pattern=_ADDRESS)], ...] = Field(max_length=50)
    mail_from: str = Field(pattern=f"^$|{_ADDRESS}")
    mail_host: str
    mail_port: int = Field(ge=1, le=65535)
    mail_security: Literal["starttls", "tls", "none"]
    mail_user: str
    mail_password: SecretStr
    mail_timeout_s: float = Field(gt=0, le=300)

    def of(self, name: str) -> "Weekly":
        """As it is for `acme` or `acme/shop`: a repository's own clock goes before its organisation's, and that before
        the one for all."""
        lowered = name.lower()
        keys = (lowered.partition("/")[0], lowered)
        own = [clock for key in keys for clock in self.clocks if clock.of.lower() == key]
        changes = [clock.model_dump(exclude={"of"}, exclude_none=True) for clock in own]
        return self.model_copy(update={key: value for change in changes for key, value in change.items()})


class Dashboard(Group):
    enabled: bool
    url: str
    organisation: str
    team: str
    client_id: str
    client_secret: SecretStr
    key: SecretStr
    session_hours: float = Field(gt=0, le=24 * 30)

    @field_validator("url")
    @classmethod
    def _is_safe(cls, value: str) -> str:
        parts = urlsplit(value)
        is_here = parts.hostname in ("127.0.0.1", "localhost", "::1")
        if value and not (parts.hostname and (parts.scheme == "https" or (parts.scheme == "http" and is_here))):
            raise ValueError(f"{value!r} is no address beginning with https://; plain http is for this machine alone")
        return value.rstrip("/")

    @field_validator("key")
    @classmethod
    def _is_long(cls, value: SecretStr) -> SecretStr:
        if 0 < len(value.get_secret_value()) < 32:
            raise ValueError("it must have 32 characters or more; draw one with `openssl rand -hex 32`")
        return value


class Reading(Group):
    max_file_bytes: int = Field(ge=1)
    max_line_chars: int = Field(ge=100)
    max_files: int = Field(ge=1)
    max_total_bytes: int = Field(ge=1)
    guard_processes: int = Field(ge=1, le=64)
    guard_timeout_s: float = Field(gt=0)
    guard_memory_mb: int = Field(ge=128)
    mirrors: int = Field(ge=0)
    mirror_max_mb: int = Field(ge=1)
    mirror_timeout_s: float = Field(gt=0)


class Chat(Group):
    slack_signing_secret: SecretStr
    slack_bot_token: SecretStr
    slack_base_url: str
    teams_secret: SecretStr
    teams_post_url: SecretStr
    signed_secret: SecretStr
    signed_post_url: SecretStr
    answer_wait_s: float = Field(gt=0, le=300)
    commands_per_minute: int = Field(ge=1)


class Log(Group):
    level: Literal["debug", "info", "warning", "error"]
    format: Literal["json", "text", "auto"]
