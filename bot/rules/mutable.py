"""Which Python values can be changed after they are made, and so must not be shared by accident."""

import re

from bot.syntax import Node, Shape, SourceFile, text_of

LITERALS = frozenset(
    {"list", "dictionary", "set", "list_comprehension", "dictionary_comprehension", "set_comprehension"}
)
MAKERS = frozenset(
    {"list", "dict", "set", "bytearray"}
    | {f"collections.{name}" for name in ("deque", "defaultdict", "OrderedDict", "Counter", "ChainMap")}
)
CHANGES = frozenset(
    {"append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse", "update", "setdefault", "popitem"}
    | {"add", "discard", "appendleft"}
)
"""Methods that change what they are called on."""

_MOMENTS = frozenset(
    {f"datetime.{kind}.{made}" for kind in ("datetime", "date") for made in ("now", "utcnow", "today")}
    | {"time.time", "time.monotonic", "time.perf_counter", "os.urandom", "django.utils.timezone.now"}
    | {f"uuid.uuid{version}" for version in (1, 3, 4, 5, 6, 7)}
    | {f"secrets.{made}" for made in ("token_hex", "token_bytes", "token_urlsafe", "randbelow", "choice")}
    | {f"random.{made}" for made in ("random", "randint", "choice", "choices", "uniform", "randrange", "sample")}
)
"""Calls whose answer is another one each time."""


def is_momentary(node: "Node | None", file: SourceFile) -> bool:
    """True for the time, an identifier or a random number: frozen where it is asked for only once."""
    call = file.call_at(node)
    return call is not None and call.name in _MOMENTS


def is_mutable(node: "Node | None", at: Shape | None, file: SourceFile) -> bool:
    """True for a list, dict, set or bytearray made in place, and for a name that is only ever given such."""
    if node is None:
        return False
    if node.type in LITERALS:
        return True
    call = file.call_at(node)
    if call is not None:
        return call.name.removeprefix("builtins.") in MAKERS
    return node.type == "identifier" and _holds_mutable(node, at, file)


def _holds_mutable(node: "Node", at: Shape | None, file: SourceFile) -> bool:
    scope = at.function if at is not None else None
    name = text_of(node)
    given = [b for b in file.bindings if b.function is scope and text_of(b.target) == name]
    return bool(given) and all(
        b.value is not None and b.value.type != "identifier" and is_mutable(b.value, b, file) for b in given
    )


def is_changed(name: str, within: "Node", file: SourceFile) -> bool:
    """True where a name (or attribute, as written) is changed in place: a method that does, or `name[…] = …`."""
    if any(call.method in CHANGES and text_of(call.receiver) == name for call in file.within(file.calls, within)):
        return True
    if re.search(rf"(?<![\w.]){re.escape(name)}(?:\[[^\n]*\])? *[-+|&*]=", text_of(within)):
        return True
    return any(
        b.target is not None and b.target.type == "subscript" and text_of(b.target.child_by_field_name("value")) == name
        for b in file.within(file.bindings, within)
    )
