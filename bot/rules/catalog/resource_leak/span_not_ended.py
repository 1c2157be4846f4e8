"""A trace span that is started and not ended."""

from bot.domain import Severity
from bot.rules.paths import left_before
from bot.rules.rule import Alarm, Rule, go
from bot.syntax import Binding, Call, SourceFile, text_of

LIBRARY = "go.opentelemetry.io/otel"


class SpanNotEnded(Rule):
    """## What it finds
    An OpenTelemetry span that is started and, on every path or on an early return, not ended.

    ## Why it matters
    A span that does not end is never exported. The trace lacks just the requests that went wrong, for those are the
    ones that returned early, and each span stays in memory for as long as something refers to it.

    ## Use instead
    `ctx, span := tracer.Start(ctx, name)` and `defer span.End()` in the next line.
    """

    name = "resource-leak/span-not-ended"
    severity = Severity.MEDIUM
    covered_by = ("golangci-lint:spancheck",)
    languages = ("go",)
    methods = frozenset({"Start"})
    confidence = 0.85

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        function = call.function
        if call.method != "Start" or function is None or len(call.all_arguments) < 2:
            return None
        if not any(path.startswith(LIBRARY) for path in file.imports.values()):
            return None
        kept = [one for one in file.bindings if one.index == 1 and file.call_at(one.value) is call]
        name = text_of(kept[0].target) if kept else ""
        if name == "_" and "tracer" not in text_of(call.receiver).lower():
            return None
        if name == "_":
            return self._alarm(call, "is thrown away")
        bound = [one for one in file.within(file.bindings, function.body) if text_of(one.target) == name]
        if bound[1:] and bound[0] is kept[0] and self._is_overwritten(bound[0], bound[1], name):
            return self._alarm(call, "is lost: another takes its name")
        if len(bound) != 1:
            return None
        ends: list[Call] = []
        for mention in file.language.mentions(name, function.node):
            if mention.start_byte <= kept[0].node.end_byte:
                continue
            owner = mention.parent
            called = file.call_at(owner.parent) if owner is not None else None  # unprovable: for the type checker
            if called is None or called.receiver != mention:
                return None  # handed on
            if called.method == "End":
                ends.append(called)
        if not ends:
            return self._alarm(call, "is never ended")
        return self._alarm(call, "is not ended on an early return") if left_before(call, ends) is not None else None

    def _is_overwritten(self, kept: Binding, next_: Binding, name: str) -> bool:
        """Nothing is done with it before, and no branch lies between."""
        function = kept.function
        if (
            function is None  # unprovable: narrows the type
            or next_.node.parent != kept.node.parent
        ):
            return False
        mentions = [one.start_byte for one in kept.file.language.mentions(name, function.node)]
        return not any(kept.node.end_byte < at < next_.node.start_byte for at in mentions)

    def _alarm(self, call: Call, what: str) -> Alarm:
        return Alarm(
            call,
            f"The span of `{call.written}` {what}"[:80],
            "A span that does not end is never exported, so the traces lack exactly the requests that left early. It "
            "also stays in memory for as long as its context does.",
            "Keep it, and `defer span.End()` in the next line.",
        )

    bad = (
        go(
            'import "go.opentelemetry.io/otel"\n\nfunc load(ctx context.Context) {\n'
            '\tctx, span := tracer.Start(ctx, "load")\n\tctx, span = tracer.Start(ctx, "store")\n'
            "\tdefer span.End()\n\tuse(ctx)\n}",
            line=4,
        ),
        go(
            'import "go.opentelemetry.io/otel"\n\nfunc f(ctx context.Context) {\n'
            '\tctx, span := otel.Tracer("a").Start(ctx, "f")\n\tspan.AddEvent("x")\n\tuse(ctx)\n}',
            line=4,
        ),
        go(
            'import "go.opentelemetry.io/otel/trace"\n\nfunc f(ctx context.Context, t trace.Tracer) error {\n'
            '\tctx, span := t.Start(ctx, "f")\n\tif err := use(ctx); err != nil {\n\t\tlog(err)\n\t}\n\tif bad() {\n'
            "\t\treturn errBad\n\t}\n\tspan.End()\n\treturn nil\n}",
            line=4,
        ),
        go(
            'import "go.opentelemetry.io/otel/trace"\n\nfunc f(ctx context.Context, tracer trace.Tracer) {\n'
            '\tctx, _ = tracer.Start(ctx, "f")\n\tuse(ctx)\n}',
            line=4,
        ),
        go(
            'import "go.opentelemetry.io/otel"\n\nfunc load(ctx context.Context) error {\n'
            '\tctx, span := tracer.Start(ctx, "load")\n\tif bad(ctx) { return errBad }\n\tspan.End()\n'
            "\treturn nil\n}",
            line=4,
        ),
    )
    good = (
        go(
            'import "go.opentelemetry.io/otel/trace"\n\nfunc f(ctx context.Context, t trace.Tracer) {\n'
            '\tctx, span := t.Start(ctx, "f")\n\tdefer span.End()\n\tuse(ctx)\n}'
        ),
        go(
            'import "go.opentelemetry.io/otel/trace"\n\nfunc f(ctx context.Context, t trace.Tracer) {\n'
            '\tctx, span := t.Start(ctx, "f")\n\tdefer finish(span)\n\tuse(ctx)\n}'
        ),
        go(
            'import "go.opentelemetry.io/otel/trace"\n\nfunc f(ctx context.Context, t trace.Tracer) {\n'
            '\tctx, span := t.Start(ctx, "f")\n\tuse(ctx)\n\tspan.End()\n}'
        ),
        go(
            'func f(ctx context.Context, engine Engine) {\n\tn, job := engine.Start(ctx, "f")\n'
            "\tuse(n)\n\tjob.Wait()\n}"
        ),
        go(
            'import "go.opentelemetry.io/otel/trace"\n\nfunc f(ctx context.Context, engine Engine) {\n'
            '\tn, _ := engine.Start(ctx, "f")\n\tuse(n)\n}'
        ),
        go(
            'import "go.opentelemetry.io/otel"\n\n'
            'func load(ctx context.Context) { ctx, op := newTimer(ctx, "load"); op.Mark() }'
        ),
        go(
            'import "go.opentelemetry.io/otel"\n\n'
            'func load(ctx context.Context) (context.Context, trace.Span) { return tracer.Start(ctx, "load") }'
        ),
        go('import "go.opentelemetry.io/otel"\n\nvar root, span = tracer.Start(ctx, "load")'),
        go(
            'import "go.opentelemetry.io/otel"\n\n'
            'func load() error { job, timer := pool.Start("load"); timer.Mark(); return job.Wait() }'
        ),
        go(
            'import "go.opentelemetry.io/otel"\n\n'
            'func load(ctx context.Context) { err := server.Start(ctx, "load"); log.Print(err) }'
        ),
        go(
            'import "go.opentelemetry.io/otel"\n\nfunc load(ctx context.Context) {\n'
            '\tctx, span := tracer.Start(ctx, "load")\n\tspan.SetName("load")\n'
            '\tctx, span = tracer.Start(ctx, "store")\n\tspan.SetName("both")\n}'
        ),
        go(
            'import "go.opentelemetry.io/otel"\n\nfunc load(ctx context.Context) {\n'
            '\tctx, span := tracer.Start(ctx, "load")\n\tif deep {\n\t\tctx, span = tracer.Start(ctx, "deep")\n\t}\n'
            "\tspan.End()\n}"
        ),
        go(
            'import "go.opentelemetry.io/otel"\n\nfunc load(ctx context.Context) error {\n'
            '\tctx, span := tracer.Start(ctx, "load")\n\tdone := func() { span.End() }\n'
            "\tif bad(ctx) { return errBad }\n\tdone()\n\tspan.End()\n\treturn nil\n}"
        ),
        go(
            'import "go.opentelemetry.io/otel"\n\nfunc load(ctx context.Context) error {\n'
            '\tctx, span := tracer.Start(ctx, "load")\n\tif bad(ctx) { defer span.End(); return errBad }\n'
            "\tspan.End()\n\treturn nil\n}"
        ),
        go(
            'import "go.opentelemetry.io/otel"\n\nfunc load(ctx context.Context) error {\n'
            '\tctx, span := tracer.Start(ctx, "load")\n\tif err := check(ctx); err != nil { return err }\n'
            "\tdefer span.End()\n\treturn nil\n}"
        ),
        go('import "go.opentelemetry.io/otel"\n\nfunc load(ctx context.Context) { watch(tracer.Start(ctx, "load")) }'),
        go(  # kept for later
            'import "go.opentelemetry.io/otel"\n\nfunc (j *Job) begin(ctx context.Context) {\n'
            '\tctx, span := tracer.Start(ctx, "job")\n\tj.span = span\n}',
        ),
    )
