"""One outbound call per item, all at once."""

import re

from bot.domain import Severity
from bot.regex import regex
from bot.rules.api_rows import Outbound
from bot.rules.apis import find
from bot.rules.rule import Alarm, Rule, go, java, javascript, python, typescript
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import Call, Function, SourceFile, text_of

GATHERERS = frozenset({"Promise.all", "Promise.allSettled", "asyncio.gather"})
CALLED_BACK = frozenset(
    f"zlib.{name}"
    for name in ("deflate", "deflateRaw", "gzip", "gunzip", "inflate", "inflateRaw", "unzip", "brotliCompress")
) | {"crypto.pbkdf2", "crypto.scrypt", "zlib.brotliDecompress"}
"""Work for Node's thread pool: each one waiting holds its input, and zlib's own buffers, in memory."""
ERRGROUPS = frozenset({"golang.org/x/sync/errgroup.WithContext.Go", "golang.org/x/sync/errgroup.Group.Go"})
LIMITED = regex(r"(?i)batch|chunk|slice|page|group|limit|pool|semaphore|\bsem\b|throttle|bottleneck")
CONSTANT = regex(r"^(?:[A-Z][A-Z0-9_]+|\[[^.]*\])$")


class FanOutPerItem(Rule):
    """## What it finds
    `Promise.all(items.map(…))`, `asyncio.gather(*…)`, a goroutine or a thread per item, where each one makes a remote
    call and nothing limits how many run at once.

    ## Why it matters
    The number of calls in flight is whatever the input has. Fine with ten items in review, and with ten thousand in
    production it opens ten thousand sockets, runs out of descriptors or memory, and floods the peer.

    ## Use instead
    A limit on what runs at once: a semaphore, `p-limit`, `errgroup` with `SetLimit`, a bounded pool, or batches.
    """

    name = "unbounded-concurrency/fan-out-per-item"
    severity = Severity.MEDIUM
    languages = ("python", "javascript", "typescript", "go", "java")
    methods = frozenset({"start"})
    names = GATHERERS | CALLED_BACK
    every_call_in = ("go",)
    confidence = 0.75

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        if (
            call.is_one_of(GATHERERS)
            and call.all_arguments  # unprovable: keeps odd trees from raising, nobody waits for nothing
        ):
            return self._gathered(call, file)
        if call.is_one_of(CALLED_BACK):
            return self._called_back(call, file)
        if call.is_one_of(ERRGROUPS):
            return self._spawned(call, file, "goroutine", "`SetLimit(16)` on the group", SHOWN_ONLY)
        if call.use == "task":
            return self._spawned(call, file, "goroutine", "an `errgroup` with `SetLimit(16)`, or a buffered channel")
        if call.method == "start" and call.receiver_call is not None and call.receiver_call.name == "java.lang.Thread":
            return self._spawned(call.receiver_call, file, "thread", "a fixed thread pool with a bounded queue")
        return None

    def _called_back(self, call: Call, file: SourceFile) -> Alarm | None:
        """`zlib.deflate(x, (error, out) => …)` in a loop or in a `forEach`."""
        last = call.arguments[-1].node if len(call.arguments) > 1 else None
        if last is None or last.type not in ("arrow_function", "function_expression"):
            return None
        function = call.function
        above = function.node.parent if function is not None else None
        each = file.call_at(above.parent) if above is not None else None
        if call.loop is None and (each is None or each.method not in ("forEach", "map")):
            return None
        return self._alarm(
            call, call.written, "task of the thread pool", "`p-limit`, or one after the other", SHOWN_ONLY
        )

    def _gathered(self, call: Call, file: SourceFile) -> Alarm | None:
        given = call.all_arguments[0].node
        if LIMITED.search(call.text) or self._is_limited(call):
            return None
        made = [
            inner
            for inner in file.within(file.calls, given)
            if inner is not call  # unprovable: only saves time, it is not within its own argument
        ]
        if file.language.name == "python":
            over = file.language.walked_over(given)
        else:
            mapped = next((inner for inner in made if inner.method == "map" and inner.node == given), None)
            over = mapped.receiver if mapped is not None else None
        if over is None or CONSTANT.match(text_of(over)) or text_of(over).startswith("range("):
            return None
        remote = next((inner for inner in made if self._calls_out(inner, file)), None)
        if remote is None:
            return None
        limit = "a `Semaphore`" if file.language.name == "python" else "`p-limit`"
        fix = f"{limit}, or go through the items in batches"
        return self._alarm(call, remote.written, "call", fix, SHOWN_ONLY)  # mostly a handful: what is listed by hand

    def _spawned(
        self, call: Call, file: SourceFile, what: str, limit: str, confidence: float | None = None
    ) -> Alarm | None:
        loop = call.loop
        if loop is None or loop.counts or loop.is_endless or self._is_limited(call) or LIMITED.search(loop.header):
            return None
        if file.within(file.sends, loop.body) or "Acquire(" in loop.text:
            return None
        body = next(iter(file.within(file.functions, call.node)), None)
        remote = self._remote_in(body, file) if body is not None else self._remote_of(call, file)
        return self._alarm(call, remote.written, what, limit, confidence) if remote is not None else None

    def _remote_of(self, call: Call, file: SourceFile) -> Call | None:
        named = file.function_named(call.name.removeprefix("./")) if call.name.startswith("./") else None
        return self._remote_in(named, file) if named is not None else None

    def _remote_in(self, function: Function, file: SourceFile) -> Call | None:
        if LIMITED.search(function.text):
            return None
        return next((c for c in file.within(file.calls, function.body) if find(c, Outbound) is not None), None)

    def _calls_out(self, call: Call, file: SourceFile) -> bool:
        row = find(call, Outbound)
        if row is not None:
            return row.promise
        return self._remote_of(call, file) is not None

    def _is_limited(self, call: Call) -> bool:
        """A semaphore or its like in the same function may limit it."""
        function = call.function
        return function is not None and bool(
            re.search(r"(?i)semaphore|\bsem\b|SetLimit|p-?limit|pLimit", function.text)
        )

    def _alarm(self, call: Call, remote: str, what: str, limit: str, confidence: float | None = None) -> Alarm:
        return Alarm(
            call,
            f"One {what} per item, without a limit on how many at once",
            f"`{remote}` is called for every item at the same time, so the input decides how many connections are "
            "open. With a few thousand items this process runs out of sockets or memory, and the peer is flooded, "
            "for all of its other clients too.",
            f"Limit what runs at once: {limit}.",
            confidence=confidence,
        )

    bad = (
        go(
            'import ("net/http"; "golang.org/x/sync/errgroup")\n\nfunc load(ctx Context, urls []string) error {\n'
            "\tg, ctx := errgroup.WithContext(ctx)\n\tfor _, u := range urls {\n"
            "\t\tg.Go(func() error { return get(http.DefaultClient.Get(u)) })\n\t}\n\treturn g.Wait()\n}",
            line=6,
        ),
        javascript(
            "const zlib = require('zlib');\nfor (const part of parts) {\n  zlib.gzip(part, (e, out) => keep(out));\n}",
            line=3,
        ),
        javascript(
            "const zlib = require('zlib');\nparts.forEach((p) => {\n  zlib.gzip(p, (e, out) => keep(out));\n});", line=3
        ),
        python(
            "import asyncio, httpx\nasync def load(urls):\n    async with httpx.AsyncClient() as c:\n"
            "        return await asyncio.gather(*[c.get(u) for u in urls])",
            line=4,
        ),
        python(
            "import asyncio, httpx\nasync def one(c, u):\n    return await httpx.AsyncClient().get(u)\n"
            "async def load(c, urls):\n    return await asyncio.gather(*(one(c, u) for u in urls))",
            line=5,
        ),
        javascript("const all = await Promise.all(ids.map((id) => fetch(`/users/${id}`, { signal })));"),
        typescript(
            "import axios from 'axios';\nasync function load(orders: Order[]) {\n"
            "  await Promise.allSettled(orders.map(async (o) => {\n    await axios.post(url, o, { timeout: 5000 });\n"
            "  }));\n}",
            line=3,
        ),
        go(
            'import "net/http"\n\nfunc load(c *http.Client, urls []string) {\n\tfor _, u := range urls {\n'
            "\t\tgo func() {\n\t\t\tc.Get(u)\n\t\t}()\n\t}\n}",
            line=5,
        ),
        java(
            "import java.net.http.*;\nclass A { void f(HttpClient c, List<HttpRequest> all) {\n"
            "  for (HttpRequest r : all) {\n    new Thread(() -> c.send(r, h)).start();\n  }\n} }",
            line=4,
        ),
        go(
            'import "net/http"\n\nfunc one(c *http.Client, u string) {\n\tc.Get(u)\n}\n\n'
            "func load(c *http.Client, urls []string) {\n\tfor _, u := range urls {\n\t\tgo one(c, u)\n\t}\n}",
            line=9,
        ),
        go(
            'import "net/http"\n\nfunc load(c *http.Client, urls []string) {\n\tfor _, u := range urls {\n'
            "\t\tgo func() {\n\t\t\tcount(u)\n\t\t\tc.Get(u)\n\t\t}()\n\t}\n}",
            line=5,
        ),
        python(
            "import aiohttp, asyncio\nasync def load(urls):\n    session = aiohttp.ClientSession()\n"
            "    return await asyncio.gather(*[session.get(u) for u in urls], return_exceptions=True)",
            line=4,
        ),
    )
    good = (
        go(
            'import ("net/http"; "golang.org/x/sync/errgroup")\n\nfunc load(ctx Context, urls []string) error {\n'
            "\tg, ctx := errgroup.WithContext(ctx)\n\tg.SetLimit(8)\n\tfor _, u := range urls {\n"
            "\t\tg.Go(func() error { return get(http.DefaultClient.Get(u)) })\n\t}\n\treturn g.Wait()\n}"
        ),
        javascript("const zlib = require('zlib');\nfunction f(p) { zlib.gzip(p, (e, out) => keep(out)); }"),
        javascript("const zlib = require('zlib');\nfor (const p of parts) { zlib.gzip(p, options); }"),
        python(
            "import asyncio, httpx\nasync def load(urls):\n    sem = asyncio.Semaphore(8)\n"
            "    async with httpx.AsyncClient() as c:\n        return await asyncio.gather(*[c.get(u) for u in urls])"
        ),
        python(
            "import asyncio, httpx\nasync def load(c: httpx.AsyncClient):\n    await asyncio.gather(c.get(a), c.get(b))"
        ),
        javascript("const all = await Promise.all([fetch(a, { signal }), fetch(b, { signal })]);"),
        javascript("const all = await Promise.all(ids.map((id) => limit(() => fetch(`/users/${id}`, { signal }))));"),
        javascript("const all = await Promise.all(batch.map((id) => fetch(`/users/${id}`, { signal })));"),
        typescript("const names = await Promise.all(files.map((f) => parse(f)));"),
        go(
            'import "net/http"\n\nfunc load(c *http.Client, urls []string) {\n\tsem := make(chan int, 8)\n'
            "\tfor _, u := range urls {\n\t\tsem <- 1\n\t\tgo func() {\n\t\t\tc.Get(u)\n\t\t\t<-sem\n\t\t}()\n\t}\n}"
        ),
        go(
            'import "net/http"\n\nfunc load(c *http.Client) {\n\tfor i := 0; i < 4; i++ {\n'
            "\t\tgo func() { c.Get(u) }()\n\t}\n}"
        ),
        java(
            "import java.net.http.*;\nclass A { void f(HttpClient c, List<HttpRequest> all) {\n"
            "  for (HttpRequest r : all) { pool.submit(() -> c.send(r, h)); }\n} }"
        ),
        java(
            "import java.net.http.*;\nclass A { void f(HttpClient c, List<HttpRequest> all) {\n"
            "  for (HttpRequest r : all) { new Thread(() -> c.send(r, h)).run(); }\n} }"
        ),
        java(
            "import java.net.http.*;\nclass A { void f(HttpClient c, List<HttpRequest> all) {\n"
            "  for (HttpRequest r : all) { worker.start(); }\n} }"
        ),
        java(
            "import java.net.http.*;\nclass A { void f(HttpClient c, List<HttpRequest> all) {\n"
            "  for (HttpRequest r : all) { new Job(() -> c.send(r, h)).start(); }\n} }"
        ),
        javascript("const zlib = require('zlib');\nfor (const job of jobs) {\n  zlib.gzip(...job);\n}"),
        javascript("const all = await Promise.all(REGIONS.map((r) => fetch(`/in/${r}`, { signal })));"),
        python(
            "import asyncio, httpx\nasync def warm(c: httpx.AsyncClient, url):\n"
            "    return await asyncio.gather(*[c.get(url) for _ in range(4)])"
        ),
        go('import "net/http"\n\nfunc load(c *http.Client, u string) {\n\tgo func() { c.Get(u) }()\n}'),
        go(
            'import "net/http"\n\nfunc watch(c *http.Client, u string) {\n\tfor {\n'
            "\t\tgo func() { c.Get(u) }()\n\t\twait()\n\t}\n}"
        ),
        go(
            'import "net/http"\n\nfunc load(c *http.Client, g *Group, urls []string) {\n\tg.SetLimit(8)\n'
            "\tfor _, u := range urls {\n\t\tgo func() { c.Get(u) }()\n\t}\n}"
        ),
        go(
            'import "net/http"\n\nfunc load(c *http.Client, batch []string) {\n\tfor _, u := range batch {\n'
            "\t\tgo func() { c.Get(u) }()\n\t}\n}"
        ),
        go(
            'import "net/http"\n\nfunc load(c *http.Client, urls []string) {\n\tfor _, u := range urls {\n'
            "\t\tgo func() { parse(u) }()\n\t}\n}"
        ),
        go(
            'import "net/http"\n\nfunc load(c *http.Client, urls []string) {\n\tfor _, u := range urls {\n'
            "\t\tgo func() {\n\t\t\tlimiter.Wait(ctx)\n\t\t\tc.Get(u)\n\t\t}()\n\t}\n}"
        ),
        javascript(  # it is not for each that it is called, or one after the other
            "import zlib from 'zlib';\nimport { inTurn } from './turns';\n"
            "server.on('data', (given) => zlib.deflate(given, (error, out) => keep(out)));\n"
            "export const load = (urls) => Promise.all(inTurn(urls.map((u) => fetch(u))));",
        ),
        javascript(  # who knows how many it takes
            "export const drain = (queue) => Promise.all(queue.drain((url) => fetch(url)));",
        ),
        go(
            'import "net/http"\n\nfunc load(urls []string, slots chan int) {\n\tfor _, u := range urls {\n'
            "\t\tslots <- 1\n\t\tgo func() {\n\t\t\thttp.Get(u)\n\t\t\t<-slots\n\t\t}()\n\t}\n}",
        ),
        go(
            'import "net/http"\n\nfunc load(urls []string, slots *Weighted) {\n\tfor _, u := range urls {\n'
            "\t\tslots.Acquire(ctx, 1)\n\t\tgo func() {\n\t\t\tdefer slots.Release(1)\n\t\t\thttp.Get(u)\n\t\t}()\n"
            "\t}\n}",
        ),
    )
