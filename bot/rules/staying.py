"""Functions that run until they are stopped, or that a framework calls: what calls them by name tells nothing."""

from bot.regex import regex
from bot.syntax import Class, Function, SourceFile, text_of

STAYS = {
    "python": regex(
        r"\bwhile (?:True|1)\b|serve_forever|run_forever|[sS]cheduler|\bschedule\b|\bThread\(|\b[Dd]aemon"
        r"|start_server|\bconsume\w*\(|\bsubscribe\("
    ),
    "go": regex(
        r"\bfor\s*\{|ListenAndServe|\.(?:Serve|Start|Run)\w*\(|signal\.Notify|NewTicker|time\.Tick\("
        r"|\bgo (?:func\b|\w+[.(])|[cC]ron|\.Listen\w*\(|\bselect\s*\{\s*\}|(?<!\w)<-\s*\w|\.Wait\("
    ),
    "javascript": regex(
        r"\.listen\(|\bcreateServer\b|\bset(?:Interval|Timeout)\(|\.(?:on|addEventListener|subscribe|consume|process)\("
        r"|\bcron\b|\bschedule|\bnew Worker\b|\bwhile \(true\)|\bfor \(;;\)"
    ),
}
"""What a function does that runs until it is stopped, or starts others that do."""


def may_be_asked_about(function: Function) -> bool:
    """False where a framework may call it, or where it stays: then no caller tells what a wait in it costs."""
    return not (is_of_a_framework(function) or stays(function))


def stays(function: Function) -> bool:
    signs = STAYS.get("javascript" if is_of_scripts(function.file) else function.file.language.name)
    return signs is None or bool(signs.search(function.text))


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
    return file.language.name in ("javascript", "typescript", "tsx")
