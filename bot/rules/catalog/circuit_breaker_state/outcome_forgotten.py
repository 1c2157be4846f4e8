"""A circuit breaker that is no longer told how a call went."""

from collections.abc import Iterator

from bot.domain import Severity
from bot.regex import regex
from bot.rules.changes import FileChange, FunctionChange
from bot.rules.rule import Alarm, Rule, csharp, go, java, javascript, python, typescript
from bot.syntax import Call, text_of

BREAKER = regex(r"(?i)breaker|\bcircuit")
TELLS = regex(
    r"^(?:mark|record|report|on|register|note|count)_?(?:[nN]on_?)?"
    r"(?:[sS]uccess|[fF]ail\w*|[eE]rror\w*|[tT]imeout|[rR]ejec\w*|[cC]ancel\w*|[nN]on[sS]uccess|[oO]utcome|[rR]esult)$"
)


class OutcomeForgotten(Rule):
    """## What it finds
    A place that told a circuit breaker of a success or failure in the base and no longer does.

    ## Why it matters
    A breaker decides by what it is told. A forgotten failure leaves it closed while the dependency is down; a forgotten
    outcome of the one trial call leaves it half open, and everything after is rejected for good.

    ## Use instead
    Tell the breaker of every outcome, cancellations and rejections included.
    """

    name = "circuit-breaker-state/outcome-forgotten"
    severity = Severity.HIGH
    confidence = 0.8
    languages = ("python", "javascript", "typescript", "go", "java", "csharp")

    def check_change(self, change: FileChange) -> Iterator[Alarm]:
        for function in change.functions:
            kept = [_told(call) for call in function.calls_after if _tells(call)]
            new = {_told(call) for call in function.calls_after} - {_told(call) for call in function.calls_before}
            for call in (call for call in function.calls_before if _tells(call)):
                if _told(call) in kept:
                    kept.remove(_told(call))
                elif any(told.startswith(f"{text_of(call.receiver)}.") for told in new):
                    continue  # told in other words: `onResult(value)` for `onSuccess()`
                elif len(kept) < sum(map(_tells, function.calls_before)) and function.is_gone(f".{call.method}("):
                    yield self._alarm(function, call)

    def _alarm(self, change: FunctionChange, call: Call) -> Alarm:
        return Alarm(
            change.place(call.start_line),
            f"The breaker is no longer told by `{call.method}`"[:80],
            f"Before this change `{call.written}` told the circuit breaker how the call went; now this outcome is "
            "forgotten. The breaker stays closed through an outage, or half open for ever after its trial call.",
            f"Call `{call.written}` here again, or see to it that the breaker learns of this outcome elsewhere.",
            was=f"Before this change `{call.written}` told the breaker.",
        )

    bad = (
        python(
            "def call(self):\n    self.log()",
            line=2,
            before="def call(self):\n    self.breaker.record_failure()\n    self.log()",
        ),
        javascript(
            "function stop(b) {\n  done();\n}",
            line=2,
            before="function stop(b) {\n  b.breaker.onFailure();\n  done();\n}",
        ),
        typescript(
            "class A { stop() {\n  done();\n} }",
            line=2,
            before="class A { stop() {\n  this.circuitBreaker.recordSuccess();\n  done();\n} }",
        ),
        go(
            "func (c *C) stop() {\n\tdone()\n}",
            line=2,
            before="func (c *C) stop() {\n\tc.breaker.MarkFailed()\n\tdone()\n}",
        ),
        java(
            "class A { void stop() {\n  done();\n} }",
            line=2,
            before="class A { void stop() {\n  circuitBreaker.markNonSuccess();\n  done();\n} }",
        ),
        csharp(
            "class A { void Stop() {\n  Done();\n} }",
            line=2,
            before="class A { void Stop() {\n  breaker.OnFailure();\n  Done();\n} }",
        ),
        java(
            "class A { void stop() {\n  breaker.onError();\n  done();\n} }",
            line=2,
            before="class A { void stop() {\n  breaker.onError();\n  breaker.onError();\n  done();\n} }",
        ),
    )
    good = (
        python(
            "def call(self):\n    self.log()\n    self.breaker.record_failure()",
            before="def call(self):\n    self.breaker.record_failure()\n    self.log()",
        ),
        javascript(
            "function stop(b) { b.list.onFailure(); }",
            before="function stop(b) { b.list.onFailure(); b.list.onError(); }",
        ),
        typescript(
            "class A { stop() { done(); } more() { this.breaker.onError(); } }",
            before="class A { stop() { this.breaker.onError(); done(); } more() {} }",
        ),  # it moved
        go(
            "func (c *C) stop() { c.breaker.MarkFailed(); done() }",
            before="func (c *C) stop() { c.breaker.MarkFailed(); finish() }",
        ),
        java(
            "class A { void stop() { circuitBreaker.markSuccess(1); } }",
            before="class A { void stop() { circuitBreaker.markSuccess(); } }",
        ),
        java(
            "class A { void stop() { if (no) { breaker.onError(1); } else { breaker.onResult(2); } } }",
            before="class A { void stop() { if (no) { breaker.onError(1); } else { breaker.onSuccess(); } } }",
        ),
        csharp(
            "class A { void Stop() { Done(); } }",
            before="class A { void Stop() { breaker.Reset(); Done(); } }",
        ),
        typescript(
            "class A { stop() { done(); } more() { this.breaker.onError(); } }",
            before="class A { stop() { this.breaker.onError(); this.log(); done(); } more() {} }",
        ),
        javascript(
            "function stop(b) { b.circuit.breaker.recordError(); }",
            before="function stop(b) { b.breaker.onFailure(); }",
        ),
    )


def _tells(call: Call) -> bool:
    name = call.method[:1].lower() + call.method[1:]
    return bool(TELLS.match(name)) and bool(BREAKER.search(text_of(call.receiver)))


def _told(call: Call) -> str:
    return call.written
