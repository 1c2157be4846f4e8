"""A loop that waits by asking again and again, without a pause."""

import re

from bot.domain import Severity
from bot.rules.rule import Alarm, Rule, csharp, go, java, javascript, python, typescript
from bot.syntax import Loop, Node, SourceFile

FUNCTIONS = frozenset(
    {"function_definition", "lambda", "arrow_function", "function_expression", "function_declaration"}
    | {"generator_expression", "class_definition", "class_declaration", "method_definition"}
)
ASKS_ONCE = re.compile(r"^[!(\s]*(?:not\s+)?[\w.#$]+\s*(?:(?:[=!]==?|is|is not|<|>)\s*[\w.#$\"']+)?[)\s]*$")
"""A condition that only reads a name or a field: it changes by another thread's doing or never."""


class PollLoop(Rule):
    """## What it finds
    A loop with an empty body that waits for a variable to change; and an endless loop in an async function that has
    no way out and can go round without an `await`.

    ## Why it matters
    The first burns a whole processor while it waits. The second never gives the event loop back once its condition is
    not met: every other request of the process stands still, health checks and timeouts included.

    ## Use instead
    Wait for an event, a condition or a channel; where only polling is left, pause between the looks, with a deadline.
    """

    name = "busy-wait/poll-loop"
    severity = Severity.HIGH
    confidence = 0.85
    languages = ("python", "javascript", "typescript", "go", "java", "csharp")

    def check_loop(self, loop: Loop, file: SourceFile) -> Alarm | None:
        if self._spins(loop):
            return self._alarm(
                loop,
                "This loop burns a processor while it waits",
                "asks again as fast as the processor can",
                "a thread",
            )
        if self._starves(loop, file):
            return self._alarm(
                loop,
                "This endless loop may never give the event loop back",
                "has no way out and can go round without an `await`",
                "the event loop",
            )
        return None

    def _spins(self, loop: Loop) -> bool:
        body = loop.body
        condition = loop.node.child_by_field_name("condition")
        if condition is None and loop.file.language.name == "go":
            condition = next((child for child in loop.node.named_children if child != body), None)
        if loop.is_endless or body is None or condition is None or condition.type in ("for_clause", "range_clause"):
            return False
        if loop.node.type == "for_statement" and loop.file.language.name != "go":
            return False
        text = (condition.text or b"").decode("utf-8", "replace")
        empty = not [child for child in body.named_children if child.type not in ("comment", "pass_statement")]
        literal = text.strip("( )") in ("false", "False", "0")
        return empty and "comment" not in body.type and bool(ASKS_ONCE.match(text)) and not literal

    def _starves(self, loop: Loop, file: SourceFile) -> bool:
        function = loop.function
        if file.language.name not in ("python", "javascript", "typescript") or not loop.is_endless:
            return False
        if function is None or not function.is_async or loop.body is None:
            return False
        leaves = any(jump.leaves(loop) for jump in file.within(file.jumps, loop.node))
        return not leaves and not _surely_awaits(loop.body)

    def _alarm(self, loop: Loop, title: str, what: str, held: str) -> Alarm:
        return Alarm(
            loop,
            title,
            f"This loop {what}. While it does, it holds {held} at full load and takes the time from the very work it "
            "waits for.",
            "Wait for an event, a condition or a channel, or pause between the looks, with a deadline.",
        )

    bad = (
        python("while not done:\n    pass"),
        python(
            "async def run(q):\n    while True:\n        if q.ready():\n            await q.take()",
            line=2,
        ),
        javascript("while (!ready) {}"),
        javascript("async function run(q) {\n  while (true) {\n    if (q.ready) await q.take();\n  }\n}", line=2),
        typescript("class A { async run() {\n  for (;;) {\n    this.look();\n  }\n} }", line=2),
        go("func wait(s *S) {\n\tfor !s.done {\n\t}\n}", line=2),
        java("class A { void f() {\n  while (!ready) {}\n} }", line=2),
        csharp("class A { void F() {\n  while (!ready) { }\n} }", line=2),
    )
    good = (
        python("while not done.wait(1):\n    pass"),  # the call is the pause
        python("async def run(q):\n    while True:\n        await q.take()"),
        python(
            "async def run(q):\n    while True:\n        if q.ready():\n            await q.take()\n        else:\n"
            "            await q.rest()"
        ),
        python("async def run(q):\n    while True:\n        async with q.item() as item:\n            use(item)"),
        python("async def run(q):\n    while True:\n        if q.empty():\n            return\n        q.take()"),
        python("def run(q):\n    while True:\n        q.take()"),  # a thread of its own
        javascript("while (node = next(node)) {}"),
        javascript("async function run(q) { while (true) { await q.take(); } }"),
        typescript("class A { async run() { for (;;) { for await (const x of this.all()) use(x); } } }"),
        go("func wait(s *S) {\n\tfor s.next() {\n\t}\n}"),
        java("class A { void f() { while (in.read() >= 0) {} } }"),
        csharp("class A { void F() { while (!ready) { Thread.Sleep(10); } } }"),
    )


def _surely_awaits(node: Node) -> bool:
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
        return (head is not None and _surely_awaits(head)) or (endless and body is not None and _surely_awaits(body))
    if kind in ("boolean_operator", "binary_expression"):
        left = node.child_by_field_name("left")
        return left is not None and _surely_awaits(left)
    if kind in ("conditional_expression", "ternary_expression"):
        return b"await" in (node.text or b"")
    return any(_surely_awaits(child) for child in node.named_children)


def _all_branches(node: Node) -> bool:
    condition = node.child_by_field_name("condition")
    if condition is not None and _surely_awaits(condition):
        return True
    branches = [node.child_by_field_name("consequence"), *node.children_by_field_name("alternative")]
    has_else = any(branch is not None and branch.type == "else_clause" for branch in branches)
    return has_else and all(branch is not None and _surely_awaits(branch) for branch in branches)
