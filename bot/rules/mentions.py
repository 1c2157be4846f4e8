"""What a file does with a function's name: calls it, from where, for whom; or does what cannot be followed."""

import re
from enum import StrEnum
from typing import NamedTuple

from bot.regex import regex
from bot.rules.places import FILLS_A_PAGE, is_beside_tests, is_example, is_not_built, is_page
from bot.rules.programs import AT_A_TERMINAL, GUARD, STARTED_BY_NAME, is_command, is_command_function, is_run_to_its_end
from bot.rules.staying import is_of_a_framework, is_of_scripts, stays
from bot.syntax import Function, Node, SourceFile, text_of


class Caller(StrEnum):
    """Who is at the beginning of a call."""

    TERMINAL = "somebody at a terminal, or a job, runs it and waits for its end"
    PAGE = "a page in a browser"
    TEST = "a test"
    LEFT = "what does not wait for it"
    NOBODY = "a line that is commented out"
    NAMESAKE = "a function of the same name"
    FUNCTION = "another function, whose own callers tell"
    UNKNOWN = "a service, or what cannot be followed"


class Mention(NamedTuple):
    """One place that calls the function or hands it on."""

    name: str
    caller: Caller
    scope: str = ""
    """Of Caller.FUNCTION: the qualified name of the function around; of Caller.NAMESAKE: its own."""


PAGES = (".tsx", ".jsx", ".vue", ".svelte")
_DEFINES = regex(r"function|method|def_|definition|declaration|signature|_spec|_elem|specifier|clause|class")
_IMPORTS = regex(r"^(?:import|export|future_import|package|namespace_import)")
_GIVES_AWAY = regex(r"^\s*(?:module\.)?exports\b")
_PASSED_ON = frozenset({
    *("map", "forEach", "filter", "reduce", "flatMap", "find", "some", "every", "sort", "then", "catch", "finally"),
    *("Promise", "all", "race", "allSettled", "sorted", "list", "any", "sum", "min", "max"),
})  # fmt: skip
"""What runs the function that it is given while its caller waits."""
_RUNS = frozenset({"Run", "RunE", "PreRunE", "PersistentPreRunE", "Action", "Exec"})
"""Fields of a command: of cobra, of urfave's cli, of mitchellh's."""
_COMMANDS_OF_GO = regex(
    rb"\"github\.com/(?:spf13/cobra|urfave/cli|mitchellh/cli|alecthomas/kong)|\"gopkg\.in/urfave/cli"
)
_HANDLES = frozenset({"action", "command", "handler"})
"""Of commander and yargs."""
_BESIDE = regex(r"^(?:[\w-]*scripts?|tools?|hack|contrib|ci|build|dev|release)/|/management/commands/")
"""Beside the program, at the root: deeper down `tools` is a package like any other."""


def mentions_in(file: SourceFile, wanted: list[tuple[int, str]]) -> list[Mention]:
    """What stands at these lines (from 1) under these names; definitions, imports, comments and prose are none."""
    found = []
    for line, name in sorted(set(wanted)):
        text = file.line_bytes(line)
        word, at = name.encode(), -1
        while (at := text.find(word, at + 1)) >= 0:
            node = file.tree.root_node.named_descendant_for_point_range((line - 1, at), (line - 1, at + len(word)))
            if node is not None and (one := _mention(name, node, file)) is not None:
                found.append(one)
    return found


def _mention(name: str, node: Node, file: SourceFile) -> Mention | None:
    if "comment" in node.type:
        is_code = re.search(rf"\b{re.escape(name)}\(|[(,]\s*{re.escape(name)}\b", text_of(node))
        return Mention(name, Caller.NOBODY) if is_code else None
    if text_of(node) != name:
        quoted = "string" in node.type and text_of(node).strip("\"'`").rpartition(".")[2].rpartition(":")[2] == name
        return Mention(name, Caller.UNKNOWN) if quoted and not _is_given_away(node) else None
    parent = node.parent
    if parent is None or _is_name_of_something(node, parent):
        return _namesake(name, node, file)
    if _is_given_away(node):
        return Mention(name, Caller.UNKNOWN) if _has_another_name(node) else None
    if not _is_called(node):
        return Mention(name, Caller.TERMINAL if _is_run_of_command(node, file) else Caller.UNKNOWN)
    return _caller(name, node, file)


def _namesake(name: str, node: Node, file: SourceFile) -> Mention | None:
    """What else defines a function of that name."""
    own = [one for one in file.functions if one.name == name and one.node == node.parent]
    return Mention(name, Caller.NAMESAKE, own[0].qualified_name) if own else None


def _has_another_name(node: Node) -> bool:
    """`import { stockOf as stock }`: nobody says the name again."""
    parent = node.parent
    while parent is not None and parent.type == "dotted_name":
        parent = parent.parent
    return parent is not None and parent.child_by_field_name("alias") is not None


def _is_name_of_something(node: Node, parent: Node) -> bool:
    """Of a function, a class, a parameter, a keyword, a key, a variable that is given a function."""
    if parent.child_by_field_name("name") == node or parent.child_by_field_name("key") == node:
        return bool(_DEFINES.search(parent.type)) or parent.type in (
            *("keyword_argument", "pair", "default_parameter", "typed_default_parameter", "variable_declarator"),
        )
    return "parameter" in parent.type


