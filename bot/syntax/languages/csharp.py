"""C#. Its imports name no types, so types go by their simple names, such as `HttpClient.GetAsync`."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from bot.syntax.calls import Argument
from bot.syntax.language import Language
from bot.syntax.shapes import text_of

if TYPE_CHECKING:
    from tree_sitter import Node

    from bot.syntax.language import BindingParts

_BODY_LAST = frozenset({"lock_statement", "anonymous_method_expression"})


class CSharp(Language):
    name = "csharp"
    title = "C#"
    suffixes = (".cs",)
    fences = "csharp"

    shapes = {  # noqa: RUF012 - a table
        "call": ("invocation_expression", "object_creation_expression"),
        "function": (
            "method_declaration",
            "constructor_declaration",
            "local_function_statement",
            "lambda_expression",
            "anonymous_method_expression",
        ),
        "class": ("class_declaration", "struct_declaration", "record_declaration", "interface_declaration"),
        "loop": ("while_statement", "do_statement", "for_statement", "foreach_statement"),
        "try": ("try_statement",),
        "handler": ("catch_clause",),
        "finally": ("finally_clause",),
        "switch": ("switch_statement",),
        "section": ("lock_statement", "using_statement"),
        "jump": ("break_statement", "continue_statement", "return_statement", "throw_statement", "throw_expression"),
        "binding": ("variable_declaration", "assignment_expression", "property_declaration"),
        "comment": ("comment",),
    }
    members = {  # noqa: RUF012
        "member_access_expression": ("expression", "name"),
        "qualified_name": ("qualifier", "name"),
    }
    identifiers = frozenset({"identifier", "this"})
    wrappers = frozenset({"parenthesized_expression", "await_expression", "generic_name", "nullable_type", "argument"})
    awaits = frozenset({"await_expression"})
    uses = {  # noqa: RUF012
        "expression_statement": "discarded",
        "return_statement": "returned",
        "arrow_expression_clause": "returned",
        "lambda_expression": "returned",
        "variable_declarator": "assigned",
        "assignment_expression": "assigned",
        "argument_list": "argument",
        "using_statement": "managed",
    }
    futures = frozenset({"Task", "ValueTask", "ConfiguredTaskAwaitable"})
    fields_are_bare = True

    def grammar(self) -> object:
        import tree_sitter_c_sharp

        return tree_sitter_c_sharp.language()

    def body_of(self, node: "Node") -> "Node | None":
        body = super().body_of(node)
        return node.named_children[-1] if body is None and node.type in _BODY_LAST else body

    def held(self, node: "Node") -> "Iterator[Node]":
        """Of `using (var x = f())` that is `f()`."""
        given = next((child for child in node.named_children if child.type != "comment"), None)
        if given is not None and given.type == "variable_declaration":
            yield from (value for _, value, _, _ in self.bindings(given) if value is not None)
        elif given is not None:
            yield given

    def modifiers(self, node: "Node") -> frozenset[str]:
        above = node.parent if node.type == "variable_declaration" else node
        return (
            frozenset(text_of(child) for child in above.children if child.type == "modifier") if above else frozenset()
        )

    def unwrap(self, node: "Node") -> "Node | None":
        if node.type == "argument":
            return node.named_children[-1] if node.named_children else None
        return super().unwrap(node)

    def member(self, node: "Node") -> "tuple[Node | None, str]":
        if node.type == "member_access_expression" and node.child_by_field_name("expression") is None:
            return node.children[0], text_of(node.child_by_field_name("name")).split("<")[0]
        owner, name = super().member(node)
        return owner, name.split("<")[0]

    def callee(self, node: "Node") -> "tuple[Node | None, str]":
        function = node.child_by_field_name("function") or node.child_by_field_name("type")
        if function is not None and function.type == "generic_name":
            function = self.unwrap(function)
        if function is None:
            return None, ""
        if function.type == "qualified_name":
            return None, self.member(function)[1]
        if function.type == "conditional_access_expression":
            bound = next((c for c in function.named_children if c.type == "member_binding_expression"), None)
            name = text_of(bound.child_by_field_name("name")) if bound is not None else ""
            return function.child_by_field_name("condition"), name
        return self.member(function) if function.type in self.members else (None, text_of(function))

    def arguments(self, node: "Node") -> Iterator[Argument]:
        given = node.child_by_field_name("arguments")
        for child in given.named_children if given is not None else ():
            if child.type == "argument" and child.named_children:
                yield Argument(child.named_children[-1], text_of(child.child_by_field_name("name")))
        given = node.child_by_field_name("initializer")
        for child in given.named_children if given is not None else ():
            left, right = child.child_by_field_name("left"), child.child_by_field_name("right")
            if right is not None:
                yield Argument(right, text_of(left))

    def entries(self, node: "Node") -> "Mapping[str, Node] | None":
        return None

    def imports(self, node: "Node") -> Iterable[tuple[str, str]]:
        return ()

    def bindings(self, node: "Node") -> "Iterator[BindingParts]":
        if node.type == "assignment_expression":
            yield node.child_by_field_name("left"), node.child_by_field_name("right"), 0, None
            return
        type_ = node.child_by_field_name("type")
        declared = None if type_ is None or type_.type == "implicit_type" else type_
        if node.type == "property_declaration":
            yield node.child_by_field_name("name"), node.child_by_field_name("value"), 0, declared
            return
        for child in node.named_children:
            if child.type == "variable_declarator":
                name = child.child_by_field_name("name")
                value = child.named_children[-1] if len(child.named_children) > 1 else None
                yield name, value, 0, declared

    def parameters(self, node: "Node") -> "Iterator[tuple[str, Node | None]]":
        given = node.child_by_field_name("parameters")
        if given is not None and given.type == "implicit_parameter":
            yield text_of(given), None
            return
        for child in given.named_children if given is not None else ():
            yield text_of(child.child_by_field_name("name") or child), child.child_by_field_name("type")

    def is_async(self, node: "Node") -> bool:
        return any(child.type in ("modifier", "async") and text_of(child) == "async" for child in node.children)

    def is_endless(self, node: "Node") -> bool:
        return node.type != "foreach_statement" and super().is_endless(node)

    def use_of(self, node: "Node") -> "tuple[str, bool, Node | None]":
        use, awaited, user = super().use_of(node)
        above = user.parent.parent if use == "assigned" and user is not None and user.parent is not None else None
        if above is not None and (
            above.type == "using_statement" or any(child.type == "using" for child in above.children)
        ):
            use = "managed"
        return use, awaited, user

    def caught(self, node: "Node") -> "Iterator[Node]":
        for child in node.named_children:
            if child.type == "catch_declaration" and (type_ := child.child_by_field_name("type")) is not None:
                yield type_

    def caught_variable(self, node: "Node") -> str:
        given = next((c for c in node.named_children if c.type == "catch_declaration"), None)
        return text_of(given.child_by_field_name("name")) if given is not None else ""
