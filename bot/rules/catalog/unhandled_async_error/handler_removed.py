"""A promise that lost its `catch`."""

from collections.abc import Iterator

from bot.domain import Severity
from bot.rules.changes import FileChange, FunctionChange
from bot.rules.rule import Alarm, Rule, javascript, typescript
from bot.syntax import Call


class RejectionHandlerRemoved(Rule):
    """## What it finds
    A promise that nobody awaits whose `.catch(…)` the base had and the head has not.

    ## Why it matters
    Its next failure is an unhandled rejection, which ends a Node.js process by default; and what the handler did for
    those who wait (reject them, free the slot) no longer happens, so that they hang.

    ## Use instead
    Keep the handler, or await the promise where something catches.
    """

    name = "unhandled-async-error/handler-removed"
    severity = Severity.HIGH
    confidence = 0.85
    languages = ("javascript", "typescript")

    def check_change(self, change: FileChange) -> Iterator[Alarm]:
        for function in change.functions:
            for call in function.calls_before:
                started = _started(call) if call.method == "catch" and call.arguments else None
                if started is None:
                    continue
                head = self._bare(function, started)
                if head is not None:
                    yield self._alarm(head)

    def _bare(self, change: FunctionChange, started: Call) -> Call | None:
        """The same call in the head with nothing that takes its failure; None where one of them still is handled."""
        same = [call for call in change.calls_after if call.written == started.written]
        handled = [call for call in change.calls_before if call.written == started.written and _is_bare(call)]
        bare = [call for call in same if _is_bare(call)]
        return bare[0] if len(bare) > len(handled) else None

    def _alarm(self, head: Call) -> Alarm:
        return Alarm(
            head,
            f"`{head.written}` lost its rejection handler"[:80],
            f"Before this change a `.catch` took the failures of `{head.written}`; now nobody does. The next one is an "
            "unhandled rejection, which by default ends the process, and whoever waits for the outcome is not told.",
            f"Put the `.catch` back, or await `{head.written}` inside a `try`.",
            was="Before this change a `.catch` took its failures.",
        )

    bad = (
        javascript(
            "function grow(pool) {\n  pool.create();\n}",
            line=2,
            before="function grow(pool) {\n  pool.create().catch(e => pool.reject(e));\n}",
        ),
        typescript(
            "class Pool { grow() {\n  this.create();\n} }",
            line=2,
            before="class Pool { grow() {\n  this.create().then(done).catch((e) => this.reject(e));\n} }",
        ),
        javascript(
            "function grow(pool) {\n  pool.create().then(done).timeout(500, 'late');\n}",
            line=2,
            before="function grow(pool) {\n  pool.create().then(done).catch(log);\n}",
        ),
    )
    good = (
        javascript(
            "async function grow(pool) { await pool.create(); }",
            before="async function grow(pool) { pool.create().catch(e => pool.reject(e)); }",
        ),
        javascript(
            "function grow(pool) { return pool.create(); }",
            before="function grow(pool) { pool.create().catch(e => pool.reject(e)); }",
        ),
        typescript(
            "class Pool { grow() { this.create().then(done, (e) => this.reject(e)); } }",
            before="class Pool { grow() { this.create().catch((e) => this.reject(e)); } }",
        ),
        javascript(
            "function f() { const kept = send(a); return kept; }",
            before="function f() { const kept = send(a).catch(log); return kept; }",
        ),
        javascript("function grow(pool) { pool.create(); }", before="function grow(pool) { pool.create().catch(); }"),
    )


def _started(call: Call) -> Call | None:
    """The call that made the promise, before `.then` and its like."""
    while (earlier := call.receiver_call) is not None:
        call = earlier
        if call.method not in ("then", "finally", "catch"):
            return call
    return None


def _is_bare(call: Call) -> bool:
    """Neither awaited nor handed on, and nothing in its chain takes a failure."""
    while (later := call.file.call_on(call)) is not None:
        if later.method == "catch" or (later.method == "then" and len(later.arguments) > 1):
            return False
        call = later
    return call.use == "discarded" and not call.is_awaited
