"""Calls that take a lambda behind them: `f(a) { … }`, and what becomes of the lambda."""

from typing import TYPE_CHECKING

from bot.syntax.shapes import text_of

if TYPE_CHECKING:
    from tree_sitter import Node

INLINE = frozenset(
    {"let", "run", "also", "apply", "with", "use", "useLines", "repeat", "runCatching", "mapCatching", "synchronized"}
    | {"withLock", "read", "write", "withPermit", "takeIf", "takeUnless", "getOrPut", "getOrElse", "computeIfAbsent"}
    | {"onSuccess", "onFailure", "fold", "recover", "recoverCatching", "require", "check", "requireNotNull"}
    | {"forEach", "forEachIndexed", "onEach", "map", "mapIndexed", "mapNotNull", "flatMap", "filter", "filterNot"}
    | {"filterIsInstance", "any", "all", "none", "first", "firstOrNull", "last", "lastOrNull", "find", "count"}
    | {"reduce", "associate", "associateBy", "associateWith", "groupBy", "partition", "sumOf", "maxOf", "minOf"}
    | {"sortedBy", "distinctBy", "takeWhile", "dropWhile", "joinToString", "buildString", "buildList", "buildMap"}
    | {"buildSet", "measureTime", "measureTimeMillis", "measureNanoTime", "ifEmpty", "ifBlank", "checkNotNull"}
)
"""Functions whose lambda runs at once and in place: a `return` in it leaves the function around."""

COROUTINES = frozenset(
    {"launch", "async", "withContext", "coroutineScope", "supervisorScope", "runBlocking", "runTest", "withTimeout"}
    | {"withTimeoutOrNull", "flow", "channelFlow", "callbackFlow", "suspend", "produce", "actor", "future"}
    | {"launchIn", "collect", "collectLatest", "transform", "mapLatest", "flatMapLatest", "runInterruptible"}
)
"""Functions whose lambda may suspend."""


def is_head(node: "Node") -> bool:
    """True for `f(a)` of `f(a) { … }`: both together are one call."""
    above = node.parent
    return (
        above is not None
        and above.type == "call_expression"
        and above.named_children[0] == node
        and above.named_children[-1].type == "annotated_lambda"
        and node.named_children[-1].type == "value_arguments"
    )


def lambda_of(call: "Node") -> "Node | None":
    """The lambda that stands behind a call."""
    last = call.named_children[-1] if call.named_children else None
    if last is None or last.type != "annotated_lambda":
        return None
    return next((child for child in last.named_children if child.type == "lambda_literal"), None)


def taker_of(literal: "Node") -> str:
    """The name of the function that a lambda is given to."""
    above = literal.parent
    while above is not None and above.type in ("annotated_lambda", "value_argument", "value_arguments"):
        above = above.parent
    if above is None or above.type != "call_expression":
        return ""
    while above.type == "call_expression" and above.named_children:
        above = above.named_children[0]
    return text_of(above.named_children[-1] if above.type == "navigation_expression" else above)
