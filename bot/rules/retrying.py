"""Loops that try again: what makes one, what limits it, what spaces it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.regex import regex
from bot.rules.api_rows import Blocking, Outbound
from bot.rules.apis import find
from bot.syntax import Call, Handler, Jump, Loop, Node, Try, encloses, text_of

NOT_FAILURES = ("Empty", "Full", "ValueError", "KeyError", "EOFError", "StopIteration", "NumberFormatException")
"""Handlers of these belong to loops that poll or ask again, not to retries."""
DEADLINE_WORDS = (
    "deadline",
    "ctx.Done",
    "ctx.Err",
    "monotonic",
    "is_set",
    "isInterrupted",
    "aborted",
    "IsCancellation",
    "ThrowIfCancellation",
)


COUNTS_TRIES = regex(r"(?i)attempt|tries\b|retries|retry_?count|max_|elapsed|Instant|timeout")
"""In a loop of Kotlin, Ruby or Rust: something that may end it by count or by time."""


_PAUSE = regex(r"(?i)_*(?:sleep|delay|pause)(?:_?ms|_?for)?$")


@dataclass(frozen=True)
class RetryLoop:
    """A loop whose body is left when a try succeeds, and goes round again when it fails."""

    loop: Loop
    handler: Handler
    calls: tuple[Call, ...]
    """Outbound calls that are tried."""
    pauses: tuple[Call, ...]

    @property
    def has_deadline(self) -> bool:
        """True where something in the loop may end it by time, cancellation or a counter."""
        text = self.loop.text
        if self.loop.file.language.name in ("kotlin", "ruby", "rust") and COUNTS_TRIES.search(text):
            return True
        return any(word in text for word in DEADLINE_WORDS)


def retry_in(loop: Loop) -> RetryLoop | None:
    """The retry that a loop is, or None. Only loops that try outbound calls, or pause between tries, count."""
    kept = loop.__dict__
    if "retry" not in kept:  # several rules ask
        kept["retry"] = _retry_in(loop)
    found = kept["retry"]
    return found if isinstance(found, RetryLoop) else None


def _retry_in(loop: Loop) -> RetryLoop | None:
    file = loop.file
    for handler in file.within(file.handlers, loop.body):
        if handler.loop is not loop or not _goes_round_again(handler, loop):
            continue
        tried = _tried(handler, loop)
        if tried is None or not _ends_on_success(handler, loop):
            continue
        pauses = tuple(call for call in _calls_in(loop) if is_pause(call))
        calls = tuple(call for call in tried if find(call, Outbound) is not None)
        if (calls or pauses) and not _polls(handler):
            return RetryLoop(loop, handler, calls, pauses)
    return None


def _calls_in(loop: Loop) -> Iterator[Call]:
    return iter(loop.file.within(loop.file.calls, loop.body))


def is_pause(call: Call) -> bool:
    """It only lets time go by, as `sleep` does; a project's own is known by its name."""
    row = find(call, Blocking)
    return (row is not None and row.waits) or bool(_PAUSE.match(call.method))


def _goes_round_again(handler: Handler, loop: Loop) -> bool:
    """Nothing in the handler leaves the loop."""
    jumps = handler.file.within(handler.file.jumps, handler.node)
    if any(jump.leaves(loop) or jump.kind == "raise" for jump in jumps):
        return False
    if any(call.method in LEAVING for call in handler.file.within(handler.file.calls, handler.node)):
        return False
    if _has_limited_twin(handler):
        return False
    if handler.guarded is None:  # Go, Rust: only `continue`, or the end of the body, goes round
        return any(jump.kind == "continue" for jump in jumps) or _is_last(handler, loop)
    return any(jump.kind == "continue" for jump in jumps) or not _leaves_after(handler.guarded.node, loop)


def _leaves_after(tried: Node, loop: Loop) -> bool:
    """What follows the try leaves the loop, whether or not it went well."""
    node: Node | None = tried
    while node is not None and node not in (loop.body, loop.node):
        following = node.next_named_sibling
        while following is not None:
            if following.type in _LEAVES:
                return True
            following = following.next_named_sibling
        node = node.parent
    return False


_LEAVES = frozenset({"return_statement", "break_statement", "raise_statement", "throw_statement"})
_NUMBER = regex(
    r"^(?:[\d._]+L?|(?:[\d._]+\s*\*\s*)?time\.\w+(?:\s*\*\s*[\d._]+)?"
    r"|[\w:]*\bfrom_(?:secs|millis)\([\d_]+\)|\d+\.(?:seconds|milliseconds))$"
)
LEAVING = (
    *("exit", "_exit", "Fatal", "Fatalf", "abort", "panic", "reject", "fail", "Exit"),
    *("panic!", "bail!", "unreachable!", "exit!", "exitProcess"),
)


def _has_limited_twin(handler: Handler) -> bool:
    """Rust: another arm takes errors too, and leaves (`Err(e) if tries > 3 => return Err(e)`)."""
    arms = handler.node.parent.named_children if handler.node.type == "match_arm" and handler.node.parent else []
    others = [text_of(arm) for arm in arms if arm != handler.node and text_of(arm).lstrip().startswith("Err(")]
    return any(re.search(r"\b(?:return|break|panic!|bail!)", text) for text in others)


def _is_last(handler: Handler, loop: Loop) -> bool:
    node = handler.node
    if node.type == "match_arm" and node.parent is not None and node.parent.parent is not None:
        node = node.parent.parent  # in Rust the whole match
    return int(node.end_point.row) + 1 >= loop.end_line - 1


