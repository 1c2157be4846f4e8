"""A value taken for granted that panics where it is missing."""

from bot.domain import Severity
from bot.regex import regex
from bot.rules.rule import Alarm, Example, Rule, go, rust
from bot.syntax import Call, Function, Node, Shape, SourceFile, encloses, text_of

UNWRAPS = frozenset({"unwrap", "expect", "unwrap_err", "expect_err"})
SURE = frozenset(
    {"lock", "read", "write", "try_lock", "join", "wait", "into_inner", "get_mut", "as_ref", "finish"}
    | {"take", "as_mut", "as_pin_mut", "as_deref"}
)
"""Whose failure is another one's panic, or cannot be dealt with."""
READS = frozenset(
    {"parse", "from_str", "from_slice", "from_bytes", "from_utf8", "decode", "split_once", "to_str", "get", "json"}
)
"""What makes sense of text that a stranger sent."""
UNSERVED = regex(r"(?:^|/)(?:build\.rs|examples/|benches/|xtask/|fuzz/)")
SERVES = regex(
    r"^#\[(?:\w+::)?(?:get|post|put|patch|delete|route|handler)\b|\b(?:Json|Path|Query|State|Extension|Form)<|HttpRequest"
)
"""What tells a request handler of axum, actix-web or rocket: its attributes, and what it takes."""
ASSERTS = regex(rb"\.\((?!type\))")


