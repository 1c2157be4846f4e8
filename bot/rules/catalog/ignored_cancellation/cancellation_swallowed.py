"""A cancellation that is caught and forgotten."""

import re

from bot.domain import Severity
from bot.regex import regex
from bot.rules.catalog.ignored_cancellation.cancellation_swallowed_examples import FURTHER_BAD, FURTHER_GOOD
from bot.rules.catalog.unbounded_retry.catches_everything import goes_on_after
from bot.rules.coroutines import swallowed_by, swallowed_by_run_catching
from bot.rules.edits import indent_of
from bot.rules.effort import loses_a_write
from bot.rules.rule import Alarm, Edit, Rule, java, kotlin, python
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import Call, Handler, SourceFile

CANCELLED = frozenset({"asyncio.CancelledError", "asyncio.exceptions.CancelledError", "anyio.get_cancelled_exc_class"})
_RAISES = regex(r"^_*(?:re)?(?:raise|throw)(?:_|[A-Z]|$)")
_SETTLES = regex(r"(?i)^(?:set_exception|fail(?:ure|ed)?|reject|throw|abort|append)$")
CATCHES_ALL = frozenset({"BaseException", ""})


class CancellationSwallowed(Rule):
    """## What it finds
    A handler that takes a cancellation (`CancelledError`, `InterruptedException`) and neither passes it on nor restores
    it. In Kotlin: a `catch` of `Exception` or `CancellationException` around a call that suspends, and `runCatching`
    around one.

    ## Why it matters
    Cancellation is how deadlines, shutdown and thread pools stop work. Swallowed, the work goes on: a deploy hangs
    until it is killed, a timed-out request keeps using its connections, and a pool cannot shut down. Java's
    interruption outside of a loop is shown by a scan only: there the method mostly ends.

    ## Use instead
    Clean up and raise it again; in Java `Thread.currentThread().interrupt()` where it cannot be thrown; in Kotlin
    `currentCoroutineContext().ensureActive()` first thing in the handler.
    """

    name = "ignored-cancellation/cancellation-swallowed"
    severity = Severity.MEDIUM
    covered_by = ("sonar:java:S2142", "sonar:python:S7497", "detekt:SuspendFunSwallowedCancellation")
    languages = ("python", "java", "kotlin")
    methods = frozenset({"runCatching"})
    confidence = 0.85

    def check_handler(self, handler: Handler, file: SourceFile) -> Alarm | None:
        if file.language.name == "java":
            return self._interrupted(handler, file)
        if file.language.name == "kotlin":
            return self._coroutine_goes_on(handler)
        function = handler.function
        if function is None or not function.is_async or self._passes_on(handler, file):
            return None
        explicit = any(name in CANCELLED for name in handler.caught)
        everything = not handler.caught_nodes or any(name in CATCHES_ALL for name in handler.caught)
        if not explicit and not (
            everything and self._awaits_inside(handler, file) and not self._came_first(handler, file)
        ):
            return None
        if explicit and (self._waits_for_what_it_cancelled(handler, file) or self._ends_the_task(handler)):
            return None
        return Alarm(
            handler,
            "This handler swallows the task's cancellation",
            "A cancelled task lands here and carries on as if nothing had happened. Timeouts then do not stop it, and "
            "on a deploy the shutdown waits for work that will not end until the process is killed.",
            "Clean up, then `raise`; take `Exception` where only failures are meant, it leaves cancellation alone.",
            # of a loop that never ends unbounded-retry/catches-everything tells: the greater fault of the two
            # what is only broad is on record mostly clean-up, which has to go on
            confidence=None if (explicit or loses_a_write(handler)) and goes_on_after(handler) is None else SHOWN_ONLY,
        )

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        """Kotlin's `runCatching { … }`, which takes every Throwable."""
        if call.method != "runCatching" or call.receiver is not None:
            return None
        waits = swallowed_by_run_catching(call)
        return self._not_cancelled(call, waits, "`runCatching`") if waits is not None else None

    def _coroutine_goes_on(self, handler: Handler) -> Alarm | None:
        waits = swallowed_by(handler)
        return self._not_cancelled(handler, waits, "This handler") if waits is not None else None

    def _not_cancelled(self, at: Call | Handler, waits: Call, what: str) -> Alarm:
        return Alarm(
            at,
            f"{what} swallows the coroutine's cancellation",
            f"When the coroutine is cancelled, `{waits.written}` throws a `CancellationException`, and it ends here "
            "like any failure. The code goes on in a cancelled scope: timeouts do not stop it, and whatever suspends "
            "next fails at once.",
            "Throw `CancellationException` on, or call `currentCoroutineContext().ensureActive()` first thing.",
            last_line=at.start_line,
            confidence=SHOWN_ONLY,  # on record mostly where nothing comes after it but the next wait, which ends it
        )

    def _interrupted(self, handler: Handler, file: SourceFile) -> Alarm | None:
        if "java.lang.InterruptedException" not in handler.caught or self._passes_on(handler, file):
            return None
        if "interrupt" in handler.text.replace("InterruptedException", "").lower() or _ends_its_loop(handler):
            return None
        return Alarm(
            handler,
            "The thread's interruption is swallowed here",
            "Catching `InterruptedException` clears the thread's interrupt flag, and nothing sets it again. The pool "
            "or the shutdown that asked this thread to stop is ignored: the loop goes on, and the process has to be "
            "killed.",
            "Call `Thread.currentThread().interrupt();` first thing in the handler and leave, or throw it on.",
            self._restore(handler, file),
            confidence=None if _goes_round_for_ever(handler) else SHOWN_ONLY,
        )

    def _restore(self, handler: Handler, file: SourceFile) -> tuple[Edit, ...]:
        if not handler.statements or len(handler.caught) > 1:
            return ()
        first = handler.statements[0]
        if first.start_point.row == handler.node.start_point.row:
            return ()
        line = indent_of(file, first.start_point.row + 1)
        return (Edit(first.start_byte, first.start_byte, f"Thread.currentThread().interrupt();\n{line}"),)

    def _passes_on(self, handler: Handler, file: SourceFile) -> bool:
        """It raises, or calls what is named for that; or it keeps what it caught, and raises it further down."""
        if any(jump.kind == "raise" for jump in file.within(file.jumps, handler.node)):
            return True
        if any(_RAISES.match(call.method) for call in file.within(file.calls, handler.body)):
            return True
        return self._is_handed_on(handler, file) or self._is_kept(handler, file)

    def _is_handed_on(self, handler: Handler, file: SourceFile) -> bool:
        """`future.set_exception(e)`: whoever waits for that gets it."""
        calls = [call for call in file.within(file.calls, handler.body) if _SETTLES.search(call.method)]
        return any(argument.text == handler.variable for call in calls for argument in call.arguments)

    def _is_kept(self, handler: Handler, file: SourceFile) -> bool:
        """In a field or a table that others read, or in a variable that is raised further down."""
        name, function = re.escape(handler.variable), handler.function
        if re.search(rf"[\w\]][.\[][\w'\"\]]+\s*=\s*{name}\s*$", handler.text, re.MULTILINE):
            return True
        kept = re.search(rf"\b(\w+)\s*=\s*{name}\s*$", handler.text, re.MULTILINE)
        jumps = file.within(file.jumps, function.body) if function is not None else []  # unprovable: narrows the type
        return kept is not None and any(jump.text == f"raise {kept.group(1)}" for jump in jumps)

    def _awaits_inside(self, handler: Handler, file: SourceFile) -> bool:
        body = handler.guarded.body if handler.guarded is not None else None  # unprovable: narrows the type
        return any(call.is_awaited for call in file.within(file.calls, body))

    def _came_first(self, handler: Handler, file: SourceFile) -> bool:
        """An earlier handler of the same try takes the cancellation."""
        return any(
            other.outer is handler.outer
            and other.start_line < handler.start_line
            and any(name in CANCELLED for name in other.caught)
            for other in file.handlers
        )

    def _waits_for_what_it_cancelled(self, handler: Handler, file: SourceFile) -> bool:
        """`task.cancel()` and then `await task`: the cancellation that arrives is the other one's."""
        body = handler.function.body if handler.function is not None else None  # unprovable: narrows the type
        return any(call.method == "cancel" for call in file.within(file.calls, body))

    def _ends_the_task(self, handler: Handler) -> bool:
        """Nothing comes after it: the task ends here either way."""
        function, attempt = handler.function, handler.guarded
        inside_loop = handler.loop is not None
        last = any(jump.kind in ("return", "break") for jump in handler.file.within(handler.file.jumps, handler.node))
        at_end = (
            attempt is not None  # unprovable: narrows the type
            and function is not None  # unprovable: narrows the type
            and attempt.end_line >= function.end_line
        )
        return last or (at_end and not inside_loop)

    bad = (
        python(
            "import asyncio\nasync def run():\n    while True:\n        try:\n            await poll()\n"
            "        except asyncio.CancelledError:\n            log('stopping')",
            line=6,
        ),
        java(
            "class A { void run() {\n  while (true) {\n    try { Thread.sleep(10); }\n"
            '    catch (InterruptedException e) {\n      log.warn("again", e);\n    }\n  }\n} }',
            line=4,
        ),
        kotlin(
            "import kotlinx.coroutines.*\n\nsuspend fun poll() {\n    runCatching { delay(500) }\n"
            "        .onFailure { log(it) }\n}",
            line=4,
        ),
        *FURTHER_BAD,
    )
    good = (
        python(
            "import asyncio\nasync def run():\n    try:\n        await poll()\n"
            "    except asyncio.CancelledError:\n        await close()\n        raise"
        ),
        java(
            "class A { void run() {\n  try { Thread.sleep(10); }\n  catch (InterruptedException e) {\n"
            "    Thread.currentThread().interrupt();\n  }\n} }"
        ),
        kotlin(
            "import kotlinx.coroutines.*\n\nsuspend fun poll() {\n"
            "    runCatching { delay(500) }.getOrThrow()\n"
            "    runCatching { delay(500) }.onFailure { if (it is CancellationException) throw it }\n}"
        ),
        *FURTHER_GOOD,
    )


def _goes_round_for_ever(handler: Handler) -> bool:
    """An endless loop around it goes on, and nothing else ends that. Others have an end of their own."""
    loop = handler.loop
    if loop is None or not loop.is_endless:
        return False
    return not any(jump.leaves(loop) for jump in handler.file.within(handler.file.jumps, loop.node))


def _ends_its_loop(handler: Handler) -> bool:
    """It sets the flag that the loop around it asks: `running.set(false)`, `running = false`."""
    loop = handler.loop
    if loop is None:
        return False
    return any(flag in loop.header for flag in _SET_OFF.findall(handler.text))


_SET_OFF = regex(r"\b(\w+)(?:\.set\(\s*(?:false|true)\s*\)|\s*=\s*(?:false|true)\s*;)")