def _is_given_away(node: Node) -> bool:
    """Imported or exported: who takes it from there names it again, but for another name."""
    above: Node | None = node
    while above is not None and not above.type.endswith("block"):
        if _IMPORTS.match(above.type):
            return above.type != "export_statement" or _is_listed(node, above)
        if above.type == "assignment_expression" and _GIVES_AWAY.match(text_of(above)):
            return True
        if above.type == "assignment" and text_of(above).startswith("__all__"):
            return True
        above = above.parent
    return False


def _is_listed(node: Node, export: Node) -> bool:
    """`export { a }`, and not what an exported function does."""
    return any(child.type == "export_clause" for child in export.children) or node.parent == export


def _is_called(node: Node) -> bool:
    called = node
    parent = node.parent
    if parent is not None and parent.type in ("attribute", "member_expression", "selector_expression"):
        if parent.named_children[-1] != node:
            return False
        called, parent = parent, parent.parent
    if parent is None:
        return False
    return parent.child_by_field_name("function") == called or parent.child_by_field_name("constructor") == called


def _is_run_of_command(node: Node, file: SourceFile) -> bool:
    """`Run: report` in a command's literal."""
    if file.language.name != "go" or not _COMMANDS_OF_GO.search(file.text):
        return False
    pair = node.parent
    while pair is not None and pair.type in ("literal_element", "selector_expression"):
        pair = pair.parent
    return pair is not None and pair.type == "keyed_element" and _key_of(pair) in _RUNS


def _key_of(pair: Node) -> str:
    return text_of(pair.named_children[0]).strip()


def _caller(name: str, node: Node, file: SourceFile) -> Mention:
    """Who is behind a call."""
    if is_beside_tests(file):
        return Mention(name, Caller.TEST)
    if is_example(file) or _BESIDE.search(file.path) or is_not_built(file):
        return Mention(name, Caller.TERMINAL)
    functions = [one for one in file.functions if one.node.start_byte <= node.start_byte < one.node.end_byte]
    if is_page(file):
        is_filled = any(one.name in FILLS_A_PAGE for one in functions)
        return Mention(name, Caller.UNKNOWN if is_filled else Caller.PAGE)
    for function in sorted(functions, key=lambda one: one.node.end_byte - one.node.start_byte):
        if (function.name and not function.is_anonymous) or _is_assigned(function):
            return Mention(name, Caller.LEFT) if _is_left_alone(node, function) else _called_in(name, function)
        kind = _kind_of_callback(function)
        if kind is not None:
            return Mention(name, Caller.UNKNOWN if stays(function.file, function.node) else kind)
    return Mention(name, Caller.TERMINAL if _is_of_a_program(node, file) else Caller.UNKNOWN)


def _is_assigned(function: Function) -> bool:
    """`const report = async () => …`, which is called by that name."""
    parent = function.node.parent
    return parent is not None and parent.type == "variable_declarator" and bool(function.name)


def _kind_of_callback(function: Function) -> Caller | None:
    """Who runs a function without a name; None where whoever is around it does, and waits."""
    parent = function.node.parent
    while parent is not None and parent.type in ("literal_element", "parenthesized_expression"):
        parent = parent.parent
    if parent is None:
        return Caller.UNKNOWN
    if parent.type == "keyed_element":
        is_run = _key_of(parent) in _RUNS and _COMMANDS_OF_GO.search(function.file.text)
        return Caller.TERMINAL if is_run else Caller.UNKNOWN
    if parent.child_by_field_name("function") is not None:
        return None  # it is called where it stands
    if "argument" not in parent.type or parent.parent is None:
        return Caller.UNKNOWN
    called = parent.parent.child_by_field_name("function") or parent.parent.child_by_field_name("constructor")
    method = text_of(called).rpartition(".")[2] if called is not None else ""
    if method in _PASSED_ON:
        return None
    is_command_of_node = method in _HANDLES and _has_a_terminal(function.file)
    return Caller.TERMINAL if is_command_of_node else Caller.UNKNOWN


def _is_left_alone(node: Node, function: Function) -> bool:
    """In JavaScript, a call whose promise nobody takes, and that is not made again and again."""
    if not is_of_scripts(function.file) or stays(function.file, function.node) or is_of_a_framework(function):
        return False
    above = node.parent
    while above is not None and above.type in ("member_expression", "call_expression"):
        above = above.parent
    if above is None or above.type != "expression_statement":
        return False
    around = [one for one in function.file.loops if one.node.start_byte <= node.start_byte < one.node.end_byte]
    return not any(one.node.start_byte >= function.node.start_byte for one in around)


def _called_in(name: str, function: Function) -> Mention:
    if stays(function.file, function.node):
        return Mention(name, Caller.UNKNOWN)
    if is_command_function(function):
        return Mention(name, Caller.TERMINAL)
    if is_of_a_framework(function):
        return Mention(name, Caller.UNKNOWN)
    return Mention(name, Caller.FUNCTION, function.qualified_name)


def _has_a_terminal(file: SourceFile) -> bool:
    return any(name.split(".")[0] in AT_A_TERMINAL for name in file.imports.values())


def _is_of_a_program(node: Node, file: SourceFile) -> bool:
    """At the left edge of a program that ends, or beneath its guard."""
    if STARTED_BY_NAME.search(file.path):
        return False
    if is_command(file) or is_run_to_its_end(file, is_in_package=True):
        return True
    if is_of_scripts(file):
        return file.text.startswith(b"#!") and not stays(file)
    above: Node | None = node
    while above is not None:
        if above.type == "if_statement" and GUARD.match(file.text, above.start_byte):
            return not stays(file, above)
        above = above.parent
    return False
