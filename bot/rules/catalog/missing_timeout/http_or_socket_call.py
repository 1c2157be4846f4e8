"""An outbound call that can wait for ever."""

from bot.domain import Severity
from bot.regex import regex
from bot.rules.api_rows import Outbound
from bot.rules.apis import Wait, find, wait_of
from bot.rules.deadlines import is_under_deadline
from bot.rules.edits import add_limit
from bot.rules.rule import Alarm, Rule, go, java, javascript, kotlin, python, ruby, rust, typescript
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import Call, SourceFile

_WAITS = (
    "can wait for ever",
    "sets no timeout and its library has none by default: when the peer accepts the connection and then stalls, the "
    "call never returns",
)
_FIVE_MINUTES = (
    "has no limit of its own: when the peer accepts the connection and then stalls, Node.js gives up after five "
    "minutes, and other runtimes never"
)
_STREAMED = regex(r"\bio\.Copy\w*\([^;\n]*\.Body\b|\breturn \w+\.Body\b(?!\.)|\bgo \w[^;\n]*\.Body\b")
_FOR_A_STREAM = (
    "The answer is passed on as it comes, and a limit on the whole would cut it short: limit the wait for its headers "
    "with `ResponseHeaderTimeout` on the client's transport, and send the request with the caller's context."
)
_LOOPBACK = regex(r"\"(?:127\.0\.0\.1|localhost|::1)\"|getLoopbackAddress\(")


