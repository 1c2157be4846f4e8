"""A type assertion that panics where it is wrong."""

import re

from bot.domain import Severity
from bot.rules.rule import Alarm, Rule, go
from bot.syntax import Node, Shape, SourceFile, encloses, text_of

ASSERTS = re.compile(rb"\.\((?!type\))")


class UnwrapOrAssert(Rule):
    """## What it finds
    `x.(T)` in Go with one result: no `ok` that tells whether x was a T at all.

    ## Why it matters
    Where x is something else, or nil, this panics. A value that is missing from a context, or a field of a JSON
    document of another shape, so takes down the request and, in a goroutine of its own, the whole process.

    ## Use instead
    `v, ok := x.(T)`, with an error where `ok` is false.
    """

    name = "panic-on-error/unwrap-or-assert"
    severity = Severity.LOW
    covered_by = ("golangci-lint:forcetypeassert",)
    languages = ("go",)
    confidence = 0.45

    def check_file(self, file: SourceFile) -> list[Alarm]:
        found = []
        for match in ASSERTS.finditer(file.text):
            node = file.tree.root_node.descendant_for_byte_range(match.start(), match.end())
            if node is None or node.type != "type_assertion_expression":
                continue
            if not self._is_checked(node) and not self._is_sure(node):
                around = next((one for one in reversed(file.functions) if encloses(one.node, node)), None)
                found.append(self._alarm(Shape(node, file, around)))
        return found

    def _is_checked(self, node: Node) -> bool:
        """`v, ok := x.(T)`, also in an if or a select."""
        values = node.parent
        above = values.parent if values is not None and values.type == "expression_list" else values
        if above is None:
            return False
        left = above.child_by_field_name("left")
        targets = left.named_children if left is not None else above.children_by_field_name("name")
        return len([one for one in targets if one.is_named]) == 2 and above.type in CHECKS

    def _is_sure(self, node: Node) -> bool:
        """`any(x).(T)`: the code switches on its own type parameter."""
        return text_of(node.child_by_field_name("operand")).startswith(("any(", "interface{}("))

    def _alarm(self, at: Shape) -> Alarm:
        shown = " ".join(at.text.split())
        return Alarm(
            at,
            f"`{shown}` panics on any other type"[:80] if len(shown) < 56 else "This type assertion panics",
            "Where the value is nil or of another type, this line panics. In a handler that is one failed request; in "
            "a goroutine of its own it ends the process.",
            "Take both results (`v, ok := …`) and return an error where `ok` is false.",
            confidence=0.6 if ".Value(" in shown else None,
        )

    bad = (
        go("func f(ctx context.Context) User {\n\treturn ctx.Value(userKey).(User)\n}", line=2),
        go("func f(x any) {\n\tn := x.(int)\n\tuse(n)\n}", line=2),
    )
    good = (
        go("func f(x any) {\n\tn, ok := x.(int)\n\tuse(n, ok)\n}"),
        go("func f(x any) {\n\tif n, ok := x.(int); ok {\n\t\tuse(n)\n\t}\n}"),
        go("func f(x any) {\n\tvar n, ok = x.(int)\n\tuse(n, ok)\n}"),
        go("func f(x any) {\n\tswitch n := x.(type) {\n\tcase int:\n\t\tuse(n)\n\t}\n}"),
        go("func f[T any](x T) int {\n\treturn any(x).(int)\n}"),
    )


CHECKS = frozenset({"short_var_declaration", "assignment_statement", "var_spec"})