def _tried(handler: Handler, loop: Loop) -> list[Call] | None:
    """The calls whose failure the handler takes."""
    file = handler.file
    attempt = handler.guarded
    if attempt is not None:
        tried = file.within(file.calls, attempt.body)
        return [call for call in tried if call.node.start_byte < handler.node.start_byte]
    if handler.node.type == "match_arm" and handler.node.parent is not None:
        whole = handler.node.parent.parent
        return file.within(file.calls, whole.child_by_field_name("value")) or None if whole is not None else None
    before = [call for call in _calls_in(loop) if call.node.start_byte < handler.node.end_byte]
    return [
        call for call in before if not encloses(handler.node, call) or call.start_line == handler.start_line
    ] or None


def _ends_on_success(handler: Handler, loop: Loop) -> bool:
    """A `return` or `break` that is reached when the try went well: unconditional, in the try or after it."""
    return any(_is_success(jump, handler, loop) for jump in loop.file.within(loop.file.jumps, loop.body))


def _is_success(jump: Jump, handler: Handler, loop: Loop) -> bool:
    if jump.kind not in ("return", "break") or not jump.leaves(loop) or encloses(handler.node, jump):
        return False
    if any(isinstance(around, Handler) for around in jump.around(Handler) if loop.holds(around)):
        return False
    if handler.node.type == "match_arm" and not _is_reached_by_success(jump, handler):
        return False
    within = next(iter(jump.around(Try)), None)
    return handler.guarded is None or within is handler.guarded or jump.node.start_byte > handler.node.end_byte


def _is_reached_by_success(jump: Jump, handler: Handler) -> bool:
    """Rust: in the arm `Ok(…)` of the same match, or after it. `Ok(None)` and guarded arms tell an end, no success."""
    block = handler.node.parent
    arms = block.named_children if block is not None else []
    arm = next((one for one in arms if encloses(one, jump)), None)
    if arm is None:
        return block is not None and jump.node.start_byte > block.end_byte
    pattern = text_of(arm).split("=>")[0]
    return pattern.startswith("Ok(") and not pattern.startswith("Ok(None") and " if " not in pattern


def _polls(handler: Handler) -> bool:
    names = [name.rsplit(".", 1)[-1] for name in handler.caught]
    return bool(names) and all(name in NOT_FAILURES for name in names)


def walks_hosts(retry: RetryLoop) -> bool:
    """True where each round asks somebody else: the tried calls use what the loop walks over or counts, or what it
    counts picks something in its body."""
    header = retry.loop.header
    if not (retry.loop.counts or retry.loop.is_endless) or _MOVES_ON.search(retry.loop.text):
        return True
    return ("range" in header and _uses_counter(retry)) or any(_picks(name, retry) for name in _counters(retry.loop))


def _uses_counter(retry: RetryLoop) -> bool:
    left = retry.loop.node.child_by_field_name("left")
    name = text_of(left)
    return bool(name) and any(
        name in argument.text.split() or f"[{name}]" in argument.text
        for call in retry.calls
        for argument in call.arguments
    )


def _counters(loop: Loop) -> set[str]:
    """The names in a loop's header that each round changes."""
    walked, text = _WALKS.match(loop.header), loop.text
    stepped = {name for names in _STEPS.findall(text) for name in names if name}
    return stepped.intersection(_NAME.findall(loop.header)) | ({walked[1]} if walked is not None else set())


_NAME = regex(r"[A-Za-z_]\w*")
_MOVES_ON = regex(r"[(,]\s*ref\s+\w*(?i:index|indx|idx|next|cursor|position)\w*\s*[,)]")
"""C#: what picks the next one counts on by itself, `NextOf(hosts, ref index)`."""
_WALKS = regex(r"^for\s*\(?\s*([A-Za-z_]\w*)\s+in\b")
_STEPS = regex(r"(?<![\w.])([A-Za-z_]\w*)\s*(?:\+\+|--|[+-]=)|(?:\+\+|--)([A-Za-z_]\w*)")
_INDEXED = frozenset(
    {"subscript", "subscript_expression", "index_expression", "array_access", "element_access_expression"}
    | {"element_reference"}
)
_PICKERS = frozenset({"at", "get", "elementAt", "ElementAt"})


def _picks(counter: str, retry: RetryLoop) -> bool:
    """`hosts[i]`, `hosts[(first + i) % n]`, `hosts.get(i)`; neither `errors[i] = e` nor `sleep(pauses[i])`."""
    loop, file = retry.loop, retry.loop.file
    given = [one.target for one in file.within(file.bindings, loop.body) if one.target is not None]
    apart = [*given, *(pause.node for pause in retry.pauses)]
    return loop.body is not None and any(
        _is_index(mention, loop) and not any(encloses(node, mention) for node in apart)
        for mention in file.language.mentions(counter, loop.body)
    )


def _is_index(mention: Node, loop: Loop) -> bool:
    node = mention.parent
    while node is not None and node != loop.body:
        if node.type in _INDEXED or _is_got(loop.file.call_at(node)):
            return True
        node = node.parent
    return False


def _is_got(call: Call | None) -> bool:
    return call is not None and call.method in _PICKERS and find(call, Outbound) is None


def constant_pause(retry: RetryLoop) -> bool:
    """True where every pause of the loop is a plain number, such as `sleep(1)` or `time.Second`."""
    return bool(retry.pauses) and all(
        any(_NUMBER.match(argument.text) for argument in call.arguments) for call in retry.pauses
    )
