"""A way to serve that cannot carry a timeout."""

from bot.domain import Severity
from bot.rules.api_rows import Server
from bot.rules.apis import find
from bot.rules.rule import Alarm, Rule, go
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import Call, SourceFile


class ServeWithoutTimeouts(Rule):
    """## What it finds
    `http.ListenAndServe` and its siblings, the helpers of `net/http` that serve without any timeout.

    ## Why it matters
    They build a server inside that nobody can give a limit. A client that sends slowly, or never reads its answer,
    keeps its connection and goroutine for ever; nor can such a server be shut down gracefully.

    ## Use instead
    An `http.Server` of your own with `ReadHeaderTimeout`, `IdleTimeout` and a `Shutdown` on SIGTERM.
    """

    name = "server-timeout/serve-without-timeouts"
    severity = Severity.MEDIUM
    confidence = SHOWN_ONLY  # on record: behind a proxy, or for the house alone
    covered_by = ("gosec:G114",)
    languages = ("go",)
    sections = ("server",)

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        row = find(call, Server)
        if row is None or row.carries:
            return None
        return Alarm(
            call,
            f"`{call.written}` serves without any timeout"[:80],
            f"`{call.written}` cannot be given a limit: a client that sends or reads slowly holds its connection and a "
            "goroutine for ever, and a few thousand of them exhaust the server. It cannot drain on a deploy either.",
            "Build an `http.Server` with `ReadHeaderTimeout: 5 * time.Second` and `IdleTimeout`, and call its "
            "`ListenAndServe`.",
        )

    bad = (
        go(
            'import "net/http"\n\nfunc main() {\n\tmux.Handle("/metrics", handler)\n'
            '\tlog.Fatal(http.ListenAndServe(":9090", mux))\n}',
            line=5,
        ),
        go('import "net/http"\n\nfunc main() {\n\tlog.Fatal(http.ListenAndServe(":8080", nil))\n}', line=4),
        go('import web "net/http"\n\nfunc run() error { return web.ListenAndServeTLS(a, c, k, mux) }', line=3),
    )
    good = (
        go('import "net/http"\n\nfunc run(srv *http.Server) error { return srv.ListenAndServe() }'),
        go('import http "github.com/valyala/fasthttp"\n\nfunc run() error { return http.ListenAndServe(a, h) }'),
        go(
            'import "net/http"\n\nfunc run() error {\n\tsrv := &http.Server{Addr: at}\n\treturn srv.ListenAndServe()\n}'
        ),
    )
