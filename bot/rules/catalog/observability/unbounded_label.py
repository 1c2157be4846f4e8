"""A metric with a series for each user or address."""

from bot.domain import Severity
from bot.regex import regex
from bot.rules.rule import Alarm, Rule, go, java, javascript, python, typescript
from bot.syntax import Argument, Call, SourceFile

VALUE = regex(
    r"(?i)^(?:str\(|string\()?(?:"
    r"(?:flask\.)?(?:self\.)?(?:req|request|r|ctx\.req|ctx\.request|c\.Request)\.(?:path|full_path|url|base_url|originalUrl|RequestURI"
    r"|URL\.Path|URL\.String\(\)|getRequestURI\(\)|getRequestURL\(\)|remote_addr|ip|RemoteAddr|getRemoteAddr\(\))(?:\.path|\.toString\(\))?"
    r"|(?:\w+\.)*(?:user_?id|session_?id|request_?id|trace_?id|correlation_?id|customer_?id|order_?id|e?mail|e?mail_?address)(?:\(\))?"
    r"|(?:\w+\.)*get(?:User|Session|Request|Trace|Customer|Order)Id\(\)"
    r")\)?$"
)
OF_PYTHON = regex(r"^prometheus_client\.")
OF_JAVA = frozenset({"io.micrometer.core.instrument.Tag.of", "io.micrometer.core.instrument.Tags.of"})


class UnboundedLabel(Rule):
    """## What it finds
    A metric's label that takes a request's path or address, or the id of a user, session, request or order:
    prometheus_client's `labels(…)`, client_golang's `WithLabelValues(…)`, prom-client's `labels(…)`, Micrometer's
    `Tag.of(…)`.

    ## Why it matters
    Each value of a label is a series of its own that lives as long as the process. A crawler that asks for random
    paths makes millions: the service runs out of memory, and the monitoring with it, in the middle of the incident
    it was to show. Source: Prometheus, *Metric and label naming*; OpenTelemetry, *cardinality limits*.

    ## Use instead
    The route's pattern (`/orders/{id}`) and a status class. Ids belong into logs and traces.
    """

    name = "observability/unbounded-label"
    severity = Severity.MEDIUM
    confidence = 0.85
    languages = ("python", "go", "javascript", "typescript", "java")
    methods = frozenset({"labels", "WithLabelValues", "of"})

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        if not _labels(call, file):
            return None
        for argument in (*call.arguments, *call.keywords.values()):
            if VALUE.match(argument.text) and not (file.language.name == "java" and argument is call.arguments[0]):
                return self._alarm(call, argument)
        return None

    def _alarm(self, call: Call, argument: Argument) -> Alarm:
        return Alarm(
            call,
            f"Each `{argument.text}` becomes a series of its own"[:80],
            f"A label that takes `{argument.text}` makes a new series for each value, and a series is kept as long as "
            "the process lives. A crawler that asks for random addresses fills the memory of this service and of the "
            "monitoring.",
            "Label by the route's pattern and the status; put ids into logs and traces.",
        )

    bad = (
        python(
            "from flask import request\nfrom prometheus_client import Counter\n"
            "SEEN = Counter('seen', 'x', ['path'])\n\n"
            "def count():\n    SEEN.labels(request.path).inc()",
            line=6,
        ),
        python(
            "from prometheus_client import Histogram\nT = Histogram('t', 'x', ['who'])\n"
            "T.labels(who=order.user_id).observe(1)",
            line=3,
        ),
        go(
            'import "github.com/prometheus/client_golang/prometheus"\n\nvar seen *prometheus.CounterVec\n\n'
            "func f(r *http.Request) {\n\tseen.WithLabelValues(r.Method, r.URL.Path).Inc()\n}",
            line=6,
        ),
        javascript(
            "const client = require('prom-client');\nconst seen = new client.Counter({ name: 'a', help: 'b' });\n"
            "app.use((req, res) => seen.labels(req.method, req.originalUrl).inc());",
            line=3,
        ),
        typescript(
            "import { Counter } from 'prom-client';\nconst seen = new Counter({ name: 'a', help: 'b' });\n"
            "seen.labels(session.userId).inc();",
            line=3,
        ),
        java(
            "import io.micrometer.core.instrument.Tag;\n"
            'class A { Object f(User u) { return Tag.of("user", u.getUserId()); } }',
            line=2,
        ),
    )
    good = (
        python(
            "from prometheus_client import Counter\nSEEN = Counter('seen', 'x', ['path'])\n"
            "SEEN.labels(request.url_rule).inc()"
        ),
        python("figure.labels(request.path)"),
        python("from prometheus_client import Gauge\nLAST = Gauge('last', 'x')\nLAST.set(order.order_id)"),
        go(
            'import "github.com/prometheus/client_golang/prometheus"\n\nvar seen *prometheus.CounterVec\n\n'
            "func f(r *http.Request) {\n\tseen.WithLabelValues(r.Method, route).Inc()\n}"
        ),
        go("func f(r *http.Request) { audit.WithLabelValues(r.URL.Path) }"),
        javascript(
            "const client = require('prom-client');\nconst seen = new client.Counter({ name: 'a', help: 'b' });\n"
            "app.use((req, res) => seen.labels(req.method, req.route.path).inc());"
        ),
        typescript("chart.labels(req.url);"),
        java('import io.micrometer.core.instrument.Tag;\nclass A { Object t = Tag.of("uri", pattern); }'),
        java(
            "import io.micrometer.core.instrument.Tag;\n"
            'class A { Object f(String userId) { return Tag.of(userId, "x"); } }'
        ),
        java('class A { Object f(User u) { return Tag.of("user", u.getUserId()); } }'),
        python("from charts import Figure\nfigure = Figure()\nfigure.labels(request.path)"),
        javascript("const chart = new Chart();\nchart.labels(req.url);"),
        go(
            'import "github.com/prometheus/client_golang/prometheus"\n\n'
            "func f(r *http.Request) {\n\tlog.Print(r.URL.Path)\n}"
        ),
    )


def _labels(call: Call, file: SourceFile) -> bool:
    language = file.language.name
    if language == "java":
        return call.name in OF_JAVA
    if language == "go":
        return call.method == "WithLabelValues" and b"client_golang/prometheus" in file.text
    if call.method != "labels":
        return False
    made = file.origin(call.receiver, call.outer)
    if language == "python":
        return made is not None and bool(OF_PYTHON.match(made.name))
    return made is not None and made.name.startswith("prom-client")
