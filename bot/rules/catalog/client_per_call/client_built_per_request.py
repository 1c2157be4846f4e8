"""A client built anew for every request."""

import re

from bot.domain import Severity
from bot.regex import regex
from bot.rules.api_rows import Shared
from bot.rules.apis import find
from bot.rules.rule import Alarm, Rule, csharp, java, python
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import Call, Function, SourceFile, text_of

ROUTES = regex(r"@[\w.]+\.(?:route|get|post|put|patch|delete|websocket|task|on_message)\(|@(?:shared_)?task\b")
SERVES = regex(r"\[(?:FunctionName|Function|Http(?:Get|Post|Put|Patch|Delete)|Route)\b")
ONCE = regex(r"(?i)^(?:main|init|__init__|setup|configure|create|build|make|new|get|provide|open|connect|lifespan)")
"""Names of functions that run once, or make what others keep."""


class ClientBuiltPerRequest(Rule):
    """## What it finds
    An HTTP, database or cloud client that is made inside the method that uses it, or inside a request handler, and
    dropped when that returns.

    ## Why it matters
    The client is what holds the connections. One per call means a new TCP and TLS handshake each time and sockets that
    linger afterwards: under load the machine runs out of ports while the peer is idle. .NET's guidelines for
    `HttpClient` describe the outage.

    ## Use instead
    One client for the life of the process: a field, a singleton, `IHttpClientFactory`; in a Lambda function a module
    level name.
    """

    name = "client-per-call/client-built-per-request"
    severity = Severity.MEDIUM
    languages = ("python", "java", "csharp")
    sections = ("shared",)
    confidence = 0.8

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        row, function = find(call, Shared), call.function
        if row is None or function is None:
            return None
        if not self._is_dropped(call, function) and not self._is_of_the_request(call, function):
            return None
        if _runs_once(function) or not (row.once or _serves_requests(function)):
            return None
        if row.once and file.language.name == "csharp" and call.arguments:
            return None  # a handler that is shared holds the connections
        return Alarm(
            call,
            f"A new `{call.written.split('(')[0]}` is built for every call"[:80],
            f"Each call of `{function.name or 'this function'}` builds a {row.what} that {row.costs}. Under load that "
            "is thousands of handshakes a minute, and the machine runs out of ports and threads before the peer is "
            "even busy.",
            row.instead or "Build it once, outside of the function, and use it for every call.",
            # others may run once, at a start or in a seeding step
            confidence=None if _serves_requests(function) else SHOWN_ONLY,
        )

    def _is_of_the_request(self, call: Call, function: Function) -> bool:
        """In a C# function that serves requests: thrown away, given to a call, or kept under a local name."""
        if function.file.language.name != "csharp" or not _serves_requests(function):
            return False
        if call.use == "discarded":
            return True
        if call.use == "assigned":
            local = [
                one for one in function.file.within(function.file.bindings, function.body) if one.function is function
            ]
            declared = {text_of(one.target) for one in local if one.node.type == "variable_declaration"}
            return call.assigned_to in declared and f"return {call.assigned_to};" not in function.text
        taker = call.file.call_at(call.user.parent) if call.user is not None else None  # unprovable: narrows the type
        return taker is not None and taker.use == "discarded"

    def _is_dropped(self, call: Call, function: Function) -> bool:
        """Used here and now, or kept under a local name that goes nowhere."""
        if call.use in ("managed", "receiver"):
            return call.file.language.name != "java" or call.use == "managed" or _is_sent_on(call)
        name = call.assigned_to
        if not name.isidentifier():
            return False
        bound = [one for one in call.file.within(call.file.bindings, function.body) if text_of(one.target) == name]
        if len(bound) != 1 or bound[0].node.type == "assignment_expression":
            return False
        if function.file.language.name == "python" and re.search(
            rf"\b(?:global|nonlocal)\b.*\b{name}\b", function.text
        ):
            return False
        language = call.file.language
        mentions = [one for one in language.mentions(name, function.node) if one.start_byte >= call.node.end_byte]
        above = {one.parent.type for one in mentions if one.parent is not None}  # unprovable: narrows the type
        return above <= {*language.members, *language.call_kinds}

    bad = (
        csharp('class A { [Function("f")] public void Run() {\n  Send(new CosmosClient(s));\n} }', line=2),
        csharp(
            'class A { [Function("f")] public void Run() {\n  var c = new CosmosClient(s);\n  Send(c);\n} }', line=2
        ),
        csharp('class A { [Function("f")] public void Run() {\n  new CosmosClient(s);\n} }', line=2),
        python(
            'import boto3\ndef lambda_handler(event, context):\n    s3 = boto3.client("s3")\n'
            "    return s3.get_object(Bucket=b, Key=k)",
            line=3,
        ),
        python(
            'import redis\n@app.get("/items")\ndef get_items():\n    key = keyed()\n    cache = redis.Redis(host=h)\n'
            "    return cache.get(key)",
            line=5,
        ),
        java(
            "import okhttp3.*;\nclass A { String load(Request r) {\n  OkHttpClient c = new OkHttpClient();\n"
            "  return c.newCall(r).execute();\n} }",
            line=3,
        ),
        java(
            "import java.net.http.*;\nclass A { String load(HttpRequest r) {\n"
            "  return HttpClient.newHttpClient().send(r, h).body();\n} }",
            line=3,
        ),
        csharp(
            "class A { async Task<string> Load() {\n  using var c = new HttpClient();\n"
            "  return await c.GetAsync(u);\n} }",
            line=2,
        ),
        csharp(
            "class A { async Task<string> Load() {\n  return await new HttpClient().GetStringAsync(u);\n} }", line=2
        ),
        csharp(
            'class A { [Function("f")] public async Task Run() {\n  var c = new ServiceBusClient(s);\n'
            "  await c.SendAsync(m);\n} }",
            line=2,
        ),
        java(
            "import redis.clients.jedis.JedisPool;\nclass A { String load(String key) {\n"
            "  JedisPool pool = new JedisPool(host, port);\n  return pool.getResource().get(key);\n} }",
            line=3,
        ),
        java(
            "import java.net.http.*;\nclass A { void load(HttpRequest r) {\n"
            "  try (HttpClient c = HttpClient.newHttpClient()) { c.send(r, h); }\n} }",
            line=3,
        ),
        csharp(
            "class A { void Load(string[] urls) { Each(urls, async url => {\n  var c = new HttpClient();\n"
            "  global::Log.Add(url); await c.GetAsync(url);\n}); } }",
            line=2,
        ),
    )
    good = (
        csharp('class A { [Function("f")] public void Run() { client = new CosmosClient(s); Keep(client); } }'),
        csharp('class A { [Function("f")] public object Run() { var c = new CosmosClient(s); return c; } }'),
        csharp('class A { [Function("f")] public object Run() { client = Kept(new CosmosClient(s)); return 1; } }'),
        python(
            'import boto3\ns3 = boto3.client("s3")\ndef lambda_handler(event, context):\n    return s3.list_buckets()'
        ),
        python('import boto3\ndef backup(bucket):\n    s3 = boto3.client("s3")\n    s3.copy(bucket)'),
        python(
            "import redis\ncache = None\n@app.get('/items')\ndef items():\n    global cache\n"
            "    cache = redis.Redis(host=h)\n    return cache.get('x')"
        ),
        python("import boto3\ndef lambda_handler(event, context):\n    s3 = boto3.client('s3')\n    return run(s3)"),
        java("import okhttp3.*;\nclass A { private final OkHttpClient c = new OkHttpClient(); }"),
        java("import okhttp3.*;\nclass A { OkHttpClient c; A() { c = new OkHttpClient(); } }"),
        java("import okhttp3.*;\nclass A { OkHttpClient make() { OkHttpClient c = new OkHttpClient(); return c; } }"),
        java(
            "import okhttp3.*;\n"
            "class A { public static void main(String[] a) { OkHttpClient c = new OkHttpClient(); c.x(); } }"
        ),
        java("import okhttp3.*;\nclass A { void f() { c = new OkHttpClient(); c.x(); } OkHttpClient c; }"),
        csharp("class A { static readonly HttpClient C = new HttpClient(); }"),
        csharp("class A { async Task F() { using var c = new HttpClient(shared, false); await c.GetAsync(u); } }"),
        csharp("class A { HttpClient Make() { var c = new HttpClient(); c.Timeout = t; return c; } }"),
        csharp("class A { async Task F() { var c = new ServiceBusClient(s); await c.SendAsync(m); } }"),
        csharp("class P { static async Task Main() { using var c = new HttpClient(); await c.GetAsync(u); } }"),
        csharp(
            'class A { [Function("f")] public void Run() { c = new CosmosClient(s); Each(x => { var c = x; '
            "Send(c); }); Keep(c); } }",
        ),
        python(
            "import redis\n@app.get('/')\ndef home():\n    return 'up'\ndef refresh():\n"
            "    cache = redis.Redis(host=h)\n    return cache.get('x')",
        ),
        python(  # only where none is at hand
            "import redis\n@app.get('/')\ndef home():\n    cache = kept()\n    if not cache:\n"
            "        cache = redis.Redis(host=h)\n    return cache.get('x')",
        ),
        python(  # kept
            "import boto3\ndef lambda_handler(event, context):\n    state.s3 = boto3.client('s3')\n"
            "    keep(boto3.client('sqs'))",
        ),
        csharp("class A { void Ready() { Keep(new HttpClient()); } }"),
        csharp('class A { [Function("f")] public object Run() { return new CosmosClient(s); } }'),
        csharp("class Program { static async Task Run() { using var c = new HttpClient(); await c.GetAsync(u); } }"),
        java(
            "import okhttp3.*;\nclass A { Callable<R> load = () -> new OkHttpClient().newCall(r).execute();\n"
            "  A() { OkHttpClient c = new OkHttpClient(); c.newCall(r).execute(); }\n"
            "  void limit() { jobs = new OkHttpClient().dispatcher(); cookies = new OkHttpClient().cookies; } }",
        ),
    )


def _is_sent_on(call: Call) -> bool:
    """`newHttpClient().send(…)`, and not a builder's step."""
    outer = call.file.call_on(call)
    return outer is not None and outer.method in ("send", "sendAsync", "newCall", "execute", "prepareRequest")


def _runs_once(function: Function) -> bool:
    named: Function | None = function
    while named is not None and not named.name:
        named = named.function
    if named is None or named.node.type == "constructor_declaration":
        return True
    is_program = named.enclosing_class in ("Program", "Main")
    return is_program or (ONCE.match(named.name) is not None and not _serves_requests(named))


def _serves_requests(function: Function) -> bool:
    """A route, a task of a queue, or a cloud function."""
    if function.file.language.name == "python":
        above = function.node.parent
        if above is None:  # unprovable: narrows the type
            return False
        marks = text_of(above) if above.type == "decorated_definition" else ""
        return list(function.parameters)[:2] == ["event", "context"] or ROUTES.search(marks) is not None
    return SERVES.search(function.text.split("{")[0]) is not None
