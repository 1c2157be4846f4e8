"""A sleep that stops the event loop."""

from bot.domain import Severity
from bot.rules.api_rows import Blocking
from bot.rules.apis import find
from bot.rules.rule import Alarm, Edit, Rule, csharp, kotlin, python, rust
from bot.rules.suspending import RUNS_ON, must_not_block
from bot.syntax import Call, SourceFile

_AWAITED = {"kotlin": "{}(…)", "rust": "{}(…).await"}


class SleepInAsync(Rule):
    """## What it finds
    A thread's sleep inside an `async` function, a Kotlin `suspend` function or a coroutine.

    ## Why it matters
    It does not pause this task, it pauses the thread that runs all of them. Every request of the process waits that
    long, and deadlines pass unseen.

    ## Use instead
    The awaited sleep: `await asyncio.sleep(…)`, `await Task.Delay(…)`, `delay(…)`, `tokio::time::sleep(…).await`.
    """

    name = "blocking-in-async/sleep-in-async"
    severity = Severity.HIGH
    covered_by = ("ruff:ASYNC251", "sonar:python:S7488", "detekt:SleepInsteadOfDelay")
    languages = ("python", "csharp", "kotlin", "rust")
    sections = ("blocking",)

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        row = find(call, Blocking)
        if row is None or row.does != "sleep" or not row.instead or not must_not_block(call):
            return None
        held, awaited = (
            RUNS_ON.get(file.language.name, "the event loop"),
            _AWAITED.get(file.language.name, "await {}(…)"),
        )
        return Alarm(
            call,
            f"`{call.written}` stops {held}"[:80],
            f"`{call.written}` puts the whole thread to sleep, not just this task. For that long no other request of "
            "this process moves and no timeout fires.",
            f"Await the pause: `{awaited.format(row.instead)}`.",
            self._edit(row, call, file),
        )

    def _edit(self, row: Blocking, call: Call, file: SourceFile) -> tuple[Edit, ...]:
        """Only where the call is a statement of its own and what it needs is imported."""
        given = call.node.child_by_field_name("arguments")
        if (
            call.use != "discarded"
            or given is None  # unprovable: narrows the type
            or file.language.name in _AWAITED
        ):
            return ()
        if file.language.name == "python":
            module, _, name = row.instead.partition(".")
            local = next((local for local, canonical in file.imports.items() if canonical == module), "")
            new = f"await {local}.{name}" if local else ""
        else:
            new = f"await {row.instead}"
        return (Edit(call.node.start_byte, given.start_byte, new),) if new else ()

    bad = (
        python("import asyncio, time\nasync def poll():\n    time.sleep(5)", line=3),
        python("from time import sleep\nasync def poll():\n    if busy:\n        sleep(5)", line=4),
        csharp("class A { async Task Poll() {\n  Thread.Sleep(500);\n  await Next();\n} }", line=2),
        kotlin("suspend fun poll() {\n    Thread.sleep(500)\n}", line=2),
        kotlin(
            "import kotlinx.coroutines.*\n\nfun start(scope: CoroutineScope) = runBlocking {\n"
            "    launch(Dispatchers.Default) {\n        Thread.sleep(500)\n    }\n}",
            line=5,
        ),
        rust("async fn poll() {\n    std::thread::sleep(PAUSE);\n}", line=2),
        rust(
            "use std::thread;\n\nfn start() {\n    tokio::spawn(async move {\n"
            "        thread::sleep(PAUSE);\n    });\n}",
            line=5,
        ),
        python(
            "import asyncio, time\nasync def poll():\n    return time.sleep(5)",
            line=3,
        ),
    )
    good = (
        python("import asyncio\nasync def poll():\n    await asyncio.sleep(5)"),
        python("import time\ndef poll():\n    time.sleep(5)"),
        python("import asyncio, time\nasync def poll():\n    await asyncio.to_thread(time.sleep, 5)"),
        csharp("class A { async Task Poll() { await Task.Delay(500); } }"),
        csharp("class A { void Poll() { Thread.Sleep(500); } }"),
        kotlin("import kotlinx.coroutines.*\n\nsuspend fun poll() {\n    delay(500)\n}"),
        kotlin("fun poll() {\n    Thread.sleep(500)\n}"),
        kotlin("import kotlinx.coroutines.*\n\nsuspend fun poll() = withContext(Dispatchers.IO) { Thread.sleep(500) }"),
        kotlin("import kotlinx.coroutines.*\n\nfun main() = runBlocking { Thread.sleep(500) }"),
        kotlin("suspend fun poll() {\n    thread { Thread.sleep(500) }\n}"),
        rust("async fn poll() {\n    tokio::time::sleep(PAUSE).await;\n}"),
        rust("async fn poll() {\n    tokio::task::spawn_blocking(|| std::thread::sleep(PAUSE)).await;\n}"),
        python(
            "import shutil\nasync def save(a, b):\n    shutil.copyfile(a, b)",
        ),
    )
