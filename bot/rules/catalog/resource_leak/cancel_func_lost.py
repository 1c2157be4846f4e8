"""A context whose cancel function nobody keeps."""

from bot.domain import Severity
from bot.rules.rule import Alarm, Rule, go
from bot.syntax import Call, SourceFile, text_of

MAKERS = frozenset(
    f"context.{name}{cause}" for name in ("WithCancel", "WithTimeout", "WithDeadline") for cause in ("", "Cause")
)


class CancelFuncLost(Rule):
    """## What it finds
    `context.WithCancel`, `WithTimeout` or `WithDeadline` whose cancel function is thrown away.

    ## Why it matters
    Until it is called, the context stays registered with its parent, with its timer. Per request on a long-lived parent
    that is memory that grows until a restart; and work that should stop with the request goes on.

    ## Use instead
    `ctx, cancel := context.WithTimeout(…)` and `defer cancel()` in the next line.
    """

    name = "resource-leak/cancel-func-lost"
    severity = Severity.MEDIUM
    covered_by = ("govet:lostcancel",)
    languages = ("go",)
    names = MAKERS
    confidence = 0.9

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        if call.name not in MAKERS:
            return None
        lost = [one for one in file.bindings if one.index == 1 and file.call_at(one.value) is call]
        if not lost or text_of(lost[0].target) != "_":
            return None
        return Alarm(
            call,
            f"The cancel function of `{call.written}` is thrown away"[:80],
            "Nobody can cancel this context, so it and its timer stay with the parent until the time is over, or for "
            "ever. On a parent that lives long each call adds another one.",
            "Keep it, and `defer cancel()` in the next line.",
        )

    bad = (
        go(
            'import "context"\n\nfunc f(ctx context.Context) {\n\tctx, _ = context.WithTimeout(ctx, limit)\n'
            "\tload(ctx)\n}",
            line=4,
        ),
    )
    good = (
        go(
            'import "context"\n\nfunc f(ctx context.Context) {\n\tctx, cancel := context.WithTimeout(ctx, limit)\n'
            "\tdefer cancel()\n\tload(ctx)\n}"
        ),
        go('import "context"\n\nfunc f(ctx context.Context) {\n\tctx = context.WithValue(ctx, k, v)\n\tload(ctx)\n}'),
        go(
            'import "context"\n\nfunc f(ctx context.Context) (context.Context, context.CancelFunc) {\n'
            "\treturn context.WithCancel(ctx)\n}"
        ),
        go("func f() {\n\tn, _ := split(text)\n\tuse(n)\n}"),
        go(
            "func load(parent context.Context) (context.Context, context.CancelFunc) {\n\tfirst, _ := read()\n"
            "\tctx, cancel := context.WithCancel(parent)\n\tdefer cancel()\n\trun(ctx, first)\n"
            "\treturn context.WithTimeout(parent, limit)\n}",
        ),
    )
