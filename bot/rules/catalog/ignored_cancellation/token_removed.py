"""A caller's token or context replaced by one that is never cancelled."""

from collections.abc import Iterator

from bot.domain import Severity
from bot.regex import regex
from bot.rules.changes import FileChange, FunctionChange
from bot.rules.rule import Alarm, Rule, csharp, go
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import Call

NEVER = frozenset(
    {"default", "CancellationToken.None", "default(CancellationToken)", "new CancellationToken()"}
    | {"context.Background()", "context.TODO()"}
)
"""Tokens and contexts that nobody can cancel."""
_MEANT = {"CancellationToken.None": SHOWN_ONLY}
"""Spelt out, it is mostly meant."""
_SAYS_WHY = regex(r"(?i)\b(?:ctx|context\w*|cancel\w*|token)\b|background")
TOKEN = regex(r"^(?:c|ct|ctx|\w*[tT]oken|\w*[cC]ancel\w*|\w*[cC](?:on)?te?xt)$|\.Token$|\.Context\(\)$|ctx$")


class CancellationTokenRemoved(Rule):
    """## What it finds
    A call that was given the caller's cancellation token or context and now gets one that nobody can cancel:
    `default`, `CancellationToken.None`, `context.Background()`.

    ## Why it matters
    The work outlives its caller. It goes on after the request timed out, holds its connection, and keeps the process
    from shutting down until it is killed.

    ## Use instead
    The caller's token. Work meant to outlive its caller gets a deadline of its own (`context.WithoutCancel` with a
    timeout, a linked token source).
    """

    name = "ignored-cancellation/token-removed"
    severity = Severity.MEDIUM
    confidence = 0.85
    languages = ("go", "csharp")
    shown_only_in = ("go",)  # on record what gets a context of its own is to outlive its caller

    def check_change(self, change: FileChange) -> Iterator[Alarm]:
        for function in change.functions:
            yield from self._tokens(function)

    def _tokens(self, change: FunctionChange) -> Iterator[Alarm]:
        stood = {_said(call) for call in change.calls_before}
        for head in change.calls_after:
            if _said(head) in stood or _is_meant(head):
                continue  # it had no token before, whatever another call of that name was given
            for place, argument in enumerate(head.arguments):
                if argument.text not in NEVER:
                    continue
                others = [a.text for a in head.arguments if a is not argument]
                for call in change.calls_before:
                    if call.written != head.written or len(call.arguments) != len(head.arguments):
                        continue
                    was = call.arguments[place].text
                    same = [a.text for a in call.arguments if a is not call.arguments[place]] == others
                    if (
                        same
                        and TOKEN.search(was)
                        and was not in (*_limited_here(change), *_cancelled_by_nobody(change))
                    ):
                        yield self._alarm(head, was, argument.text)
                        break

    def _alarm(self, head: Call, was: str, now: str) -> Alarm:
        return Alarm(
            head,
            f"`{head.written[:40]}` can no longer be cancelled",
            f"Before this change it was given `{was}`; `{now}` is never cancelled. When the caller gives up or the "
            "service shuts down, this work goes on and holds what it uses.",
            f"Hand on `{was}`, or give this work a deadline of its own.",
            was=f"Before this change it was given `{was}`.",
            confidence=_MEANT.get(now),
        )

    bad = (
        go(
            "func list(ctx context.Context) {\n\t// all of them\n\tdial(context.Background(), addr)\n}",
            line=3,
            before="func list(ctx context.Context) {\n\t// all of them\n\tdial(ctx, addr)\n}",
        ),
        go(
            "func list(ctx context.Context) {\n\tdial(context.Background(), addr)\n}",
            line=2,
            before="func list(ctx context.Context) {\n\tdial(ctx, addr)\n}",
        ),
        csharp(
            "class A { Task F(CancellationToken c) => Task.Run(() => Work(c), default); }",
            before="class A { Task F(CancellationToken c) => Task.Run(() => Work(c), c); }",
        ),
        go(
            "func list(r *http.Request) {\n\tdial(context.Background(), addr)\n}",
            line=2,
            before="func list(r *http.Request) {\n\tctx := r.Context()\n\tdial(ctx, addr)\n}",
        ),
        go(  # the caller could end it through the context that it was made of
            "func list(parent context.Context) {\n\tdial(context.Background(), addr)\n}",
            line=2,
            before="func list(parent context.Context) {\n\tctx, cancel := context.WithCancel(parent)\n"
            "\tdefer cancel()\n\tdial(ctx, addr)\n}",
        ),
        go(
            "func run() {\n\tctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)\n\tdefer stop()\n"
            "\tserve(context.Background())\n}",
            line=4,
            before="func run() {\n\tctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)\n"
            "\tdefer stop()\n\tserve(ctx)\n}",
        ),
    )
    good = (
        go(
            "func list(ctx context.Context) {\n\t// the caller's context is cancelled by now\n"
            "\tdial(context.Background(), addr)\n}",
            before="func list(ctx context.Context) {\n\tdial(ctx, addr)\n}",
        ),
        go(
            "func list(ctx context.Context) {\n\tdial(context.Background(), other)\n}",
            before="func list(ctx context.Context) {\n\tdial(ctx, addr)\n}",
        ),  # another call altogether
        go(
            "func list() {\n\tdial(context.Background(), addr)\n\tuse(addr)\n}",
            before="func list() {\n\tdial(context.TODO(), addr)\n}",
        ),
        go(  # the second had no token before either
            "func list(ctx context.Context) {\n\tnear := open(ctx)\n\tfar := open(context.Background())\n"
            "\tjoin(near, far, 2)\n}",
            before="func list(ctx context.Context) {\n\tnear := open(ctx)\n\tfar := open(context.Background())\n"
            "\tjoin(near, far)\n}",
        ),
        go(
            "func list(ctx context.Context) {\n\tshort := trim(ctx)\n\tdial(short, addr)\n}",
            before="func list(ctx context.Context) {\n\tdial(ctx, addr)\n}",
        ),
        go(
            "func main() {\n\trun(context.Background(), addr)\n}",
            before="func main() {\n\tctx, cancel := context.WithCancel(context.Background())\n\tdefer cancel()\n"
            "\trun(ctx, addr)\n}",
        ),
        csharp(
            "class A { Task F(CancellationToken c) => Task.Run(() => Other(c), c); }",
            before="class A { Task F(CancellationToken c) => Task.Run(() => Work(c), c); }",
        ),
        go(  # its deadline is the loss, and another rule's
            "func list(parent context.Context) {\n\tdial(context.Background(), addr)\n}",
            before="func list(parent context.Context) {\n\tctx, cancel := context.WithTimeout(parent, limit)\n"
            "\tdefer cancel()\n\tdial(ctx, addr)\n}",
        ),
        go(  # other work, with a life of its own
            "func drop(ctx context.Context, id string) {\n\tnote(id, context.TODO())\n"
            "\tenqueue(context.Background(), id)\n}",
            before="func drop(ctx context.Context, id string) {\n\tnote(id)\n\tremove(ctx, id)\n}",
        ),
    )


def _said(call: Call) -> tuple[str, ...]:
    return (call.written, *(argument.text for argument in call.arguments))


def _limited_here(change: FunctionChange) -> frozenset[str]:
    """Contexts with a deadline that the base made itself: their loss is missing-timeout/timeout-removed."""
    return frozenset(call.assigned_to for call in change.calls_before if call.method in ("WithTimeout", "WithDeadline"))


def _cancelled_by_nobody(change: FunctionChange) -> frozenset[str]:
    """Contexts that the base made of a root, for itself alone: no caller could end them either."""
    made = (call for call in change.calls_before if call.method == "WithCancel")
    return frozenset(call.assigned_to for call in made if any(one.text in NEVER for one in call.arguments))


def _is_meant(call: Call) -> bool:
    """A comment right above speaks of the context or token that is not used."""
    return any(_SAYS_WHY.search(one.text) for one in call.file.comments_on(call.start_line - 2, call.start_line))
