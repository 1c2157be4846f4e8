"""Rust. Paths are told with dots: `reqwest::Client::new` is `reqwest.Client.new`."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from bot.regex import regex
from bot.syntax.calls import Argument
from bot.syntax.language import Language
from bot.syntax.shapes import text_of

if TYPE_CHECKING:
    from tree_sitter import Node

    from bot.syntax.language import BindingParts
    from bot.syntax.shapes import Function

HOLDERS = frozenset({"Arc", "Rc", "Box", "Option", "Ref", "Cow", "Pin"})
"""Types that stand for what they hold: its methods can be called on them."""
_TEST = regex(r"^#\[(?:[\w:]*\btest\b|cfg\((?:any\(|all\()?\s*test\b|rstest|bench)")
PRELUDE = {name: f"std.result.Result.{name}" for name in ("Ok", "Err")}


class Rust(Language):
    name = "rust"
    title = "Rust"
    suffixes = (".rs",)
    fences = "rust"

    shapes = {  # noqa: RUF012 - a table
        "call": ("call_expression", "macro_invocation"),
        "function": ("function_item", "closure_expression", "async_block"),
        "class": ("impl_item", "trait_item", "struct_item"),
        "loop": ("loop_expression", "while_expression", "for_expression"),
        "handler": ("match_arm", "if_expression"),
        "jump": ("break_expression", "continue_expression", "return_expression", "try_expression"),
        "binding": (
            "let_declaration",
            "assignment_expression",
            "field_declaration",
            "static_item",
            "const_item",
            "let_condition",
        ),
        "import": ("use_declaration",),
        "comment": ("line_comment", "block_comment"),
    }
    members = {  # noqa: RUF012
        "field_expression": ("value", "field"),
        "scoped_identifier": ("path", "name"),
        "scoped_type_identifier": ("path", "name"),
    }
    identifiers = frozenset({"identifier", "type_identifier", "field_identifier", "self", "crate"})
    wrappers = frozenset(
        {"await_expression", "try_expression", "parenthesized_expression", "reference_expression", "reference_type"}
        | {"generic_type", "generic_function", "unary_expression", "type_cast_expression"}
    )
    awaits = frozenset({"await_expression"})
    uses = {  # noqa: RUF012
        "expression_statement": "discarded",
        "return_expression": "returned",
        "closure_expression": "returned",
        "let_declaration": "assigned",
        "assignment_expression": "assigned",
        "static_item": "assigned",
        "const_item": "assigned",
        "arguments": "argument",
        "field_initializer": "argument",
        "let_condition": "other",
    }
    no_ops = frozenset({"line_comment", "block_comment", "empty_statement", "attribute_item"})
    futures = frozenset({"Future", "JoinHandle", "BoxFuture", "LocalBoxFuture"})

    def grammar(self) -> object:
        import tree_sitter_rust

        return tree_sitter_rust.language()

    def body_of(self, node: "Node") -> "Node | None":
        if node.type == "async_block":
            return next((child for child in node.named_children if child.type == "block"), None)
        return (
            node.child_by_field_name("body")
            or node.child_by_field_name("consequence")
            or (node.child_by_field_name("value") if node.type == "match_arm" else None)
        )

    def name_of(self, node: "Node") -> str:
        if node.type == "impl_item":
            return text_of(node.child_by_field_name("type")).split("<")[0].rsplit("::", 1)[-1]
        if node.type in ("closure_expression", "async_block"):
            above = node.parent
            is_let = above is not None and above.type == "let_declaration"
            pattern = above.child_by_field_name("pattern") if above is not None and is_let else None
            return text_of(pattern) if pattern is not None and pattern.type == "identifier" else ""
        return super().name_of(node)

    def unwrap(self, node: "Node") -> "Node | None":
        inner = node.child_by_field_name("value") or node.child_by_field_name("type")
        if inner is not None:
            return inner
        return super().unwrap(node)

    def annotated(self, node: "Node") -> "Node | None":
        while node.type in ("reference_type", "generic_type"):
            inner = node.child_by_field_name("type")
            if node.type == "generic_type" and text_of(inner).rsplit("::", 1)[-1] in HOLDERS:
                given = node.child_by_field_name("type_arguments")
                inner = given.named_children[0] if given is not None and given.named_child_count == 1 else None
            if inner is None:
                return None
            node = inner
        return node

    def callee(self, node: "Node") -> "tuple[Node | None, str]":
        if node.type == "macro_invocation":
            macro = node.child_by_field_name("macro")
            return None, f"{text_of(macro).rsplit('::', 1)[-1]}!"
        function = node.child_by_field_name("function")
        if function is not None and function.type == "generic_function":
            function = function.child_by_field_name("function")
        if function is None:
            return None, ""
        if function.type in self.members:
            return self.member(function)
        return None, text_of(function) if function.type == "identifier" else ""

    def arguments(self, node: "Node") -> Iterator[Argument]:
        given = node.child_by_field_name("arguments")
        for child in given.named_children if given is not None else ():
            if child.type not in self.no_ops:
                yield Argument(child)

    def imports(self, node: "Node") -> Iterable[tuple[str, str]]:
        used = node.child_by_field_name("argument")
        return _names(used, "") if used is not None else ()

    def bindings(self, node: "Node") -> "Iterator[BindingParts]":
        type_ = node.child_by_field_name("type")
        value = node.child_by_field_name("value") or node.child_by_field_name("right")
        target = (
            node.child_by_field_name("pattern") or node.child_by_field_name("left") or node.child_by_field_name("name")
        )
        while target is not None and target.type in ("mut_pattern", "ref_pattern", "reference_pattern"):
            target = target.named_children[-1] if target.named_children else None
        if target is not None and target.type in ("tuple_pattern", "tuple_struct_pattern"):
            inner = [child for child in target.named_children if child != target.child_by_field_name("type")]
            for index, part in enumerate(inner):
                yield part, value, index + 1, None
        else:
            yield target, value, 0, type_

    def parameters(self, node: "Node") -> "Iterator[tuple[str, Node | None]]":
        given = node.child_by_field_name("parameters")
        for child in given.named_children if given is not None else ():
            if child.type == "parameter":
                yield text_of(child.child_by_field_name("pattern")), child.child_by_field_name("type")
            elif child.type == "identifier":
                yield text_of(child), None

    def self_names(self, function: "Function") -> frozenset[str]:
        return frozenset({"self", "Self"})

    def modifiers(self, node: "Node") -> frozenset[str]:
        """Its visibility, and the attributes before it as they are written."""
        words = {text_of(child) for child in node.named_children if child.type == "visibility_modifier"}
        return frozenset(words | {text_of(one) for one in attributes_of(node)})

    def is_test(self, node: "Node") -> bool:
        here: Node | None = node
        while here is not None:
            if here.type in ("mod_item", "function_item", "impl_item") and any(
                _TEST.match(text_of(one)) for one in attributes_of(here)
            ):
                return True
            here = here.parent
        return False

    def is_async(self, node: "Node") -> bool:
        if node.type == "async_block":
            return True
        given = next((child for child in node.named_children if child.type == "function_modifiers"), node)
        return any(child.type == "async" for child in given.children)

    def is_handler(self, node: "Node") -> bool:
        """`Err(…) => …` in a match, and `if let Err(…) = …`."""
        return _error_pattern(node) is not None

    def caught(self, node: "Node") -> "Iterator[Node]":
        pattern = _error_pattern(node)
        inner = pattern.named_children[1:] if pattern is not None else []
        yield from (child for child in inner if child.type not in ("identifier", "_"))

    def caught_variable(self, node: "Node") -> str:
        pattern = _error_pattern(node)
        inner = pattern.named_children[1:] if pattern is not None else []
        return text_of(inner[0]) if inner and inner[0].type == "identifier" else ""

    def statements(self, node: "Node") -> "Iterator[Node]":
        body = self.body_of(node)
        if body is not None and body.type not in ("block", "unit_expression"):
            yield body
        elif body is not None:
            yield from super().statements(node)

    def is_endless(self, node: "Node") -> bool:
        return node.type == "loop_expression" or text_of(node.child_by_field_name("condition")) == "true"

    def counts(self, node: "Node") -> bool:
        if node.type == "for_expression":
            value = node.child_by_field_name("value")
            while value is not None and value.type == "parenthesized_expression":
                value = self.unwrap(value)
            return value is not None and value.type == "range_expression"
        return node.type == "while_expression" and not self.is_endless(node)

    def jump_kind(self, node: "Node") -> str:
        """`?` leaves with the failure, as a raise does."""
        return "raise" if node.type == "try_expression" else super().jump_kind(node)

    def is_labelled(self, node: "Node") -> bool:
        return any(child.type == "label" for child in node.named_children)

    def use_of(self, node: "Node") -> "tuple[str, bool, Node | None]":
        use, awaited, user = super().use_of(node)
        if use == "other" and user is not None and user.type == "block":
            holder = user.parent
            if holder is not None and holder.type in ("function_item", "async_block", "closure_expression"):
                use = "returned"
            elif node.type == "macro_invocation":
                use = "discarded"
        return use, awaited, user

    def builtin(self, name: str, wildcards: list[str]) -> str:
        if name in WELL_KNOWN and WELL_KNOWN[name] in wildcards:
            return f"{WELL_KNOWN[name]}.{name}"
        return PRELUDE.get(name, name)


WELL_KNOWN = {
    "Mutex": "tokio.sync",
    "RwLock": "tokio.sync",
    "Semaphore": "tokio.sync",
    "TcpStream": "tokio.net",
    "File": "std.fs",
    "Duration": "std.time",
}
"""Types, and the module that `use …::*` may bring them in with."""


def attributes_of(node: "Node") -> "Iterator[Node]":
    """The `#[…]` lines right before an item."""
    before = node.prev_named_sibling
    while before is not None and before.type in ("attribute_item", "line_comment", "block_comment"):
        if before.type == "attribute_item":
            yield before
        before = before.prev_named_sibling


def _error_pattern(node: "Node") -> "Node | None":
    """`Err(…)`, where a match arm or an `if let` begins with it."""
    if node.type == "match_arm":
        given = node.child_by_field_name("pattern")
        pattern = given.named_children[0] if given is not None and given.named_children else None
        if given is not None and given.child_by_field_name("condition") is not None:
            return None
    else:
        condition = node.child_by_field_name("condition")
        is_let = condition is not None and condition.type == "let_condition"
        pattern = condition.child_by_field_name("pattern") if condition is not None and is_let else None
    if pattern is None or pattern.type != "tuple_struct_pattern":
        return None
    return pattern if text_of(pattern.child_by_field_name("type")).rsplit("::", 1)[-1] == "Err" else None


def _names(node: "Node", prefix: str) -> "Iterator[tuple[str, str]]":
    """What a `use` tree brings in: (local name, path with dots)."""
    kind = node.type
    if kind == "scoped_use_list":
        path = _joined(prefix, node.child_by_field_name("path"))
        listed = node.child_by_field_name("list")
        for child in listed.named_children if listed is not None else ():
            yield from _names(child, path)
    elif kind == "use_list":
        for child in node.named_children:
            yield from _names(child, prefix)
    elif kind == "use_as_clause":
        yield text_of(node.child_by_field_name("alias")), _joined(prefix, node.child_by_field_name("path"))
    elif kind == "use_wildcard":
        yield "*", _joined(prefix, node.named_children[0] if node.named_children else None)
    elif kind == "self":
        yield prefix.rsplit(".", 1)[-1], prefix
    elif kind in ("identifier", "scoped_identifier"):
        path = _joined(prefix, node)
        yield path.rsplit(".", 1)[-1], path


def _joined(prefix: str, node: "Node | None") -> str:
    path = text_of(node).removeprefix("::").replace("::", ".")
    return f"{prefix}.{path}" if prefix and path else prefix or path
