"""Calls that write a line of log, and whether the failure at hand is in it."""

from bot.regex import regex
from bot.syntax import Call, Handler, text_of

_LOGGERS = regex(r"(?i)(?:^|[._])(?:log|logger|logging|slog|zap|console|log4j|serilog)$|[a-z]Log(?:ger)?$")
_MADE = regex(r"(?i)get_?logger\(")
_PRINTS = regex(r"(?:e?print|printf|println|eprintln|printstacktrace|puts|pp?|warn|write_?line)!?$")
_FAILURE = frozenset(
    {"error", "critical", "fatal", "severe", "exception", "warn", "warning", "logerror", "logcritical", "logwarning"}
    | {"err", "errorf", "errorw", "warnf", "warnw", "warningf", "printf", "println", "print", "fatalf"}
)
_SERIOUS = frozenset({"error", "critical", "fatal", "severe", "logerror", "logcritical"})


def logs(call: Call) -> bool:
    """True for a call that writes a line at the level of a warning or over (in Go also at none)."""
    receiver = text_of(call.receiver)
    is_go = call.file.language.name == "go"
    plain = call.method.lower() in _FAILURE and (is_go or not call.method.lower().startswith("print"))
    return plain and bool(_LOGGERS.search(receiver) or _MADE.search(receiver))


def writes_a_line(call: Call) -> bool:
    """True for a call that writes to a log, whatever its level, or to the console."""
    receiver, method = text_of(call.receiver), call.method.lower()
    return bool(
        _LOGGERS.search(receiver) or _MADE.search(receiver) or "log" in method or _PRINTS.match(method) or logs(call)
    )


def logs_an_error(call: Call) -> bool:
    """True at the level of an error or over."""
    return logs(call) and call.method.lower() in _SERIOUS


def names(handler: Handler) -> bool:
    """True where the handler does anything at all with what it caught."""
    body, variable = handler.body, handler.variable
    return (
        bool(variable) and body is not None and next(handler.file.language.mentions(variable, body), None) is not None
    )
