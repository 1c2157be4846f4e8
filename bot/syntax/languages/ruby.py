"""Ruby. Blocks run in place and are no functions of their own, save those that are kept or run in a thread."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

from bot.regex import regex
from bot.syntax.calls import Argument
from bot.syntax.language import Language
from bot.syntax.shapes import text_of

if TYPE_CHECKING:
    from tree_sitter import Node

    from bot.syntax.language import BindingParts
    from bot.syntax.shapes import Function

BLOCKS = ("block", "do_block")
LINES = ("body_statement", "block_body", "then", "else", "do", "begin", "ensure", "program", "parenthesized_statements")
LOOPS = frozenset(
    {"loop", "times", "upto", "downto", "step", "each", "each_with_index", "each_slice", "each_with_object"}
)
COUNTED = frozenset({"times", "upto", "downto", "step"})
LATER = frozenset({"lambda", "proc", "define_method", "fork", "at_exit", "trap", "async", "post", "future", "schedule"})
"""Methods whose block runs later or elsewhere."""
_OPENS = regex(r"^(?:[A-Z][\w:]*)\.(?:new|open|start|build|connection|pool)$")
_RAISES = frozenset({"raise", "fail"})


class Ruby(Language):
    name = "ruby"
    title = "Ruby"
    suffixes = (".rb", ".rake", ".ru", ".gemspec")
    line_comment = "#"
    fences = "ruby"

    shapes = {  # noqa: RUF012 - a table
        "call": ("call",),
        "binding": ("assignment", "operator_assignment", "block_parameters", "method"),
        "function": ("method", "singleton_method", "lambda", "block", "do_block"),
        "class": ("class", "module", "singleton_class"),
        "loop": ("while", "until", "for", "while_modifier", "until_modifier", "call"),
        "try": ("begin", "body_statement", "rescue_modifier"),
        "handler": ("rescue", "rescue_modifier"),
        "finally": ("ensure",),
        "section": ("call",),
        "jump": ("return", "break", "next", "redo", "retry"),
        "yield": ("yield",),
        "comment": ("comment",),
    }
    more_patterns = (
        '((call !receiver method: (identifier)) @jump (#match? @jump "^(raise|fail)\\\\b"))\n'
        '((identifier) @jump (#eq? @jump "raise"))'
    )
    members: ClassVar[Mapping[str, tuple[str, str]]] = {}
    identifiers = frozenset(
        {"identifier", "constant", "instance_variable", "class_variable", "global_variable", "scope_resolution", "self"}
    )
    field_kinds = frozenset({"instance_variable", "class_variable"})
    wrappers = frozenset({"parenthesized_statements"})
    uses = {  # noqa: RUF012
        "assignment": "assigned",
        "operator_assignment": "assigned",
        "argument_list": "argument",
        "pair": "argument",
        "return": "returned",
        "program": "discarded",
    }
    no_ops = frozenset({"comment", "empty_statement"})
    fields_are_bare = True

    def grammar(self) -> object:
        import tree_sitter_ruby

        return tree_sitter_ruby.language()

    def is_shape(self, kind: str, node: "Node") -> bool:
        if kind == "function" and node.type in BLOCKS:
            return self._runs_later(node)
        if kind == "try":
            return any(child.type in ("rescue", "ensure") for child in node.children) or node.type == "rescue_modifier"
        if kind in ("loop", "section") and node.type == "call":
            method = self.callee(node)[1]
            wanted = LOOPS if kind == "loop" else ("synchronize",)
            return method in wanted and node.child_by_field_name("block") is not None
        if kind == "jump" and node.type == "identifier":
            above = node.parent
            return above is not None and (above.type in LINES or above.type.endswith("_modifier"))
        return True

    def is_lock(self, node: "Node") -> bool:
        return True

    def _runs_later(self, block: "Node") -> bool:
        call = block.parent
        if call is None or call.type != "call":
            return call is not None and call.type == "lambda"
        receiver, method = self.callee(call)
        made = text_of(receiver)
        return method in LATER or (method in ("new", "start", "fork") and made in ("Thread", "Proc", "Fiber", "Ractor"))

    def body_of(self, node: "Node") -> "Node | None":
        if node.type == "rescue_modifier":
            return node.child_by_field_name("handler")
        if node.type == "call":
            return node.child_by_field_name("block")
        if node.type in ("begin", "body_statement", "ensure"):
            return node
        return super().body_of(node)

    def name_of(self, node: "Node") -> str:
        name = text_of(node.child_by_field_name("name")).rsplit("::", 1)[-1]
        above = node.parent
        if name or above is None or above.type != "assignment":
            return name
        left = above.child_by_field_name("left")
        return text_of(left) if left is not None and left.type == "identifier" else ""

    def callee(self, node: "Node") -> "tuple[Node | None, str]":
        return node.child_by_field_name("receiver"), text_of(node.child_by_field_name("method"))

    def arguments(self, node: "Node") -> Iterator[Argument]:
        given = node.child_by_field_name("arguments")
        for child in given.named_children if given is not None else ():
            if child.type == "pair":
                key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
                yield Argument(value or child, _key(key))
            elif child.type in ("splat_argument", "hash_splat_argument", "forward_argument"):
                yield Argument(child, "*")
            elif child.type == "block_argument":
                yield Argument(child, "&")
            elif child.type != "comment":
                yield Argument(child)

    def entries(self, node: "Node") -> "Mapping[str, Node] | None":
        if node.type != "hash":
            return None
        found: dict[str, Node] = {}
        for child in node.named_children:
            key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
            if child.type == "pair":
                found[_key(key)] = value or child
            elif child.type == "hash_splat_argument":
                found["*"] = child
        return found

    def imports(self, node: "Node") -> Iterable[tuple[str, str]]:
        return ()

    def bindings(self, node: "Node") -> "Iterator[BindingParts]":
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if node.type == "block_parameters":
            call = node.parent.parent if node.parent is not None else None
            if call is not None and call.type == "call" and node.named_children and _OPENS.match(_opened(call)):
                yield node.named_children[0], call, 0, None
        elif node.type == "method":
            yield from self._kept_by(node)
        elif node.type == "operator_assignment":
            kept = text_of(node.child_by_field_name("operator")) == "||="
            yield left, right if kept else None, 0, None
        elif left is not None and left.type == "left_assignment_list":
            for index, target in enumerate(left.named_children):
                yield target, right, index + 1, None
        else:
            yield left, right, 0, None

    def _kept_by(self, method: "Node") -> "Iterator[BindingParts]":
        """`def client = @client ||= Client.new`: the method stands for what it keeps."""
        body = self.body_of(method)
        lines = [child for child in body.named_children if child.type != "comment"] if body is not None else []
        if len(lines) == 1 and lines[0].type == "operator_assignment":
            yield method.child_by_field_name("name"), lines[0].child_by_field_name("right"), 0, None

    def parameters(self, node: "Node") -> "Iterator[tuple[str, Node | None]]":
        given = node.child_by_field_name("parameters")
        for child in given.named_children if given is not None else ():
            yield text_of(child.child_by_field_name("name") or child), None

    def self_names(self, function: "Function") -> frozenset[str]:
        return frozenset({"self"})

    def held(self, node: "Node") -> "Iterator[Node]":
        receiver, _ = self.callee(node)
        if receiver is not None:
            yield receiver

    def is_async(self, node: "Node") -> bool:
        return False

    def caught(self, node: "Node") -> "Iterator[Node]":
        given = node.child_by_field_name("exceptions")
        yield from given.named_children if given is not None else ()

    def caught_variable(self, node: "Node") -> str:
        given = node.child_by_field_name("variable")
        return text_of(given.named_children[0]) if given is not None and given.named_children else ""

    def statements(self, node: "Node") -> "Iterator[Node]":
        body = self.body_of(node)
        if node.type != "rescue_modifier":
            yield from super().statements(node)
        elif body is not None and body.type != "nil":
            yield body

    def is_endless(self, node: "Node") -> bool:
        if node.type == "call":
            return self.callee(node)[1] == "loop"
        wanted = "false" if node.type.startswith("until") else "true"
        return text_of(node.child_by_field_name("condition")) == wanted

    def counts(self, node: "Node") -> bool:
        if node.type == "call":
            return self.callee(node)[1] in COUNTED
        if node.type == "for":
            return ".." in text_of(node.child_by_field_name("value"))
        return not self.is_endless(node)

    def jump_kind(self, node: "Node") -> str:
        if node.type in ("call", "identifier"):
            return "raise"
        return "continue" if node.type in ("next", "redo") else node.type

    def is_labelled(self, node: "Node") -> bool:
        return False

    def use_of(self, node: "Node") -> "tuple[str, bool, Node | None]":
        if node.type == "call" and node.child_by_field_name("block") is not None and _OPENS.match(_opened(node)):
            return "managed", False, node.parent
        use, _, user = super().use_of(node)
        here = node
        while here.parent is not None and here.parent != user:
            here = here.parent
        if user is None:
            return use, False, user
        if user.type == "call":
            use = "receiver" if user.child_by_field_name("receiver") == here else "other"
        elif user.type == "argument_list" and user.parent is not None and user.parent.type == "return":
            use = "returned"
        elif user.type in LINES and user.type != "program":
            use = self._use_of_line(here, user)
        elif user.type.endswith("_modifier") and user.child_by_field_name("body") == here:
            use = self.use_of(user)[0]
        return use, False, user

    def _use_of_line(self, node: "Node", lines: "Node") -> str:
        """What becomes of the value of a line: of the last one of a method or block it is their value."""
        last = next((child for child in reversed(lines.named_children) if child.type not in PARTS), None)
        holder = lines.parent
        if node != last or holder is None or lines.type == "ensure":
            return "discarded"
        if lines.type in ("body_statement", "block_body"):
            if holder.type in ("class", "module", "singleton_class"):
                return "discarded"
            is_new = holder.type == "method" and text_of(holder.child_by_field_name("name")) == "initialize"
            return "discarded" if is_new else "returned"
        if lines.type == "do":
            return "discarded"
        whole = lines if lines.type == "begin" else holder
        while whole.type in ("rescue", "else", "elsif", "when") and whole.parent is not None:
            whole = whole.parent
        if whole.type in ("body_statement", "method"):
            return "returned"
        use = self.use_of(whole)[0]
        return use if use in ("discarded", "returned") else "other"

    def builtin(self, name: str, wildcards: list[str]) -> str:
        return name.removeprefix("::")


PARTS = ("comment", "rescue", "else", "ensure")


def _key(node: "Node | None") -> str:
    return text_of(node).strip(":\"'")


def _opened(call: "Node") -> str:
    return f"{text_of(call.child_by_field_name('receiver'))}.{text_of(call.child_by_field_name('method'))}"
