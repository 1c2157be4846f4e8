"""Limits of time that stand around a call: a section, a decorator, an annotation, or a function it is handed to."""

import re
from collections.abc import Iterator

from bot.regex import regex
from bot.rules.api_rows import Deadline
from bot.rules.apis import Wait, find, limit_given, rows_named
from bot.rules.once import once_a_file
from bot.syntax import Call, Class, Function, Node, Section, Shape, SourceFile, encloses, text_of

CLIMBED = 8
"""So many nodes lie between a call and the one that has it among its arguments, at most."""
_RACES = frozenset({"Promise.race"})
_ENDS = regex(r"(?i)time_?out|deadline|abort|expire|delay|sleep|reject|limit")
_BY_NAME = regex(r"(?i)^(?!set|clear|on_?time|no_|without|ignore).*(?:time_?out|deadline|time_?limit)")
"""What is not known and may cut off by its name: nobody can tell, so nothing is said."""
_ANNOTATION = regex(r"@([A-Z]\w*)")


def is_under_deadline(call: Call, is_awaited: bool) -> bool:
    """True where something around the call ends its wait, or around each call of its function in this file.
    `is_awaited`: what ends only awaits counts as well."""
    if _is_limited(call, is_awaited):
        return True
    function = next((one for one in call.around(Function) if one.name), None)
    if function is None:
        return False
    if function.name.isidentifier() and call.file.text.count(function.name.encode()) < 2:
        return False  # nothing else speaks of it: its users need not be looked for
    callers, takers = _users(function.name, call.file)
    return bool(callers or takers) and all(
        (*(_is_limited(one, is_awaited) for one in callers), *(_ends(one, call, is_awaited) for one in takers))
    )


@once_a_file
def _users(name: str, file: SourceFile) -> tuple[list[Call], list[Call]]:
    """The calls of a function, and the calls that are handed it by its name."""
    takers = [_handed_to(mention, file) for mention in _mentions(name, file)]
    return _by_method(file).get(name, []), [taker for taker in takers if taker is not None]


def _mentions(name: str, file: SourceFile) -> Iterator[Node]:
    """Where a name stands as it is; `$load` is one, too."""
    for match in re.finditer(re.escape(name.encode()), file.text):
        node = file.tree.root_node.descendant_for_byte_range(*match.span())
        is_name = node is not None and node.type in file.language.identifiers
        if node is not None and is_name and (node.start_byte, node.end_byte) == match.span():
            yield node


@once_a_file
def _by_method(file: SourceFile) -> dict[str, list[Call]]:
    found: dict[str, list[Call]] = {}
    for call in file.calls:
        found.setdefault(call.method, []).append(call)
    return found


def _handed_to(node: Node, file: SourceFile) -> Call | None:
    """The call that has a node for an argument."""
    above = node.parent
    for _ in range(CLIMBED):
        if above is None:
            return None
        if above.type in file.language.call_kinds:
            taker = file.call_at(above)
            return taker if taker is not None and any(given.node == node for given in taker.arguments) else None
        above = above.parent
    return None


def _is_limited(call: Call, is_awaited: bool) -> bool:
    return any(_ends(deadline, call, is_awaited) for deadline in _around(call)) or _is_annotated(call)


def _around(call: Call) -> Iterator[Call]:
    """What may be a deadline: taken hold of by a section around it, handed it or a function around it, decorating."""
    file = call.file
    for section in call.around(Section):
        for node in section.held:
            made = file.call_at(node) or file.origin(node, section.outer)
            if made is not None:
                yield made
    for shape in (call, *call.around(Function)):
        taker = _taker(shape)
        for _ in range(CLIMBED):
            if taker is not None:
                yield taker
                taker = taker.origin
        if isinstance(shape, Function):
            yield from _decorators(shape)


def _ends(deadline: Call, call: Call, is_awaited: bool) -> bool:
    row = find(deadline, Deadline)
    if row is not None:
        return (is_awaited or not row.awaited) and limit_given(row, deadline)[0] is not Wait.DISABLED
    if deadline.name in _RACES:
        return bool(_ENDS.search(deadline.text.replace(call.text, "")))
    return bool(_BY_NAME.match(deadline.method))


def _taker(shape: Shape) -> Call | None:
    """The call that has this among its arguments."""
    node: Node | None = shape.node.parent
    for _ in range(CLIMBED):
        if node is None or node.type in ("block", "statement_block", "module", "program"):
            return None
        taker = shape.file.call_at(node) if node.type in shape.file.language.call_kinds else None
        if taker is not None and (taker.receiver is None or not encloses(taker.receiver, shape)):
            return taker
        node = node.parent
    return None


def _decorators(function: Function) -> list[Call]:
    above, file = function.node.parent, function.file
    if above is None or above.type != "decorated_definition":
        return []
    return [call for call in file.within(file.calls, above) if call.node.start_byte < function.node.start_byte]


def _is_annotated(call: Call) -> bool:
    """`@TimeLimiter(…)` on a method or class around it."""
    file = call.file
    for shape in call.around(Shape) if file.language.name in ("java", "kotlin") else ():
        if isinstance(shape, Function | Class):
            body = shape.body
            header = file.between(shape.node.start_byte, body.start_byte if body is not None else shape.node.end_byte)
            names = (file.imports.get(name, name) for name in _ANNOTATION.findall(header))
            if any(isinstance(row, Deadline) for name in names for row in rows_named(file.language, name)):
                return True
    return False


def is_arm_without_limit(shape: Shape) -> bool:
    """`if limit is None: get(url)`, and beside it `else: get(url, timeout=limit)`: somebody wanted none."""
    node = shape.node.parent if isinstance(shape, Call) else None
    while isinstance(shape, Call) and node is not None and node.type != "function_definition":
        if node.type == "if_statement" and _limits_elsewhere(shape, node):
            return True
        node = node.parent
    return False


def _limits_elsewhere(call: Call, asked: Node) -> bool:
    condition = text_of(asked.child_by_field_name("condition"))
    return any(
        twin.written == call.written and _BY_NAME.search(argument.name) and argument.text in condition
        for twin in call.file.within(call.file.calls, asked)
        for argument in twin.keywords.values()
    )
