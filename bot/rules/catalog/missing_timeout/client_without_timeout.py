"""A client built without a limit on its waits."""

from bot.domain import Severity
from bot.regex import regex
from bot.rules.api_rows import Client
from bot.rules.apis import Wait, find, wait_of
from bot.rules.edits import add_limit
from bot.rules.made_with import are_all_limited
from bot.rules.rule import Alarm, Rule, csharp, go, java, javascript, kotlin, python, ruby, rust, typescript
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import Call, SourceFile, text_of

_AGENT_LIMIT = regex(r"\bhttps?Agent:\s*new\b[^;]*\btimeout:")
_DEADLINES = regex(rb"\bcontext\.With(?:Timeout|Deadline)\(")
_OPTION = regex(r"(?:With|Set|Use)[A-Z]")
"""What is given a client so that somebody else's calls go through it."""
_ASKED_OF_ITSELF = regex(
    rb"\s*\.get(?:MessageConverters|Interceptors|RequestFactory|ErrorHandler|UriTemplateHandler)\("
)
"""What a client that sends nothing is made for: what it would have by default."""
REQUEST = "java.net.http.HttpRequest.newBuilder"


class ClientWithoutTimeout(Rule):
    """## What it finds
    An HTTP, database, cache or mail client (or a prepared request) that is built without any limit on how long it
    waits, where the library has none by default.

    ## Why it matters
    Every call made through it inherits the endless wait. One stalled peer then holds each caller in turn, connections
    included, until the pool is empty and requests that have nothing to do with that peer fail as well.

    ## Use instead
    A limit where the client is built: one line that covers every call.
    """

    name = "missing-timeout/client-without-timeout"
    severity = Severity.HIGH
    languages = ("python", "javascript", "typescript", "go", "java", "csharp", "kotlin", "ruby", "rust")
    sections = ("client",)
    shown_only_in = ("javascript",)  # as in TypeScript, where 17 of 26 were worth a comment

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        api = find(call, Client)
        if api is None or not api.judged or wait_of(api, call) is not Wait.UNBOUND or are_all_limited(call):
            return None
        if call.name.startswith(REQUEST) and _is_sent_by_another_client(call):
            return None
        if _ASKED_OF_ITSELF.match(file.text, call.node.end_byte):
            return None
        if any(_AGENT_LIMIT.search(one.text) for one in call.arguments):
            return None  # Node's agent ends a connection that says nothing for that long
        if call.method == "TcpClient" and b"GetStream" not in file.text:
            return None  # nothing is read here, and the system ends a connect that nobody answers
        what = f"{api.does.upper() if api.does == 'http' else api.does} {api.what}".replace(
            "socket client", "connection"
        )
        return Alarm(
            call,
            f"This {what} is built without a timeout",
            f"Nothing limits how long calls through this {what} may wait for an answer, and the library sets no limit "
            "by itself. When the other side stalls, each caller hangs until somebody restarts the process, and keeps "
            "whatever it holds meanwhile: its connection, a worker, a lock, a place in a pool.",
            api.fix or f"Set the limit here, such as `{api.add}`.",
            add_limit(api, call),
            confidence=SHOWN_ONLY if file.language.name == "go" and _is_limited_by_context(call) else None,
            sort=api.does,
        )

    bad = (
        python("import httplib2\nweb = httplib2.Http()", line=2),
        python("import psycopg2\ndb = psycopg2.connect(host='db', dbname='shop')", line=2),
        python("from pymemcache.client.base import Client\ncache = Client(('cache', 11211))", line=2),
        typescript("import { HttpModule } from '@nestjs/axios';\nconst m = HttpModule.register({ baseURL });", line=2),
        go('import "github.com/go-resty/resty/v2"\n\nvar api = resty.New()', line=3),
        java(
            "import org.springframework.web.reactive.function.client.WebClient;\n"
            "class A { WebClient c = WebClient.builder().baseUrl(u).build(); }",
            line=2,
        ),
        csharp("class A { void F() { var c = new TcpClient(host, 80); c.GetStream().Read(b, 0, 1); } }"),
        python("import redis\ncache = redis.Redis(host='cache')", line=2),
        python("from smtplib import SMTP\nwith SMTP('mail') as server:\n    server.send_message(m)", line=2),
        javascript("const axios = require('axios');\nconst api = axios.create({ baseURL });", line=2),
        typescript("import { Pool } from 'pg';\nconst pool = new Pool({ max: 10 });", line=2),
        typescript("import axios from 'axios';\nclass Api { http = axios.create(); }", line=2),
        typescript(
            "import axios from 'axios';\nconst api = axios.create();\n"
            "export const load = (id: string) => api.get(`/${id}`, { timeout: 3000 });\n"
            "export const save = (item: Item) => api.post('/', item);",
            line=2,
        ),
        go('import "net/http"\n\nvar client = &http.Client{}', line=3),
        go(
            'import "net/http"\n\nfunc open() *Api {\n\treturn &Api{web: &http.Client{}}\n}\n\n'
            "func (a *Api) limit() { a.db.Timeout = limit }",
            line=4,
        ),
        go('import "net/http"\n\nfunc f() { c := http.Client{CheckRedirect: nil}; c.Get(u) }', line=3),
        typescript(
            "import axios from 'axios';\nimport { on } from 'shop/api';\nconst api = on(axios.create());", line=3
        ),
        go(  # less sure: the limit comes with each call
            'import "net/http"\n\nfunc f() {\n\tweb := &http.Client{}\n\tctx, stop := context.WithTimeout(all, t)\n'
            "\tuse(web, ctx, stop)\n}",
            line=4,
        ),
        go('import (\n\t"net/http"\n\t"shop.example/api"\n)\n\nvar c = api.New(&http.Client{})', line=6),  # less sure
        go('import (\n\t"net/http"\n\t"shop.example/api"\n)\n\nvar c = api.WithClient(&http.Client{})', line=6),
        go('import "net/http"\n\nvar c = newApi(&http.Client{})', line=3),
        java(
            "import java.net.http.HttpRequest;\nclass A { void f() {\n"
            '  var r = HttpRequest.newBuilder(uri).header("a", "b").GET().build();\n} }',
            line=3,
        ),
        java(
            "import org.springframework.web.client.RestTemplate;\nclass A { RestTemplate t = new RestTemplate(); }",
            line=2,
        ),
        kotlin(
            "import org.springframework.web.client.RestTemplate\n\nclass A {\n    private val rest = RestTemplate()\n}",
            line=4,
        ),
        kotlin("import java.net.http.HttpRequest\n\nfun ask(u: URI) = HttpRequest.newBuilder().uri(u).build()", line=3),
        ruby("DB = PG.connect(host: 'db', dbname: 'shop')"),
        ruby("def client\n  @client ||= Mysql2::Client.new(host: 'db', username: 'shop')\nend", line=2),
        rust("fn make() -> reqwest::Client {\n    reqwest::Client::new()\n}", line=2),
        rust(
            "use reqwest::Client;\n\nfn make() -> Res<Client> {\n    Client::builder().user_agent(NAME).build()\n}",
            line=4,
        ),
        java(
            "import java.net.http.HttpRequest;\nclass A { HttpRequest r = HttpRequest.newBuilder(u).GET().build(); }",
            line=2,
        ),
        java(
            "import java.net.http.HttpClient;\nimport java.net.http.HttpRequest;\nclass A { final HttpClient client;\n"
            "  A() { this.client = pick(); }\n  A(HttpClient given) { this.client = given; }\n"
            "  Object f() { var r = HttpRequest.newBuilder(u).GET().build(); return client.send(r); } }",
            line=6,
        ),
        java(
            "import java.net.http.HttpClient;\nclass A { Mailer mailer;\n  void f() {\n"
            '    HttpClient c = HttpClient.newHttpClient();\n    mailer.send("up");\n} }',
            line=4,
        ),
        java(
            "import java.net.http.HttpRequest;\nclass A extends Base { Mailer mailer;\n"
            "  A() { this.client = pick(); }\n  A(Object given) { this.client = given; }\n"
            "  Object f() { var r = HttpRequest.newBuilder(u).GET().build(); return this.client.send(r); } }",
            line=5,
        ),
    )
    good = (
        java(
            "import org.springframework.web.client.RestTemplate;\nclass A { List<?> all() {\n"
            "  return new RestTemplate().getMessageConverters();\n} }"
        ),
        typescript(
            "import axios from 'axios';\n"
            "const api = axios.create({ httpAgent: new Agent({ keepAlive: true, timeout: 8000 }) });"
        ),
        java(
            "import java.net.http.HttpRequest;\nimport shop.net.PatientClient;\nclass A { final PatientClient client;\n"
            "  A() { client = PatientClient.make(); }\n  A(PatientClient given) { client = given; }\n"
            "  Object f() { var r = HttpRequest.newBuilder(u).GET().build(); return client.send(r); } }"
        ),
        java(
            "import java.net.http.HttpRequest;\nimport shop.net.PatientClient;\nclass A { PatientClient client;\n"
            "  Object f() { var r = HttpRequest.newBuilder(u).GET().build(); return client.send(r); } }"
        ),
        python("import psycopg2\ndb = psycopg2.connect(DSN)"),  # the limit may be in there
        typescript("import { HttpModule } from '@nestjs/axios';\nconst m = HttpModule.register({ timeout: 500 });"),
        go('import "github.com/go-resty/resty/v2"\n\nfunc f() { c := resty.New()\n\tc.SetTimeout(t) }'),
        java(
            "import org.springframework.web.reactive.function.client.WebClient;\n"
            "class A { WebClient c = WebClient.builder().clientConnector(k).build(); }"
        ),
        csharp("class A { void F() { var c = new TcpClient(host, 80); c.GetStream(); c.ReceiveTimeout = 5000; } }"),
        csharp("class A { void F() { var c = new TcpClient(host, 80); c.Close(); } }"),  # it only looks who answers
        python("import redis\ncache = redis.Redis(host='cache', socket_timeout=2)"),
        python("import redis\ncache = redis.Redis(**settings)"),
        python("import httpx\nclient = httpx.Client()"),  # five seconds by default
        javascript("const axios = require('axios');\nconst api = axios.create({ baseURL, timeout: 3000 });"),
        javascript("const axios = require('axios');\nconst api = axios.create(settings);"),
        typescript("import { Pool } from 'pg';\nconst pool = new Pool();\nconst t = { statement_timeout: 5 };"),
        typescript("import axios from 'axios';\nconst api = axios.create({ ...settings });"),
        typescript(
            "import axios from 'axios';\nconst api = axios.create();\n"
            "export const load = (id: string) => api.get(`/${id}`, { timeout: 3000 });\n"
            "export const save = (item: Item) => api.post('/', item, { timeout: 5000 });"
        ),  # each call brings its own
        typescript(
            "import axios from 'axios';\nconst settings = { timeout: 3000 };\nconst api = axios.create(settings);"
        ),
        go('import "net/http"\n\nvar client = &http.Client{Timeout: t}'),
        go(
            'import "net/http"\n\nfunc open(limit time.Duration) *Api {\n\ta := &Api{web: &http.Client{}}\n'
            "\ta.web.Timeout = limit\n\treturn a\n}"
        ),
        go('import "net/http"\n\nfunc f() { c := &http.Client{}\n\tc.Timeout = t\n\tc.Get(u) }'),
        go(
            'import "net/http"\n\nfunc f() { c := &http.Client{}\n'
            "\tr, _ := http.NewRequestWithContext(ctx, m, u, nil)\n\tc.Do(r) }"
        ),
        java(
            "import java.net.http.HttpRequest;\n"
            "class A { Object f() { return HttpRequest.newBuilder(u).timeout(t).build(); } }"
        ),
        java(
            "import org.springframework.web.client.RestTemplate;\n"
            "class A { RestTemplate t = new RestTemplate(factory); }"
        ),
        java(
            "import org.springframework.web.client.RestTemplate;\nclass A { RestTemplate rest;\n  void init() {\n"
            "    rest = new RestTemplate();\n    var by = (SimpleClientHttpRequestFactory) rest.getRequestFactory();\n"
            "    by.setReadTimeout(5000);\n  }\n}"
        ),
        kotlin(
            "import org.springframework.web.client.RestTemplate\n\n"
            "val rest = RestTemplate().apply { requestFactory = limited }"
        ),
        kotlin(
            "import java.net.http.HttpRequest\n\n"
            "fun ask(u: URI) = HttpRequest.newBuilder().uri(u).timeout(LIMIT).build()"
        ),
        ruby("DB = PG.connect(host: 'db', connect_timeout: 5)\nPG.connect(ENV['DATABASE_URL'])\nPG.connect(**options)"),
        ruby("Redis.new(host: 'cache')\nNet::HTTP.new('api', 443)"),
        rust("fn make() -> Res {\n    reqwest::Client::builder().timeout(Duration::from_secs(5)).build()\n}"),
        rust(
            "async fn f(c: reqwest::Client) {\n    let c = reqwest::Client::new();\n"
            "    c.get(u).timeout(LIMIT).send().await;\n}"
        ),
        java("import java.net.URL;\nclass A { Object f() { return new URL(u).openConnection(); } }"),
        python("import urllib3\npool = urllib3.PoolManager()"),  # the calls are judged
        java(
            "import java.net.http.HttpRequest;\nimport shop.net.PatientClient;\nclass A { Object f() {\n"
            "  var r = HttpRequest.newBuilder(u).GET().build(); return PatientClient.make().send(r); } }"
        ),
    )


def _is_limited_by_context(call: Call) -> bool:
    """Go's limit mostly comes with each call: this file makes such contexts, or a client of another has it."""
    if _DEADLINES.search(call.file.text):
        return True
    taker = call.file.call_at(call.user.parent if call.user is not None else None)  # unprovable: narrows the type
    return taker is not None and "/" in taker.name and not _OPTION.match(taker.method)


def _is_sent_by_another_client(call: Call) -> bool:
    """Through a class that is not Java's own: it may limit what it sends."""
    within = call.function.node if call.function is not None else None
    sends = [one for one in call.file.within(call.file.calls, within) if one.method in ("send", "sendAsync")]
    return bool(sends) and all(map(_is_of_another, sends))


def _is_of_another(send: Call) -> bool:
    if send.name:
        return not send.name.startswith("java.net.http.")
    owner = text_of(send.receiver).removeprefix("this.")
    types = {text_of(field.type) for field in send.file.bindings if text_of(field.target) == owner}
    return any(types) and "HttpClient" not in types
