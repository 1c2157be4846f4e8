"""Cleaning up that is cancelled as well."""

from bot.domain import Severity
from bot.rules.rule import Alarm, Rule, kotlin, python
from bot.rules.suspending import suspends
from bot.syntax import Call, Finally, Function, Handler, Section, Shape, SourceFile, text_of

LEVEL_CANCELLED = frozenset({"trio", "anyio"})
"""Libraries whose cancelled scopes cancel every later `await` too."""
CANCELS = ("BaseException", "Cancelled", "get_cancelled_exc_class")
SHIELDS = ("shield=True", "shield = True")


class AwaitInCleanup(Rule):
    """## What it finds
    In trio and anyio: an `await` in a `finally`, or in a handler that takes a cancellation, outside of a shielded
    scope. In Kotlin: a call that suspends in a `finally`, outside of `withContext(NonCancellable)`.

    ## Why it matters
    There a cancelled scope cancels every `await` inside of it, the one in the cleaning up as well. The connection is
    not closed and the record is not released, just when the work was cut off and that matters most.

    ## Use instead
    `with trio.move_on_after(5, shield=True):` (anyio: `CancelScope(shield=True)` with a deadline) around it;
    `withContext(NonCancellable) { … }` in Kotlin.
    """

    name = "ignored-cancellation/await-in-cleanup"
    severity = Severity.MEDIUM
    languages = ("python", "kotlin")
    needs = (b"trio", b"anyio", b"suspend")
    confidence = 0.8
    shown_only_in = ("python",)  # on record it is how one manager ends inside another

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        if file.language.name == "kotlin":
            return self._cannot_suspend(call)
        if not call.is_awaited or LEVEL_CANCELLED.isdisjoint(_modules(file)) or not self._is_cleanup(call):
            return None
        if call.method == "aclose" and not call.all_arguments:
            return None  # it closes for good even when it is cancelled
        return Alarm(
            call,
            f"A cancellation also cuts off `{call.written}`, which cleans up"[:80],
            f"Once the scope around this is cancelled, `{call.written}` is cancelled at its first wait. What it was to "
            "close or give back stays open, exactly when work was cut off.",
            "Put it under `with trio.move_on_after(5, shield=True)`, so that it has a little time of its own.",
        )

    def _cannot_suspend(self, call: Call) -> Alarm | None:
        around = next(call.around(Finally), None)
        if around is None or call.function is not around.function or not suspends(call):
            return None
        if call.method == "cancelAndJoin" or "NonCancellable" in call.text:
            return None
        return Alarm(
            call,
            f"In a cancelled coroutine `{call.written}` fails at once"[:80],
            f"After a cancellation every call that suspends throws, so `{call.written}` does not do its work and what "
            "follows it in this `finally` is skipped. What it was to close or give back stays open.",
            "Put the cleaning up into `withContext(NonCancellable) { … }`.",
        )

    def _is_cleanup(self, call: Call) -> bool:
        for shape in call.around(Shape):
            if isinstance(shape, Function):
                return False
            if isinstance(shape, Section) and any(word in _header(shape) for word in SHIELDS):
                return False
            if isinstance(shape, Finally):
                return True
            if isinstance(shape, Handler):
                return not shape.caught_nodes or any(name.split("(")[0].endswith(CANCELS) for name in shape.caught)
        return False

    bad = (
        python(
            "import trio\nasync def f(c):\n    try:\n        await run(c)\n    finally:\n        await c.release()", 6
        ),
        python(
            "import anyio\nasync def f(c):\n    try:\n        await run(c)\n    except BaseException:\n"
            "        await c.release()\n        raise",
            line=6,
        ),
        python(
            "from trio import sleep\nasync def f():\n    try:\n        go()\n    except:\n"
            "        await sleep(1)\n        raise",
            6,
        ),
        kotlin(
            "import kotlinx.coroutines.*\n\nsuspend fun release() {}\n\nsuspend fun f() {\n    try {\n"
            "        run()\n    } finally {\n        release()\n        socket.close()\n    }\n}",
            line=9,
        ),
        python(
            "import trio\n\nasync def run(peer, queue):\n    try:\n        await peer.serve()\n    finally:\n"
            "        await queue.aclose(grace_s)",
            line=7,
        ),
        python(
            "import trio\n\nasync def run(peer):\n    try:\n        await peer.serve()\n    finally:\n"
            "        with trio.move_on_after(5):\n            await peer.flush()",
            line=8,
        ),
    )
    good = (
        python(
            "import trio\nasync def f(c):\n    try:\n        await run(c)\n    finally:\n"
            "        with trio.move_on_after(5, shield=True):\n            await c.release()"
        ),
        python(
            "import asyncio\nasync def f(c):\n    try:\n        await run(c)\n    finally:\n        await c.release()"
        ),
        python("import trio\nasync def f(c):\n    try:\n        await run(c)\n    finally:\n        await c.aclose()"),
        python(
            "import trio\nasync def f(c):\n    try:\n        await run(c)\n    except OSError:\n"
            "        await c.release()"
        ),
        python("import trio\nasync def f(c):\n    try:\n        await run(c)\n    finally:\n        c.release()"),
        python(
            "import trio\nasync def f(c):\n    try:\n        await run(c)\n    finally:\n"
            "        async def later():\n            await c.release()\n        start(later)"
        ),
        kotlin(
            "import kotlinx.coroutines.*\n\nsuspend fun release() {}\n\nsuspend fun f() {\n    try {\n"
            "        run()\n    } finally {\n        withContext(NonCancellable) { release() }\n    }\n}"
        ),
        kotlin(
            "suspend fun release() {}\n\nsuspend fun f() {\n    release()\n    try {\n        run()\n"
            "    } finally {\n        scope.launch { release() }\n        socket.close()\n    }\n}"
        ),
        kotlin(
            "import kotlinx.coroutines.*\n\nsuspend fun f(job: Job) {\n    try {\n        run()\n"
            "    } finally {\n        job.cancelAndJoin()\n    }\n}"
        ),
        kotlin(  # it has cancelled before it waits
            "import kotlinx.coroutines.cancelAndJoin\n\nsuspend fun Job.watch() {\n    try {\n        beat()\n"
            "    } finally {\n        cancelAndJoin()\n    }\n}",
        ),
    )


def _modules(file: SourceFile) -> frozenset[str]:
    return frozenset(name.split(".")[0] for name in file.imports.values())


def _header(section: Section) -> str:
    return " ".join(text_of(held) for held in section.held)
