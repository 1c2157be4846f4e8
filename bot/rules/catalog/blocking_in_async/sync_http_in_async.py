"""A blocking call inside async code."""

from bot.domain import Severity
from bot.rules.api_rows import Outbound
from bot.rules.apis import find
from bot.rules.rule import Alarm, Rule, csharp, kotlin, python, rust
from bot.rules.suspending import RUNS_ON, must_not_block
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
    covered_by = ("ruff:ASYNC210", "sonar:python:S7499")
    languages = ("python", "csharp", "kotlin", "rust")
    sections = ("outbound",)

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        row = find(call, Outbound)
        if row is None or not row.blocks or call.is_awaited or not must_not_block(call):
            return None
        instead = f"Use `{row.instead}` with `await`" if row.instead else _INSTEAD[file.language.name]
        thread = ", or `await asyncio.to_thread(…)`" if file.language.name == "python" else ""
        return Alarm(
            call,
            f"`{call.written}` blocks {RUNS_ON.get(file.language.name, 'the event loop')}"[:80],
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
        kotlin(
            "import okhttp3.OkHttpClient\n\nsuspend fun load(c: OkHttpClient): Response {\n"
            "    return c.newCall(r).execute()\n}",
            line=4,
        ),
        rust(
            "async fn load(url: &str) -> Res {\n    let page = reqwest::blocking::get(url)?;\n    store(page).await\n}",
            line=2,
        ),
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
        kotlin("import okhttp3.OkHttpClient\n\nfun load(c: OkHttpClient) = c.newCall(r).execute()"),
        kotlin(
            "import okhttp3.OkHttpClient\nimport kotlinx.coroutines.*\n\n"
            "suspend fun load(c: OkHttpClient) = withContext(io) { c.newCall(r).execute() }"
        ),
        rust("async fn load(c: &reqwest::Client) -> Res {\n    c.get(url).send().await\n}"),
        rust("fn load(url: &str) -> Res {\n    reqwest::blocking::get(url)\n}"),
        rust(
            "async fn load() -> Res {\n    tokio::time::timeout(limit, reqwest::get(url)).await?\n}",
        ),
        python(
            "import redis\ncache = redis.Redis(socket_timeout=1)\nasync def load(key):\n"
            "    return await cache.get(key)",
        ),
    )


_INSTEAD = dict.fromkeys(("python", "csharp"), "Use the async client with `await`") | {
    "kotlin": "Call it in `withContext(Dispatchers.IO) { … }`, or use a client that suspends",
    "rust": "Use an async client with `.await`, or `tokio::task::spawn_blocking`",
}
