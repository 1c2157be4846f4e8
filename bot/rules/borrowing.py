"""A function of the same file that uses what it is given and gives it back open."""

from bot.rules.api_rows import Resource
from bot.syntax import Call, Function, Node

DEPTH_LIMIT = 3


def borrows(taker: Call, given: Node, row: Resource, depth: int = 0) -> bool:
    """True where the function that takes `given` as an argument only calls its methods: it neither closes nor keeps it.

    Functions of other files, and whatever cannot be followed, count as keeping it.
    """
    if not taker.name.startswith("./") or depth > DEPTH_LIMIT:
        return False
    function = taker.file.function_named(taker.name.removeprefix("./"))
    name = _parameter(taker, given, function) if function is not None else ""
    body = function.body if function is not None else None
    if function is None or not name or body is None:
        return False
    language = taker.file.language
    for mention in language.mentions(name, body):
        owner = mention.parent
        if owner is not None and owner.type in language.members and language.member(owner)[0] == mention:
            called = owner.parent is not None and owner.parent.type in language.call_kinds
            if not called or language.member(owner)[1] in row.closed_by:
                return False
            continue
        if owner is not None and owner.type in language.call_kinds and language.callee(owner)[0] == mention:
            if language.callee(owner)[1] in row.closed_by:
                return False
            continue
        inner = reader_of(mention, taker)
        if inner is None or not (inner.name in row.borrowers or borrows(inner, mention, row, depth + 1)):
            return False
    return True


def reader_of(mention: Node, near: Call) -> Call | None:
    """The call that a name is an argument of."""
    above = mention.parent
    if above is not None and above.type in ("argument", "value_argument"):
        above = above.parent
    return near.file.call_at(above.parent if above is not None else None)


def _parameter(taker: Call, given: Node, function: Function) -> str:
    """The name under which a function sees an argument."""
    if taker.has_splat:
        return ""
    own = function.file.language.self_names(function)
    names = [name for name in function.parameters if name not in own]
    for index, argument in enumerate(taker.all_arguments):
        if argument.node == given:
            return argument.name or (names[index] if index < len(names) else "")
    return ""
