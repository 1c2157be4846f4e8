"""A timer that goes off again at once."""

from bot.domain import Severity
from bot.rules.rule import Alarm, Rule, javascript, typescript
from bot.syntax import Call, SourceFile

NOW = ("0", "")
AT_ONCE = frozenset({"setImmediate", "process.nextTick", "queueMicrotask"})


class ZeroDelayTimer(Rule):
    """## What it finds
    `setInterval` with no delay or one of zero; and a function that, whatever happens, schedules itself anew with
    `setImmediate`, `process.nextTick` or a `setTimeout` of zero.

    ## Why it matters
    The event loop never rests: the process uses a whole core while there is nothing to do. With `nextTick` and
    microtasks it is worse, for they go before all else, and no request is served any more.

    ## Use instead
    A delay that fits what is waited for, or the event itself.
    """

    name = "busy-loop/zero-delay-timer"
    severity = Severity.MEDIUM
    languages = ("javascript", "typescript")
    methods = frozenset({"setInterval", "setTimeout", "setImmediate", "nextTick", "queueMicrotask"})
    confidence = 0.85

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        given = call.arguments
        delay = given[1].text if len(given) > 1 else ""
        if not given or call.has_splat:
            return None
        if call.name == "setInterval" and delay in NOW:
            return self._alarm(call)
        rests = call.name == "setTimeout" and delay not in NOW
        if rests or not (call.name in AT_ONCE or call.name == "setTimeout"):
            return None
        function = call.function
        if function is None or given[0].text.removeprefix("this.") != function.name:
            return None
        statement = call.node.parent
        always = (
            statement is not None  # unprovable: narrows the type
            and statement.parent == function.body
        )
        leaves = any(jump.function is function for jump in file.within(file.jumps, function.body))
        return self._alarm(call) if always and not leaves and "await" not in function.text else None

    def _alarm(self, call: Call) -> Alarm:
        return Alarm(
            call,
            f"`{call.written}` goes off again at once, without end"[:80],
            "As soon as one round is over the next begins, so the process keeps a core busy while there is nothing to "
            "do. Everything else on this event loop waits between the rounds.",
            "Give it a delay that fits what it looks for, or wait for the event itself.",
        )

    bad = (
        javascript("setInterval(look, 0);"),
        javascript("function look() {\n  ask();\n  setImmediate(look);\n}", line=3),
        typescript("class A { look() {\n  this.ask();\n  setTimeout(this.look, 0);\n} }", line=3),
        javascript("function look(place) {\n  ask(place);\n  setImmediate(look, place);\n}", line=3),
    )
    good = (
        javascript("setInterval(look, 1000);"),
        javascript("setInterval(...options);"),
        javascript("function look() {\n  ask();\n  setTimeout(look, 500);\n}"),
        javascript("function look() {\n  ask();\n  if (more) setImmediate(look);\n}"),
        javascript("function look() {\n  if (done) return;\n  setImmediate(look);\n}"),
        javascript("function look() {\n  setImmediate(other);\n}"),
        typescript("async function look() {\n  await ask();\n  setImmediate(look);\n}"),
        typescript("timers.setInterval(look);"),
        javascript(
            "setImmediate(look);",
        ),
        javascript("function f() {\n  setInterval(look, ...options);\n  setImmediate();\n}"),
        javascript("function look() {\n  ask();\n  page.setTimeout(look);\n}"),
    )
