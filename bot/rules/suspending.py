"""Code that must not block its thread: async functions, suspend functions, coroutines. And what suspends in Kotlin."""

import re

from bot.regex import regex
from bot.rules.own import own_functions
from bot.syntax import Call, Function

STARTERS = frozenset({"withContext", "launch", "async", "runBlocking", "future", "produce", "runInterruptible"})
"""Kotlin's builders: a dispatcher among their arguments says which threads their code runs on."""
_MUST_NOT_BLOCK = regex(r"\bDispatchers\.(?:Main|Default|Unconfined)\b")
_SUSPENDS = frozenset(
    {"delay", "withContext", "coroutineScope", "supervisorScope", "withTimeout", "withTimeoutOrNull", "awaitAll"}
    | {"joinAll", "yield", "suspendCancellableCoroutine", "suspendCoroutine", "runInterruptible", "awaitCancellation"}
    | {"cancelAndJoin"}
)
_MEMBERS = frozenset({"await", "awaitSingle", "awaitFirst", "awaitBody", "awaitExchange", "collect", "receive", "join"})
"""Methods that suspend; `join` only of what a builder started, for threads have one as well."""

RUNS_ON = {"csharp": "its thread of the pool", "kotlin": "its dispatcher's thread", "rust": "its executor's thread"}
"""What stands still, where it is not called an event loop."""


def must_not_block(call: Call) -> bool:
    """True inside an async function, where nothing says that its threads are there to be blocked."""
    function = call.function
    if function is None or not function.is_async:
        return False
    return call.file.language.name != "kotlin" or _says_nothing_of_threads(function)


def _says_nothing_of_threads(function: Function) -> bool:
    """A suspend function, or a builder's lambda that names no dispatcher, or one of those that must be kept free."""
    here: Function | None = function
    while here is not None and here.node.type == "lambda_literal":
        builder = _builder_of(here)
        if builder is None or builder.method not in STARTERS or builder.method in ("runBlocking", "runInterruptible"):
            return False
        given = [argument.text for argument in builder.all_arguments if argument.node != here.node]
        if given:
            return any(_MUST_NOT_BLOCK.search(text) for text in given)
        if builder.receiver is not None:
            return False  # its scope brings a dispatcher of its own
        here = here.function
    return here is not None and here.is_async


def _builder_of(function: Function) -> Call | None:
    node = function.node.parent
    while node is not None and node.type in ("annotated_lambda", "value_argument", "value_arguments"):
        node = node.parent
    return function.file.call_at(node)


def suspends(call: Call) -> bool:
    """True for a Kotlin call that gives its thread back while it waits, and so notices a cancellation."""
    name = call.name.rsplit(".", 1)[-1]
    if call.name.startswith("kotlinx.coroutines.") and name in _SUSPENDS and call.name.count(".") == 2:
        return True
    if call.receiver is not None and call.method in _MEMBERS:
        return call.method != "join" or _is_started(call)
    own = own_functions(call)
    if own:
        return all(function.is_async for function in own)
    same = call.file.functions_named(call.method) if call.receiver is not None else []
    return len(same) == 1 and same[0].is_async and _is_extension(same[0])


def _is_extension(function: Function) -> bool:
    """`fun Order.save()`: what is called on an object may well be this one."""
    name = function.node.child_by_field_name("name")
    before = [child.type for child in function.node.children if name is not None and child.end_byte <= name.start_byte]
    return "." in before


def _is_started(call: Call) -> bool:
    made = call.origin
    return made is not None and made.method in ("launch", "async", "future")


def runs_in(call: Call, function: Function | None) -> bool:
    """True where a call runs as part of a function: in it, or in a lambda of an inline function of this file."""
    here = call.function
    while here is not None and here is not function and here.node.type == "lambda_literal":
        taker = _builder_of(here)
        own = own_functions(taker) if taker is not None else []
        if not own or not all(_runs_in_place(one) for one in own):
            return False
        here = here.function
    return here is function


def _runs_in_place(function: Function) -> bool:
    """An inline function, of which no parameter may be run elsewhere."""
    return "inline" in function.file.language.modifiers(function.node) and not re.search(
        r"\b(?:crossinline|noinline)\b", function.text
    )
