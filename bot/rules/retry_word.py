"""Ruby's `retry`: a loop made of a handler."""

from dataclasses import dataclass

from bot.regex import regex
from bot.rules.api_rows import Outbound
from bot.rules.apis import find
from bot.rules.retrying import is_pause
from bot.syntax import Call, Handler, Jump

REMOTE = regex(r"Timeout|Connection|Errno::E(?:CONN|HOST|NET|TIMEDOUT|PIPE)|^(?:Net|Faraday|Redis|HTTP|Socket|OpenSSL)")
"""Failures of the other side, by their names."""
AT_ONCE = regex(r"RecordNotUnique|StaleObject|Deadlocked|Serialization|Wait(?:Read|Writ)able|EINTR|EAGAIN|Unauthorized")
"""Failures that are over as soon as one tries again."""


@dataclass(frozen=True)
class RetryWord:
    """A handler that ends in `retry`."""

    jump: Jump
    calls: tuple[Call, ...]
    """Outbound calls that are tried."""
    pauses: tuple[Call, ...]
    is_limited: bool
    """Something in the handler may keep it from going round again."""


def retry_word_in(handler: Handler) -> RetryWord | None:
    """The retry that a handler is, of a call to another service; None for any other handler."""
    file, attempt = handler.file, handler.guarded
    if file.language.name != "ruby":  # the word is Ruby's alone
        return None
    jumps = [jump for jump in file.within(file.jumps, handler.node) if jump.function is handler.function]
    again = next((jump for jump in jumps if jump.kind == "retry"), None)
    if again is None or attempt is None or any(AT_ONCE.search(name) for name in handler.caught):
        return None
    tried = [c for c in file.within(file.calls, attempt.node) if c.node.start_byte < handler.node.start_byte]
    calls = tuple(call for call in tried if find(call, Outbound) is not None)
    if not calls and not any(REMOTE.search(name) for name in handler.caught):
        return None
    pauses = [call for call in file.within(file.calls, handler.node) if is_pause(call)]
    leaves = any(jump.kind in ("raise", "return", "break", "continue") for jump in jumps)
    return RetryWord(again, calls, tuple(pauses), leaves or _has_condition(again, handler))


def _has_condition(jump: Jump, handler: Handler) -> bool:
    above = jump.node.parent
    while above is not None and above != handler.node:  # unprovable: the handler lies around it
        if above.type not in ("then", "body_statement"):
            return True
        above = above.parent
    return False
