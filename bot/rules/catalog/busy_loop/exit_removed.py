"""A way out of an endless loop that a change takes away."""

from collections.abc import Iterator
from dataclasses import replace

from bot.domain import Severity
from bot.regex import regex
from bot.rules.catalog.busy_loop.exit_removed_examples import FURTHER_BAD, FURTHER_GOOD
from bot.rules.changes import FileChange, FunctionChange
from bot.rules.losing import condition_of
from bot.rules.rule import Alarm, Rule, csharp, go, java, javascript, python, typescript
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import Handler, Jump, Loop, Node, Shape, text_of

_NUMBER = regex(r"\b\d[\d_.]*\b")


class LoopExitRemoved(Rule):
    """## What it finds
    An `if … break`, `return` or `raise` that the base had inside a loop without an end of its own (or before one that
    runs at least once) and that the head has not. A review says it of exits that raise; the others mostly moved.

    ## Why it matters
    Endless loops live by their exits. One that is gone (the peer closed, nothing is left, the limit is reached) leaves
    a loop that spins at full load or never returns, on just the day that its case comes up.

    ## Use instead
    Keep the exit; where another condition now ends the loop, make it cover the same case.
    """

    name = "busy-loop/exit-removed"
    severity = Severity.HIGH
    confidence = 0.75
    languages = ("python", "javascript", "typescript", "go", "java", "csharp")

    def check_change(self, change: FileChange) -> Iterator[Alarm]:
        for function in change.functions:
            yield from self._inside(function)
            yield from self._ahead(function)

    def _inside(self, change: FunctionChange) -> Iterator[Alarm]:
        if len(change.loops_before) != len(change.loops_after):
            return
        for loop, head in zip(change.loops_before, change.loops_after, strict=True):
            if not (loop.is_endless and head.is_endless):
                continue
            exits, left = _exits(change.jumps_before, loop), _exits(change.jumps_after, head)
            gone = [jump for jump in exits if not self._is_asked(change, condition_of(jump), head)]
            gone = [jump for jump in gone if _is_still_known(condition_of(jump), change)]
            now = {_NUMBER.sub("0", condition_of(jump)) for jump in left}
            gone = [jump for jump in gone if _NUMBER.sub("0", condition_of(jump)) not in now]  # another bound
            if gone and len(left) < len(exits) and not (_paused(change, head) or _ends_by_itself(head)):
                raised = [jump for jump in gone if jump.kind == "raise"]
                # on record the others have moved into another condition, or were in the way
                sure = None if raised else SHOWN_ONLY
                yield replace(self._alarm(head, condition_of([*raised, *gone][0])), confidence=sure)

    def _ahead(self, change: FunctionChange) -> Iterator[Alarm]:
        """`if empty: return` before loops that run at least once."""
        tails = [loop for loop in change.loops_after if loop.node.type == "do_statement"]
        loops = [loop for loop in change.loops_before if loop.node.type == "do_statement"]
        if not tails or len(tails) != len(loops):
            return
        for jump in change.jumps_before:
            condition = condition_of(jump)
            if jump.loop is not None or jump.start_line > loops[0].start_line:
                continue
            compared = any(sign in condition for sign in ("== 0", "=== 0", "< 1", "isEmpty()", "Count == 0"))
            asked = any(word in _condition(tails[0]) for word in _NAMES.findall(condition))
            if compared and not asked and not self._is_asked(change, condition, change.after):
                # on record it is asked in other words now
                yield replace(self._alarm(tails[0], condition), confidence=SHOWN_ONLY)
                return

    def _is_asked(self, change: FunctionChange, condition: str, within: Shape) -> bool:
        return (
            condition in " ".join(within.text.split())  # unprovable: mostly told by the exits that are left
            or not change.is_gone(condition.split("\n")[0])
        )

    def _alarm(self, at: Loop, condition: str) -> Alarm:
        shown = condition if len(condition) <= 50 else f"{condition[:47]}…"
        return Alarm(
            at,
            f"This loop lost its exit on `{shown}`"[:80],
            f"Before this change the loop was left on `{shown}`; now nothing ends it in that case. When it comes up, "
            "the loop spins at full load or never returns, and whoever waits for it hangs.",
            f"Leave the loop on `{shown}`, or on a condition that covers the same case.",
            was=f"Before this change it was left on `{shown}`.",
        )

    bad = (
        python(
            "def line(sock):\n    got = []\n    while True:\n        c = sock.recv(1)\n        if c == b'x':\n"
            "            return got\n        got.append(c)",
            line=3,
            before="def line(sock):\n    got = []\n    while True:\n        c = sock.recv(1)\n        if not c:\n"
            "            raise ConnectionError('closed')\n        if c == b'x':\n            return got\n"
            "        got.append(c)",
        ),
        javascript(
            "function next() {\n  while (true) {\n    const x = take();\n    if (x.ok) return x;\n  }\n}",
            line=2,
            before="function next() {\n  while (true) {\n    const x = take();\n    if (x === null) return null;\n"
            "    if (x.ok) return x;\n  }\n}",
        ),
        typescript(
            "class A { next() {\n  let i = 0;\n  do {\n    i = this.pick(i);\n  } while (!this.nodes[i].ok);\n} }",
            line=3,
            before="class A { next() {\n  if (this.nodes.length === 0) return;\n  let i = 0;\n  do {\n"
            "    i = this.pick(i);\n  } while (!this.nodes[i].ok);\n} }",
        ),
        go(
            "func read(c *Conn) {\n\tfor {\n\t\tn := c.Next()\n\t\tuse(n)\n\t\tif n == last {\n"
            "\t\t\treturn\n\t\t}\n\t}\n}",
            line=2,
            before="func read(c *Conn) {\n\tfor {\n\t\tn := c.Next()\n\t\tif n == 0 {\n\t\t\treturn\n\t\t}\n"
            "\t\tuse(n)\n\t\tif n == last {\n\t\t\treturn\n\t\t}\n\t}\n}",
        ),
        java(
            "class A { void f() {\n  while (true) {\n    int n = in.read();\n    if (n == 10) break;\n  }\n} }",
            line=2,
            before="class A { void f() {\n  while (true) {\n    int n = in.read();\n    if (n < 0) break;\n"
            "    if (n == 10) break;\n  }\n} }",
        ),
        csharp(
            "class A { void F() {\n  while (true) {\n    var n = s.ReadByte();\n    if (n == 10) break;\n  }\n} }",
            line=2,
            before="class A { void F() {\n  while (true) {\n    var n = s.ReadByte();\n    if (n < 0) break;\n"
            "    if (n == 10) break;\n  }\n} }",
        ),
        typescript(
            "class A { next() {\n  while (this.more) this.step();\n  do {\n    this.pick();\n"
            "  } while (!this.ok);\n} }",
            line=3,
            before="class A { next() {\n  if (this.nodes.length === 0) return;\n  while (this.more) this.step();\n"
            "  do {\n    this.pick();\n  } while (!this.ok);\n} }",
        ),
        python(
            "def line(sock):\n    while True:\n        c = sock.recv(1)\n        if c == b'x':\n            return",
            line=2,
            before="def line(sock):\n    while True:\n        c = sock.recv(1)\n"
            "        if not c and sock.fileno() == -1 and not sock.has_more_to_come:\n            return\n"
            "        if c == b'x':\n            return",
        ),
        *FURTHER_BAD,
    )
    good = (
        java(
            "class A { void f() {\n  do {\n    dial();\n  } while (since() < limits.getLongestWait());\n} }",
            before="class A { void f() {\n  if (limits.getLongestWait() == 0) return;\n  do {\n    dial();\n"
            "  } while (since() < limits.getLongestWait());\n} }",
        ),
        python(
            "def load(sock):\n    while True:\n        try:\n            return sock.recv(1)\n        except Again:\n"
            "            wait()",
            before="def load(sock):\n    while True:\n        try:\n            return sock.recv(1)\n"
            "        except Failure as failed:\n            if not failed.retriable:\n                raise\n"
            "            wait()",
        ),
        csharp(
            "class A { async Task F() {\n  while (true) {\n    var n = await s.Next(cancellationToken);\n"
            "    if (n == 10) break;\n  }\n} }",
            before="class A { async Task F() {\n  while (true) {\n    if (late.IsExpired) throw new Late();\n"
            "    var n = await s.Next();\n    if (n == 10) break;\n  }\n} }",
        ),  # the token ends it now
        python(
            "def line(sock):\n    while True:\n        c = sock.recv(1)\n        if len(c) == 0:\n"
            "            raise Closed\n        if c == b'x':\n            return",
            before="def line(sock):\n    while True:\n        c = sock.recv(1)\n        if not c:\n"
            "            raise Closed\n        if c == b'x':\n            return",
        ),
        javascript(
            "function next() { while (more()) { const x = take(); if (x.ok) return x; } }",
            before="function next() { while (true) { const x = take(); if (x === null) return null; "
            "if (x.ok) return x; } }",
        ),
        typescript(
            "class A { next() { for (const n of this.nodes) if (n.ok) return n; } }",
            before="class A { next() { if (this.nodes.length === 0) return; for (const n of this.nodes) "
            "if (n.ok) return n; } }",
        ),
        go(
            "func read(c *Conn) {\n\tfor c.More() {\n\t\tuse(c.Next())\n\t}\n}",
            before="func read(c *Conn) {\n\tfor {\n\t\tn := c.Next()\n\t\tif n == 0 {\n\t\t\treturn\n\t\t}\n"
            "\t\tuse(n)\n\t}\n}",
        ),
        java(
            "class A { void f() { while (true) { int n = in.read(); if (n < 0 || n == 10) break; } } }",
            before="class A { void f() { while (true) { int n = in.read(); if (n < 0) break; } } }",
        ),
        csharp(
            "class A { void F() { while (true) { Work(); if (n == 10) break; } } }",
            before="class A { void F() { while (true) { Work(); Rest(); if (n == 10) break; } } }",
        ),
        javascript(
            "function next() { const x = take(); while (true) { if (x.ok) return x; } }",
            before="function next() { const x = take(); while (x.more) { x.step(); } while (true) { if (!x) "
            "return; if (x.ok) return x; } }",
        ),
        go(
            "func read(c *Conn) {\n\tfor {\n\t\tselect {\n\t\tcase n := <-c.in:\n\t\t\tuse(n)\n\t\t}\n\t}\n}",
            before="func read(c *Conn) {\n\tfor {\n\t\tselect {\n\t\tcase n := <-c.in:\n\t\t\tuse(n)\n\t\t}\n"
            "\t\tif c.closed {\n\t\t\treturn\n\t\t}\n\t}\n}",
        ),
        typescript(
            "class A { next() { for (const g of this.groups) { g.go(); } do { this.pick(); } while (!this.ok); } }",
            before="class A { next() { for (const g of this.groups) { if (g.size === 0) return; g.go(); } do { "
            "this.pick(); } while (!this.ok); } }",
        ),
        *FURTHER_GOOD,
    )


