"""Whether an asynchronous function of JavaScript deals with its failures by itself, or may be left alone."""

from bot.regex import regex
from bot.rules.awaiting import FUNCTIONS, ever_awaits
from bot.rules.own import own_functions
from bot.syntax import Argument, Call, Function, Node, Shape, Try, encloses, text_of

_NESTED = FUNCTIONS | {"generator_function", "generator_function_declaration", "class"}
_ENDS = regex(r"^(?:stop|close|end|shutdown|shutDown|destroy|disconnect|teardown|dispose|quit)$")
"""What is told to end is mostly built not to fail at it."""
_NOBODY_WAITS = regex(r"^(?:set(?:Timeout|Interval|Immediate)|nextTick|queueMicrotask|on|once|add(?:Event)?Listener)$")
"""Callers of a function that look at nothing it gives back."""
_OF_ANOTHER = regex(r"\.promise$")
_MAY_GIVE_PROMISE = frozenset({"call_expression", "new_expression"})


def settles_its_failures(function: Function) -> bool:
    """True where it tries something, every `await` and `throw` of its own stands in a `try` that has a handler, and no
    promise is returned that could fail later."""
    body = function.body
    if body is None or not function.is_async or not function.file.within(function.file.tries, body):
        return False
    return not any(_may_reject(child) for child in body.named_children)


def leaves_failures_to_settled(function: Function) -> bool:
    """True where all that it awaits is functions of this file that settle their failures."""
    file, body = function.file, function.body
    if body is None or not function.is_async:
        return False
    awaited = [call for call in file.within(file.calls, body) if call.is_awaited and call.function is function]
    told = [own for call in awaited for own in own_functions(call)]
    if len(told) != len(awaited) or not awaited or any(jump.kind == "raise" for jump in file.within(file.jumps, body)):
        return False
    return body.text is not None and body.text.count(b"await") == len(awaited) and all(map(settles_its_failures, told))


def is_all_that_is_done(call: Call) -> bool:
    """`async (order) => { save(order); }` is async for nothing else than to be waited for, by those who wait."""
    around = call.function
    if around is not None and _is_left_by_its_caller(around):
        return False
    inside = around.body.named_children if around is not None and around.body is not None else []
    return around is not None and around.is_async and around.is_anonymous and inside == [call.user]


def _is_left_by_its_caller(function: Function) -> bool:
    """It is given to a timer, or to listen to events."""
    given = function.node.parent
    caller = given.parent.child_by_field_name("function") if given is not None and given.parent is not None else None
    return caller is not None and bool(_NOBODY_WAITS.match(text_of(caller).rpartition(".")[2]))


def may_be_left(call: Call, started: Call) -> bool:
    """Who cannot wait leaves it on purpose; a promise with a name is mostly looked at elsewhere; a function that awaits
    nothing is done when it returns.

    `call` is the last of a chain, `started` what began the work.
    """
    if call.function is not None and not _could_wait(call):
        return True
    if call.text.endswith((".then(()=>{})", ".then(() => {})")):
        return True  # its author wants nothing of it
    if started.method in ("catch", "setTimeout") or (call is not started and call.function is None):
        return True  # its failure is handled before, it is a bare pause, or the runtime tells of a start that fails
    if started.method == "finally" and _is_settled_elsewhere(started):
        return True
    if started.method == "then" or started.method.startswith("void ") or _is_caught_one_by_one(started):
        return True
    if _ENDS.match(started.method) and call.method == "finally":
        return True
    own = own_functions(started)
    return bool(own) and all(_waits_for_nothing(function) or _is_settled_at_once(function) for function in own)


def _could_wait(call: Call) -> bool:
    """An asynchronous function can wait; and a `try` around it with a handler tells that its failure is looked for. On
    record, of what others leave alone, a third was worth a comment."""
    around = call.function
    return around is not None and (around.is_async or is_caught(call))


def takes_failure(call: Call) -> bool:
    """`.catch(…)`, or `.then(…, …)`, with a function that does more than throw again what it is given."""
    if call.method not in ("catch", "then") or (call.method == "then" and len(call.arguments) == 1):
        return False
    return bool(call.arguments) and not _throws_again(call, call.arguments[-1])


def _throws_again(call: Call, given: Argument) -> bool:
    written = [one for one in call.file.within(call.file.functions, given.node)[:1] if one.node == given.node]
    for function in written:
        body = function.body.named_children if function.body is not None else []
        done = [text_of(one).rstrip("; ") for one in body if one.type != "comment"]
        return done == [f"throw {name}" for name in list(function.parameters)[:1]] and bool(done)
    return False


def is_caught(shape: Shape) -> bool:
    """It stands in the body of a try of its own function that has a handler."""
    return any(
        attempt.function is shape.function
        and attempt.body is not None  # unprovable: narrows the type
        and encloses(attempt.body, shape)
        and any(handler.guarded is attempt for handler in shape.file.within(shape.file.handlers, attempt.node))
        for attempt in shape.around(Try)
    )


def _is_settled_elsewhere(started: Call) -> bool:
    """`worker.promise.finally(…)`, `deferred().finally(…)`: whether that ever fails, another place tells."""
    made = started.file.origin(started.receiver, started)
    return bool(_OF_ANOTHER.search(text_of(started.receiver))) or (made is not None and "defer" in made.method.lower())


def _is_caught_one_by_one(started: Call) -> bool:
    """`Promise.all(sent)` of promises each of which has its handler."""
    file, given = started.file, {one.text for one in started.arguments}
    around = started.function.node if started.function is not None else None
    return started.method == "all" and any(
        text_of(one.target) in given and ".catch(" in text_of(one.value) for one in file.within(file.bindings, around)
    )


def _waits_for_nothing(function: Function) -> bool:
    body = function.body
    return body is not None and function.is_async and not ever_awaits(body) and not _returns_promise(body)


def _is_settled_at_once(function: Function) -> bool:
    """An ordinary function whose every promise is a `Promise.resolve()` that nothing is asked for."""
    file = function.file
    given = [call for call in file.within(file.calls, function.body) if call.use == "returned"]
    return not function.is_async and all(
        call.name == "Promise.resolve" and not any(file.within(file.calls, one.node) for one in call.arguments)
        for call in given
    )


def _may_reject(node: Node) -> bool:
    if node.type in _NESTED:
        return False
    if node.type in ("await_expression", "throw_statement", "yield_expression"):
        return True
    if node.type == "for_in_statement" and any(child.type == "await" for child in node.children):
        return True
    if node.type == "return_statement" and any(child.type in _MAY_GIVE_PROMISE for child in node.named_children):
        return True
    if node.type == "try_statement" and (handler := node.child_by_field_name("handler")) is not None:
        last = node.child_by_field_name("finalizer")
        return _returns_promise(node) or _may_reject(handler) or (last is not None and _may_reject(last))
    return any(_may_reject(child) for child in node.named_children)


def _returns_promise(node: Node) -> bool:
    """A promise that is returned out of a `try` fails when that is over."""
    if node.type in _NESTED:
        return False
    if node.type == "return_statement":
        return any(child.type in _MAY_GIVE_PROMISE for child in node.named_children)
    return any(_returns_promise(child) for child in node.named_children)
