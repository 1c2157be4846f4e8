"""Reading or writing a file inside async code."""

from bot.domain import Severity
from bot.regex import regex
from bot.rules.api_rows import Blocking
from bot.rules.apis import find
from bot.rules.rule import Alarm, Rule, csharp, kotlin, python, rust
from bot.rules.suspending import must_not_block
from bot.syntax import Call, SourceFile

_AT_START = regex(r"(?i)^_?(?:seed|migrate|initiali[sz]e|on_?startup|bootstrap)")
"""Names of what runs once, before anybody waits."""


class SyncFileIoInAsync(Rule):
    """## What it finds
    A blocking call that opens, reads, writes or copies a file inside an `async` function.

    ## Why it matters
    Mostly it takes a millisecond. On a network drive, a busy disk or a large file it takes seconds, and for so long the
    event loop stands still, with every request of the process.

    ## Use instead
    The awaited version (`aiofiles`, `anyio.open_file`, `File.ReadAllTextAsync`), or `asyncio.to_thread`.
    """

    name = "blocking-in-async/sync-file-io-in-async"
    severity = Severity.LOW
    covered_by = ("ruff:ASYNC230", "sonar:python:S7493")
    languages = ("python", "csharp", "kotlin", "rust")
    sections = ("blocking",)
    confidence = 0.45  # a small file of a local disk is read in less time than a thread is asked: for a scan

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        row = find(call, Blocking)
        if row is None or row.does != "file" or call.is_awaited or not must_not_block(call):
            return None
        if (
            call.function is not None  # unprovable: narrows the type
            and _AT_START.match(call.function.name)
        ):
            return None
        return Alarm(
            call,
            f"`{call.written}` waits for the disk in async code"[:80],
            f"`{call.written}` does its work on the thread that runs this async function. While the disk or network "
            "drive takes its time, no other request of this process moves, and no timeout fires.",
            f"Use `{row.instead}`, or do it on a thread that may wait.",
        )

    bad = (
        python("async def load(path):\n    with open(path) as file:\n        return file.read()", line=2),
        python("import shutil\nasync def save(a, b):\n    shutil.copyfile(a, b)", line=3),
        python("from pathlib import Path\nasync def load(path: Path):\n    return path.read_text()", line=3),
        csharp("class A { async Task F() {\n  var text = File.ReadAllText(path);\n  await Send(text);\n} }", line=2),
        kotlin(
            "import java.io.File\n\nsuspend fun load(path: String): String {\n    return File(path).readText()\n}",
            line=4,
        ),
        rust(
            "async fn load(path: &str) -> Res {\n    let text = std::fs::read_to_string(path)?;\n"
            "    send(text).await\n}",
            line=2,
        ),
    )
    good = (
        csharp("class A { async Task SeedAsync() { var all = File.ReadAllText(path); await Put(all); } }"),
        python("def load(path):\n    with open(path) as file:\n        return file.read()"),
        python("import asyncio\nasync def load(path):\n    return await asyncio.to_thread(read, open, path)"),
        python("from anyio import Path\nasync def load(path: Path):\n    return await path.read_text()"),
        csharp("class A { async Task F() { var text = await File.ReadAllTextAsync(path); } }"),
        csharp("class A { void F() { var text = File.ReadAllText(path); } }"),
        kotlin(
            "import java.io.File\nimport kotlinx.coroutines.*\n\n"
            "suspend fun load(path: String) = withContext(Dispatchers.IO) { File(path).readText() }"
        ),
        kotlin("import java.io.File\n\nfun load(path: String) = File(path).readText()"),
        rust("async fn load(path: &str) -> Res {\n    tokio::fs::read_to_string(path).await\n}"),
        rust("fn load(path: &str) -> Res {\n    std::fs::read_to_string(path)\n}"),
        python(
            "async def ask():\n    return input('name? ')",
        ),
        python(
            "from aiofiles import *\nasync def load(path):\n    file = await open(path)",
        ),
    )
