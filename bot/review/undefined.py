"""Names that proposed lines use and the file neither defines nor imports. Runs in the guarded processes.

Only for languages in which a name must be in the file to be used there; elsewhere nothing is said. On doubt a name is
known: a line that is wrongly held back helps nobody either.
"""

import builtins
import re
from collections.abc import Iterator

from bot.domain import Suggestion
from bot.rules.suggestion import apply_suggestion
from bot.syntax import Node, parse, text_of

_OF_JAVASCRIPT = frozenset({
    "AbortController", "AbortSignal", "AggregateError", "Array", "ArrayBuffer", "Atomics", "BigInt", "Boolean",
    "Buffer", "DOMException", "Date", "Error", "EvalError", "Event", "EventTarget", "FormData", "Function",
    "Headers", "Infinity", "Intl", "JSON", "Map", "Math", "NaN", "Number", "Object", "Promise", "Proxy",
    "RangeError", "ReferenceError", "Reflect", "RegExp", "Request", "Response", "Set", "SharedArrayBuffer",
    "String", "Symbol", "SyntaxError", "TextDecoder", "TextEncoder", "TypeError", "URL", "URLSearchParams",
    "WeakMap", "WeakRef", "WeakSet", "arguments", "clearImmediate", "clearInterval", "clearTimeout", "console",
    "crypto", "decodeURIComponent", "document", "encodeURIComponent", "exports", "fetch", "global", "globalThis",
    "isFinite", "isNaN", "module", "parseFloat", "parseInt", "performance", "process", "queueMicrotask", "require",
    "setImmediate", "setInterval", "setTimeout", "structuredClone", "undefined", "window",
})  # fmt: skip
_GLOBALS = {
    "python": frozenset({*dir(builtins), "__file__", "__name__", "self", "cls"}),
    "javascript": _OF_JAVASCRIPT,
    "typescript": _OF_JAVASCRIPT,
}
_BINDS = (
    r"\b{0}\b\s*(?::[^=\n]+)?(?::=|=(?!=))",
    r"\b(?:for|as|def|class|import|lambda|let|const|var|function|catch|async)\b[^=:;\n]*\b{0}\b",
    r"[(,]\s*{0}\b[^()\n]*\)\s*(?:=>|:|\{{)",
    r"\b{0}\b\s*=>",
)
_NO_NAME = ("attribute", "name", "property")
"""Fields of a node whose identifier is a member or a keyword, and no name of its own."""


def unknown_names(asked: tuple[str, bytes, Suggestion]) -> list[str]:
    """Path, head content and the lines proposed. In the order of the text, each once."""
    path, content, suggestion = asked
    file = parse(path, apply_suggestion(content, suggestion))
    if file is None or file.language.name not in _GLOBALS:
        return []
    known = set(re.findall(r"[^\W\d]\w*", content.decode("utf-8", "replace"))) | _GLOBALS[file.language.name]
    first = suggestion.start_line - 1
    rows = range(first, first + suggestion.text.count("\n") + 1)
    used = dict.fromkeys(text_of(node) for node in _identifiers(file.tree.root_node, rows))
    return [name for name in used if name not in known and not _is_bound(name, suggestion.text)]


def _identifiers(node: Node, rows: range) -> Iterator[Node]:
    for index in range(node.child_count):
        child = node.child(index)
        if child is None or child.end_point.row < rows.start or child.start_point.row >= rows.stop:
            continue
        if child.type == "identifier" and child.start_point.row in rows:
            if node.field_name_for_child(index) not in _NO_NAME:
                yield child
        else:
            yield from _identifiers(child, rows)


def _is_bound(name: str, text: str) -> bool:
    return any(re.search(pattern.format(re.escape(name)), text) for pattern in _BINDS)
