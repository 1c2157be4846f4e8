"""A server that waits for ever for a client's headers."""

from bot.domain import Severity
from bot.rules.api_rows import Server
from bot.rules.apis import Wait, find, limit_given
from bot.rules.edits import add_argument
from bot.rules.rule import Alarm, Rule, go
from bot.syntax import Call, SourceFile


class NoReadHeaderTimeout(Rule):
    """## What it finds
    An `http.Server` without `ReadHeaderTimeout` (or `ReadTimeout`, which stands in for it).

    ## Why it matters
    A client that sends its headers one byte a minute keeps a connection and a goroutine for as long as it likes. A few
    thousand of them, from one laptop or one broken proxy, take the server down (Slowloris).

    ## Use instead
    `ReadHeaderTimeout` of a few seconds; `ReadTimeout`, `WriteTimeout` and `IdleTimeout` where answers do not stream.
    """

    name = "server-timeout/no-read-header-timeout"
    severity = Severity.MEDIUM
    confidence = 0.45  # a listener that only trusted peers can reach looks the same
    covered_by = ("gosec:G112",)
    languages = ("go",)
    sections = ("server",)

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        row = find(call, Server)
        if (
            row is None
            or not row.carries  # unprovable: only saves time, a literal always carries one
            or call.node.type != "composite_literal"
        ):
            return None
        wait, _ = limit_given(row, call)
        if wait not in (Wait.UNBOUND, Wait.DISABLED):
            return None
        can_add = wait is Wait.UNBOUND and file.imports.get("time") == "time" and bool(call.keywords)
        return Alarm(
            call,
            "This server waits for ever for a client's headers",
            "Without `ReadHeaderTimeout` a client may take as long as it likes to send its request, and holds a "
            "connection and a goroutine meanwhile. A few thousand slow or hostile clients exhaust the server's file "
            "descriptors, and nobody else gets in.",
            f"Add `{row.add}`.",
            (add_argument(call, row.add),) if can_add else (),
        )

    bad = (
        go(
            'import "net/http"\n\nfunc run() error {\n\tsrv := &http.Server{Addr: addr, Handler: mux}\n'
            "\treturn srv.ListenAndServe()\n}",
            line=4,
        ),
        go(
            'import ("net/http"; "time")\n\nvar srv = http.Server{\n\tAddr:         addr,\n'
            "\tWriteTimeout: 5 * time.Second,\n}",
            line=3,
        ),
        go(
            'import ("net/http"; "time")\n\nvar srv = http.Server{\n\tReadHeaderTimeout: 0,\n'
            "\tWriteTimeout:      5 * time.Second,\n}",
            line=3,
        ),
        go(
            'import ("net/http"; "time")\n\nfunc run() error {\n\tsrv := &http.Server{}\n'
            "\tsrv.WriteTimeout = 5 * time.Second\n\treturn srv.ListenAndServe()\n}",
            line=4,
        ),
    )
    good = (
        go('import "net/http"\n\nvar srv = &http.Server{Addr: addr, ReadHeaderTimeout: limit}'),
        go('import "net/http"\n\nvar srv = &http.Server{Addr: addr, ReadTimeout: limit}'),
        go(
            'import "net/http"\n\nfunc run() error {\n\tsrv := &http.Server{Addr: addr}\n'
            "\tsrv.ReadHeaderTimeout = limit\n\treturn srv.ListenAndServe()\n}"
        ),
        go('import http "example.com/rpc"\n\nvar srv = &http.Server{Addr: addr}'),
        go('import "net/http"\n\ntype Options http.Server\n\nfunc of(o Options) http.Server { return http.Server(o) }'),
    )
