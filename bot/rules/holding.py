"""What becomes of something opened: closed, handed on, or forgotten. As far as local names tell."""

from enum import Enum

from bot.rules.api_rows import Resource
from bot.syntax import Call, Node, text_of

CONSUMING = ("read", "write", "splitlines", "count", "collect", "foreach")


class Fate(Enum):
    CLOSED = "closed"
    HANDED_ON = "handed on"
    FORGOTTEN = "forgotten"


def fate_of(call: Call, row: Resource) -> Fate:
    """What becomes of the thing that a call opens. Whatever cannot be followed counts as handed on."""
    if call.use in ("managed", "deferred"):
        return Fate.CLOSED
    if call.use == "discarded":
        return Fate.FORGOTTEN
    if call.use == "receiver":
        outer = call.file.call_on(call)
        if outer is None or outer.method in row.closed_by or outer.use == "receiver":
            return Fate.CLOSED if outer is not None and outer.method in row.closed_by else Fate.HANDED_ON
        consumed = outer.method.lower().startswith(CONSUMING)  # anything else may give a view that closes it
        return Fate.FORGOTTEN if consumed else Fate.HANDED_ON
    if call.use == "argument" and _borrower(call) in row.borrowers:
        return Fate.FORGOTTEN
    name = call.assigned_to
    if call.use != "assigned" or not name.isidentifier() or name == "_" or call.function is None:
        return Fate.HANDED_ON
    return _fate_of_name(name, call, row)


def _fate_of_name(name: str, call: Call, row: Resource) -> Fate:
    language = call.file.language
    function = call.function
    if function is None:
        return Fate.HANDED_ON
    bound = [b for b in call.file.within(call.file.bindings, function.body) if text_of(b.target) == name]
    if len(bound) != 1 or bound[0].function is not function:
        return Fate.HANDED_ON
    fate = Fate.FORGOTTEN
    for mention in language.mentions(name, function.node):
        if mention.end_byte <= call.node.end_byte:
            continue
        owner = mention.parent
        if owner is not None and owner.type in language.members and language.member(owner)[0] == mention:
            if language.member(owner)[1] in row.closed_by:
                return Fate.CLOSED
            if owner.parent is None or owner.parent.type not in language.call_kinds:
                return Fate.HANDED_ON  # a bound method or a field goes somewhere
            continue
        if owner is not None and owner.type in language.call_kinds and language.callee(owner)[0] == mention:
            if language.callee(owner)[1] in row.closed_by:
                return Fate.CLOSED
            continue
        if _is_tested(mention) or _read_by(mention, call) in row.borrowers:
            continue
        return Fate.HANDED_ON
    return fate


def _borrower(call: Call) -> str:
    outer = call.user.parent if call.user is not None else None
    taker = call.file.call_at(outer)
    return taker.name if taker is not None else ""


def _read_by(mention: Node, call: Call) -> str:
    above = mention.parent
    taker = call.file.call_at(above.parent if above is not None else None)
    return taker.name if taker is not None else ""


def _is_tested(mention: Node) -> bool:
    """Compared with nothing, or walked over."""
    above = mention.parent
    return above is not None and (
        above.type in ("binary_expression", "comparison_operator", "not_operator", "if_statement")
        or (above.type == "for_statement" and above.child_by_field_name("right") == mention)
    )