class UnwrapOrAssert(Rule):
    """## What it finds
    `x.(T)` in Go with one result: no `ok` that tells whether x was a T at all. `unwrap()` in Rust, on anything
    but a lock and what is written out in the code; in a request handler `expect(…)` as well.

    ## Why it matters
    Where x is something else, or nil, this panics. A value that is missing from a context, or a field of a JSON
    document of another shape, so takes down the request and, in a goroutine of its own, the whole process.

    ## Use instead
    `v, ok := x.(T)`, with an error where `ok` is false; `?` in Rust, or a default.
    """

    name = "panic-on-error/unwrap-or-assert"
    severity = Severity.LOW
    covered_by = ("golangci-lint:forcetypeassert", "clippy:unwrap_used[.unwrap(]", "clippy:expect_used[.expect(]")
    languages = ("go", "rust")
    methods = UNWRAPS
    confidence = 0.45

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        """Rust's `unwrap()` and its like."""
        if file.language.name != "rust" or not self._is_unwrap(call) or _is_constant(call.node):
            return None
        function = call.function
        if function is None or function.name == "main" or UNSERVED.search(file.path):
            return None
        on_request = any(SERVES.search(text) for text in _marks_of(function))
        if not on_request and (self._gives_reason(call) or file.comments_on(call.start_line - 2, call.end_line)):
            return None
        inner = call.receiver_call
        is_input = on_request and inner is not None and inner.method in READS
        return Alarm(
            call,
            f"`{call.method}` panics where there is nothing to take",
            "Where this is an error or `None`, the line panics. In a handler that is one failed request and perhaps a "
            "poisoned lock; in a thread or a task of its own the work ends without an answer.",
            "Hand it on with `?`, or take a default (`unwrap_or`, `let … else`).",
            severity=Severity.MEDIUM if is_input else None,
            last_line=call.end_line,
        )

    def _gives_reason(self, call: Call) -> bool:
        """`expect("the form was checked")`: somebody says why it cannot fail."""
        return any(
            argument.text.strip('"')
            for argument in call.arguments
            if call.receiver is not None  # unprovable: only saves time, `_is_unwrap` wants a receiver
        )

    def _is_unwrap(self, call: Call) -> bool:
        if call.method not in UNWRAPS or text_of(call.receiver) == "self":
            return False
        inner = call.receiver_call
        if "builder" in call.chain or (inner is not None and text_of(inner.receiver).startswith('"')):
            return False
        if inner is None:
            return call.receiver is not None
        if inner.method in SURE:
            return False
        given = [argument.node.type for argument in inner.arguments]
        return not given or not all(kind.endswith("_literal") for kind in given)

    def check_file(self, file: SourceFile) -> list[Alarm]:
        found: list[Alarm] = []
        if file.language.name != "go":  # unprovable: only saves time
            return found
        for match in ASSERTS.finditer(file.text):
            node = file.tree.root_node.descendant_for_byte_range(match.start(), match.end())
            if (
                node is None  # unprovable: narrows the type
                or node.type != "type_assertion_expression"
            ):
                continue
            if not self._is_checked(node) and not self._is_sure(node):
                around = next((one for one in reversed(file.functions) if encloses(one.node, node)), None)
                found.append(self._alarm(Shape(node, file, around)))
        return found

    def _is_checked(self, node: Node) -> bool:
        """`v, ok := x.(T)`, also in an if or a select."""
        values = node.parent
        above = values.parent if values is not None else None  # unprovable: narrows the type
        if values is None or above is None:  # unprovable: narrows the type
            return False
        left = above.child_by_field_name("left")
        targets = left.named_children if left is not None else above.children_by_field_name("name")
        return values.type == "expression_list" and len(values.named_children) == 1 and len(targets) == 2

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
        )

    bad = (
        go("func f(ctx context.Context) User {\n\treturn ctx.Value(userKey).(User)\n}", line=2),
        go("func f(x any) {\n\tn := x.(int)\n\tuse(n)\n}", line=2),
        rust("fn f(o: Option<Order>) -> Order {\n    o.unwrap()\n}", line=2),
        rust(
            "async fn f(Path(id): Path<String>) -> Reply {\n"
            '    let id = id.parse::<u64>().expect("a number");\n    load(id)\n}',
            line=2,
        ),
        rust("fn f() {\n    let n = open!(path).unwrap();\n    use_it(n);\n}", line=2),
        rust("fn port(text: &str) -> u16 {\n    text.parse::<u16>().unwrap()\n}", line=2),
        rust(
            "async fn show(Path(id): Path<u64>) -> Reply {\n    let order = cached(id).unwrap();\n    reply(order)\n}",
            line=2,
        ),
        rust("async fn show(Path(id): Path<Option<u64>>) -> Reply {\n    reply(id.unwrap())\n}", line=2),
        go(
            "func name(x any) string {\n\treturn x.(string)\n}\n\nfunc size(x string) int {\n\treturn len(x)\n}", line=2
        ),
        go(
            "func settings(ctx context.Context) *tenant.Settings {\n"
            "\treturn ctx.Value(settingsOfTheWholeTenantKey).(*tenant.Settings)\n}",
            line=2,
        ),
        go("func f(x any) {\n\tn, from := x.(int), time.Now()\n\tuse(n, from)\n}", line=2),
        go("func f(o Order, x any) {\n\tif o.Size == *x.(*int) {\n\t\tuse(o)\n\t}\n}", line=2),
        rust("const _: () = {\n    fn port(given: Option<u16>) -> u16 {\n        given.unwrap()\n    }\n};", line=3),
    )
    good = (
        go("func f(x any) {\n\tn, ok := x.(int)\n\tuse(n, ok)\n}"),
        go("func f(x any) {\n\tif n, ok := x.(int); ok {\n\t\tuse(n)\n\t}\n}"),
        go("func f(x any) {\n\tvar n, ok = x.(int)\n\tuse(n, ok)\n}"),
        go("func f(x any) {\n\tswitch n := x.(type) {\n\tcase int:\n\t\tuse(n)\n\t}\n}"),
        go("func f[T any](x T) int {\n\treturn any(x).(int)\n}"),
        rust("fn f(o: Option<Order>) -> Option<Order> {\n    let o = o?;\n    Some(o.unwrap_or_default())\n}"),
        rust(
            "fn f(&self) {\n    let all = self.all.lock().unwrap();\n"
            '    let re = Regex::new("[a-z]").unwrap();\n    self.unwrap();\n    unwrap(all, re);\n}'
        ),
        rust(
            "fn main() {\n    let n = args.next().unwrap();\n}\nconst N: u8 = M.unwrap();\n"
            "static S: u8 = f(|| M.unwrap());"
        ),
        rust("#[test]\nfn f() {\n    o.unwrap();\n}"),
        rust(
            'fn f(&self) -> Reply {\n    let at = "[::]:0".parse::<SocketAddr>().unwrap();\n'
            '    let n = o.expect("the form was checked");\n    Response::builder().status(at).body(n).unwrap()\n}'
        ),
        rust("fn f(o: Option<Order>) -> Order {\n    // there is always one, see above\n    o.unwrap()\n}"),
        go("func f(o Option) Order {\n\treturn o.unwrap()\n}"),
        rust("enum Level {\n    Low = RAW.unwrap() as isize,\n}"),
        Example("rust", "fn generate(out: Option<PathBuf>) {\n    write_to(out.unwrap());\n}", path="build.rs"),
        go('func f(err error) error {\n\treturn fmt.Errorf("orders.(*Client).Load: %w", err)\n}'),
    )


def _marks_of(function: Function) -> list[str]:
    """Attributes and parameter types of the named function around."""
    named: Function | None = function
    while named is not None and not named.name:  # unprovable: narrows the type
        named = named.function
    if named is None:  # unprovable: narrows the type
        return []
    return [*named.file.language.modifiers(named.node), *(text_of(type_) for type_ in named.parameters.values())]


def _is_constant(node: Node) -> bool:
    """Worked out by the compiler: it would not compile."""
    above = node.parent
    while above is not None and above.type != "function_item":
        if above.type in ("const_item", "const_block", "static_item"):
            return True
        above = above.parent
    return False
