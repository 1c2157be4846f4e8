"""Where a Kotlin coroutine's cancellation ends although nobody meant it to."""

from bot.rules.suspending import runs_in, suspends
from bot.syntax import Call, Handler, Node, encloses

ABOVE_CANCELLATION = ("Exception", "Throwable", "RuntimeException", "IllegalStateException")
"""What Kotlin's CancellationException is as well."""
SETTLES = frozenset({"getOrThrow", "throwOnFailure"})


def swallowed_by(handler: Handler) -> Call | None:
    """The call whose cancellation a handler takes and keeps to itself; None where it does not."""
    name = next((one.rsplit(".", 1)[-1] for one in handler.caught), "")
    attempt = handler.guarded
    if attempt is None or not (is_cancellation(name) or name in ABOVE_CANCELLATION):
        return None
    waits = _suspended_in(attempt.body, handler)
    if waits is None or hands_cancellation_on(handler):
        return None
    return None if not is_cancellation(name) and _is_taken_before(handler) else waits


def swallowed_by_run_catching(call: Call) -> Call | None:
    """The same for `runCatching { … }` and what is made of its result."""
    waits = _suspended_in(call.all_arguments[-1].node, call) if call.all_arguments else None
    file, chain = call.file, call
    while (outer := file.call_on(chain)) is not None:
        if outer.method in SETTLES or "CancellationException" in outer.text or "ensureActive" in outer.text:
            return None
        thrown = [jump for jump in file.within(file.jumps, outer.node) if jump.kind == "raise"]
        if any(not encloses(call.node, jump) for jump in thrown):
            return None
        chain = outer
    return waits


def _suspended_in(node: Node | None, at: Call | Handler) -> Call | None:
    calls = at.file.within(at.file.calls, node)
    return next((call for call in calls if runs_in(call, at.function) and suspends(call)), None)


def _is_taken_before(handler: Handler) -> bool:
    """An earlier handler of the same try takes the cancellation."""
    return any(
        other.outer is handler.outer
        and other.start_line < handler.start_line
        and any(is_cancellation(name) for name in other.caught)
        for other in handler.file.within(handler.file.handlers, handler.outer.node if handler.outer else None)
    )


def is_cancellation(written: str) -> bool:
    return written.rsplit(".", 1)[-1] == "CancellationException"


def hands_cancellation_on(handler: Handler) -> bool:
    """It throws on, or asks whether the coroutine is cancelled. A cancellation must go on as what it is."""
    file, body = handler.file, handler.body
    thrown = [jump for jump in file.within(file.jumps, handler.node) if jump.kind == "raise"]
    if any(is_cancellation(name) for name in handler.caught):
        thrown = [jump for jump in thrown if jump.text.split()[1:] == [handler.variable]]
    if thrown or body is None:
        return bool(thrown)
    asked = ("ensureActive", "CancellationException", "isActive")
    return any(next(file.language.mentions(name, body), None) is not None for name in asked)