class HttpCallWithoutTimeout(Rule):
    """## What it finds
    A call to another machine that sets no limit on the wait, through a library that sets none by itself.

    ## Why it matters
    A peer that accepts the connection and then says nothing holds the caller for as long as it likes. Each stuck call
    keeps a thread, a connection and a waiting user; a slow dependency so becomes an outage of every service above it.

    ## Use instead
    A limit on the call or on the client that makes it, well under the caller's own deadline.
    """

    name = "missing-timeout/http-or-socket-call"
    severity = Severity.HIGH
    covered_by = ("ruff:S113[requests.]", "ruff:S113[httpx.]")
    languages = ("python", "javascript", "typescript", "go", "java", "kotlin", "ruby", "rust")
    sections = ("outbound",)

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        api = find(call, Outbound)
        if api is None or not api.judged or wait_of(api, call) is not Wait.UNBOUND:
            return None
        if is_under_deadline(call, api.promise) or _only_knocks(call) or _is_to_itself(call):
            return None
        is_fetch = call.name == "fetch"  # Node.js ends it after minutes; few teams limit it at all
        title, waits = ("waits minutes for a peer that stalls", _FIVE_MINUTES) if is_fetch else _WAITS
        return Alarm(
            call,
            f"`{call.written}` {title}"[:80],
            f"`{call.written}` {waits}. Whatever runs it, a request or a job, hangs with it and keeps its "
            f"{_held(file.language.name)}; once enough of them do, nothing moves until somebody restarts the process.",
            _fix_of(api, call),
            add_limit(api, call),
            confidence=SHOWN_ONLY if is_fetch or _may_be_local(call) else None,
            sort=call.name,
        )

    bad = (
        go('import "net"\n\nfunc open() { c, err := net.Dial(kind, addr); use(c, err) }', line=3),
        java("import java.net.URL;\nclass A { Object load(URL u) throws Exception { return u.openStream(); } }", 2),
        java(
            "import java.net.Socket;\nclass A { int f() throws Exception {\n  Socket s = new Socket();\n"
            "  s.connect(address, 5000);\n  return s.getInputStream().read();\n} }",
            line=3,
        ),
        python("import websocket\nfeed = websocket.create_connection(url)", line=2),
        python(
            "from requests_oauthlib import OAuth2Session\ndef load(token):\n    api = OAuth2Session(token=token)\n"
            "    return api.get(u)",
            line=4,
        ),
        go('import "net/smtp"\n\nfunc send() error { return smtp.SendMail(a, auth, from, to, m) }', line=3),
        java(
            "import java.net.Socket;\nclass A { void f(Socket s) throws Exception {\n  s.connect(address);\n} }",
            line=3,
        ),
        python("import requests\nrequests.get(url)", line=2),
        python("from requests import get as g\ng(url)", line=2),
        python("import requests\nrequests.get(sign(url, timeout=3))", line=2),  # the inner timeout is not ours
        python(
            "import requests\n\nclass Client:\n    def __init__(self):\n        self.session = requests.Session()\n"
            "    def fetch(self, url):\n        return self.session.get(url)",
            line=7,
        ),
        python("from urllib.request import urlopen\nwith urlopen(url) as page:\n    page.read()", line=2),
        python("import socket\nsocket.create_connection((host, 443))", line=2),
        python("import urllib3\npool = urllib3.PoolManager()\npool.request('GET', url)", line=3),
        javascript("const answer = await fetch(url, { method: 'POST' });"),
        javascript("const axios = require('axios');\nmodule.exports = (id) => axios.get(`/users/${id}`);", line=2),
        typescript("import axios from 'axios';\nawait axios.post<User>(url, body);", line=2),
        typescript("const fastest = (a: string, b: string) => Promise.race([fetch(a), one(b)]);"),
        python(
            "import asyncio, requests\nasync def load():\n    async with asyncio.timeout(3):\n        requests.get(u)",
            4,
        ),
        typescript("export const load = async (url: string) => (await fetch(url)).json();"),
        javascript(
            "const asJson = { headers: JSON_HEADERS };\nexport const load = (url) => fetch(url, asJson);", line=2
        ),
        go('import "net/http"\n\nfunc load() { resp, err := http.Get(url); use(resp, err) }', line=3),
        go('import web "net/http"\n\nfunc save() { web.Post(url, kind, body) }', line=3),
        java("import java.net.URL;\nclass A { Object load() throws Exception { return new URL(u).openStream(); } }", 2),
        kotlin("import java.net.URL\n\nfun load(u: String): String {\n    return URL(u).readText()\n}", line=4),
        kotlin("import java.net.URL\n\nfun load(u: String) = URL(u).openConnection().getInputStream()", line=3),
        ruby("def load(url)\n  HTTP.get(url).to_s\nend", line=2),
        ruby("socket = TCPSocket.new(host, 80)\nsocket.puts(line)"),
        ruby("answer = Typhoeus.get(url, followlocation: true)"),
        rust(
            "async fn load(url: &str) -> reqwest::Result<String> {\n    reqwest::get(url).await?.text().await\n}",
            line=2,
        ),
        rust(
            "use tokio::net::TcpStream;\n\nasync fn open() -> Res {\n"
            "    let s = TcpStream::connect(a).await?;\n    Ok(s)\n}",
            4,
        ),
        rust("fn load() -> Res {\n    ureq::get(url).call()?.body_mut().read_to_string()\n}", line=2),
        python(
            "import requests\nclass Api:\n"
            "    def __init__(self): self.session_for_the_warehouse_of_the_eastern_region_alone = requests.Session()\n"
            "    def load(self): return self.session_for_the_warehouse_of_the_eastern_region_alone.get(U)",
            line=4,
        ),
        java(
            "import java.net.Socket;\nclass A { int f() throws Exception {\n  Socket s = new Socket(host, 80);\n"
            "  return s.getInputStream().read();\n} }",
            line=3,
        ),
        java(  # another connection has the limit
            "import java.net.*;\nclass A { Object f(Socket s) throws Exception {\n  s.connect(address, 5000);\n"
            "  return new java.net.URL(u).openStream();\n} }",
            line=4,
        ),
        java(
            "import java.net.Socket;\nclass A { void f(Socket s) throws Exception {\n  s.connect(address, 5000);\n"
            "  talk(s, new Socket(host, 80));\n} }",
            line=4,
        ),
        java("import java.net.Socket;\nclass A { Socket s = new Socket(); }", line=2),
        java(
            "import java.net.Socket;\nclass A { void f(SocketAddress peer) throws IOException {\n"
            '  Socket s = new Socket();\n  log("connect", peer);\n  s.connect(peer);\n} }',
            line=3,
            also=(5,),
        ),
        python(
            'import socket\n\npeer = socket.create_connection(("localhost", 8080))',
            line=3,
        ),
        java(
            'class A { InputStream f() throws IOException {\n  java.net.URL page = pages.find("home");\n'
            "  return page.openStream();\n} }",
            line=3,
        ),
    )
    good = (
        java(
            "import java.net.Socket;\nclass A { int f() throws Exception {\n"
            '  Socket s = new Socket("localhost", 80);\n  return s.getInputStream().read();\n} }'
        ),
        java(  # asks only whether somebody listens
            "import java.net.Socket;\nclass A { boolean isFree(int port) {\n"
            "  try (Socket ignored = new Socket(host, port)) { return false; } catch (IOException e) { return true; }\n"
            "} }"
        ),
        java(
            "import java.net.*;\nclass A { boolean f(int port) throws Exception {\n"
            '  try (Socket s = new Socket(InetAddress.getByName("127.0.0.1"), port)) { return true; }\n} }'
        ),
        java(
            "import java.net.Socket;\nclass A { boolean f() throws Exception {\n"
            "  try (Socket s = new Socket()) { s.connect(address, 5000); }\n  return true;\n} }"
        ),
        python("import paramiko\nssh = paramiko.SSHClient()\nssh.connect('host')"),  # the login has its own limits
        python("import urllib3\nurllib3.request('GET', url)"),  # three seconds, unlike a pool
        java("import java.net.Socket;\nclass A { void f(Socket s) throws Exception { s.connect(address, 5000); } }"),
        python("import requests\nrequests.get(url, timeout=3)"),
        python("import requests\nrequests.get(url, **options)"),  # cannot know
        python("def get(requests):\n    requests.get(1)"),  # a parameter, not the library
        python("import requests\nfor requests in queues:\n    pass\nrequests = Fake()\nrequests.get(1)"),
        python("import httpx\nhttpx.get(url)"),  # five seconds by default
        python("import requests\ns = requests.Session()\ns.mount('https://', TimeoutAdapter(5))\ns.get(u)"),
        python("import urllib3\npool = urllib3.PoolManager(timeout=3)\npool.request('GET', url)"),
        python("cache = {}\ncache.get(url)"),
        javascript("await fetch(url, { signal: AbortSignal.timeout(3000) });"),
        javascript("await fetch(url, options);"),  # cannot know
        javascript("const limited = { signal: AbortSignal.timeout(3000) };\nawait fetch(url, limited);"),
        javascript(
            "const given = { method: 'POST' };\ngiven.signal = AbortSignal.timeout(3000);\nawait fetch(url, given);"
        ),
        javascript("const given = { method: 'POST' };\nlimit(given);\nawait fetch(url, given);"),
        python(
            "import requests\ns = requests.Session()\ns.request = functools.partial(s.request, timeout=3)\ns.get(u)"
        ),
        javascript("await fetch(url, { ...options });"),
        javascript("function fetch(url) { return cache[url]; }\nfetch(url);"),  # not the built-in
        javascript("const load = ({ fetch, url }) => fetch(url);"),  # handed in
        javascript("const { fetch = other } = tools;\nfetch(url);"),
        typescript("import axios from 'axios';\naxios.defaults.timeout = 5000;\nawait axios.get(url);"),
        typescript("class Repo { fetch(id: string) {} load() { return this.fetch('1'); } }"),
        go('import "net/http"\n\nvar c = &http.Client{Timeout: t}\n\nfunc load() { c.Get(url) }'),
        go('import "example.com/http"\n\nfunc load() { http.Get(url) }'),
        java("class A { Object load() throws Exception { return new Url(u).openStream(); } }"),
        kotlin(
            "import java.net.URL\n\n"
            "fun load(u: String) = URL(u).openConnection().apply { readTimeout = 5000 }.getInputStream()"
        ),
        kotlin("import okhttp3.OkHttpClient\n\nfun load(c: OkHttpClient) = c.newCall(r).execute()"),
        kotlin("import com.example.URL\n\nfun load(u: String) = URL(u).readText()"),
        ruby("Net::HTTP.get(URI(url))"),
        ruby("HTTP.timeout(connect: 2, read: 5).get(url)"),
        ruby("socket = TCPSocket.new(host, 80, connect_timeout: 5)"),
        ruby("Typhoeus.get(url, timeout: 5)\nTyphoeus.get(url, options)\nTyphoeus.get(url, **options)"),
        python(
            "import requests, timeout_decorator\n@timeout_decorator.timeout(5)\ndef load():\n    return requests.get(u)"
        ),
        python(
            "import requests\nfrom func_timeout import func_timeout\ndef load():\n    return requests.get(u)\n\n"
            "answer = func_timeout(5, load)"
        ),
        javascript("export const load = (url) => Promise.race([fetch(url), timeout(3000)]);"),
        typescript(
            "import pTimeout from 'p-timeout';\nfunction load(url: string) { return fetch(url).then(read); }\n"
            "export const tell = (url: string) => pTimeout(load(url), { milliseconds: 3000 });"
        ),
        java(
            "import io.github.resilience4j.timelimiter.annotation.TimeLimiter;\nimport java.net.URL;\n"
            'class A { @TimeLimiter(name = "a") Object load() throws Exception { return new URL(u).openStream(); } }'
        ),
        rust("async fn load() -> Res {\n    tokio::time::timeout(limit, reqwest::get(url)).await?\n}"),
        rust("async fn load(c: &reqwest::Client) -> Res {\n    c.get(url).send().await\n}"),
        rust("#[cfg(test)]\nmod tests {\n    async fn load() {\n        reqwest::get(url).await.unwrap();\n    }\n}"),
    )


