"""What Seawall knows of libraries: `config/apis/<language>.toml`, checked, and asked about a call.

A new library is a row there and no code. `config/schema/apis.schema.json` describes the rows for editors.
"""

import json
import re
import tomllib
from enum import Enum
from functools import cache
from typing import Literal, TypeVar, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.errors import SettingsError
from bot.settings.resources import resource_path
from bot.syntax import Argument, Call

Names = tuple[str, ...]
Found = TypeVar("Found", bound="Row")


class Row(BaseModel):
    """What every entry says: which names it is about, and how that is known."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    of: Names = Field(default=(), description="Canonical names of modules or types whose `methods` are meant")
    methods: Names = Field(default=(), description="Their methods or functions")
    names: Names = Field(default=(), description="Whole canonical names, beside `of` × `methods`")
    source: str = Field(min_length=3, description="The documentation page this is known from")
    version: str = Field(min_length=1, description="The version it was checked against")

    @model_validator(mode="after")
    def _is_about_something(self) -> "Row":
        if not self.all_names:
            raise ValueError("says no names: give `names`, or `of` and `methods`")
        return self

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

    does: Literal["http", "socket", "database", "cache", "queue", "rpc", "mail"]
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
    fix: str = ""


class Task(Row):
    """Starts work that nobody waits for by itself."""

    what: str
    loses: Literal["the task", "its error"] = "its error"


class Fallible(Row):
    """Reports failure by a returned error that must be read."""

    costs: str = Field(description="What goes wrong unseen")


class Retry(Row):
    """A library's retry, and what limits and spaces it."""

    limit: Names = Field(default=(), description="Arguments, options or builder methods that limit the tries")
    wait: Names = Field(default=(), description="Arguments, options or builder methods that space them")
    limited: bool = Field(default=False, description="Limited by default")
    spaced: bool = Field(default=False, description="Spaced by default")
    fix: str = ""


class Server(Bounded):
    """Serves requests, and what limits a slow client."""

    carries: bool = Field(default=True, description="False where no limit can be given at all")


class Catalogue(BaseModel):
    """One language's file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    outbound: tuple[Outbound, ...] = ()
    client: tuple[Client, ...] = ()
    limit: tuple[Limit, ...] = ()
    blocking: tuple[Blocking, ...] = ()
    resource: tuple[Resource, ...] = ()
    task: tuple[Task, ...] = ()
    fallible: tuple[Fallible, ...] = ()
    retry: tuple[Retry, ...] = ()
    server: tuple[Server, ...] = ()

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(row for section in type(self).model_fields for row in getattr(self, section))


class Wait(Enum):
    """What is known of a wait."""

    BOUND = "limited"
    UNBOUND = "no limit"
    DISABLED = "its limit is switched off"
    UNKNOWN = "cannot tell"


@cache
def catalogue(language: str) -> Catalogue:
    """What is known of a language's libraries. Raises SettingsError naming the file and the row that is wrong."""
    try:
        path = resource_path(f"config/apis/{language}.toml")
    except FileNotFoundError:
        return Catalogue()
    try:
        return Catalogue.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (ValidationError, tomllib.TOMLDecodeError) as wrong:
        raise SettingsError(f"{path} is wrong: {wrong}. See config/schema/apis.schema.json.") from wrong


@cache
def _by_name(language: str) -> tuple[dict[str, tuple[Row, ...]], frozenset[str]]:
    """Rows by canonical name, and the last parts of all names: most calls of a file can be told by those alone."""
    rows: dict[str, tuple[Row, ...]] = {}
    for row in catalogue(language).rows:
        for name in row.all_names:
            rows[name] = (*rows.get(name, ()), row)
    return rows, frozenset(re.split(r"[.…]", name)[-1] for name in rows)


BUILDER = "…"
"""In a name: a chain of calls that begins with what stands left and ends with the method on the right."""


def known(call: Call) -> tuple[Row, ...]:
    """All that is known of a call."""
    found = call.notes.get("apis")
    if found is None:
        found = call.notes["apis"] = _known(call)
    return cast(tuple[Row, ...], found)


def _known(call: Call) -> tuple[Row, ...]:
    language = call.file.language
    rows, last_parts = _by_name(language.apis or language.name)
    # An alias hides the last part (`from requests import get as g`), so plain names are looked up as well.
    if (call.method not in last_parts and call.receiver is not None) or not call.name:
        return ()
    if direct := rows.get(call.name):
        return direct
    return rows.get(f"{_first(call).name}{BUILDER}{call.method}", ()) if call.receiver_call is not None else ()


def _first(call: Call) -> Call:
    """The call that a chain of calls begins with."""
    while (earlier := call.receiver_call) is not None:
        call = earlier
    return call


def find(call: Call, kind: type[Found]) -> Found | None:
    """What is known of a call in one section, such as `find(call, Outbound)`; None where nothing is."""
    for row in known(call):
        if type(row) is kind:
            return row
    return None


def limit_given(row: Bounded, call: Call) -> tuple[Wait, Argument | None]:
    """Whether the call itself limits its wait, and the argument that says so."""
    for name in row.keywords:
        if (argument := call.keywords.get(name)) is not None:
            return _judged(row, argument), argument
    if row.position is not None and len(call.arguments) > row.position and not call.has_splat:
        argument = call.arguments[row.position]
        return _judged(row, argument), argument
    if row.options and row.options_at is not None and len(call.arguments) > row.options_at:
        entries = call.file.language.entries(call.arguments[row.options_at].node)
        for name in row.options if entries else ():
            if entries and name in entries:
                argument = Argument(entries[name], name)
                return _judged(row, argument), argument
        if entries is None or "*" in entries:
            return Wait.UNKNOWN, None
    if any(name in call.chain for name in row.chain):
        return Wait.BOUND, None
    if call.has_splat or any(text.encode() in call.file.text for text in row.unless_text):
        return Wait.UNKNOWN, None
    if row.setters and (name := call.assigned_to) and _is_set_later(name, row.setters, call):
        return Wait.BOUND, None
    return (Wait.BOUND if row.default_s is not None else Wait.UNBOUND), None


def wait_of(row: Bounded, call: Call) -> Wait:
    """Whether the wait is limited, by the call or by the client it is made on."""
    wait, _ = limit_given(row, call)
    if wait is not Wait.UNBOUND or not (isinstance(row, Outbound) and row.client_limits):
        return wait
    origin = call.origin
    made_by = find(origin, Client) if origin is not None else None
    if origin is None or made_by is None:
        return Wait.UNKNOWN
    return Wait.UNBOUND if wait_of(made_by, origin) is Wait.UNBOUND else Wait.BOUND


def _judged(row: Bounded, argument: Argument) -> Wait:
    text = argument.text.strip()
    return Wait.DISABLED if text in row.endless else Wait.BOUND


def _is_set_later(name: str, setters: Names, call: Call) -> bool:
    """`name.setter` somewhere in the file: as a call, or as a field that is given a value."""
    text = call.file.text.decode("utf-8", "replace")
    return any(f"{name}.{setter}" in text or f"{name}?.{setter}" in text for setter in setters)


def schema_text() -> str:
    """What config/schema/apis.schema.json must hold."""
    return json.dumps(Catalogue.model_json_schema(), indent=2, ensure_ascii=False) + "\n"
