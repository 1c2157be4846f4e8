"""Posture: which calls a service makes to others, and what protects each of them."""

from enum import StrEnum
from typing import Literal

from pydantic import Field

from bot.domain.record import Record

DependencyKind = Literal[
    "http", "rpc", "database", "cache", "queue", "object-store", "mail", "socket", "lookup", "process"
]
ProtectionName = Literal["timeout", "retry", "breaker", "bulkhead", "throttle", "fallback", "cancellation", "metrics"]


class State(StrEnum):
    """Whether a protection is there, as far as the code in sight tells. What it cannot tell is `unknown`."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Protection(Record):
    """One protection of one dependency, such as a circuit breaker around its calls."""

    state: State = State.NO
    where: str = Field(default="", description="path:line, or `library default`; why, where it cannot be told")
    value: str = Field(default="", description="What it is set to, for people, such as `2 s` or `3 tries, jitter`")

    @property
    def is_there(self) -> bool:
        return self.state is State.YES

    @property
    def text(self) -> str:
        """Such as `2 s`, `yes`, `no` or `unknown`; a value that the library brings is marked."""
        if not self.is_there:
            return self.state.value
        said = self.value or "yes"
        return f"{said} (default)" if self.where == LIBRARY else said

    def says_as_much_as(self, other: "Protection") -> bool:
        """True where both are there alike, wherever they stand."""
        return (self.state, self.value) == (other.state, other.value)


LIBRARY = "library default"


class Timeout(Protection):
    seconds: float | None = Field(default=None, description="The longest wait of one try, where it can be told")


class Retry(Protection):
    tries: int | None = Field(default=None, description="How often it is tried at most, the first try included")
    backoff: State = State.NO
    jitter: State = State.NO


class Protections(Record):
    """All that stands between a service and the failure of what it calls."""

    timeout: Timeout = Timeout()
    retry: Retry = Retry()
    breaker: Protection = Protection()
    bulkhead: Protection = Protection()
    throttle: Protection = Protection()
    fallback: Protection = Protection()
    cancellation: Protection = Protection()
    metrics: Protection = Protection()

    def by_name(self) -> dict[ProtectionName, Protection]:
        """In the order in which they are told."""
        return {
            "timeout": self.timeout,
            "retry": self.retry,
            "breaker": self.breaker,
            "bulkhead": self.bulkhead,
            "throttle": self.throttle,
            "fallback": self.fallback,
            "cancellation": self.cancellation,
            "metrics": self.metrics,
        }

    def say_as_much_as(self, other: "Protections") -> bool:
        return all(mine.says_as_much_as(other.by_name()[name]) for name, mine in self.by_name().items())


class CallSite(Record):
    path: str
    line: int = Field(ge=1)
    scope: str = Field(default="", description="Qualified name of the enclosing function or class")

    @property
    def place(self) -> str:
        return f"{self.path}:{self.line}"


class Dependency(Record):
    """Something a service calls outside of its process, with all places that call it under the same protections."""

    name: str = Field(description="What is called, such as `payments`; the library's name where nothing else tells")
    kind: DependencyKind
    method: str = Field(default="", description="HTTP method or remote procedure, where it is known")
    target: str = Field(default="", description="URL host and path, constant or settings name, as far as written")
    library: str = ""
    sites: tuple[CallSite, ...] = ()
    protections: Protections = Protections()

    @property
    def key(self) -> tuple[str, str, str]:
        return (self.name, self.kind, self.method)

    @property
    def title(self) -> str:
        """Such as `payments HTTP POST`."""
        return " ".join(part for part in (self.name, self.words) if part)

    @property
    def words(self) -> str:
        """Such as `HTTP POST`."""
        kind = {"http": "HTTP", "rpc": "RPC", "object-store": "object store"}.get(self.kind, self.kind)
        return f"{kind} {self.method}".strip()


class PostureMap(Record):
    """Every dependency of one service, as its code tells."""

    service: str = Field(default="", description="The service's name, from policy; else of its folder or repository")
    hosts: tuple[str, ...] = Field(default=(), description="Hosts that the service answers at, from policy")
    dependencies: tuple[Dependency, ...] = ()
    unread: tuple[str, ...] = Field(default=(), description="Files that could not be surveyed, each with the reason")

    @property
    def call_count(self) -> int:
        return sum(len(dependency.sites) for dependency in self.dependencies)


class ProtectionChange(Record):
    """One protection of one call site that came, went or was set to another value."""

    name: str
    kind: DependencyKind
    method: str = ""
    protection: ProtectionName
    site: CallSite
    before: Protection | Timeout | Retry
    after: Protection | Timeout | Retry


class WorseChain(Record):
    """What a change makes worse along a chain of calls of the fleet, and where in the change."""

    kind: Literal["wait", "retries"] = Field(description="A wait longer than those above have; retries multiplied")
    text: str = Field(description="As receipts tell it")
    caller: str = Field(description="The service that is changed, at its hop of the chain")
    callee: str
    gives_up_first: bool = Field(default=False, description="True where the changed hop is the impatient one")
    is_known: bool = Field(default=True, description="False where a part of the chain cannot be told")
    places: tuple[CallSite, ...] = Field(default=(), description="Where the change did it, the likeliest first")


class PostureChange(Record):
    """What a change does to the posture of a service. Never made where nothing changed."""

    service: str = Field(default="", description="The service's name, where policy gives it one")
    added: tuple[Dependency, ...] = Field(default=(), description="Calls that the head makes and the base did not")
    removed: tuple[Dependency, ...] = Field(default=(), description="Calls that the base made and the head does not")
    changed: tuple[ProtectionChange, ...] = Field(default=(), description="Calls that stay, otherwise protected")
    chains: tuple[str, ...] = Field(default=(), description="What gets worse along the chains of calls of the fleet")
    worse: tuple[WorseChain, ...] = Field(default=(), description="Those of the chains that have a place in the change")

    @property
    def is_none(self) -> bool:
        return not (self.added or self.removed or self.changed)


class PostureOnRecord(Record):
    """What the ledger knows of one repository's posture."""

    repository_id: int
    repository: str = Field(description="owner/name")
    posture: PostureMap = PostureMap()
    kept_at: str = Field(default="", description="ISO 8601, UTC; empty where no whole map was ever kept")
    merged: tuple[PostureChange, ...] = Field(default=(), description="Changes merged since then, oldest first")

    @property
    def is_named(self) -> bool:
        """True where policy gives the service a name, and so lets it take part in the maps of others."""
        return bool(self.posture.service or any(change.service for change in self.merged))
