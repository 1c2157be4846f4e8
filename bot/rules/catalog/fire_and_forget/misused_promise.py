"""A promise where a plain value or a plain callback is expected."""

from bot.domain import Severity
from bot.rules.awaiting import ever_awaits
from bot.rules.own import own_functions
from bot.rules.promises import gives_promise
from bot.rules.rule import Alarm, Edit, Rule, javascript, typescript
from bot.rules.settling import settles_its_failures
from bot.syntax import Call, Function, SourceFile, text_of

WAITS_FOR_NOTHING = frozenset({"forEach"})
ASKS_FOR_TRUTH = frozenset({"filter", "some", "every", "find", "findIndex"})
CONDITIONS = frozenset({"if_statement", "while_statement", "ternary_expression"})


class MisusedPromise(Rule):
    """## What it finds
    An async callback for `forEach`; one for `filter`, `some`, `every` or `find`; an async executor in
    `new Promise(async …)`; and a promise of this file as a condition, without `await`.

    ## Why it matters
    `forEach` waits for none of them, so the function ends while the work runs, all items at once, and a failure is an
    unhandled rejection that ends the Node.js process. A promise is always true: the check behind it checks nothing.

    ## Use instead
    `for (const item of items) { await … }`, or `await Promise.all(items.map(…))` over a bounded list.
    """

    name = "fire-and-forget/misused-promise"
    severity = Severity.HIGH
    covered_by = ("eslint:@typescript-eslint/no-misused-promises", "sonar:javascript:S6544")
    languages = ("javascript", "typescript")
    confidence = 0.9

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        inside = file.within(file.functions, call.node)
        given = call.arguments if inside else ()  # unprovable: only saves time
        first = given[0].node if given else None
        callback = next((function for function in inside if function.node == first), None)
        if callback is not None and callback.is_async:
            return self._callback(call, callback)
        return self._condition(call) if self._is_condition(call) and gives_promise(call) else None

    def _callback(self, call: Call, callback: Function) -> Alarm | None:
        at_line = call.start_line
        if call.name == "Promise" and not settles_its_failures(callback):
            return self._alarm(call, "An async executor loses what it throws", _EXECUTOR, at_line)
        if call.receiver is None or len(call.arguments) > 2:
            return None
        if (
            call.method in WAITS_FOR_NOTHING
            and callback.body is not None  # unprovable: narrows the type
            and ever_awaits(callback.body)
            and not settles_its_failures(callback)
        ):
            return self._alarm(call, "`forEach` waits for none of these promises", _EACH, at_line)
        if call.method in ASKS_FOR_TRUTH and not own_functions(call):
            return self._alarm(call, f"To `{call.method}` every promise is true", _TRUTH, at_line)
        return None

    def _is_condition(self, call: Call) -> bool:
        above = call.node.parent
        while (
            above is not None  # unprovable: narrows the type
            and above.type in ("parenthesized_expression", "unary_expression", "binary_expression")
        ):
            if above.type == "binary_expression" and text_of(above.child_by_field_name("operator")) not in ("&&", "||"):
                return False
            last, above = above, above.parent
            if (
                above is not None  # unprovable: narrows the type
                and above.type in CONDITIONS
            ):
                return above.child_by_field_name("condition") == last
        return False

    def _condition(self, call: Call) -> Alarm:
        edit = Edit(call.node.start_byte, call.node.start_byte, "await ")
        around = call.function
        edits = (edit,) if around is not None and around.is_async else ()
        return self._alarm(call, f"`{call.written}` is a promise here, so always true", _TRUTH, call.end_line, edits)

    def _alarm(
        self, call: Call, title: str, said: tuple[str, str], last_line: int, edits: tuple[Edit, ...] = ()
    ) -> Alarm:
        return Alarm(call, title[:80], said[0], said[1], edits, last_line=last_line)

    bad = (
        javascript("orders.forEach(async (order) => {\n  await save(order);\n});"),
        javascript("const open = orders.filter(async (order) => await isOpen(order));"),
        typescript("return new Promise(async (resolve) => { resolve(await load()); });"),
        javascript("async function isOpen() {}\nasync function f() {\n  if (!isOpen()) { close(); }\n}", line=3),
        typescript("async function isOpen() {}\nfunction f(a) {\n  while (a && isOpen()) { close(); }\n}", line=3),
        javascript("async function isOpen() {}\nif (isOpen()) { close(); }", line=2),
    )
    good = (
        javascript("orders.forEach(async (order) => { order.isOpen = true; });"),
        javascript("orders.forEach(logged(async (order) => {\n  await save(order);\n}));"),
        typescript(
            "return new Promise(async (yes, no) => { open(); try { yes(await load()); } catch (e) { no(e); } });"
        ),
        javascript("for (const order of orders) { await save(order); }"),
        javascript("orders.forEach((order) => { show(order); });"),
        javascript("orders.forEach(async (o) => { try { await save(o); } catch (e) { log(e); } });"),
        javascript("orders.forEach(async (o) => { count(o); try { await save(o); } catch (e) { log(e); } });"),
        javascript("await Promise.all(orders.map(async (order) => save(order)));"),
        javascript("async function isOpen() {}\nasync function f() { if (await isOpen()) { close(); } }"),
        javascript("async function isOpen() {}\nasync function f() { if (isOpen() === last) { close(); } }"),
        javascript("function isOpen() {}\nasync function f() { if (isOpen()) { close(); } }"),
        javascript("bus.find('a', async () => 1, 2);"),
        typescript("return new Promise((resolve) => { load(resolve); });"),
        typescript("class A { filter(f) {}\n  g() { this.filter(async (o) => o.open); } }"),
        typescript("async function open() {}\nfunction f() { if (ready) { start(open()); } }"),
        javascript(
            "orders.forEach(limit(async (order) => save(order)));",
        ),
        javascript(
            "async function load() {}\nfunction f() { return ready ? (load()) : null; }",
        ),
        javascript("every(async () => { await poll(); });\njobs.every(async () => { await poll(); }, 5, 'minutes');"),
    )


_EACH = (
    "`forEach` throws the promises of its callback away. The code after it runs before the work is done, all items run "
    "at once, and one failure is an unhandled rejection that ends the Node.js process.",
    "Use `for (const … of …)` with `await` inside, or `await Promise.all(….map(…))`.",
)
_TRUTH = (
    "A promise is an object, and every object is true. So this check lets everything through whatever the answer is, "
    "and when the promise rejects nobody handles that.",
    "Await the answer first, and decide by that.",
)
_EXECUTOR = (
    "The promise of the async executor belongs to nobody. When something in it throws, the promise that the caller "
    "waits for is never settled: the request hangs, and the process sees an unhandled rejection.",
    "Do the awaiting in an `async` function, without `new Promise` around it.",
)
