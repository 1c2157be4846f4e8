"""A prompt inside async code."""

from bot.domain import Severity
from bot.rules.api_rows import Blocking
from bot.rules.apis import find
from bot.rules.rule import Alarm, Rule, python, rust
from bot.rules.suspending import must_not_block
from bot.syntax import Call, SourceFile


class InputInAsync(Rule):
    """## What it finds
    `input()` inside an `async` function.

    ## Why it matters
    The event loop stands still until somebody presses Enter; in a service nobody ever does.

    ## Use instead
    `await asyncio.to_thread(input)`, or no prompt at all.
    """

    name = "blocking-in-async/input-in-async"
    severity = Severity.MEDIUM
    covered_by = ("ruff:ASYNC250", "sonar:python:S7501")
    languages = ("python", "rust")
    sections = ("blocking",)

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        row = find(call, Blocking)
        if row is None or row.does != "input" or call.is_awaited or not must_not_block(call):
            return None
        return Alarm(
            call,
            f"`{call.written}` blocks the event loop"[:80],
            f"`{call.written}` keeps the thread of the event loop until somebody answers. Until then no other task of "
            "this process moves, health checks included.",
            "Ask in a thread: `await asyncio.to_thread(input, …)`."
            if file.language.name == "python"
            else f"Use `{row.instead}`.",
        )

    bad = (
        python("async def ask():\n    return input('name? ')", line=2),
        rust(
            "use std::io;\n\nasync fn ask() -> Res {\n    io::stdin().read_line(&mut name)?;\n    greet(name).await\n}",
            line=4,
        ),
    )
    good = (
        python("def ask():\n    return input('name? ')"),
        python("async def ask(input):\n    return input('name? ')"),  # handed in
        rust("use std::io;\n\nfn ask() -> Res {\n    io::stdin().read_line(&mut name)\n}"),
        python(
            "import shutil\nasync def save(a, b):\n    shutil.copyfile(a, b)",
        ),
        python(
            "from prompts import *\nasync def ask():\n    return await input('name? ')",
        ),
    )
