"""A child process waited for inside async code."""

from bot.domain import Severity
from bot.rules.api_rows import Blocking
from bot.rules.apis import find
from bot.rules.rule import Alarm, Rule, kotlin, python, rust
from bot.rules.suspending import RUNS_ON, must_not_block
from bot.syntax import Call, SourceFile


class SyncProcessInAsync(Rule):
    """## What it finds
    A child process that is started or waited for by a blocking call inside an `async` function.

    ## Why it matters
    The event loop stands still until the other program ends. Programs hang now and then, and then every request of
    this process hangs with it.

    ## Use instead
    `await asyncio.create_subprocess_exec(…)`, with `asyncio.timeout` around the wait.
    """

    name = "blocking-in-async/sync-process-in-async"
    severity = Severity.HIGH
    covered_by = ("ruff:ASYNC220+ASYNC221+ASYNC222", "sonar:python:S7487+S7489")
    languages = ("python", "kotlin", "rust")
    sections = ("blocking",)

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        row = find(call, Blocking)
        if row is None or row.does != "process" or call.is_awaited or not must_not_block(call):
            return None
        held = RUNS_ON.get(file.language.name, "the event loop")
        return Alarm(
            call,
            f"`{call.written}` blocks {held}"[:80],
            f"`{call.written}` works on the thread of this function. Starting the program, and above all waiting for "
            "it or for its output, stops every other request of this process; when the program hangs, the whole "
            "service hangs with it.",
            _FIX[file.language.name].format(row.instead),
        )

    bad = (
        python("import subprocess\nasync def build():\n    subprocess.run(['make'])", line=3),
        python("from os import system\nasync def build():\n    if dirty:\n        system('make')", line=4),
        python("import subprocess\nasync def build(p: subprocess.Popen):\n    p.wait()", line=3),
        kotlin('suspend fun build() {\n    ProcessBuilder("make").start().waitFor()\n}', line=2),
        rust(
            "use std::process::Command;\n\nasync fn build() -> Res {\n"
            '    let out = Command::new("make").arg("all").output()?;\n    send(out).await\n}',
            line=4,
        ),
    )
    good = (
        python("import subprocess\ndef build():\n    subprocess.run(['make'])"),
        python(
            "import asyncio\nasync def build():\n    p = await asyncio.create_subprocess_exec(c)\n    await p.wait()"
        ),
        python("import asyncio, subprocess\nasync def build():\n    await asyncio.to_thread(subprocess.run, ['make'])"),
        kotlin('fun build() {\n    ProcessBuilder("make").start().waitFor()\n}'),
        rust('use tokio::process::Command;\n\nasync fn build() -> Res {\n    Command::new("make").output().await\n}'),
        python(
            "async def ask():\n    return input('name? ')",
        ),
        python(
            "from shells import *\nasync def build():\n    await subprocess.run(['make'])",
        ),
    )


_FIX = {
    "python": "Use `asyncio.create_subprocess_exec` and await it under a timeout, or `await asyncio.to_thread(…)`.",
    "kotlin": "Do it in `{}`, with a limit: `waitFor(10, TimeUnit.SECONDS)`.",
    "rust": "Use `{}` and await it under `tokio::time::timeout`.",
}
