"""Java."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from bot.regex import regex
from bot.syntax.calls import Argument
from bot.syntax.language import Language
from bot.syntax.shapes import text_of

if TYPE_CHECKING:
    from tree_sitter import Node

    from bot.syntax.language import BindingParts

STATEMENT = regex(r"(?:block|block_statement_group|body|(?:if|for|while|do|labeled)_statement)$")
"""What a `switch` stands in whose value nobody takes."""
PACKAGES = {
    "java.lang": "Thread InterruptedException Exception Throwable RuntimeException Error Process "
    "ProcessBuilder Runtime String Boolean Byte Character Short Integer Long Float Double",
    "java.io": "FileInputStream FileOutputStream FileReader FileWriter BufferedReader BufferedWriter InputStream "
    "OutputStream InputStreamReader OutputStreamWriter PrintWriter RandomAccessFile IOException Reader Writer "
    "BufferedInputStream BufferedOutputStream DataInputStream DataOutputStream ObjectInputStream ObjectOutputStream "
    "FilterInputStream FilterOutputStream PushbackInputStream PushbackReader LineNumberReader PrintStream",
    "java.util.zip": "GZIPInputStream GZIPOutputStream ZipInputStream ZipOutputStream ZipFile InflaterInputStream "
    "InflaterOutputStream DeflaterInputStream DeflaterOutputStream CheckedInputStream CheckedOutputStream",
    "java.net": "URL URLConnection HttpURLConnection Socket ServerSocket URI",
    "java.net.http": "HttpClient HttpRequest HttpResponse",
    "java.nio.file": "Files Paths Path",
    "java.sql": "Connection DriverManager Statement PreparedStatement ResultSet",
    "java.time": "Duration",
    "java.util": "Scanner Timer",
    "java.util.concurrent": "Executors ExecutorService ScheduledExecutorService CompletableFuture Executor TimeUnit "
    "ThreadPoolExecutor Future LinkedBlockingQueue CompletionService CountDownLatch",
    "java.util.concurrent.locks": "Lock ReentrantLock ReadWriteLock ReentrantReadWriteLock StampedLock Condition",
    "org.springframework.web.client": "RestTemplate RestClient",
    "okhttp3": "OkHttpClient Request",
}
"""Well-known types, for files that import whole packages."""
_PACKAGE_OF = {name: package for package, names in PACKAGES.items() for name in names.split()}


class Java(Language):
    name = "java"
    title = "Java"
    suffixes = (".java",)
    fences = "java"

    shapes = {  # noqa: RUF012 - a table
        "call": ("method_invocation", "object_creation_expression"),
        "function": ("method_declaration", "constructor_declaration", "lambda_expression"),
        "class": ("class_declaration", "interface_declaration", "enum_declaration", "record_declaration"),
        "loop": ("while_statement", "do_statement", "for_statement", "enhanced_for_statement"),
        "try": ("try_statement", "try_with_resources_statement"),
        "handler": ("catch_clause",),
        "finally": ("finally_clause",),
        "switch": ("switch_expression",),
        "section": ("synchronized_statement",),
        "jump": ("break_statement", "continue_statement", "return_statement", "throw_statement"),
        "binding": ("local_variable_declaration", "field_declaration", "assignment_expression", "resource"),
        "import": ("import_declaration",),
        "comment": ("line_comment", "block_comment"),
    }
    members = {  # noqa: RUF012
        "field_access": ("object", "field"),
        "scoped_identifier": ("scope", "name"),
        "scoped_type_identifier": ("", ""),
    }
    identifiers = frozenset({"identifier", "type_identifier", "this"})
    wrappers = frozenset({"parenthesized_expression", "generic_type", "cast_expression"})
    uses = {  # noqa: RUF012
        "expression_statement": "discarded",
        "return_statement": "returned",
        "lambda_expression": "returned",
        "variable_declarator": "assigned",
        "assignment_expression": "assigned",
        "argument_list": "argument",
        "resource": "managed",
        "method_invocation": "receiver",
    }
    no_ops = frozenset({"line_comment", "block_comment", ";", "empty_statement"})
    futures = frozenset({"Future", "CompletableFuture", "CompletionStage", "ListenableFuture", "ScheduledFuture"})
    fields_are_bare = True

    def grammar(self) -> object:
        import tree_sitter_java

        return tree_sitter_java.language()

    def unwrap(self, node: "Node") -> "Node | None":
        if node.type == "cast_expression":
            return node.child_by_field_name("value")
        return super().unwrap(node)

    def member(self, node: "Node") -> "tuple[Node | None, str]":
        if node.type == "scoped_type_identifier":
            return node.named_children[0], text_of(node.named_children[-1])
        return super().member(node)

    def callee(self, node: "Node") -> "tuple[Node | None, str]":
        if node.type == "method_invocation":
            return node.child_by_field_name("object"), text_of(node.child_by_field_name("name"))
        type_ = node.child_by_field_name("type")
        while type_ is not None and type_.type == "generic_type":
            type_ = self.unwrap(type_)
        if type_ is not None and type_.type in self.members:
            return self.member(type_)
        return None, text_of(type_)

    def arguments(self, node: "Node") -> Iterator[Argument]:
        given = node.child_by_field_name("arguments")
        for child in given.named_children if given is not None else ():
            if child.type not in self.no_ops:
                yield Argument(child)

    def use_of(self, node: "Node") -> "tuple[str, bool, Node | None]":
        """An arm of a switch that gives a value, `case X -> load();`, gives its own to whoever takes that."""
        use, awaited, above = super().use_of(node)
        arm = above.parent if above is not None and above.type == "expression_statement" else None
        switch = arm.parent.parent if arm is not None and arm.type == "switch_rule" and arm.parent is not None else None
        if switch is None:
            return use, awaited, above
        is_alone = switch.parent is None or STATEMENT.search(switch.parent.type) is not None
        return (use, awaited, above) if is_alone else self.use_of(switch)

    def imports(self, node: "Node") -> Iterable[tuple[str, str]]:
        path = text_of(next((c for c in node.named_children if c.type in ("scoped_identifier", "identifier")), None))
        if any(child.type == "asterisk" for child in node.children):
            yield "*", path
        else:
            yield path.rsplit(".", 1)[-1], path

    def bindings(self, node: "Node") -> "Iterator[BindingParts]":
        if node.type == "assignment_expression":
            yield node.child_by_field_name("left"), node.child_by_field_name("right"), 0, None
            return
        type_ = node.child_by_field_name("type")
        declared = None if text_of(type_) == "var" else type_
        if node.type == "resource":
            yield node.child_by_field_name("name"), node.child_by_field_name("value"), 0, declared
        for child in node.children_by_field_name("declarator"):
            yield child.child_by_field_name("name"), child.child_by_field_name("value"), 0, declared

    def held(self, node: "Node") -> "Iterator[Node]":
        yield from (child for child in node.named_children if child.type == "parenthesized_expression")

    def modifiers(self, node: "Node") -> frozenset[str]:
        given = next((child for child in node.children if child.type == "modifiers"), None)
        return frozenset(text_of(child) for child in given.children) if given is not None else frozenset()

    def parameters(self, node: "Node") -> "Iterator[tuple[str, Node | None]]":
        given = node.child_by_field_name("parameters")
        if given is not None and given.type == "identifier":
            yield text_of(given), None
            return
        for child in given.named_children if given is not None else ():
            yield text_of(child.child_by_field_name("name") or child), child.child_by_field_name("type")

    def is_async(self, node: "Node") -> bool:
        return False

    def is_endless(self, node: "Node") -> bool:
        return node.type != "enhanced_for_statement" and super().is_endless(node)

    def caught(self, node: "Node") -> "Iterator[Node]":
        for child in node.named_children:
            if child.type == "catch_formal_parameter":
                for part in child.named_children:
                    if part.type == "catch_type":
                        yield from part.named_children

    def caught_variable(self, node: "Node") -> str:
        given = next((c for c in node.named_children if c.type == "catch_formal_parameter"), None)
        return text_of(given.child_by_field_name("name")) if given is not None else ""

    def builtin(self, name: str, wildcards: list[str]) -> str:
        return qualified(name, wildcards)


def qualified(name: str, wildcards: list[str]) -> str:
    """A well-known type's name with its package, where that is imported as a whole."""
    package = _PACKAGE_OF.get(name, "")
    return f"{package}.{name}" if package == "java.lang" or package in wildcards else name