def _held(language: str) -> str:
    held = {
        "go": "goroutine",
        "java": "thread",
        "kotlin": "thread",
        "python": "worker",
        "ruby": "worker",
        "rust": "task",
    }
    return held.get(language, "pending promise and its caller")


def _fix_of(api: Outbound, call: Call) -> str:
    around = call.function.text if call.function is not None else ""  # unprovable: of the advice alone
    # A limit on Go's client ends the reading of the body too.
    if call.name.startswith("net/http.") and _STREAMED.search(around):  # unprovable: likewise
        return _FOR_A_STREAM
    return api.fix or f"Give the call a limit under the caller's own deadline, such as `{api.add}`."


def _only_knocks(call: Call) -> bool:
    """Java's `new Socket()` that connects with a limit, and reads nothing; or `new Socket(host, port)` that nobody
    speaks of again."""
    function = call.function
    if call.name != "java.net.Socket" or function is None:
        return False
    if call.arguments:
        return len([*call.file.language.mentions(call.file.assigned_name(call), function.node)]) == 1
    calls = call.file.within(call.file.calls, function.body)
    limited = any(other.method == "connect" and len(other.arguments) == 2 for other in calls)
    return limited and not any(other.method == "getInputStream" for other in calls)


def _is_to_itself(call: Call) -> bool:
    """Java's socket to its own machine."""
    return call.name == "java.net.Socket" and any(_LOOPBACK.search(argument.text) for argument in call.arguments)


def _may_be_local(call: Call) -> bool:
    """What the system ends after two minutes, being a connect and nothing else: Go's `net.Dial`, and tokio's; Java's
    URL that was handed in, mostly of a file."""
    if call.name in ("net.Dial", "tokio.net.TcpStream.connect"):
        return True
    if call.name not in ("java.net.URL.openStream", "java.net.URL.openConnection"):
        return False
    made = call.file.origin(call.receiver, call)
    return made is None or made.method not in ("URL", "toURL", "create")
