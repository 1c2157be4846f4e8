"""Whether a piece of code gives its event loop a turn."""

from bot.syntax import Node

FUNCTIONS = frozenset(
    {"function_definition", "lambda", "arrow_function", "function_expression", "function_declaration"}
    | {"generator_expression", "class_definition", "class_declaration", "method_definition"}
)


def surely_awaits(node: Node) -> bool:
    """Whether every way through a piece of code awaits, iterates or yields; what cannot be told counts as yes."""
    kind = node.type
    if kind in FUNCTIONS:
        return False
    if kind in ("await", "await_expression", "yield", "yield_expression"):
        return True
    if kind in ("for_statement", "for_in_statement", "with_statement") and any(
        child.type in ("async", "await") for child in node.children
    ):
        return True
    if kind == "if_statement":
        return _all_branches(node)
    if kind in ("match_statement", "switch_statement", "try_statement"):
        return b"await" in (node.text or b"")
    if kind in ("while_statement", "for_statement", "for_in_statement"):
        head = node.child_by_field_name("condition") or node.child_by_field_name("right")
        endless = head is not None and (head.text or b"").strip(b"() ") in (b"true", b"True", b"1")
        body = node.child_by_field_name("body")
        return (head is not None and surely_awaits(head)) or (endless and body is not None and surely_awaits(body))
    if kind in ("boolean_operator", "binary_expression"):
        left = node.child_by_field_name("left")
        return left is not None and surely_awaits(left)
    if kind in ("conditional_expression", "ternary_expression"):
        return b"await" in (node.text or b"")
    return any(surely_awaits(child) for child in node.named_children)


def _all_branches(node: Node) -> bool:
    condition = node.child_by_field_name("condition")
    if condition is not None and surely_awaits(condition):
        return True
    branches = [node.child_by_field_name("consequence"), *node.children_by_field_name("alternative")]
    has_else = any(branch is not None and branch.type == "else_clause" for branch in branches)
    return has_else and all(branch is not None and surely_awaits(branch) for branch in branches)


def ever_awaits(node: Node) -> bool:
    """Whether any way through a piece of code awaits, iterates or yields; nested functions are not looked into."""
    if node.type in FUNCTIONS:
        return False
    if node.type in ("await", "await_expression", "yield", "yield_expression"):
        return True
    if any(child.type in ("async", "await") for child in node.children):
        return True  # async for, async with, an asynchronous comprehension
    return any(ever_awaits(child) for child in node.named_children)
