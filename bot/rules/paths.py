"""Which path leaves before something is given back: jumps in Go, failures where there are exceptions."""

from collections.abc import Sequence

from bot.regex import regex
from bot.syntax import Call, Finally, Handler, Jump, Node, Shape, Try, encloses

BLOCKS = frozenset({"block", "statement_list", "expression_case", "type_case", "communication_case", "default_case"})
ENDS = ("return_statement", "break_statement", "continue_statement", "goto_statement", "throw_statement")
EXITS = ("panic(", "os.Exit(", "log.Fatal", "t.Fatal", "b.Fatal")
HARMLESS = frozenset(
    {"lock", "lockInterruptibly", "unlock", "acquire", "release", "Enter", "Exit", "Wait", "Release"}
) | {"append"}
_READS_FIELD = regex(r"^(?:get|is|has)(?!\w*(?:Connection|Resource|Session|Stream|Channel|Client|Object)$)[A-Z]\w*$")
"""An accessor by Java's naming: it gives what is there."""
_CANNOT_FAIL = frozenset({"String.valueOf", "System.currentTimeMillis", "System.nanoTime", "Instant.now"})


def left_before(taken: Call, given_back: Sequence[Call], since: int = 0) -> Jump | None:
    """A return that leaves a function after `taken` where none of `given_back` has run; None where that is not sure.

    `since` is the byte from which on a return matters, where that is later than `taken`.
    """
    block, function = _block_of(taken.node), taken.function
    if block is None or function is None:
        return None
    for jump in taken.file.within(taken.file.jumps, block):
        if jump.kind != "return" or jump.function is not function:
            continue
        if jump.node.start_byte < max(taken.node.end_byte, since):
            continue
        if _is_error_check_of(taken, jump):
            continue
        before = [one for one in given_back if one.node.end_byte <= jump.node.end_byte]
        surely = [one for one in before if (there := _block_of(one.node)) is not None and encloses(there, jump)]
        if surely or any(not _ends(_block_of(one.node)) for one in before):
            continue
        return jump
    return None


def runs_on_failure(taken: Call, given_back: Sequence[Call]) -> Call | None:
    """A call whose failure keeps every one of `given_back` from running; None where each path seems covered."""
    function, file = taken.function, taken.file
    if function is None:
        return None
    covered = [one for one in given_back if _is_cleanup(one)]
    first = min(
        (guard.node.start_byte for one in covered if (guard := _guard_of(one)) is not None),
        default=min(one.node.start_byte for one in given_back) if not covered else None,
    )
    if first is None or first < taken.node.start_byte:
        return None  # taken inside the try that gives it back
    statement = statement_of(taken.node)
    for call in file.within(file.calls, function.body):
        if call.function is not function or call.method in HARMLESS or _is_accessor(call):
            continue
        if statement.end_byte <= call.node.start_byte and call.node.end_byte <= first and not _is_survived(call, taken):
            return call
    return None


def _is_accessor(call: Call) -> bool:
    return call.written in _CANNOT_FAIL or (not call.all_arguments and bool(_READS_FIELD.match(call.method)))


def _is_survived(call: Call, taken: Call) -> bool:
    """Inside a try, begun after `taken`, whose handlers all go on afterwards."""
    for guard in call.around(Try):
        if guard.node.start_byte < taken.node.end_byte:
            return False
        handlers = [one for one in call.file.handlers if one.guarded is guard]
        if handlers and not any(call.file.within(call.file.jumps, one.node) for one in handlers):
            return encloses(guard.node, call)
    return False


def _is_cleanup(call: Call) -> bool:
    return _guard_of(call) is not None


def _guard_of(call: Call) -> Try | None:
    """The try statement whose finally clause or handler a call is in."""
    for shape in call.around(Shape):
        if isinstance(shape, Finally | Handler):
            return next(shape.around(Try), None)
    return None


def _block_of(node: Node) -> Node | None:
    above = node.parent
    while above is not None and above.type not in BLOCKS:
        above = above.parent
    return above


def statement_of(node: Node) -> Node:
    """The statement of a block that a node is part of."""
    while node.parent is not None and node.parent.type not in BLOCKS:
        node = node.parent
    return node


def _ends(block: Node | None) -> bool:
    """True where a block ends by leaving: whoever comes past it has not been in it."""
    last = block.named_children[-1] if block is not None and block.named_children else None
    if last is not None and last.type == "statement_list" and last.named_children:
        last = last.named_children[-1]
    if last is None:
        return False
    text = (last.text or b"").decode("utf-8", "replace")
    return last.type in ENDS or text.startswith(EXITS)


def _is_error_check_of(taken: Call, jump: Jump) -> bool:
    """`if err := take(); err != nil { return }` right after: nothing was taken then."""
    statement = statement_of(taken.node)
    following = statement.next_named_sibling
    while following is not None and following.type == "comment":
        following = following.next_named_sibling
    handler = next(iter(jump.around(Handler)), None)
    return handler is not None and handler.node in (following, statement)
