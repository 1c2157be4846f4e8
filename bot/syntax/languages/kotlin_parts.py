"""Parts of Kotlin's tree that no field names: types, values, and the lambda behind a call (`f(a) { … }`)."""

from typing import TYPE_CHECKING

from bot.syntax.shapes import text_of

if TYPE_CHECKING:
    from tree_sitter import Node

TYPES = ("user_type", "nullable_type", "function_type", "parenthesized_type", "non_nullable_type")

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


def type_in(nodes: "list[Node]") -> "Node | None":
    return next((child for child in nodes if child.type in TYPES), None)


def value_of(following: "list[Node]") -> "Node | None":
    """What a property is given: the expression behind its name, or the last one of `by lazy { … }`."""
    value = next((c for c in following if c.type not in ("getter", "setter", "type_constraints", "line_comment")), None)
    if value is None or value.type != "property_delegate":
        return value
    made = value.named_children[0] if value.named_children else None
    inner = lambda_of(made) if made is not None and text_of(made).startswith("lazy") else None
    return inner.named_children[-1] if inner is not None and inner.named_children else None


def last_of(block: "Node", no_ops: frozenset[str]) -> "Node | None":
    return next((child for child in reversed(block.named_children) if child.type not in no_ops), None)
