"""What protects a call: limits by name, and how two versions of the same call are told to belong together."""

from collections.abc import Iterator, Sequence

from bot.regex import regex
from bot.rules.changes import FunctionChange
from bot.rules.logging_calls import writes_a_line
from bot.syntax import Argument, Call, Function, Handler, Jump, text_of

LIMIT_NAME = regex(
    r"(?i)^(?!ignore|no_?time|no_?dead|disable|skip|without|on_?time|clear|handle).*(?:time_?out|deadline|time_?limit)"
)
OFF = frozenset(
    {"false", "False", "None", "null", "nil", "undefined", "0", "0.0", "-1", "Infinity", "math.inf", "float('inf')"}
    | {'float("inf")', "Timeout.Infinite", "Timeout.InfiniteTimeSpan", "Duration.ZERO", "TimeSpan.Zero"}
)
"""Values that switch a limit off."""


CLOSERS = frozenset(
    {"close", "Close", "aclose", "CloseAsync", "closeAsync", "dispose", "Dispose", "DisposeAsync", "destroy"}
    | {"release", "Release", "shutdown", "Shutdown", "shutdownNow", "terminate", "disconnect"}
    | {"unsubscribe", "Unsubscribe", "unregister", "removeListener", "removeEventListener", "Stop"}
)
"""Methods that let go of what they are called on."""


_BRANCHES = frozenset({"if_statement", "conditional_expression"})


def named_arguments(call: Call) -> Iterator[Argument]:
    """Keyword arguments, fields of a literal, and the entries of object literals among the arguments."""
    yield from call.keywords.values()
    for argument in call.arguments:
        for name, value in (call.file.language.entries(argument.node) or {}).items():
            yield Argument(value, name)


def same_call_without(change: FunctionChange, call: Call, taken: Argument) -> Call | None:
    """The head's version of a call whose one argument was taken out; None where it is not certain, or where as many
    calls have that argument as before."""

    def have_it(calls: Sequence[Call]) -> int:
        alike = (named_arguments(other) for other in calls if other.written == call.written)
        return sum(any(argument.name == taken.name for argument in arguments) for arguments in alike)

    if have_it(change.calls_after) >= have_it(change.calls_before):
        return None
    same = [
        other
        for other in change.calls_after
        if other.written == call.written
        and not other.has_splat
        and all(argument.name != taken.name for argument in named_arguments(other))
        and not any(LIMIT_NAME.search(argument.text) for argument in other.all_arguments)
        and _pieces(other) <= _pieces(call)
        and (bool(other.all_arguments) or len(call.all_arguments) == 1)
    ]
    return min(same, key=lambda other: abs(other.start_line - change.line_after(call.start_line)), default=None)


def switched_off(change: FunctionChange, call: Call, limit: Argument) -> Call | None:
    """The head's version of a call whose one limit was set to a value that is none."""

    def are_off(calls: Sequence[Call]) -> list[Call]:
        return [
            other
            for other in calls
            if other.written == call.written
            and any(argument.name == limit.name and argument.text in OFF for argument in named_arguments(other))
        ]

    heads = are_off(change.calls_after)
    return heads[0] if len(heads) == 1 and not are_off(change.calls_before) else None


def is_new(change: FunctionChange, call: Call) -> bool:
    """True where the head has it more often than the base."""
    before, after = (sum(one.text == call.text for one in calls) for calls in (change.calls_before, change.calls_after))
    return after > before


def is_own(call: Call) -> bool:
    """A function or class of the project, by the file or by a relative import: it may set its limits inside."""
    return call.name.startswith(".") or bool(call.file.functions_named(call.method))


def _pieces(call: Call) -> set[tuple[str, str]]:
    """Names and texts of its arguments; object literals by their entries."""
    found = set()
    for argument in call.all_arguments:
        entries = call.file.language.entries(argument.node)
        if entries is None:
            found.add((argument.name, " ".join(argument.text.split())))
        else:
            found |= {(name, " ".join(text_of(value).split())) for name, value in entries.items()}
    return found


def defaults(function: Function) -> Iterator[tuple[str, str, int]]:
    """(name, default value, line) of each parameter that has one, also inside patterns that take an object apart."""
    stack = [function.node.child_by_field_name("parameters")]
    while stack:
        node = stack.pop()
        if node is None:
            continue
        left = (
            node.child_by_field_name("left") or node.child_by_field_name("name") or node.child_by_field_name("pattern")
        )
        right = node.child_by_field_name("right") or node.child_by_field_name("value")
        if left is not None and right is not None:
            yield text_of(left), text_of(right), node.start_point.row + 1
        stack.extend(node.named_children)


def keeps_alone(change: FunctionChange, head: Call) -> bool:
    """The result is kept under a local name that is neither closed, handed out nor stored."""
    name = head.assigned_to
    if not name.isidentifier():
        return False
    for mention in change.after.file.language.mentions(name, change.after.node):
        owner = mention.parent
        if owner is None or mention.end_byte <= head.node.start_byte:
            continue
        if owner.type in change.after.file.language.members:
            if change.after.file.language.member(owner)[1] in CLOSERS:
                return False
            continue
        if owner.type in change.after.file.language.call_kinds:
            continue
        return False
    return True


def condition_of(jump: Jump) -> str:
    """The condition of the `if` that the jump alone stands in."""
    node = jump.node.parent
    while node is not None and node.type in ("block", "statement_block", "statement_list"):
        node = node.parent
    if node is None or node.type not in _BRANCHES:
        return ""
    return " ".join(text_of(node.child_by_field_name("condition")).split()).strip("()")


def same_work(handler: Handler, other: Handler) -> bool:
    """The other one guards a call that this one guarded."""
    return bool(_guarded(handler) & _guarded(other))


def hands_on(handler: Handler) -> bool:
    """Its last word is to throw what it took: whoever calls sees it all the same."""
    last = text_of(handler.statements[-1]).rstrip("; ") if handler.statements else ""
    return last in ("throw", "raise", f"throw {handler.variable}", f"raise {handler.variable}")


def likeness(handler: Handler, other: Handler) -> float:
    """Share of the calls that both guard among those that either does."""
    here, there = _guarded(handler), _guarded(other)
    return len(here & there) / max(1, len(here | there))


def _guarded(handler: Handler) -> set[str]:
    body = handler.guarded.body if handler.guarded is not None else None  # unprovable: narrows the type
    calls = handler.file.within(handler.file.calls, body)
    return {call.written for call in calls if call.method != "ConfigureAwait" and not writes_a_line(call)}