_WORDS = regex(r"(?<![\w.])[A-Za-z_]\w*")
_SMALL_WORDS = frozenset({"is", "not", "and", "or", "in", "None", "null", "nil", "true", "false", "len"})
_NAMES = regex(r"\w{6,}(?=\()")
"""What a condition calls, where the name tells it from others."""


def _exits(jumps: list[Jump], loop: Loop) -> list[Jump]:
    """Those of a handler left out: what they ask of a failure another handler may take."""
    return [
        jump
        for jump in jumps
        if jump.loop is loop and jump.leaves(loop) and not any(h.loop is loop for h in jump.around(Handler))
    ]


def _condition(loop: Loop) -> str:
    return text_of(loop.node.child_by_field_name("condition"))


def _paused(change: FunctionChange, loop: Loop) -> bool:
    """Somebody outside may end it: the loop waits for a channel or a lock, or hands a token on."""
    return any(
        word in loop.text for word in ("select {", "ctx.Done", "Condition", "ancellationToken", ".Token", "AbortSignal")
    )


def _ends_by_itself(loop: Loop) -> bool:
    """Its last statement leaves it: it goes round again only where it says so."""
    last: Node | None = loop.node
    while last is not None and (last is loop.node or last.type == "with_statement"):  # unprovable: narrows the type
        *_, last = [None, *loop.file.language.statements(last)]
    kind = last.type if last is not None else ""  # unprovable: narrows the type
    return kind in ("return_statement", "raise_statement", "throw_statement", "break_statement")


def _is_still_known(condition: str, change: FunctionChange) -> bool:
    """Something that it asked about is still spoken of: else it went with what had made it."""
    asked = [word for word in _WORDS.findall(condition) if word not in _SMALL_WORDS]
    return any(change.mentions(word) for word in asked)
