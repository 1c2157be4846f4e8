"""What may fail without a word: best effort, and failures that somebody else was given already."""

import re

from bot.regex import regex
from bot.syntax import Call, Function, Handler, text_of

_TIDIES = regex(
    r"(?i)^(?:a?close|dispose|clean_?up|disconnect|shut_?down|unsubscribe|release|destroy|terminate|stop|kill|unlink|abort|end|quit|clear)"
    r"(?:_?async|_?quietly|_?all|_?now|_?gracefully)?$"
)
"""What is called when a thing is done with: its failure changes nothing."""
_ENDS = regex(r"(?i)^(?:a?close|dispose|shut_?down|tear_?down|clean_?up)")
_PLAIN = regex(r"(?:false|true|null|None|False|True|nil|undefined|-?\d+|\"\"|''|\[\]|\{\})$")
_WRITES = regex(
    r"(?i)^(?:bulk_?|batch_?)?(?:save|insert|update|upsert|create|delete|destroy|store|persist|put|post|patch|commit"
    r"|publish|produce|send|enqueue|dispatch|exec|execute|sync)(?:$|[_!?]|(?-i:[A-Z]))"
)
_NEAR = 4
"""Lines above the try at most, where the default of a value is read together with it."""
_LOOKS_UP = frozenset({"forName", "loadClass", "getMethod", "getDeclaredMethod", "getField", "getDeclaredField"})
"""Asks at run time whether a class or method is there."""


def is_best_effort(handler: Handler) -> bool:
    """The handler guards one clean-up and nothing else, or a question whether something is there."""
    guarded = handler.guarded.body if handler.guarded is not None else None
    if guarded is None or handler.file.language.name == "go":
        return False
    calls = handler.file.within(handler.file.calls, guarded)
    statements = [child for child in guarded.named_children if "comment" not in child.type]
    if handler.function is not None and _ENDS.match(handler.function.name) and len(statements) == 1:
        return True  # on the way out each step has its turn, whatever became of the others
    if len(statements) == 1 and calls:
        outermost = min(calls, key=lambda call: (call.node.start_byte, -call.node.end_byte))
        return bool(_TIDIES.match(outermost.method)) or outermost.method in _LOOKS_UP
    if len(calls) >= len(statements) > 1 and all(_TIDIES.match(call.method) for call in calls):
        return True
    return bool(calls) and all(call.method in _LOOKS_UP for call in calls)


def falls_back(handler: Handler) -> bool:
    """All that is guarded is one value, which has its default already: `x = false; try { x = ask(); } catch { }`."""
    guarded, attempt = (handler.guarded.body, handler.guarded) if handler.guarded is not None else (None, None)
    statements = [child for child in getattr(guarded, "named_children", ()) if "comment" not in child.type]
    if len(statements) != 1 or attempt is None:
        return False
    file = handler.file
    given = next((one for one in file.within(file.bindings, statements[0]) if one.value is not None), None)
    if given is None:
        return False
    name = text_of(given.target)
    earlier = (one for one in file.bindings if text_of(one.target) == name and one.function is handler.function)
    return any(
        one.node.end_byte <= attempt.node.start_byte
        and one.start_line >= attempt.start_line - _NEAR
        and _PLAIN.match(text_of(one.value))
        for one in earlier
    )


def loses_a_write(handler: Handler) -> bool:
    """By the names of what is tried, something was to be kept, sent or taken away, and has not been."""
    guarded = handler.guarded.body if handler.guarded is not None else None
    return any(_WRITES.match(call.method) for call in handler.file.within(handler.file.calls, guarded))


def gives_up_in_silence(call: Call) -> bool:
    """`await peer.close().catch(() => {})`: what lets go of a thing may fail."""
    ended = call.receiver_call
    return ended is not None and bool(_TIDIES.match(ended.method) or _ENDS.match(ended.method))


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
