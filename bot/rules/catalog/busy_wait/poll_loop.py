"""A loop that waits by asking again and again, without a pause."""

from bot.domain import Severity
from bot.regex import regex
from bot.rules.awaiting import ever_awaits, surely_awaits
from bot.rules.rule import Alarm, Rule, csharp, go, java, javascript, python, typescript
from bot.syntax import Loop, Node, SourceFile, text_of

ASKS_ONCE = regex(r"^[!(\s]*(?:not\s+)?[\w.#$]+\s*(?:(?:[=!]==?|is|is not|<|>)\s*[\w.#$\"']+)?[)\s]*$")
"""A condition that only reads a name or a field: it changes by another thread's doing or never."""


class PollLoop(Rule):
    """## What it finds
    A loop with an empty body that waits for a variable to change; and an endless loop in an async function that can go
    round without an `await`, and either has no way out or does nothing but ask for it.

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
                "can go round without an `await`",
                "the event loop",
            )
        return None

    def _spins(self, loop: Loop) -> bool:
        body, is_go = loop.body, loop.file.language.name == "go"
        first = next(iter(loop.node.named_children), None)
        condition = first if is_go else loop.node.child_by_field_name("condition")
        if body is None:  # unprovable: narrows the type
            return False
        if loop.is_endless:
            return False
        if loop.node.type == "for_statement" and not is_go:
            return False
        text = text_of(condition)
        empty = not [child for child in body.named_children if child.type not in ("comment", "pass_statement")]
        literal = text.strip("( )") in ("false", "False", "0")
        return empty and bool(ASKS_ONCE.match(text)) and not literal

    def _starves(self, loop: Loop, file: SourceFile) -> bool:
        function = loop.function
        if file.language.name not in ("python", "javascript", "typescript") or not loop.is_endless:
            return False
        if loop.body is None:  # unprovable: narrows the type
            return False
        if function is None or not function.is_async:
            return False
        leaves = any(jump.leaves(loop) for jump in file.within(file.jumps, loop.node))
        return self._only_asks(loop) if leaves else not surely_awaits(loop.body)

    def _only_asks(self, loop: Loop) -> bool:
        """Nothing but `if …: break`: what it asks for can change only when somebody else gets a turn."""
        body = loop.body
        if body is None:  # unprovable: narrows the type
            return False
        statements = [one for one in body.named_children if one.type != "comment"]
        return all(self._is_question(one) for one in statements)

    def _is_question(self, statement: Node) -> bool:
        condition = statement.child_by_field_name("condition")
        is_plain = statement.type == "if_statement" and statement.child_by_field_name("alternative") is None
        return (
            is_plain
            and condition is not None  # unprovable: narrows the type
            and not ever_awaits(condition)
            and ":=" not in text_of(condition)
        )

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
        python("async def run(q):\n    while True:\n        if q.done:\n            break", line=2),
        javascript("while (!ready) {}"),
        javascript("async function run(q) {\n  while (true) {\n    if (q.ready) await q.take();\n  }\n}", line=2),
        typescript("class A { async run() {\n  for (;;) {\n    this.look();\n  }\n} }", line=2),
        go("func wait(s *S) {\n\tfor !s.done {\n\t}\n}", line=2),
        java("class A { void f() {\n  while (!ready) {}\n} }", line=2),
        csharp("class A { void F() {\n  while (!ready) { }\n} }", line=2),
        python(
            "async def run(q):\n    while True:\n        if q.done:\n            break\n        # or soon\n     "
            "   if q.over:\n            break",
            line=2,
        ),
    )
    good = (
        python("async def run(q):\n    while True:\n        q.step()\n        if q.done:\n            break"),
        python("async def run(q):\n    while True:\n        if await q.done():\n            break"),
        python("async def run(q):\n    while True:\n        if not (n := q.next()):\n            break"),
        python(
            "async def run(q):\n    while True:\n        if q.done:\n            break\n"
            "        else:\n            q.go()"
        ),
        python("while not done.wait(1):\n    pass"),  # the call is the pause
        python("async def run(q):\n    while True:\n        await q.take()"),
        python(
            "async def run(q):\n    while True:\n        if q.ready():\n            await q.take()\n        else:\n"
            "            await q.rest()"
        ),
        python("async def run(q):\n    while True:\n        async with q.item() as item:\n            use(item)"),
        python("async def run(q):\n    while True:\n        if q.empty():\n            return\n        q.take()"),
        python("def run(q):\n    while True:\n        q.take()"),  # a thread of its own
        python(
            "async def run(q):\n    while True:\n        while q.full:\n            if q.take():\n"
            "                return"
        ),
        javascript("while (node = next(node)) {}"),
        javascript("for (const line of lines) {}"),
        javascript("async function run(q) { while (true) { await q.take(); } }"),
        typescript("class A { async run() { for (;;) { for await (const x of this.all()) use(x); } } }"),
        go("func wait(s *S) {\n\tfor s.next() {\n\t}\n}"),
        java("class A { void f() { while (in.read() >= 0) {} } }"),
        csharp("class A { void F() { while (!ready) { Thread.Sleep(10); } } }"),
        csharp("class A { async Task Run() { while (true) { Work(); } } }"),  # a thread of the pool, and no other work
        python(  # stands still here on purpose
            "while True:\n    pass",
        ),
        javascript(
            "while (waiting) // until it comes\n  take();",
        ),
        javascript(
            "while (false) {}",
        ),
        python(
            "while True:\n    step()",
        ),
    )
