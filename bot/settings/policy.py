"""What a repository, or its organisation, has decided about its reviews.

Read from the base branch only: a pull request cannot change the policy it is judged by. The organisation's file may
lock keys, which the repository's file then cannot override.
"""

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from bot.domain import PolicyTexts, Profile, Severity
from bot.settings.nearest import did_you_mean
from bot.settings.path_policy import Linters, PathPolicy, overrides, read_tables
from bot.settings.path_policy import Mode as Mode

REPOSITORY_FILE = ".github/seawall.toml"
ORGANISATION_FILE = "seawall.toml"
"""In the organisation's repository named `.github`."""


class PosturePolicy(BaseModel):
    """Names that make one map of several services."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    service: str = ""
    hosts: tuple[str, ...] = ()
    """`host = service`; a host alone is one that this service answers at. May be written as a table."""

    @field_validator("hosts", mode="before")
    @classmethod
    def _of_table(cls, given: Any) -> Any:
        return tuple(f"{host} = {service}" for host, service in given.items()) if isinstance(given, dict) else given

    @property
    def services(self) -> dict[str, str]:
        """Host → the service behind it."""
        named = (host.partition("=") for host in self.hosts)
        return {host.strip().lower(): service.strip() for host, _, service in named if service.strip()}

    @property
    def own_hosts(self) -> tuple[str, ...]:
        """Hosts that this service answers at."""
        return tuple(host.strip().lower() for host in self.hosts if "=" not in host)


class Policy(BaseModel):
    """Every key is explained in config/seawall.toml under [policy]."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    mode: Mode = Mode.COMMENT
    llm: bool = True
    profile: Profile | Literal[""] = ""
    fail_on: Severity = Severity.HIGH
    strict: bool = False
    max_comments: int = Field(default=10, ge=0, le=100)
    min_severity: Severity = Severity.LOW
    min_confidence: float = Field(default=0.5, ge=0, le=1)
    min_confidence_quality: float = Field(default=0.9, ge=0, le=1)
    request_changes: bool = False
    review_drafts: bool = False
    skip_authors: tuple[str, ...] = ()
    skip_bots: bool = True
    skip_titles: tuple[str, ...] = ()
    skip_labels: tuple[str, ...] = ("no-seawall",)
    ignore_paths: tuple[str, ...] = ()
    generated_paths: tuple[str, ...] = ()
    rules_off: tuple[str, ...] = ()
    linters: Linters = "respect"
    paths: tuple[PathPolicy, ...] = ()
    include_tests: bool = False
    command_permission: Literal["read", "write", "admin"] = "write"
    guidelines: str = ""
    prove: Literal["never", "high"] = "never"
    mute_below: float = Field(default=0.2, ge=0, le=1)
    posture: PosturePolicy = PosturePolicy()

    def allows_rule(self, name: str) -> bool:
        """False where the rule (class/kind) or its whole class is switched off."""
        return name not in self.rules_off and name.split("/")[0] not in self.rules_off

    def at(self, path: str) -> "Policy":
        """The policy for one path: what the tables that name it say, the most specific last."""
        values = overrides(self.paths, path, self.rules_off) if self.paths else {}
        return self.model_copy(update=values) if values else self

    @property
    def gates_somewhere(self) -> bool:
        return self.mode is Mode.GATE or any(table.mode is Mode.GATE for table in self.paths)


@dataclass(frozen=True)
class PolicyInForce:
    """The policy, and what a reader must know of how it came about (broken file, locked keys)."""

    policy: Policy
    notes: tuple[str, ...] = ()


def resolve_policy(defaults: Policy, texts: PolicyTexts) -> PolicyInForce:
    """Defaults, then the organisation's file, then the repository's. A broken file is left out, with a note."""
    notes = list(texts.notes)
    organisation = _parse(texts.organisation, "the organisation's seawall.toml", notes)
    repository = _parse(texts.repository, REPOSITORY_FILE, notes)
    locked = _locked_keys(organisation.pop("lock", {}), notes)
    repository.pop("lock", None)
    for key in sorted(locked & repository.keys()):
        notes.append(f"`{key}` in {REPOSITORY_FILE} is ignored: the organisation has locked it.")
        del repository[key]
    policy = _apply(defaults, organisation, "the organisation's seawall.toml", frozenset(), notes)
    policy = _apply(policy, repository, REPOSITORY_FILE, locked, notes)
    return PolicyInForce(policy, tuple(notes))


def skip_reason(policy: Policy, author: str, is_bot: bool, title: str, labels: tuple[str, ...], is_draft: bool) -> str:
    """Why policy leaves a pull request alone; empty where it does not."""
    if is_draft and not policy.review_drafts:
        return "it is a draft"
    if is_bot and policy.skip_bots:
        return "its author is a bot"
    if _matches(author, policy.skip_authors):
        return f"policy leaves {author} alone"
    if _matches(title, policy.skip_titles):
        return "policy leaves this title alone"
    if marked := sorted(label for label in labels if _matches(label, policy.skip_labels)):
        return f"it is labelled {marked[0]}"
    return ""


def _matches(text: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(text.lower(), pattern.lower().replace("[bot]", "[[]bot]")) for pattern in patterns)


def _parse(text: str | None, name: str, notes: list[str]) -> dict[str, Any]:
    if not text:
        return {}
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as broken:
        notes.append(f"{name} is not valid TOML ({broken}); its defaults apply.")
        return {}


def _locked_keys(lock: Any, notes: list[str]) -> set[str]:
    keys = lock.get("keys", []) if isinstance(lock, dict) else None
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        notes.append('The organisation\'s [lock] must read `keys = ["mode", …]`; nothing is locked.')
        return set()
    for key in keys:
        if key not in Policy.model_fields:
            notes.append(f"The organisation locks `{key}`, which is no key{did_you_mean(key, Policy.model_fields)}.")
    return set(keys)


def _apply(policy: Policy, values: dict[str, Any], name: str, locked: Collection[str], notes: list[str]) -> Policy:
    """`locked`: keys that no table of `[[paths]]` may set either."""
    for key in [key for key in values if key not in Policy.model_fields]:
        hint = (
            " (keys stand at the top, without [policy])" if key == "policy" else did_you_mean(key, Policy.model_fields)
        )
        notes.append(f"`{key}` in {name} is no key{hint}; it is ignored.")
        del values[key]
    if "paths" in values:
        values["paths"] = (*policy.paths, *read_tables(values["paths"], name, locked, notes))
    while values:
        try:
            return Policy.model_validate(policy.model_dump() | values)
        except ValidationError as invalid:
            wrong = {str(error["loc"][0]): error["msg"] for error in invalid.errors()}
            for key in wrong.keys() & values.keys():
                notes.append(f"`{key}` in {name} is left at its default: {wrong[key]}.")
                del values[key]
    return policy
