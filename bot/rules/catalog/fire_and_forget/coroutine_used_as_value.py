"""A promise or coroutine that is taken for its result: the `await` is missing."""

from bot.domain import Severity
from bot.rules.api_rows import Outbound, Task
from bot.rules.apis import find, known
from bot.rules.catalog.fire_and_forget.coroutine_used_as_value_examples import FURTHER_BAD, FURTHER_GOOD
from bot.rules.own import is_wrapped, own_functions
from bot.rules.rule import Alarm, Edit, Rule, javascript, python, typescript
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import Call, Node, SourceFile, text_of

MAY_BE_ASKED = frozenset(
    {"then", "catch", "finally", "close", "send", "throw", "cancel", "done", "add_done_callback", "result", "abort"}
    | {"toString", "constructor", "__await__"}
)
"""What promises, coroutines and tasks have themselves."""
OF_THEIR_OWN = frozenset({"got", "ky"})
"""Libraries whose promises have more: `got(url).json()`."""
CHOOSES = ("&&", "||", "??")
"""Give their right side as it is: `ready && load()`."""
COMPARED = ("comparison_operator", "binary_operator", "binary_expression")
TAKE_VALUES = frozenset({"str", "int", "float", "len", "list", "dict", "set", "sum", "sorted", "bool", "min", "max"})


