"""What Seawall knows of libraries, asked about a call. A new library is a row in `config/apis/` and no code."""

import re
import tomllib
from enum import Enum
from functools import cache
from typing import Any, TypeVar, cast

from bot.errors import SettingsError
from bot.regex import regex
from bot.rules.api_rows import Bounded, Catalogue, Client, Names, Outbound, Row
from bot.rules.constants import field_filled, options_in, value_text
from bot.settings.resources import resource_path
from bot.settings.shipped_toml import shipped
from bot.syntax import Argument, Call, Language

Found = TypeVar("Found", bound=Row)
SCHEMA = "config/schema/apis.schema.json"


class Wait(Enum):
    """What is known of a wait."""

    BOUND = "limited"
    UNBOUND = "no limit"
    DISABLED = "its limit is switched off"
    UNKNOWN = "cannot tell"


@cache
def catalogue(language: str) -> Catalogue:
    """What is known of a language's libraries. Tests check what ships; here nobody waits for that."""
    return Catalogue.of(values_of(language))


def values_of(language: str) -> dict[str, Any]:
    """What its file holds. Raises SettingsError where it is no TOML."""
    try:
        path = resource_path(f"config/apis/{language}.toml")
    except FileNotFoundError:
        return {}
    try:
        return shipped(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as wrong:
        raise SettingsError(f"{path} is wrong: {wrong}. See {SCHEMA}.") from wrong


@cache
def _by_name(*files: str) -> tuple[dict[str, tuple[Row, ...]], frozenset[str]]:
    """Rows by canonical name, and the last parts of all names: most calls of a file can be told by those alone."""
    rows: dict[str, tuple[Row, ...]] = {}
    for row in (row for file in files for row in catalogue(file).rows):
        for name in row.all_names:
            rows[name] = (*rows.get(name, ()), row)
    return rows, frozenset(re.split(r"[.…]", name)[-1] for name in rows)


BUILDER = "…"
"""In a name: a chain of calls that begins with what stands left and ends with the method on the right."""

_NAMED_LIMIT = regex(r"(?i)^[\w.]*(?:time_?out|deadline)(?:_?(?:s|ms|sec|secs|seconds))?$")
ANY = "*"
"""In a name: any receiver, for methods whose names say enough."""


def known(call: Call) -> tuple[Row, ...]:
    """All that is known of a call."""
    kept = call.__dict__
    found = kept.get("apis")
    if found is None:  # every rule asks
        found = kept["apis"] = _known(call)
    return cast(tuple[Row, ...], found)


def _known(call: Call) -> tuple[Row, ...]:
    language = call.file.language
    rows, last_parts = _by_name(language.apis or language.name, *language.more_apis)
    # An alias hides the last part (`from requests import get as g`), so plain names are looked up as well.
    if call.method not in last_parts and call.receiver is not None:
        return ()
    if call.name and (direct := rows.get(call.name)):
        return direct
    chain = f"{_first(call).name}{BUILDER}{call.method}" if call.name and call.receiver_call is not None else ""
    if chain in rows:
        return rows[chain]
    return rows.get(f"{ANY}.{call.method}", ()) if call.receiver is not None else ()


def is_named_like_one(call: Call) -> bool:
    """True where its last part is that of a name in the catalogue: whose method it is may still be told elsewhere."""
    language = call.file.language
    return call.method in _by_name(language.apis or language.name, *language.more_apis)[1]


def _first(call: Call) -> Call:
    """The call that a chain of calls begins with."""
    while (earlier := call.receiver_call) is not None:
        call = earlier
    return call


def rows_named(language: Language, name: str) -> tuple[Row, ...]:
    """All that is known of a canonical name, such as that of an annotation, or of a function handed on."""
    return _by_name(language.apis or language.name, *language.more_apis)[0].get(name, ())


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
            return _judged(row, argument, call), argument
    if row.position is not None and len(call.arguments) > row.position and not call.has_splat:
        argument = call.arguments[row.position]
        return _judged(row, argument, call), argument
    if row.options and row.options_at is not None and len(call.arguments) > row.options_at:
        entries = options_in(call.arguments[row.options_at], call)
        for name in row.options if entries else ():
            if entries and name in entries:
                argument = Argument(entries[name], name)
                return _judged(row, argument, call), argument
        if entries is None or "*" in entries:
            return Wait.UNKNOWN, None
    if any(name in call.chain for name in row.chain):
        return Wait.BOUND, None
    if any(_NAMED_LIMIT.search(argument.text) for argument in call.arguments):
        return Wait.UNKNOWN, None  # `Telnet(host, port, timeout)`
    if call.has_splat or any(text.encode() in call.file.text for text in _spellings(row.unless_text, call)):
        return Wait.UNKNOWN, None
    if (
        row.setters
        and (name := call.assigned_to or field_filled(call))
        and _is_set_later(name, _spellings(row.setters, call), call)
    ):
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


def _judged(row: Bounded, argument: Argument, call: Call) -> Wait:
    return Wait.DISABLED if row.endless and value_text(argument, call) in row.endless else Wait.BOUND


def _spellings(names: Names, call: Call) -> Names:
    """Kotlin writes Java's `setReadTimeout(…)` as `readTimeout = …` too."""
    if call.file.language.name != "kotlin":
        return names
    return (*names, *(f"{name[3].lower()}{name[4:]}" for name in names if re.match(r"set[A-Z]", name)))


def _is_set_later(name: str, setters: Names, call: Call) -> bool:
    """`name.setter` somewhere in the file: as a call, or as a field that is given a value."""
    text = call.file.text.decode("utf-8", "replace")
    return any(f"{name}.{setter}" in text or f"{name}?.{setter}" in text for setter in setters)
