"""A cancellation that is caught and forgotten."""

from bot.domain import Severity
from bot.rules.edits import indent_of
from bot.rules.rule import Alarm, Edit, Rule, java, python
from bot.syntax import Handler, SourceFile

CANCELLED = frozenset({"asyncio.CancelledError", "asyncio.exceptions.CancelledError", "anyio.get_cancelled_exc_class"})
CATCHES_ALL = frozenset({"BaseException", ""})


class CancellationSwallowed(Rule):
    """## What it finds
    A handler that takes a cancellation (`CancelledError`, `InterruptedException`) and neither passes it on nor restores
    it.

    ## Why it matters
    Cancellation is how deadlines, shutdown and thread pools stop work. Swallowed, the work goes on: a deploy hangs
    until it is killed, a timed-out request keeps using its connections, and a pool cannot shut down.

    ## Use instead
    Clean up and raise it again; in Java `Thread.currentThread().interrupt()` where it cannot be thrown.
    """

    name = "ignored-cancellation/cancellation-swallowed"
    severity = Severity.MEDIUM
    languages = ("python", "java")
    confidence = 0.85

    def check_handler(self, handler: Handler, file: SourceFile) -> Alarm | None:
        if file.language.name == "java":
            return self._interrupted(handler, file)
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
        )

    def _interrupted(self, handler: Handler, file: SourceFile) -> Alarm | None:
        if "java.lang.InterruptedException" not in handler.caught or self._passes_on(handler, file):
            return None
        if "interrupt" in handler.text.replace("InterruptedException", "").lower():
            return None
        return Alarm(
            handler,
            "The thread's interruption is swallowed here",
            "Catching `InterruptedException` clears the thread's interrupt flag, and nothing sets it again. The pool "
            "or the shutdown that asked this thread to stop is ignored: the loop goes on, and the process has to be "
            "killed.",
            "Call `Thread.currentThread().interrupt();` first thing in the handler and leave, or throw it on.",
            self._restore(handler, file),
        )

    def _restore(self, handler: Handler, file: SourceFile) -> tuple[Edit, ...]:
        body = handler.body
        if body is None or not handler.statements or len(handler.caught) > 1:
            return ()
        first = handler.statements[0]
        if first.start_point.row == body.start_point.row:
            return ()
        line = indent_of(file, first.start_point.row + 1)
        return (Edit(first.start_byte, first.start_byte, f"Thread.currentThread().interrupt();\n{line}"),)

    def _passes_on(self, handler: Handler, file: SourceFile) -> bool:
        return any(jump.kind == "raise" for jump in file.within(file.jumps, handler.node))

    def _awaits_inside(self, handler: Handler, file: SourceFile) -> bool:
        body = handler.guarded.body if handler.guarded is not None else None
        return any(call.is_awaited for call in file.within(file.calls, body))

    def _came_first(self, handler: Handler, file: SourceFile) -> bool:
        """An earlier handler of the same try takes the cancellation."""
        return any(
            other.outer is handler.outer and other.start_line < handler.start_line and set(other.caught) & CANCELLED
            for other in file.within(file.handlers, handler.outer.node if handler.outer else None)
        )

    def _waits_for_what_it_cancelled(self, handler: Handler, file: SourceFile) -> bool:
        """`task.cancel()` and then `await task`: the cancellation that arrives is the other one's."""
        function = handler.function
        return function is not None and any(call.method == "cancel" for call in file.within(file.calls, function.body))

    def _ends_the_task(self, handler: Handler) -> bool:
        """Nothing comes after it: the task ends here either way."""
        function, attempt = handler.function, handler.guarded
        inside_loop = attempt is not None and attempt.loop is not None
        last = any(jump.kind in ("return", "break") for jump in handler.file.within(handler.file.jumps, handler.node))
        at_end = attempt is not None and function is not None and attempt.end_line >= function.end_line
        return last or (at_end and not inside_loop)

    bad = (
        python(
            "import asyncio\nasync def run():\n    while True:\n        try:\n            await poll()\n"
            "        except asyncio.CancelledError:\n            log('stopping')",
            line=6,
        ),
        python(
            "async def run():\n    while True:\n        try:\n            await poll()\n"
            "        except BaseException as e:\n            log(e)",
            line=5,
        ),
        python(
            "async def run():\n    try:\n        await poll()\n    except:\n        log('failed')\n    await next()",
            line=4,
        ),
        java(
            "class A { void run() {\n  while (true) {\n    try { Thread.sleep(10); }\n"
            '    catch (InterruptedException e) {\n      log.warn("again", e);\n    }\n  }\n} }',
            line=4,
        ),
    )
    good = (
        python(
            "import asyncio\nasync def run():\n    try:\n        await poll()\n"
            "    except asyncio.CancelledError:\n        await close()\n        raise"
        ),
        python(
            "import asyncio\nasync def stop(task):\n    task.cancel()\n    try:\n        await task\n"
            "    except asyncio.CancelledError:\n        pass\n    log('stopped')"
        ),
        python(
            "async def run():\n    try:\n        await poll()\n    except Exception:\n        log('failed')\n"
            "    await next()"
        ),
        python("def run():\n    try:\n        poll()\n    except BaseException:\n        log('failed')"),
        java(
            "class A { void run() {\n  try { Thread.sleep(10); }\n  catch (InterruptedException e) {\n"
            "    Thread.currentThread().interrupt();\n  }\n} }"
        ),
        java(
            "class A { void run() { try { Thread.sleep(1); } catch (InterruptedException e) { throw new Gone(e); } } }"
        ),
    )
