"""A promise or coroutine that is taken for its result: the `await` is missing."""

from bot.domain import Severity
from bot.rules.api_rows import Outbound
from bot.rules.apis import find, known
from bot.rules.own import gives_future, own_functions
from bot.rules.rule import Alarm, Edit, Rule, javascript, python, typescript
from bot.syntax import Call, Node, SourceFile, text_of

MAY_BE_ASKED = frozenset(
    {"then", "catch", "finally", "close", "send", "throw", "cancel", "done", "add_done_callback", "result", "abort"}
    | {"toString", "constructor"}
)
"""What promises, coroutines and tasks have themselves."""
COMPARED = ("comparison_operator", "binary_operator", "binary_expression")
TAKE_VALUES = frozenset({"str", "int", "float", "len", "list", "dict", "set", "sum", "sorted", "bool", "min", "max"})
NOTHING = ("None", "null", "undefined")

DRIVES = frozenset({"__await__", "send", "close", "throw"})
"""What a coroutine has of its own."""


class CoroutineUsedAsValue(Rule):
    """## What it finds
    An async function of this file, or a call that is known to give a promise, whose result is used as if it were there
    already: `load().items`, `for x in load()`, `n = count()` and then `n > 0`. In Python also a coroutine under a name
    that is never looked at again.

    ## Why it matters
    What is at hand is the promise and not the result: a comparison fails or is always true, a field is undefined. In
    Python the work is never even begun. Branches that tests leave out keep the mistake until production runs them.

    ## Use instead
    `await` it first.
    """

    name = "fire-and-forget/coroutine-used-as-value"
    severity = Severity.HIGH
    languages = ("python", "javascript", "typescript")
    needs = (b"async ",)
    confidence = 0.85

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        if call.is_awaited or not self._is_asynchronous(call, file):
            return None
        if call.use == "assigned":
            return self._of_name(call, file)
        outer = file.call_on(call)
        if outer is not None and outer.method in DRIVES:
            return None
        here, above = _past_parentheses(call.node, file)
        if above is not None and _takes_value(here, above, file):
            return self._alarm(call, "is used as if it were the result")
        return None

    def _is_asynchronous(self, call: Call, file: SourceFile) -> bool:
        if not file.functions_named(call.method) and not known(call):
            return False
        row = find(call, Outbound)
        if row is not None and row.promise:
            return call.use == "assigned" and file.language.name != "python"
        own = own_functions(call)
        if not own or not all(one.is_async and gives_future(one) for one in own):
            return False
        return not any("yield" in one.text or _is_wrapped(one.node) for one in own)

    def _of_name(self, call: Call, file: SourceFile) -> Alarm | None:
        name, function = call.assigned_to, call.function
        if function is None or not name.isidentifier():
            return None
        bound = [one for one in file.within(file.bindings, function.body) if text_of(one.target) == name]
        if len(bound) != 1 or bound[0].function is not function:
            return None
        uses = [one for one in file.language.mentions(name, function.node) if one.start_byte >= call.node.end_byte]
        if not uses and file.language.name == "python" and name != "_" and "locals()" not in function.text:
            return self._alarm(call, "is never awaited")
        if not uses:
            return None
        for use in uses:
            above = use.parent
            if above is None or not _takes_value(use, above, file):
                return None  # awaited or handed on, perhaps before
        return self._alarm(call, f"is used as `{name}` as if it were the result")

    def _alarm(self, call: Call, what: str) -> Alarm:
        thing = "coroutine" if call.file.language.name == "python" else "promise"
        edits = (Edit(call.node.start_byte, call.node.start_byte, "await "),) if call.use == "assigned" else ()
        around = call.function
        return Alarm(
            call,
            f"The {thing} of `{call.written}` {what}"[:80],
            f"`{call.written}` gives a {thing}, and its result is there only after an `await`. What follows works with "
            f"the {thing} itself: fields are missing, comparisons fail or always hold, and nobody sees its failure.",
            f"Await it: `await {call.written}(…)`.",
            edits if around is not None and around.is_async else (),
        )

    bad = (
        python("async def load(): ...\n\nasync def f():\n    n = load()\n    if n > 3:\n        stop()", line=4),
        python("async def load(): ...\n\nasync def f():\n    for x in load():\n        use(x)", line=4),
        python("async def load(): ...\n\nasync def f():\n    return load().items", line=4),
        python("async def load(): ...\n\nasync def f():\n    n = load()\n    return str(n)", line=4),
        python("async def load(): ...\n\nasync def f():\n    task = load()\n    go()", line=4),
        python("async def load(): ...\n\nasync def f():\n    all = load()\n    return [x.a for x in all]", line=4),
        javascript("async function load() {}\nasync function f() {\n  const o = load();\n  show(o.name);\n}", line=3),
        typescript("async function f(url: string) {\n  const r = fetch(url, { signal });\n  use(r.status);\n}", line=2),
        python(
            "async def load(): ...\n\nasync def f():\n    return len(load())",
            line=4,
        ),
        python(
            "async def load(): ...\n\nasync def f():\n    limit = 3\n    n = load()\n    return n > limit",
            line=5,
        ),
        python(
            "async def load(): ...\n\nasync def f():\n    n = load()\n    return n['id']",
            line=4,
        ),
    )
    good = (
        python(
            "class Feed:\n    async def _open(self): ...\n\n    def __await__(self):\n"
            "        return self._open().__await__()"
        ),
        python("async def load(): ...\n\nasync def f():\n    n = await load()\n    if n > 3:\n        stop()"),
        python("async def load(): ...\n\nasync def f():\n    n = load()\n    if n is not None:\n        await n"),
        python("async def load(): ...\n\nasync def f():\n    n = load()\n    n.close()"),
        python("async def load(): ...\n\nasync def f():\n    n = load()\n    n = run(n)\n    return n.items"),
        python("async def load():\n    yield 1\n\nasync def f():\n    n = load()\n    return n.items"),
        python("@wrapped\nasync def load(): ...\n\nasync def f():\n    n = load()\n    return n.items"),
        python("async def load(): ...\n\nasync def f():\n    keep(load())"),
        python("def load(): ...\n\nasync def f():\n    n = load()\n    return n.items"),
        python("async def load(): ...\n\nasync def f():\n    _ = load()"),
        javascript("async function load() {}\nasync function f() { const o = load(); o.then(show); }"),
        javascript("async function load() {}\nfunction f() { const unused = load(); }"),
        typescript("async function f(u: string) { const r = fetch(u, { signal }); return (await r).status; }"),
        python(
            "async def load(): ...\n\nn = load()",
        ),
        python(
            "async def load(): ...\n\nasync def f(self):\n    self.n = load()",
        ),
        python(
            "async def load(): ...\n\nasync def f():\n    n = load()\n    return locals()",
        ),
        python(
            "async def load(): ...\n\nasync def f():\n    n = load()\n    return n.cr_running",
        ),
        python(
            "async def load(): ...\n\nasync def f():\n    n = load()\n    return cache[n]",
        ),
        python(
            "async def load(): ...\n\nasync def f():\n    n = load()\n    store.set(n)",
        ),
        python(
            "async def load(): ...\n\nasync def f():\n    n = load()\n    run(n)",
        ),
        python(
            "async def load(): ...\n\nasync def f(store):\n    n = load()\n    return store.n",
        ),
    )


