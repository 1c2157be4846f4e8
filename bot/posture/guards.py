"""Circuit breakers, bulkheads and pools, throttles, fallbacks, cancellation and metrics around a call."""

import re

from bot.domain.posture import LIBRARY, Protection, State
from bot.posture.amounts import number_of
from bot.posture.around import Surroundings, Wrap
from bot.posture.outgoing import Outgoing
from bot.regex import regex
from bot.rules.api_rows import (
    Breaker,
    Bulkhead,
    Cancellable,
    Dependency,
    Fallback,
    Metric,
    Outbound,
    Pool,
    Protector,
    Throttle,
)
from bot.rules.apis import Wait, find, limit_given
from bot.syntax import Call, Handler, Try, encloses, text_of

_NO_DEFAULT = regex(r"(?i)err(?!a)|fail|exception|status|\b50\d\b|unavailable|reject|throw|raise")
_TOKEN = regex(r"(?i)^(?:\w*\.)*(?:ct|cts\.Token|\w*token|\w*cancellation\w*|stoppingToken|RequestAborted)$")
_SIGNAL = regex(r"\bsignal\b")


def breaker_of(out: Outgoing, around: Surroundings) -> Protection:
    return _guarded(Breaker, "breaker", out, around)


def throttle_of(out: Outgoing, around: Surroundings) -> Protection:
    return _guarded(Throttle, "throttle", out, around)


def metrics_of(out: Outgoing, around: Surroundings) -> Protection:
    return _guarded(Metric, "metrics", out, around)


def bulkhead_of(out: Outgoing, around: Surroundings) -> Protection:
    """A bulkhead around the call, or the limit of its client's pool."""
    around_it = _guarded(Bulkhead, "bulkhead", out, around)
    if around_it.is_there:
        return around_it
    if out.built is not None:
        return out.built.protections.bulkhead
    row = find(out.client, Pool) if out.client is not None else None
    if out.client is None or row is None:
        return around_it
    wait, argument = limit_given(row, out.client)
    place = around.sheet.place(out.client)
    if argument is not None and wait is Wait.DISABLED:
        return Protection(where=place)
    if argument is not None:
        number = number_of(argument.text, around.sheet)
        if number is None and (found := re.search(r"max_connections\s*=\s*(\d+)", argument.text)):
            number = float(found[1])
        return Protection(state=State.YES, where=place, value=f"{number:g} at once" if number is not None else "")
    if wait is Wait.UNKNOWN:
        return Protection(state=State.UNKNOWN, where=place)
    if wait is Wait.BOUND:
        return Protection(state=State.YES, where=place)
    return Protection(state=State.YES, where=LIBRARY, value=f"{row.size} at once") if row.size else around_it


def fallback_of(out: Outgoing, around: Surroundings) -> Protection:
    """A fallback around the call, or a handler that gives a default or an older value in its place."""
    found = _guarded(Fallback, "fallback", out, around)
    if found.is_there:
        return found
    for wrap in around.wraps:
        if "fallback" in wrap.text:  # `@CircuitBreaker(name = "rates", fallbackMethod = "older")`
            return Protection(state=State.YES, where=around.sheet.place(wrap.node))
    for handler in _handlers(around):
        if _gives_another(handler, around.call):
            return Protection(state=State.YES, where=around.sheet.place(handler))
    return found


def cancellation_of(out: Outgoing, around: Surroundings) -> Protection:
    """Whether the caller can call it off."""
    call, language, place = out.call, around.sheet.language, around.sheet.place(out.call)
    promise = isinstance(out.row, Outbound | Dependency) and out.row.promise
    if language == "python":
        return Protection(state=State.YES, value="its task") if promise else Protection()
    if language == "go":
        return _by_context(out, around)
    if language in ("javascript", "typescript"):
        if any(_SIGNAL.search(argument.text) for argument in call.arguments):
            return Protection(state=State.YES, where=place, value="signal")
        opaque = isinstance(out.limits, Outbound) and limit_given(out.limits, call)[0] is Wait.UNKNOWN
        return Protection(state=State.UNKNOWN) if opaque or not out.is_known_whole else Protection()
    if language == "csharp":
        if any(_TOKEN.match(argument.text) for argument in call.all_arguments):
            return Protection(state=State.YES, where=place, value="token")
        return (
            Protection() if find(call, Cancellable) is not None or call.arguments else Protection(state=State.UNKNOWN)
        )
    return Protection(state=State.UNKNOWN)


