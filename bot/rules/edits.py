"""Small edits that keep code as its author laid it out."""

from bot.rules.api_rows import Bounded
from bot.rules.rule import Edit
from bot.syntax import Argument, Call, SourceFile, encloses


def add_limit(row: Bounded, call: Call) -> tuple[Edit, ...]:
    """Adds the row's limit to a call; empty where there is no certain place for it."""
    if not row.add or call.has_splat:
        return ()
    if row.options:
        return _add_option(row, call)
    return (add_argument(call, row.add),) if row.keywords else ()


def add_argument(call: Call, text: str) -> Edit:
    """One more argument at the end. In a call laid out one argument a line, it gets a line of its own."""
    given = call.node.child_by_field_name("arguments") or call.node
    closing = given.end_byte - 1
    if not call.all_arguments:
        return Edit(closing, closing, text)
    return _append(call.file, call.all_arguments[-1], closing, text, separator=", ")


def _append(file: SourceFile, last: Argument, closing: int, text: str, separator: str) -> Edit:
    node = last.node
    if node.parent is not None and node.parent.type in ("keyword_argument", "pair", "keyed_element", "literal_element"):
        node = node.parent if node.parent.type != "literal_element" else (node.parent.parent or node.parent)
    tail = file.text[node.end_byte : closing]
    if b"\n" not in tail:
        comma = b"," in tail
        at = node.end_byte + (tail.index(b",") + 1 if comma else 0)
        return Edit(at, at, f" {text}" if comma else f"{separator}{text}")
    line = file.text[file.text.rfind(b"\n", 0, node.start_byte) + 1 : node.start_byte]
    indent = line[: len(line) - len(line.lstrip())].decode("utf-8", "replace")
    comma_at = tail.find(b",")
    if comma_at >= 0 and b"\n" not in tail[:comma_at]:
        at = node.end_byte + comma_at + 1
        return Edit(at, at, f"\n{indent}{text},")
    return Edit(node.end_byte, node.end_byte, f",\n{indent}{text}")


def _add_option(row: Bounded, call: Call) -> tuple[Edit, ...]:
    place = row.options_at or 0
    arguments = call.arguments
    if len(arguments) == place and place:
        return (add_argument(call, f"{{ {row.add} }}"),)
    if len(arguments) <= place:
        return ()
    node = arguments[place].node
    entries = call.file.language.entries(node)
    if entries is None or node.type != "object":
        return ()
    closing = node.end_byte - 1
    if not entries:
        return (Edit(node.start_byte, node.end_byte, f"{{ {row.add} }}"),)
    last = max(entries.values(), key=lambda entry: entry.end_byte)
    assert encloses(node, last)
    return (_append(call.file, Argument(last), closing, row.add, separator=", "),)


def indent_of(file: SourceFile, line: int) -> str:
    """The white space a line begins with."""
    text = file.line_text(line)
    return text[: len(text) - len(text.lstrip())]


def after_error_check(call: Call, text: str) -> tuple[Edit, ...]:
    """A line after Go's `if err != nil { return … }`, where that follows at once and no loop would pile up defers."""
    check = call.user.next_named_sibling if call.user is not None else None
    handler = next((one for one in call.file.within(call.file.handlers, check) if one.node == check), None)
    if handler is None or check is None or call.loop is not None or not handler.statements:
        return ()
    if handler.statements[-1].type != "return_statement" or check.child_by_field_name("alternative") is not None:
        return ()
    return (Edit(check.end_byte, check.end_byte, f"\n{indent_of(call.file, handler.start_line)}{text}"),)
