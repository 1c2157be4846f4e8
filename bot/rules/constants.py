"""What stands behind a name among the arguments of a call, where the file leaves no doubt."""

from collections.abc import Mapping

from bot.rules.once import once_a_file
from bot.syntax import Argument, Call, Node, SourceFile, text_of


def value_text(argument: Argument, call: Call) -> str:
    """The argument as written; of a constant, or of a local with one value, that value."""
    value = call.file.constant(argument.node, call.outer)
    return (text_of(value) if value is not None else argument.text).strip()


def options_in(argument: Argument, call: Call) -> Mapping[str, Node] | None:
    """Keys of the options object that an argument is, or names; None where it cannot be told what is in it."""
    language = call.file.language
    entries = language.entries(argument.node)
    if entries is not None:
        return entries
    value = call.file.constant(argument.node, call.outer)
    entries = language.entries(value) if value is not None else None
    return entries if entries is not None and _is_left_alone(argument.text, call.method, call.file) else None


def field_filled(call: Call) -> str:
    """`.client` of `&Api{client: &http.Client{}}`: the field that a result is put into by name; empty where none."""
    here, above = call.node, call.node.parent
    while above is not None and above.type in ("unary_expression", "literal_element"):
        here, above = above, above.parent
    if above is None or above.type not in ("keyed_element", "pair") or not above.named_children:
        return ""
    key = above.named_children[0]
    return f".{text_of(key)}" if key != here else ""


@once_a_file
def _is_left_alone(name: str, method: str, file: SourceFile) -> bool:
    """Nothing in the file can change the object: it is only spread, or given to calls of this method."""
    mentions = file.language.mentions(name, file.tree.root_node)
    return all(_only_reads(mention, method, file) for mention in mentions)


def _only_reads(mention: Node, method: str, file: SourceFile) -> bool:
    above = mention.parent
    if above is None or above.type in ("spread_element", "variable_declarator"):
        return above is not None
    taker = file.call_at(above.parent) if above.type == "arguments" else None
    return taker is not None and taker.method == method