def _by_context(out: Outgoing, around: Surroundings) -> Protection:
    """Go: a context among its arguments, or in the request it sends."""
    call, place = out.call, around.sheet.place(out.call)
    for argument in call.arguments[:1]:
        if re.search(r"(?i)ctx$|context", argument.text) and "Background()" not in argument.text:
            return Protection(state=State.YES, where=place, value="context")
        made = around.sheet.first_of(argument.node, call)
        if made is not None and made.method == "NewRequestWithContext":
            return Protection(state=State.YES, where=around.sheet.place(made), value="context")
        if made is not None and made.method == "NewRequest":
            return Protection()
    return Protection(state=State.UNKNOWN) if call.method == "Do" else Protection()


def _guarded(kind: type[Protector], name: str, out: Outgoing, around: Surroundings) -> Protection:
    for wrap in around.wraps:
        if isinstance(wrap.row, kind):
            return Protection(state=State.YES, where=around.sheet.place(wrap.node), value=_value(wrap, around))
    if name in around.doubts:
        return Protection(state=State.UNKNOWN, where=around.doubts[name])
    if not out.is_known_whole and out.kind in ("http", "rpc") and name in ("breaker", "metrics"):
        return Protection(state=State.UNKNOWN, where="its client is built elsewhere")
    return Protection()


def _value(wrap: Wrap, around: Surroundings) -> str:
    row = wrap.row
    assert isinstance(row, Protector)
    if wrap.call is None or not isinstance(row, Bulkhead | Throttle):
        return ""
    given = []
    called = wrap.call.node.child_by_field_name("function")
    for call in (wrap.call, wrap.call.file.origin(called, wrap.call.outer)):  # `limit(…)`, where `limit = pLimit(4)`
        if call is not None:
            given += [call.keywords[name].text for name in row.keywords if name in call.keywords]
            if row.position is not None:
                given += [argument.text for argument in call.arguments[row.position : row.position + 1]]
    for text in given:
        if (number := number_of(text, around.sheet)) is not None:
            return f"{number:g} at once" if isinstance(row, Bulkhead) else f"{number:g}"
    return ""


def _handlers(around: Surroundings) -> list[Handler]:
    """Those that take the failure of the call: of the tries around it in its function; in Go, the next one."""
    call, file = around.call, around.sheet.file
    tries = [attempt for attempt in call.around(Try) if attempt.function is call.function and attempt.holds(call)]
    found = [handler for handler in file.handlers if handler.guarded in tries and not encloses(handler.node, call)]
    if around.sheet.language == "go":
        found += [
            handler
            for handler in file.handlers
            if handler.function is call.function and 0 <= handler.start_line - call.end_line <= 2
        ][:1]
    return found


def _gives_another(handler: Handler, call: Call) -> bool:
    """True where it returns, or assigns, a value that is no report of the failure."""
    file = handler.file
    jumps = file.within(file.jumps, handler.node)
    if any(jump.kind == "raise" for jump in jumps):
        return False
    for jump in jumps:
        value = " ".join(jump.text.removeprefix("return").rstrip(";").split())
        if jump.kind != "return" or not value or (handler.variable and handler.variable in re.findall(r"\w+", value)):
            continue
        if file.language.name == "go":
            if value.endswith(", nil") and not value.startswith("nil,"):
                return True
        elif not _NO_DEFAULT.search(value):
            return True
    kept = call.assigned_to
    return bool(kept) and any(text_of(b.target) == kept for b in file.within(file.bindings, handler.node))
