"""Work that is started for a request and knows nothing of its end."""

from bot.domain import Severity
from bot.rules.contexts import FRESH, needs_a_root
from bot.rules.goroutines import is_spawned
from bot.rules.rule import Alarm, Rule, go
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import Call, Function, SourceFile

HANDED = ("context.Context", "net/http.Request")


class ContextDetachedOrLeaked(Rule):
    """## What it finds
    A goroutine, started where a context or a request is at hand, that gives `context.Background()` or `context.TODO()`
    straight to what it calls.

    ## Why it matters
    Nothing ends this work: not the caller's cancellation, not a deadline, not the shutdown. Where its peer stalls it
    stays for ever, and each request leaves one more behind.

    ## Use instead
    `context.WithTimeout(context.WithoutCancel(ctx), …)`: it outlives the request, and has an end.
    """

    name = "lost-context/context-detached-or-leaked"
    severity = Severity.LOW
    languages = ("go",)
    methods = frozenset({"Background", "TODO"})
    confidence = SHOWN_ONLY  # on record: the callee sets a limit of its own
    covered_by = ("golangci-lint:contextcheck",)

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        if call.name not in FRESH:
            return None
        taker = file.call_at(call.user.parent) if call.user is not None else None  # unprovable: narrows the type
        if taker is None or needs_a_root(taker) or not self._is_started_for_a_request(call, taker):
            return None
        return Alarm(
            taker,
            f"Nothing ends `{taker.written}` in this goroutine"[:80],
            f"`{taker.written}` gets a context without end, and nobody waits for this goroutine. Where the other side "
            "stalls it stays for good, and each request leaves one more behind.",
            "Give it a limit: `context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)`.",
        )

    def _is_started_for_a_request(self, call: Call, taker: Call) -> bool:
        """Inside of `go func() { … }()`, or itself what `go` starts, in a function that was handed a context."""
        started = taker.use == "task"
        for function in call.around(Function):
            kinds = [call.file.canonical(type_, function) for type_ in function.parameters.values()]
            if started:
                return any(kind in HANDED for kind in kinds)
            started = is_spawned(function)
        return False

    bad = (
        go(
            'import "context"\n\nfunc f(ctx context.Context, o Order) {\n\tgo func() {\n'
            "\t\tsave(context.Background(), o)\n\t}()\n}",
            line=5,
        ),
        go(
            'import ("context"; "net/http")\n\nfunc f(w http.ResponseWriter, r *http.Request) {\n'
            "\tgo save(context.TODO(), o)\n}",
            line=4,
        ),
    )
    good = (
        go(
            'import "context"\n\nfunc f(ctx context.Context, o Order) {\n\tgo func() {\n'
            "\t\tsave(context.Background(), o) //nolint:contextcheck\n\t}()\n}"
        ),
        go('import "context"\n\nfunc f(ctx context.Context, o Order) { go func() { save(ctx, o) }() }'),
        go('import "context"\n\nfunc main() { go func() { save(context.Background(), o) }() }'),
        go(
            'import "context"\n\nfunc f(ctx context.Context, o Order) {\n\tgo func() {\n'
            "\t\tc, stop := context.WithTimeout(context.Background(), 9)\n\t\tdefer stop()\n\t\tsave(c, o)\n\t}()\n}"
        ),
        go('import "context"\n\nfunc f(ctx context.Context) { func() { save(context.Background(), o) }() }'),
        go(
            'import "context"\n\nfunc f(ctx context.Context) { go func() { save(keyOf(o), o) }() }',
        ),
        go(
            'import "context"\n\nfunc f(ctx context.Context) {\n\tgo func() {\n'
            "\t\tc := context.Background()\n\t\tsave(c)\n\t}()\n}",
        ),
    )
