"""What may fail without a word: best effort, and failures that somebody else was given already."""

import re

from bot.syntax import Function, Handler

_TIDIES = re.compile(
    r"(?i)^(?:a?close|dispose|disconnect|shut_?down|unsubscribe|release|destroy|terminate|stop|kill|unlink|abort)"
    r"(?:_?async|_?quietly|_?all|_?now|_?gracefully)?$"
)
"""What is called when a thing is done with: its failure changes nothing."""
_LOOKS_UP = frozenset({"forName", "loadClass", "getMethod", "getDeclaredMethod", "getField", "getDeclaredField"})
"""Asks at run time whether a class or method is there."""


def is_best_effort(handler: Handler) -> bool:
    """The handler guards one clean-up and nothing else, or a question whether something is there."""
    guarded = handler.guarded.body if handler.guarded is not None else None
    if guarded is None or handler.file.language.name == "go":
        return False
    calls = handler.file.within(handler.file.calls, guarded)
    statements = [child for child in guarded.named_children if "comment" not in child.type]
    if len(statements) == 1 and calls:
        outermost = min(calls, key=lambda call: (call.node.start_byte, -call.node.end_byte))
        return bool(_TIDIES.match(outermost.method)) or outermost.method in _LOOKS_UP
    return bool(calls) and all(call.method in _LOOKS_UP for call in calls)


def was_handed_over(handler: Handler, function: Function) -> bool:
    """In Go: the error that is asked for here was given to a call before, and has not been written since."""
    name, body, file = handler.variable, handler.body, handler.file
    if not name or body is None:
        return False
    written = re.compile(rf"\b{re.escape(name)}\b[^=\n]*(?<![=!<>]):?=(?!=)")
    return any(
        not written.search(file.between(call.node.end_byte, body.start_byte))
        for call in file.within(file.calls, function.body)
        if call.node.end_byte <= handler.node.start_byte and any(a.text == name for a in call.all_arguments)
    )
