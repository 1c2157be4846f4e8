"""A wait for a condition that does not look again when it wakes."""

from bot.domain import Severity
from bot.rules.rule import Alarm, Rule, csharp, go, java, python
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import Call, Function, SourceFile, text_of

WAITS = {
    "python": ("threading.Condition.wait", "asyncio.Condition.wait", "multiprocessing.Condition.wait"),
    "go": ("sync.Cond.Wait", "sync.NewCond.Wait"),
    "java": ("java.util.concurrent.locks.Condition.await", "java.util.concurrent.locks.Condition.awaitUninterruptibly"),
    "csharp": ("Monitor.Wait", "System.Threading.Monitor.Wait"),
}
METHODS = frozenset(name.rsplit(".", 1)[-1] for names in WAITS.values() for name in names)


class WaitNotifyMisuse(Rule):
    """## What it finds
    A wait on a monitor or condition variable that stands in no loop.

    ## Why it matters
    A waiting thread may wake without having been told to, and another thread may have taken what it waited for before
    it gets the lock back. Code that does not look again goes on with a condition that does not hold. And where the
    signal came before the wait, it waits for ever.

    ## Use instead
    `while (!condition) wait();`, under the lock; in Python `condition.wait_for(predicate)`.
    """

    name = "lock-hazard/wait-notify-misuse"
    severity = Severity.MEDIUM
    covered_by = ("sonar:java:S2273+S2274+S2446",)
    languages = ("python", "go", "java", "csharp")
    methods = METHODS
    confidence = SHOWN_ONLY
    """On record a wait for the one event there is."""

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        if (
            call.method not in METHODS  # unprovable: saves time
            or call.loop is not None
            or call.function is None
            or not self._waits(call, file.language.name)
        ):
            return None
        name = call.function.name.lower()
        if self._is_all_there_is(call) or self._looks_why_it_woke(call):
            return None
        if name.startswith(("wait", "await", "_wait", "_await")) and not self._is_tested(call, call.function):
            return None  # a method that only passes the wait on; its callers have the loop
        return Alarm(
            call,
            f"`{call.written}` is not in a loop that tests the condition again"[:80],
            "A thread can wake here without a signal, or after another thread took what it was woken for. It then goes "
            "on although the condition does not hold; and a signal sent before this wait is lost, so it waits for "
            "ever.",
            "Wait in a loop that tests the condition under the lock: `while (!condition) wait`.",
        )

    def _waits(self, call: Call, language: str) -> bool:
        if call.name in WAITS[language]:
            return language != "java" or not call.arguments
        if language != "java" or call.method != "wait" or call.arguments:
            return False
        return call.receiver is None or not call.name.startswith("./")

    def _is_all_there_is(self, call: Call) -> bool:
        """A function of one line, which hands on what the wait gives: its callers have the loop."""
        body = call.function.body if call.function is not None else None  # unprovable: narrows the type
        if body is None:  # unprovable: narrows the type
            return False
        if call.use != "returned":
            return False
        return len(body.named_children) == 1

    def _looks_why_it_woke(self, call: Call) -> bool:
        """`if (Monitor.Wait(gate, limit)) { if (ready) … }`: its answer is tested, and the condition once more."""
        return text_of(call.node.parent).count("if ") > 1

    def _is_tested(self, call: Call, function: Function) -> bool:
        """An `if` around it tests the condition once."""
        node = call.node.parent
        while (
            node is not None  # unprovable: narrows the type
            and node != function.node
        ):
            if node.type == "if_statement":
                return True
            node = node.parent
        return False

    bad = (
        python(
            "import threading\ndef pause(ready: threading.Condition, limit):\n    note(limit)\n"
            "    return ready.wait(limit)",
            line=4,
        ),
        csharp("class Q { B Take() { lock (gate) { if (Monitor.Wait(gate, 5)) { return Pop(); } return null; } } }"),
        csharp("class Q { B Take() { lock (gate) { if (n == 0) { Monitor.Wait(gate); if (late) Tell(); } } } }"),
        python(
            "import threading\nclass Q:\n    def __init__(self):\n        self.ready = threading.Condition()\n"
            "    def take(self):\n        with self.ready:\n            if not self.items:\n"
            "                self.ready.wait()\n            return self.items.pop()",
            line=8,
        ),
        go(
            'import "sync"\n\ntype Q struct{ ready sync.Cond }\n\nfunc (q *Q) take() {\n'
            "\tif len(q.items) == 0 {\n\t\tq.ready.Wait()\n\t}\n}",
            line=7,
        ),
        java(
            "class Q { synchronized B take() throws InterruptedException {\n  if (all.isEmpty()) {\n   wait();\n  }\n"
            "  return all.pop();\n} }",
            line=3,
        ),
        java(
            "import java.util.concurrent.locks.*;\nclass Q { private final Condition ready;\n B take() {\n"
            "  if (all.isEmpty()) ready.await();\n  return all.pop();\n} }",
            line=4,
        ),
        java(
            "class Q { void wait(int n) { }\n synchronized B take() throws E {\n  if (all.isEmpty()) wait();\n"
            "  return all.pop(); } }",
            line=3,
        ),
        java("class Q { void awaitReady() throws E { if (!ready) {\n  lock.wait();\n } } }", line=2),
        csharp("class Q { B Take() { lock (gate) {\n  if (n == 0) Monitor.Wait(gate);\n  return Pop(); } } }", line=2),
    )
    good = (
        python("import threading\ndef pause(ready: threading.Condition, limit):\n    return ready.wait(limit)"),
        csharp(
            "class Q { B Take() { lock (gate) { if (Monitor.Wait(gate, 5)) { if (n == 0) return null; } "
            "return Pop(); } } }"
        ),
        python(
            "import threading\nready = threading.Condition()\ndef take(items):\n    with ready:\n"
            "        while not items:\n            ready.wait()\n        return items.pop()"
        ),
        python("import threading\nstop = threading.Event()\ndef run():\n    stop.wait()"),
        go(
            'import "sync"\n\ntype Q struct{ ready sync.Cond }\n\nfunc (q *Q) take() {\n'
            "\tfor len(q.items) == 0 {\n\t\tq.ready.Wait()\n\t}\n}"
        ),
        go('import "sync"\n\nfunc all(wg *sync.WaitGroup) {\n\twg.Wait()\n}'),
        java("class Q { synchronized B take() throws E { while (all.isEmpty()) { wait(); } return all.pop(); } }"),
        java("class Q { synchronized void pause() throws E { wait(1000); } }"),
        java("class Q { void take(Latch l) { l.await(); } }"),
        java("class Q { void waitFor() throws E { lock.wait(); } }"),
        java("class Q { void f(B b) { b.wait(); } }\nclass B { void wait() { } }"),
        csharp("class Q { B Take() { lock (gate) { while (n == 0) Monitor.Wait(gate); return Pop(); } } }"),
        python(
            "import threading\nready = threading.Condition()\nwith ready:\n    ready.wait()",
        ),
        python(
            "import threading\nready = threading.Condition()\nif threads:\n    def wait_ready():\n"
            "        with ready:\n            ready.wait()",
        ),
    )
