"""A blocking call inside async code."""

from bot.domain import Severity
from bot.rules.api_rows import Outbound
from bot.rules.apis import find
from bot.rules.rule import Alarm, Rule, csharp, python
from bot.syntax import Call, SourceFile


class SyncHttpInAsync(Rule):
    """## What it finds
    A blocking HTTP, socket, database or cache call straight inside an `async` function.

    ## Why it matters
    An event loop runs everything on one thread. While this call waits for its answer nothing else moves: other
    requests, timers and health checks included. One slow peer so freezes the whole process.

    ## Use instead
    The client's async version with `await`, or a thread (`asyncio.to_thread`) where there is none.
    """

    name = "blocking-in-async/sync-http-in-async"
    severity = Severity.HIGH
    languages = ("python", "csharp")
    sections = ("outbound",)

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        row = find(call, Outbound)
        function = call.function
        if row is None or not row.blocks or call.is_awaited or function is None or not function.is_async:
            return None
        instead = f"Use `{row.instead}` with `await`" if row.instead else "Use the async client with `await`"
        thread = ", or `await asyncio.to_thread(…)`" if file.language.name == "python" else ""
        return Alarm(
            call,
            f"`{call.written}` blocks the event loop"[:80],
            f"`{call.written}` waits for its answer on the thread that runs this async function. As long as the peer "
            "takes, every other request in this process stands still, health checks included, so a slow peer looks "
            "like a dead service.",
            f"{instead}{thread}.",
        )

    bad = (
        python("import requests\nasync def load(url):\n    return requests.get(url, timeout=3)", line=3),
        python("import urllib.request\nasync def load(url):\n    urllib.request.urlopen(url, timeout=3)", line=3),
        python(
            "import redis\ncache = redis.Redis(socket_timeout=1)\nasync def load(key):\n    return cache.get(key)",
            line=4,
        ),
        csharp("class A { async Task<string> Load(WebClient c) {\n  return c.DownloadString(url);\n} }", line=2),
    )
    good = (
        python(
            "import httpx\nasync def load(url):\n    async with httpx.AsyncClient() as c:\n"
            "        return await c.get(url)"
        ),
        python(
            "import requests\nasync def load(url):\n    def get():\n        return requests.get(url, timeout=3)\n"
            "    return await run(get)"
        ),
        python(
            "import asyncio, requests\nasync def load(url):\n"
            "    return await asyncio.to_thread(requests.get, url, timeout=3)"
        ),
        python(
            "import asyncio, requests\nasync def load(u):\n"
            "    return await asyncio.to_thread(lambda: requests.get(u, timeout=3))"
        ),
        csharp("class A { async Task<string> Load(HttpClient c) { return await c.GetStringAsync(url); } }"),
    )