def _past_parentheses(node: Node, file: SourceFile) -> tuple[Node, Node | None]:
    above = node.parent
    while above is not None and above.type in file.language.wrappers:
        node, above = above, above.parent
    return node, above


def _is_wrapped(function: Node) -> bool:
    """Under a decorator, that may make anything of it."""
    return function.parent is not None and function.parent.type == "decorated_definition"


def _takes_value(node: Node, above: Node, file: SourceFile) -> bool:
    """Whether an expression is used there in a way that only a result allows."""
    language = file.language
    if above.type in language.members:
        owner, name = language.member(above)
        return owner == node and name not in MAY_BE_ASKED and not name.startswith("cr_")
    if above.type in ("subscript", "subscript_expression"):
        return above.named_children[0] == node
    if above.type in COMPARED:
        text = text_of(above)
        return " is " not in text and not any(text.endswith(word) or text.startswith(word) for word in NOTHING)
    if above.type in ("for_statement", "for_in_clause"):
        return above.child_by_field_name("right") == node and not any(c.type == "async" for c in above.children)
    if above.type == "argument_list" and above.named_child_count == 1:
        taker = file.call_at(above.parent)
        return (
            taker is not None  # unprovable: narrows the type
            and taker.receiver is None
            and taker.method in TAKE_VALUES
        )
    return False