class CoroutineUsedAsValue(Rule):
    """## What it finds
    An async function of this file, or a call that is known to give a promise, whose result is used as if it were there
    already: `load().items`, `for x in load()`, `n = count()` and then `n > 0`. In Python also a coroutine under a name
    that is never looked at again, or awaited on one path only.

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
        if call.use == "managed" and not call.is_awaited and self._must_be_awaited(call):
            return self._alarm(call, "is entered as if it were the result")
        if call.is_awaited or not self._is_asynchronous(call, file):
            return None
        if call.use == "assigned":
            return self._of_name(call, file)
        if _takes_value(_past_parentheses(call.node, file), file):
            return self._alarm(call, "is used as if it were the result")
        return None

    def _must_be_awaited(self, call: Call) -> bool:
        """`async with trio.open_file(path)`. What other libraries give can often be awaited and entered."""
        return call.name.startswith(("trio.", "anyio.")) and find(call, Task) is not None

    def _is_asynchronous(self, call: Call, file: SourceFile) -> bool:
        if not file.functions_named(call.method) and not known(call):
            return False
        row = find(call, Outbound)
        if row is not None and row.promise:
            return file.language.name != "python" and call.name.split(".")[0] not in OF_THEIR_OWN
        own = own_functions(call)
        if not own or not all(one.is_async for one in own):
            return False
        return not any("yield" in one.text or is_wrapped(one.node) for one in own)

    def _of_name(self, call: Call, file: SourceFile) -> Alarm | None:
        name, function = call.assigned_to, call.function
        if function is None:
            return None
        mentions = list(file.language.mentions(name, function.node))
        uses = [one for one in mentions if one.start_byte >= call.node.end_byte]
        if len(mentions) == 1 and file.language.name == "python" and name != "_" and "locals()" not in function.text:
            return self._alarm(call, "is never awaited")
        if not uses:
            return None
        if len(uses) == 1 and _is_awaited_on_one_path(call, uses[0]):
            return self._left_out(call)
        if not all(_takes_value(use, file) for use in uses):
            return None  # awaited or handed on, perhaps before
        return self._alarm(call, f"is used as `{name}` as if it were the result")

    def _alarm(self, call: Call, what: str) -> Alarm:
        thing = "coroutine" if call.file.language.name == "python" else "promise"
        begins, around = call.node.start_byte, call.function
        fits = (
            call.use == "assigned"
            and around is not None  # unprovable: narrows the type
            and around.is_async
        )
        return Alarm(
            call,
            f"The {thing} of `{call.written}` {what}"[:80],
            f"`{call.written}` gives a {thing}, and its result is there only after an `await`. What follows works with "
            f"the {thing} itself: fields are missing, comparisons fail or always hold, and nobody sees its failure.",
            f"Await it: `await {call.written}(…)`.",
            (Edit(begins, begins, "await "),) if fits else (),
        )

    def _left_out(self, call: Call) -> Alarm:
        return Alarm(
            call,
            f"The coroutine of `{call.written}` is not awaited on every path"[:80],
            f"`{call.written}` is called here and awaited only further down. On the path that leaves before, or past "
            "the `if`, the coroutine is thrown away without having begun, and Python warns of it at some later moment.",
            f"Call `{call.written}` where it is awaited.",
            severity=Severity.LOW,
            confidence=SHOWN_ONLY,
        )

    bad = (
        python("import trio\nasync def f(path):\n    async with trio.open_file(path) as o:\n        use(o)", line=3),
        python("async def load(): ...\n\nasync def f(on):\n    n = load()\n    if on:\n        await n", line=4),
        javascript("async function load() {}\nasync function f() {\n  const o = load();\n  show(o.name);\n}", line=3),
        typescript("async function f(url: string) {\n  const r = fetch(url, { signal });\n  use(r.status);\n}", line=2),
        javascript("async function load() {}\nasync function f() {\n  return load() ?? [];\n}", line=3),
        typescript(
            "import axios from 'axios';\nasync function f(url: string) {\n  return await axios.get(url).data;\n}",
            line=3,
        ),
        *FURTHER_BAD,
    )
    good = (
        python(
            "import anyio\nasync def f(path):\n    async with await anyio.open_file(path) as o:\n        use(o)\n"
            "    o = anyio.open_file(path)\n    return await o"
        ),
        python("import trio\nasync def f():\n    async with trio.open_nursery() as all:\n        use(all)"),
        javascript(
            "async function load() {}\n"
            "async function f(id) {\n  return Promise.all([id && load(id), id ?? load(1)]);\n}"
        ),
        javascript("async function load() {}\nasync function f() { const o = load(); o.then(show); }"),
        typescript("async function f(u: string) { const r = fetch(u, { signal }); return (await r).status; }"),
        typescript("import got from 'got';\nasync function f(u: string) { const r = got(u); return await r.json(); }"),
        *FURTHER_GOOD,
    )


def _is_awaited_on_one_path(call: Call, use: Node) -> bool:
    """Below an `if` that has no other branch, or after a `return`."""
    above = use.parent
    if above is None or above.type != "await":  # unprovable: narrows the type
        return False
    returns = [jump for jump in call.file.jumps if jump.kind == "return" and jump.function is call.function]
    if any(call.node.end_byte < jump.node.start_byte and jump.node.end_byte < use.start_byte for jump in returns):
        return True
    while above is not None and above.start_byte > call.node.end_byte:  # unprovable: narrows the type
        if above.type == "if_statement" and above.child_by_field_name("alternative") is None:
            return True
        above = above.parent
    return False


def _past_parentheses(node: Node, file: SourceFile) -> Node:
    while node.parent is not None and node.parent.type in file.language.wrappers:  # unprovable: narrows the type
        node = node.parent
    return node


def _takes_value(node: Node, file: SourceFile) -> bool:
    """Whether an expression is used in a way that only a result allows."""
    language, above = file.language, node.parent
    if above is None:  # unprovable: narrows the type
        return False
    if above.type in language.members:
        owner, name = language.member(above)
        return owner == node and name not in MAY_BE_ASKED and not name.startswith("cr_")
    if above.type in ("subscript", "subscript_expression"):
        return above.named_children[0] == node
    if above.type in COMPARED:
        hands_on = text_of(above.child_by_field_name("operator")) in CHOOSES  # its right side, as it is
        return not (hands_on and above.child_by_field_name("right") == node)
    if above.type in ("for_statement", "for_in_clause"):
        return above.child_by_field_name("right") == node and not any(c.type == "async" for c in above.children)
    if above.type == "argument_list":
        taker = file.call_at(above.parent)
        return (
            taker is not None  # unprovable: narrows the type
            and taker.receiver is None
            and taker.method in TAKE_VALUES
        )
    return False
