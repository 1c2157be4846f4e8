"""Reading or writing a file inside async code."""

from bot.domain import Severity
from bot.rules.api_rows import Blocking
from bot.rules.apis import find
from bot.rules.rule import Alarm, Rule, csharp, python
from bot.syntax import Call, SourceFile


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
    languages = ("python", "csharp")
    sections = ("blocking",)
    confidence = 0.85

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        row = find(call, Blocking)
        function = call.function
        if row is None or row.does != "file" or call.is_awaited or function is None or not function.is_async:
            return None
        return Alarm(
            call,
            f"`{call.written}` waits for the disk in async code"[:80],
            f"`{call.written}` does its work on the thread that runs this async function. While the disk or network "
            "drive takes its time, no other request of this process moves, and no timeout fires.",
            f"Use `{row.instead}`, or do it in a thread.",
        )

    bad = (
        python("async def load(path):\n    with open(path) as file:\n        return file.read()", line=2),
        python("import shutil\nasync def save(a, b):\n    shutil.copyfile(a, b)", line=3),
        python("from pathlib import Path\nasync def load(path: Path):\n    return path.read_text()", line=3),
        csharp("class A { async Task F() {\n  var text = File.ReadAllText(path);\n  await Send(text);\n} }", line=2),
    )
    good = (
        python("def load(path):\n    with open(path) as file:\n        return file.read()"),
        python("import asyncio\nasync def load(path):\n    return await asyncio.to_thread(read, open, path)"),
        python("from anyio import Path\nasync def load(path: Path):\n    return await path.read_text()"),
        csharp("class A { async Task F() { var text = await File.ReadAllTextAsync(path); } }"),
        csharp("class A { void F() { var text = File.ReadAllText(path); } }"),
    )
