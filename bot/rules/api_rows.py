"""The rows of the API catalogue, `config/apis/<language>.toml`: what can be said of a library.

`config/schema/apis.schema.json` is made of these classes, for editors.
"""

from collections.abc import Mapping
from typing import Any, Literal, get_args

from pydantic import Field

from bot.rules.declared import Declared

Names = tuple[str, ...]


class Row(Declared):
    """What every entry says: which names it is about, and how that is known."""

    of: Names = Field(default=(), description="Canonical names of modules or types whose `methods` are meant")
    methods: Names = Field(default=(), description="Their methods or functions")
    names: Names = Field(default=(), description="Whole canonical names, beside `of` × `methods`")
    source: str = Field(min_length=3, description="The documentation page this is known from")
    version: str = Field(min_length=1, description="The version it was checked against")
    checked: str = Field(
        default="",
        pattern=r"^\d{4}-\d{2}-\d{2}$",
        description="The day it was compared with the documentation or code of that version; empty: known by use",
    )

    @property
    def all_names(self) -> Names:
        return (*self.names, *(f"{owner}.{method}" for owner in self.of for method in self.methods))


class Bounded(Row):
    """Something that waits, and what limits the wait."""

    keywords: Names = Field(default=(), description="Keyword arguments or fields, any of which limits the wait")
    position: int | None = Field(default=None, ge=0, description="Index of the positional argument that limits it")
    options: Names = Field(default=(), description="Keys of an object literal, any of which limits it")
    options_at: int | None = Field(default=None, ge=0, description="Index of the argument that holds the options")
    chain: Names = Field(default=(), description="Builder methods, any of which limits it")
    setters: Names = Field(default=(), description="Methods or fields of the result that limit it later")
    default_s: float | None = Field(default=None, description="The library's own limit, where it has one")
    endless: Names = Field(default=(), description="Values that switch the limit off, as written")
    unless_text: Names = Field(default=(), description="With this text in the file the limit may be set elsewhere")
    judged: bool = Field(default=True, description="False where the limit is looked for elsewhere (client, or calls)")
    unit: Literal["", "s", "ms"] = Field(default="", description="Of plain numbers; empty: the language's custom")
    add: str = Field(default="", description="What to insert for a limit, such as `timeout=10`")
    fix: str = Field(default="", description="What to do, where an insertion will not do it")


class Outbound(Bounded):
    """A call that leaves the process."""

    does: Literal["http", "socket", "database", "cache", "queue", "rpc", "mail", "lookup"]
    blocks: bool = Field(default=False, description="Holds its thread while it waits")
    promise: bool = Field(default=False, description="Gives a promise, future or coroutine")
    instead: str = Field(default="", description="What to call in async code")
    client_limits: bool = Field(default=False, description="A limit on the client that makes the call counts too")


class Client(Bounded):
    """Builds something whose later calls leave the process."""

    does: Literal["http", "socket", "database", "cache", "queue", "rpc", "mail", "object-store"]
    what: str = "client"


class Limit(Bounded):
    """A call that does nothing but set a limit."""


class Blocking(Row):
    """Holds its thread without leaving the process."""

    does: Literal["sleep", "process", "file", "input"]
    instead: str = ""
    waits: bool = Field(default=False, description="A pause, also where it is awaited")


class Resource(Row):
    """Opens what must be closed."""

    what: str
    closed_by: Names = ("close",)
    borrowers: Names = Field(default=(), description="Functions that read from it without taking it over")
    wrapped_by: Names = Field(default=(), description="Constructors of what closes it when it is closed itself")
    fix: str = ""


class Task(Row):
    """Starts work that nobody waits for by itself."""

    what: str
    loses: Literal["the task", "its error", "nothing"] = "its error"


class Fallible(Row):
    """Reports failure by a returned error that must be read."""

    costs: str = Field(description="What goes wrong unseen")


class Retry(Row):
    """A library's retry, and what limits and spaces it."""

    limit: Names = Field(default=(), description="Arguments, options or builder methods that limit the tries")
    wait: Names = Field(default=(), description="Arguments, options or builder methods that space them")
    limited: bool = Field(default=False, description="Limited by default")
    spaced: bool = Field(default=False, description="Spaced by default")
    jittered: bool = Field(default=False, description="Spaced at random by default")
    tries: int | None = Field(default=None, description="How often it tries by default, the first try included")
    counts: Literal["tries", "retries"] = Field(default="tries", description="What the number given counts")
    position: int | None = Field(default=None, ge=0, description="Index of the positional argument that limits it")
    options_at: int | None = Field(default=None, ge=0, description="Index of the argument that holds the options")
    endless: Names = Field(default=(), description="What takes the limit away, as `name=value`")
    onto: bool = Field(default=False, description="Is given a client first, and tries all calls on that one again")
    fix: str = ""


