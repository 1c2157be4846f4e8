"""What becomes of something opened: closed, handed on, or forgotten. As far as local names tell."""

from enum import Enum

from bot.rules.api_rows import Resource
from bot.rules.borrowing import borrows, reader_of
from bot.rules.paths import left_before, runs_on_failure, statement_of
from bot.syntax import Binding, Call, Node, text_of

CONSUMING = ("read", "write", "splitlines", "count", "collect", "foreach")


class Fate(Enum):
    CLOSED = "closed"
    ON_SUCCESS = "closed where all goes well"
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
        if outer is None or _closes(outer.method, row, call) or outer.use == "receiver":
            return Fate.CLOSED if outer is not None and _closes(outer.method, row, call) else Fate.HANDED_ON
        consumed = outer.method.lower().startswith(CONSUMING)  # anything else may give a view that closes it
        return Fate.FORGOTTEN if consumed else Fate.HANDED_ON
    if call.use == "argument" and (taker := _taker(call)) is not None:
        if taker.name in row.borrowers:
            return Fate.FORGOTTEN
        if taker.name in row.wrapped_by:
            return fate_of(taker, row)
    name = call.assigned_to
    if call.use != "assigned" or not name.isidentifier() or name == "_" or call.function is None:
        return Fate.HANDED_ON
    if _is_field(name, call):
        return Fate.HANDED_ON
    return _fate_of_name(name, call, row)


def _fate_of_name(name: str, call: Call, row: Resource) -> Fate:
    language, file = call.file.language, call.file
    function = call.function
    if function is None:
        return Fate.HANDED_ON
    bound = [b for b in file.within(file.bindings, function.body) if text_of(b.target) == name]
    given = [b for b in bound if b.value is not None and text_of(b.value) not in ("None", "null", "nil")]
    if len(given) > 1 and _is_overwritten(given[0], given[1], call):
        return Fate.FORGOTTEN
    if len(given) != 1 or any(b.function is not function for b in bound):
        return Fate.HANDED_ON
    closers: list[Call | None] = []
    wrapped: list[Fate] = []
    for mention in language.mentions(name, function.node):
        if mention.end_byte <= call.node.end_byte:
            continue
        owner = mention.parent
        if owner is not None and owner.type in language.members and language.member(owner)[0] == mention:
            if language.member(owner)[1] == "ConfigureAwait":
                return Fate.CLOSED  # `await using (file.ConfigureAwait(false))`: nothing else may be said of a handle
            if _closes(language.member(owner)[1], row, call):
                closers.append(file.call_at(owner.parent))
            elif owner.parent is None or owner.parent.type not in language.call_kinds:
                return Fate.HANDED_ON  # a bound method or a field goes somewhere
            continue
        if owner is not None and owner.type in language.call_kinds and language.callee(owner)[0] == mention:
            if language.callee(owner)[1] in row.closed_by:
                closers.append(file.call_at(owner))
            continue
        if _is_tested(mention) or _is_dropped(mention):
            continue
        reader = reader_of(mention, call)
        if reader is not None and reader.name in row.wrapped_by:
            wrapped.append(fate_of(reader, row))
        elif reader is None or not (reader.name in row.borrowers or borrows(reader, mention, row)):
            return Fate.HANDED_ON
    if closers:
        return _closed_by(closers, call)
    return next((fate for fate in (Fate.HANDED_ON, Fate.CLOSED, Fate.ON_SUCCESS) if fate in wrapped), Fate.FORGOTTEN)


def _is_overwritten(kept: Binding, next_: Binding, call: Call) -> bool:
    """In the same block its name is given to another thing, and until then it is only compared."""
    file, function, end = call.file, call.function, next_.node.end_byte
    if function is None or file.call_at(kept.value) is not call or next_.function is not function:
        return False
    if statement_of(kept.node).parent != statement_of(next_.node).parent:
        return False
    mentions = file.language.mentions(text_of(kept.target), function.node)
    return all(one == next_.target or _is_tested(one) for one in mentions if call.node.end_byte <= one.start_byte < end)


def _closes(method: str, row: Resource, call: Call) -> bool:
    """Kotlin's `use` closes whatever it is called on."""
    return method in row.closed_by or (method in ("use", "useLines") and call.file.language.name == "kotlin")


def _closed_by(closers: list[Call | None], call: Call) -> Fate:
    """Closed on every path, or only where nothing returns early (Go) or fails (Java, C#) on the way there."""
    known = [closer for closer in closers if closer is not None and closer.function is call.function]
    if len(known) < len(closers) or any(closer.use == "deferred" for closer in known):
        return Fate.CLOSED
    if call.file.language.name == "go":
        return Fate.CLOSED if left_before(call, known) is None else Fate.ON_SUCCESS
    if call.file.language.name in ("python", "ruby"):
        return Fate.CLOSED  # what fails lets go of the last reference, which closes it
    return Fate.CLOSED if runs_on_failure(call, known) is None else Fate.ON_SUCCESS


def _is_field(name: str, call: Call) -> bool:
    """Where fields are named without `this.`, a name may be one."""
    function, bindings = call.function, call.file.bindings
    if function is None or not call.file.language.fields_are_bare:
        return False
    local = any(
        text_of(b.target) == name and b.node.type not in ("assignment_expression",)
        for b in call.file.within(bindings, function.body)
    )
    return not local


def _taker(call: Call) -> Call | None:
    """The call that a result is an argument of."""
    outer = call.user.parent if call.user is not None else None
    return call.file.call_at(outer)


def _is_dropped(mention: Node) -> bool:
    """`_ = x` keeps the compiler quiet and nothing else."""
    above = mention.parent.parent if mention.parent is not None else None
    return above is not None and text_of(above.child_by_field_name("left")) == "_"


def _is_tested(mention: Node) -> bool:
    """Compared with nothing, or walked over."""
    above = mention.parent
    return above is not None and (
        above.type in ("binary_expression", "comparison_operator", "not_operator", "if_statement")
        or (above.type == "for_statement" and above.child_by_field_name("right") == mention)
    )
