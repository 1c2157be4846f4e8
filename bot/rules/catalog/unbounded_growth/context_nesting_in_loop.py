"""A context that is wrapped again in every round of a loop."""

from bot.domain import Severity
from bot.rules.rule import Alarm, Rule, go
from bot.syntax import Call, Loop, SourceFile, text_of

WRAPPERS = frozenset(
    {
        "context.WithValue",
        "context.WithCancel",
        "context.WithTimeout",
        "context.WithDeadline",
        "context.WithCancelCause",
        "context.WithoutCancel",
    }
)


def _round_names(loop: Loop) -> list[str]:
    """What a `range` gives in each round."""
    clauses = [child for child in loop.node.named_children if child.type == "range_clause"]
    left = [clause.child_by_field_name("left") for clause in clauses]
    return [name.strip() for node in left for name in text_of(node).split(",")]


class ContextNestingInLoop(Rule):
    """## What it finds
    `ctx = context.With…(ctx, …)` inside a loop, where `ctx` comes from outside of it.

    ## Why it matters
    Each round wraps the context of the round before. The chain grows for as long as the loop runs: lookups get slower,
    nothing of it is freed, timeouts of earlier rounds end the later ones, and in a worker's loop the process runs out
    of memory after days.

    ## Use instead
    A name of its own in the loop: `roundCtx := context.With…(ctx, …)`.
    """

    name = "unbounded-growth/context-nesting-in-loop"
    severity = Severity.MEDIUM
    covered_by = ("golangci-lint:fatcontext",)
    languages = ("go",)
    names = WRAPPERS
    confidence = 0.9

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        name = call.assigned_to
        if call.name not in WRAPPERS or call.loop is None or [a.text for a in call.arguments[:1]] != [name]:
            return None
        here = file.within(file.bindings, call.loop.node)
        if any(one.node.type != "assignment_statement" and text_of(one.target) == name for one in here):
            return None  # made anew in each round
        if any(given.text in _round_names(call.loop) for given in call.arguments[1:2]):
            return None  # each item's key: it gathers them all, once
        return Alarm(
            call,
            f"`{name}` is wrapped once more in every round of the loop"[:80],
            f"Each round puts another layer around the `{name}` of the round before, and none is ever taken off. In a "
            "loop that runs for long, memory grows and every lookup gets slower; a deadline of one round ends all "
            "later ones.",
            f"Use a name of its own: `roundCtx := {call.written}({name}, …)`.",
        )

    bad = (
        go(
            'import "context"\n\nfunc run(ctx context.Context) {\n\tfor m := range messages {\n'
            "\t\tctx = context.WithValue(ctx, key, m.id)\n\t\tuse(ctx)\n\t}\n}",
            line=5,
        ),
        go(
            'import "context"\n\nfunc run(ctx context.Context) {\n\tvar cancel context.CancelFunc\n\tfor {\n'
            "\t\tctx, cancel = context.WithTimeout(ctx, limit)\n\t\tuse(ctx)\n\t\tcancel()\n\t}\n}",
            line=6,
        ),
        go(
            'import "context"\n\nfunc run(ctx context.Context) {\n\tfor n < limit {\n'
            "\t\tleft := limit - n\n\t\tctx = context.WithValue(ctx, n, left)\n\t\tn = use(ctx)\n\t}\n}",
            line=6,
        ),
    )
    good = (
        go(
            'import "context"\n\nfunc run(ctx context.Context) {\n\tfor m := range messages {\n'
            "\t\tctx := context.WithValue(ctx, key, m.id)\n\t\tuse(ctx)\n\t}\n}"
        ),
        go(
            'import "context"\n\nfunc run(ctx context.Context) {\n\tfor m := range messages {\n\t\tctx := ctx\n'
            "\t\tctx = context.WithValue(ctx, key, m.id)\n\t\tuse(ctx)\n\t}\n}"
        ),
        go(
            'import "context"\n\nfunc run(ctx, base context.Context) {\n\tfor m := range messages {\n'
            "\t\tctx = context.WithValue(base, key, m.id)\n\t\tuse(ctx)\n\t}\n}"
        ),
        go(
            'import "context"\n\nfunc run(ctx context.Context) {\n\tctx = context.WithValue(ctx, key, 1)\n\tuse(ctx)\n}'
        ),
        go(
            'import "context"\n\nfunc with(ctx context.Context, all map[Key]any) context.Context {\n'
            "\tfor key, value := range all {\n\t\tctx = context.WithValue(ctx, key, value)\n\t}\n\treturn ctx\n}"
        ),
        go("func run(ctx Ctx) { for { ctx = next(ctx) } }"),
    )
