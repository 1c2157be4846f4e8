"""A limit that is switched off."""

from collections.abc import Iterator

from bot.domain import Severity
from bot.regex import regex
from bot.rules.api_rows import Bounded, Client, Limit, Outbound
from bot.rules.apis import Wait, find, limit_given
from bot.rules.constants import value_text
from bot.rules.rule import Alarm, Rule, csharp, go, java, javascript, kotlin, python, ruby, rust, typescript
from bot.syntax import Binding, Call, Shape, SourceFile, text_of

_FOLLOWS_EVENTS = regex(rb"\b(?:a?connect_sse|a?iter_sse|EventSource|event-stream)\b")
"""What the other side sends when it has something to say."""


class TimeoutDisabled(Rule):
    """## What it finds
    A timeout that is set to the value which switches it off: `None`, `0`, `false`, infinite.

    ## Why it matters
    Somebody took the limit away on purpose, often to get past a slow test or one slow endpoint, and now every call
    here may wait for ever. In several libraries `0` does not mean "at once" but "never".

    ## Use instead
    A generous limit. Even minutes are a limit, and work that takes longer belongs into a background job that polls.
    """

    name = "missing-timeout/timeout-disabled"
    severity = Severity.HIGH
    shown_only_in = ("csharp",)  # on record each call is given its own there
    languages = ("python", "javascript", "typescript", "go", "java", "csharp", "kotlin", "ruby", "rust")
    sections = ("outbound", "client", "limit")

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        row: Bounded | None = find(call, Outbound) or find(call, Client) or find(call, Limit)
        wait, argument = limit_given(row, call) if row is not None else (Wait.UNKNOWN, None)
        if (
            wait is not Wait.DISABLED
            or argument is None  # unprovable: narrows the type
            or _is_limited_by_token(argument.text, file)
            or call.method == "stream"  # what is read as it comes may be followed for hours
            or _is_followed(call)
            or _FOLLOWS_EVENTS.search(file.text)
            or _is_limited_as_a_whole(call)
            or b".WithContext(" in file.text  # each request of Go has a limit of its own
        ):
            return None
        value = value_text(argument, call)
        shown = argument.text if argument.text == value else f"{argument.text} = {value}"
        return self._alarm(call, shown, f"`{argument.name or call.method}`")

    def check_file(self, file: SourceFile) -> Iterator[Alarm]:
        """`client.Timeout = 0`, after the client was built."""
        for binding in file.bindings:
            if (
                binding.target is None  # unprovable: narrows the type
                or binding.target.type not in file.language.members
            ):
                continue
            owner, name = file.language.member(binding.target)
            if name.lower().endswith("timeout") and (made_by := file.origin(owner, binding.outer)) is not None:
                row = find(made_by, Client)
                if row is not None and name in (*row.setters, *row.keywords) and text_of(binding.value) in row.endless:
                    yield self._alarm(binding, text_of(binding.value), f"`{name}`")

    def _alarm(self, at: Call | Binding | Shape, value: str, what: str) -> Alarm:
        return Alarm(
            at,
            f"{what} is switched off by `{value}`"[:80],
            f"With `{value}` there is no limit at all: when the peer stalls, this waits for ever and keeps its worker "
            "and its connection. A slow dependency so takes this service down with it.",
            "Set a limit that fits the slowest answer you are willing to wait for, and move longer work into a job.",
        )

    bad = (
        python("import requests\nrequests.get(url, timeout=None)", line=2),
        python("import httpx\nclient = httpx.AsyncClient(timeout=None)", line=2),
        python("import requests\nTIMEOUT = None\ndef load(url):\n    requests.get(url, timeout=TIMEOUT)", line=4),
        python("import aiohttp\ns = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None))", line=2),
        python(
            "import aiohttp\nasync def load(url):\n    async with aiohttp.ClientSession() as web:\n"
            "        await web.get(url, timeout=None)\n        said = await web.get(url)\n"
            "        return [one async for one in said.content.iter_chunked(99)]",
            line=4,
        ),
        javascript("const axios = require('axios');\nconst api = axios.create({ timeout: 0 });", line=2),
        typescript("import axios from 'axios';\nawait axios.get(url, { timeout: 0 });", line=2),
        typescript(
            "import axios from 'axios';\nconst LIMIT = 0;\nconst api = axios.create({ timeout: LIMIT });", line=3
        ),
        go('import "net/http"\n\nvar client = &http.Client{Timeout: 0}', line=3),
        go('import "net/http"\n\nfunc f() {\n\tc := &http.Client{Timeout: t}\n\tc.Timeout = 0\n}', line=5),
        java("import java.net.*;\nclass A { void f(HttpURLConnection c) { c.setReadTimeout(0); } }", line=2),
        java(
            "import okhttp3.*;\nclass A { Object c = new OkHttpClient.Builder().readTimeout(0, SECONDS).build(); }",
            line=2,
        ),
        java(
            "import okhttp3.*;\nclass A { OkHttpClient slow(OkHttpClient base) {\n"
            "  return base.newBuilder().addInterceptor(log).readTimeout(0, TimeUnit.SECONDS).build();\n} }",
            line=3,
        ),
        csharp("class A { HttpClient c = new HttpClient { Timeout = Timeout.InfiniteTimeSpan }; }"),
        csharp(
            "class A { static readonly TimeSpan Limit = Timeout.InfiniteTimeSpan;\n"
            "  HttpClient c = new HttpClient { Timeout = Limit };\n}",
            line=2,
        ),
        csharp("class A { void F() { var c = new SqlCommand(q); c.CommandTimeout = 0; } }"),
        csharp("class A { void F() { db.Database.SetCommandTimeout(0); } }"),
        javascript(
            "const { Kafka } = require('kafkajs');\nconst k = new Kafka({ brokers, enforceRequestTimeout: false });",
            line=2,
        ),
        go('import "github.com/redis/go-redis/v9"\n\nvar o = &redis.Options{Addr: a, ReadTimeout: -1}', line=3),
        kotlin("import okhttp3.OkHttpClient\n\nval c = OkHttpClient.Builder().readTimeout(0, SECONDS).build()", line=3),
        ruby("RestClient::Request.execute(method: :get, url: url, timeout: nil)"),
        rust(
            "use reqwest::blocking::Client;\n\nfn make() -> Res {\n    Client::builder().timeout(None).build()\n}",
            line=4,
        ),
        csharp(
            "class A { async Task F(CancellationTokenSource source) { source.CancelAfter(5000);\n"
            "  db.Database.SetCommandTimeout(0);\n  await db.SaveChangesAsync();\n} }",
            line=2,
        ),
    )
    good = (
        python(
            "import httpx\nfrom httpx_sse import connect_sse\nwith httpx.Client(timeout=None) as web:\n"
            "    with connect_sse(web, 'GET', url) as events:\n        follow(events)"
        ),
        java(
            "import okhttp3.*;\nclass A { Object c = new OkHttpClient.Builder().readTimeout(0, SECONDS)"
            ".callTimeout(30, SECONDS).build(); }"
        ),
        python("import httpx\nwith httpx.stream('GET', url, timeout=None) as answer:\n    follow(answer)"),
        csharp(
            "class A { HttpClient c = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };\n"
            "  async Task F(Source s) { s.CancelAfter(Limit); await c.GetAsync(u, s.Token); } }"
        ),
        python(
            "import aiohttp\nasync def follow(url):\n    async with aiohttp.ClientSession() as web:\n"
            "        said = await web.get(url, timeout=None)\n        async for one in said.content.iter_chunked(99):\n"
            "            hear(one)"
        ),
        python("import requests\nrequests.get(url, timeout=LIMIT)"),
        python("def get(url, timeout=None): ..."),
        python("import requests\nfrom .limits import TIMEOUT\nrequests.get(url, timeout=TIMEOUT)"),  # cannot know
        python("import requests\ntimeout = None\ndef load(url):\n    requests.get(url, timeout=timeout)"),
        python(
            "import requests\ndef load(url, slow):\n    limit = None\n    if not slow:\n        limit = 3\n"
            "    requests.get(url, timeout=limit)"
        ),
        python(
            "import requests\nTIMEOUT = None\ndef set_up(limit):\n    global TIMEOUT\n    TIMEOUT = limit\n\n"
            "def load(url):\n    requests.get(url, timeout=TIMEOUT)"
        ),
        javascript("const axios = require('axios');\nconst api = axios.create({ timeout: 5000 });"),
        javascript("setTimeout(tick, 0);"),
        typescript("import axios from 'axios';\nawait axios.get(url, { timeout: limit });"),
        go('import "net/http"\n\nvar client = &http.Client{Timeout: 5 * time.Second}'),
        go(
            'import "net/http"\n\nvar client = &http.Client{Timeout: 0}\n\nfunc f(ctx context.Context) {\n'
            "\tclient.Do(req.WithContext(ctx))\n}"
        ),
        java("import java.net.*;\nclass A { void f(HttpURLConnection c) { c.setReadTimeout(5000); } }"),
        csharp("class A { HttpClient c = new HttpClient { Timeout = TimeSpan.FromSeconds(5) }; }"),
        java(
            "import okhttp3.*;\n"
            "class A { Object f(OkHttpClient c) { return c.newBuilder().readTimeout(9, SECONDS).build(); } }"
        ),
        kotlin("import okhttp3.OkHttpClient\n\nval c = OkHttpClient.Builder().readTimeout(9, SECONDS).build()"),
        ruby("RestClient::Request.execute(method: :get, url: url, timeout: 5)\nother.execute(timeout: nil)"),
        rust("use reqwest::blocking::Client;\n\nfn make() -> Res {\n    Client::builder().timeout(LIMIT).build()\n}"),
        go("func f() { job := newJob(); job.Timeout = 0 }"),
        go('import "net/http"\n\nfunc f() { c := &http.Client{}\n\tc.IdleTimeout = 0 }'),
        go('import "net/http"\n\nfunc f() { c := &http.Client{}\n\tc.Timeout = limit }'),
        python(
            "import redis\ncache = redis.Redis(socket_timeout=2)\ncache.connection_pool = None",
        ),
    )


def _is_followed(call: Call) -> bool:
    """aiohttp's limit is for all of an answer, and would cut one that is read as it comes."""
    return bool(call.assigned_to) and f"{call.assigned_to}.content.iter_".encode() in call.file.text


def _is_limited_as_a_whole(call: Call) -> bool:
    """Another link of its chain limits all of the call."""
    while (later := call.file.call_on(call)) is not None:
        call = later
    return ".callTimeout(" in call.text


def _is_limited_by_token(value: str, file: SourceFile) -> bool:
    """.NET's way to have a limit for each request: none on the client, and a token that is cancelled in time."""
    return "Infinite" in value and b"CancelAfter(" in file.text
