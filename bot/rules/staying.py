"""Functions that run until they are stopped, or that a framework calls: what calls them by name tells nothing."""

from bot.regex import regex
from bot.syntax import Class, Function, Node, SourceFile, text_of

_STAYS = {
    "python": regex(
        rb"\bwhile (?:True|1)\b(?!:\s*\n(?:.*\n){0,2}.*input\()|serve_forever|run_forever|[sS]cheduler|\bschedule\b"
        rb"|\bThread\(|\b[Dd]aemon|\bcelery\b|\b(?:Flask|FastAPI|Starlette|Sanic|Quart|Bottle|HTTPServer|start_server|Application|uvicorn|consume\w*"
        rb"|subscribe)\("
    ),
    "go": regex(
        rb"\bfor\s*\{|ListenAndServe|\.(?:Serve|Start|Run)\w*\(|signal\.Notify|NewTicker|time\.Tick\("
        rb"|\bgo (?:func\b|\w+[.(])|[cC]ron|\.Listen\w*\(|\bselect\s*\{\s*\}|(?<!\w)<-\s*\w|\.Wait\("
    ),
    "javascript": regex(
        rb"\.listen\(|\bcreateServer\b|\bset(?:Interval|Timeout)\("
        rb"|\.(?:on|once|addEventListener|subscribe|consume|process)\("
        rb"|\bcron\b|\bschedule|\bnew Worker\b|\bwhile \(true\)|\bfor \(;;\)"
    ),
}
"""What a program or a function does that runs until it is stopped, or starts others that do."""


def may_be_asked_about(function: Function) -> bool:
    """False where a framework may call it, or where it stays: then no caller tells what a wait in it costs."""
    return not (is_of_a_framework(function) or stays(function.file, function.node))


def stays(file: SourceFile, within: Node | None = None) -> bool:
    """Whether a file, or a piece of it, runs until it is stopped; true where its language cannot be told."""
    signs = _STAYS.get("javascript" if is_of_scripts(file) else file.language.name)
    text = file.text if within is None else file.text[within.start_byte : within.end_byte]
    return signs is None or bool(signs.search(text))


def is_of_a_framework(function: Function) -> bool:
    """By a decorator, or as part of a class that inherits."""
    near = [function.node, function.node.parent, function.node.prev_named_sibling]
    if any(node is not None and "decorat" in node.type for node in (*near, *function.node.children)):
        return True
    return any(_inherits(one) for one in function.around(Class))


def _inherits(one: Class) -> bool:
    above = one.node.child_by_field_name("superclasses")
    if above is not None:
        return text_of(above).strip("() ") not in ("", "object")
    return any(child.type in ("superclasses", "class_heritage") for child in one.node.children)


def is_of_scripts(file: SourceFile) -> bool:
    return file.language.name in ("javascript", "typescript")
