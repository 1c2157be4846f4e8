"""A callee that is given more time than its caller has."""

from bot.domain import Severity
from bot.rules.rule import Rule, csharp, go, java, javascript, python, typescript


class DeadlineNotPropagated(Rule):
    """## What it finds
    A change that makes a service wait longer for what it calls than those who call the service wait for it: by a
    longer timeout, a new call, or more tries. The reverse too: a service that from now on gives up before what it calls
    has given up. Told where the maps of both services are on record (`seawall posture --keep`) and policy names them;
    no file alone shows it. In the examples others give this service 10 s.

    ## Why it matters
    When the callee is slow, the caller gives up and tries again, while this service goes on working for an answer that
    nobody will read. Its workers fill with such work, and the callee gets the load twice: the slowness climbs up the
    chain, and retries turn it into an outage. Google, *Site Reliability Engineering*, chapter 22, on deadlines.

    ## Use instead
    A wait, tries and pauses included, that ends before the caller's does; best a deadline that is handed on, such as
    gRPC's, Go's `context` or a header with what is left of the time.
    """

    name = "missing-timeout/deadline-not-propagated"
    severity = Severity.MEDIUM
    languages = ("python", "javascript", "typescript", "go", "java", "csharp")
    confidence = 0.7
    joins_services = True

    bad = (
        python("import requests\n\nrequests.post('http://payments.internal/charges', order, timeout=30)", line=3),
        javascript("await fetch('http://payments.internal/charges', { signal: AbortSignal.timeout(30_000) });"),
        typescript("await fetch('http://payments.internal/charges', { signal: AbortSignal.timeout(30_000) });"),
        go(
            'import "net/http"\n\nvar client = &http.Client{Timeout: 30 * time.Second}\n\n'
            'func charge(o io.Reader) {\n\tclient.Post("http://payments.internal/charges", "", o)\n}',
            line=3,
        ),
        java(
            "import java.net.http.*;\nclass A { void f(HttpClient client) throws Exception {\n"
            '  HttpRequest r = HttpRequest.newBuilder(URI.create("http://payments.internal/x"))\n'
            "      .timeout(Duration.ofSeconds(30)).build();\n"
            "  client.send(r, HttpResponse.BodyHandlers.ofString());\n} }",
            line=3,
        ),
        csharp(
            "class A {\n  static readonly HttpClient http = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };\n"
            '  Task<string> F() => http.GetStringAsync("http://payments.internal/x");\n}',
            line=2,
        ),
    )
    good = (
        python("import requests\n\nrequests.post('http://payments.internal/charges', order, timeout=5)"),
        javascript("await fetch('http://payments.internal/charges', { signal: AbortSignal.timeout(5_000) });"),
        typescript("await fetch('http://payments.internal/charges', { signal: AbortSignal.timeout(5_000) });"),
        go(
            'import "net/http"\n\nvar client = &http.Client{Timeout: 5 * time.Second}\n\n'
            'func charge(o io.Reader) {\n\tclient.Post("http://payments.internal/charges", "", o)\n}'
        ),
        java(
            "import java.net.http.*;\nclass A { void f(HttpClient client) throws Exception {\n"
            '  HttpRequest r = HttpRequest.newBuilder(URI.create("http://payments.internal/x"))\n'
            "      .timeout(Duration.ofSeconds(5)).build();\n"
            "  client.send(r, HttpResponse.BodyHandlers.ofString());\n} }"
        ),
        csharp(
            "class A {\n  static readonly HttpClient http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };\n"
            '  Task<string> F() => http.GetStringAsync("http://payments.internal/x");\n}'
        ),
    )