class OwnRetry(Bounded):
    """A client, or a call, whose library tries again by itself; its arguments say how often."""

    retries: int = Field(default=0, description="How often by default, the first try not included")
    counts: Literal["tries", "retries"] = Field(default="retries", description="What the number given counts")
    spaced: bool = True
    jittered: bool = False


class Pool(Bounded):
    """A client whose pool limits how many calls are under way at once."""

    size: int | None = Field(default=None, description="The library's own limit; none where it has no limit")


class Deadline(Bounded):
    """Limits the time of the calls it stands around, or of those that are given what it makes."""

    awaited: bool = Field(default=False, description="Ends only what is awaited inside of it")


class Protector(Row):
    """Stands around calls and protects them: as decorator, section, annotation, or by being handed a function."""

    beside: bool = Field(default=False, description="Protects what follows in the same function as well")
    keywords: Names = Field(default=(), description="Arguments that say how far, as a number")
    position: int | None = Field(default=None, ge=0, description="Index of the positional argument that says it")


class Breaker(Protector):
    """A circuit breaker."""


class Bulkhead(Protector):
    """Lets so many calls through at once."""


class Throttle(Protector):
    """Lets so many calls through in a time."""


class Fallback(Protector):
    """Gives another answer where a call fails."""


class Metric(Protector):
    """Counts or times what is done."""


class Dependency(Bounded):
    """A call that leaves the process, for the posture map alone: rules do not judge by it."""

    does: Literal["http", "socket", "database", "cache", "queue", "rpc", "mail", "lookup", "object-store", "process"]
    promise: bool = Field(default=False, description="Gives a promise, future or coroutine")
    client_limits: bool = Field(default=True, description="A limit on the client that makes the call counts too")


class Shared(Row):
    """Builds what is costly to build and meant to be built once."""

    what: str = "client"
    costs: str = Field(description="What one more of them costs, as a clause")
    once: bool = Field(default=False, description="True where one per call is wrong anywhere, not only in a handler")
    instead: str = ""


class Server(Bounded):
    """Serves requests, and what limits a slow client."""

    carries: bool = Field(default=True, description="False where no limit can be given at all")


class Cancellable(Row):
    """Takes a cancellation token or context as its last argument, and does without where none is given."""

    of: Names = Field(default=(), description="Types whose `methods` are meant; `*` for methods of any receiver")


class Catalogue(Declared):
    """One language's file."""

    outbound: tuple[Outbound, ...] = ()
    client: tuple[Client, ...] = ()
    limit: tuple[Limit, ...] = ()
    blocking: tuple[Blocking, ...] = ()
    resource: tuple[Resource, ...] = ()
    task: tuple[Task, ...] = ()
    fallible: tuple[Fallible, ...] = ()
    retry: tuple[Retry, ...] = ()
    server: tuple[Server, ...] = ()
    shared: tuple[Shared, ...] = ()
    cancellable: tuple[Cancellable, ...] = ()
    dependency: tuple[Dependency, ...] = ()
    deadline: tuple[Deadline, ...] = ()
    own_retry: tuple[OwnRetry, ...] = ()
    pool: tuple[Pool, ...] = ()
    breaker: tuple[Breaker, ...] = ()
    bulkhead: tuple[Bulkhead, ...] = ()
    throttle: tuple[Throttle, ...] = ()
    fallback: tuple[Fallback, ...] = ()
    metric: tuple[Metric, ...] = ()

    @classmethod
    def of(cls, values: Mapping[str, list[dict[str, Any]]]) -> "Catalogue":
        """Of what a file holds, unchecked: `api_checks` tells what is wrong with one."""
        sections = {}
        for name, rows in values.items():
            kind, _ = get_args(cls.declared[name][0])
            sections[name] = tuple(kind(**_as_declared(row)) for row in rows)
        return cls(**sections)

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(row for section in self.declared for row in getattr(self, section))


def _as_declared(row: dict[str, Any]) -> dict[str, Any]:
    told = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    return told | {"default_s": float(row["default_s"])} if "default_s" in row else told
