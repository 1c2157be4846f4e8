"""Go contexts that are made anew where one was handed in."""

from bot.regex import regex
from bot.syntax import Binding, Call, Function, text_of

FRESH = frozenset({"context.Background", "context.TODO"})
ROOT_BY_NEED = ("With", "Shutdown", "Close", "Notify", "SetGoroutineLabels")
LIVES_ON = regex(r"(?i)^(?:new|init|start|run|open|connect|close|stop|shutdown|main|test)")
"""Names of functions whose work belongs to no one request."""


def needs_a_root(taker: Call) -> bool:
    """What is made of a context there has a limit of its own, or is no more than a line in the log."""
    return taker.method.startswith(ROOT_BY_NEED) or "log" in taker.written.lower()


def starts_anew(function: Function) -> bool:
    """It takes neither context nor request, and gives a new one straight to a call (and not to what sets a limit)."""
    file = function.file
    head = function.text.split("{")[0]
    if LIVES_ON.match(function.name) or "context." not in function.text or "context." in head or "http.Request" in head:
        return False
    for made in file.within(file.calls, function.body):
        if made.is_one_of(FRESH) and made.use == "argument" and made.function is function and made.user is not None:
            taker = file.call_at(made.user.parent)
            if taker is not None and not needs_a_root(taker) and taker.use != "task":
                return True
    return False


def is_missing(name: str, binding: Binding) -> bool:
    """Inside of `if ctx == nil`."""
    above = binding.node.parent
    while above is not None and above.type not in ("function_declaration", "method_declaration", "func_literal"):
        if above.type == "if_statement" and f"{name} == nil" in text_of(above.child_by_field_name("condition")):
            return True
        above = above.parent
    return False
