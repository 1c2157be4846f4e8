"""Further examples of lost-context/no-context-passed: each proves a condition of the rule."""

from bot.rules.rule import csharp, go

FURTHER_GOOD = (
    csharp(
        "class A { object F(CancellationToken ct) { return new Note(1); } }\n"
        "class Note { public Note(int n, CancellationToken ct = default) { } }"
    ),
    csharp("using Dapper;\nclass A { async Task F(CancellationToken ct) { await db.ExecuteScalarAsync<int>(drop); } }"),
    go(
        'import "context"\n\nfunc join(ctx context.Context) context.Context {\n'
        "\treturn withKeys(context.Background(), keysOf(ctx))\n}"
    ),
    go(
        'import "context"\n\nfunc f(ctx context.Context) {\n\t// goes on when the caller is gone: background\n'
        "\tsave(context.Background(), o)\n}"
    ),
    csharp(
        "class A { void F(CancellationToken ct) { client.Reset(1); } }",
    ),
    csharp(
        "class A { async Task F(CancellationToken ct) { await Task.Delay(5, default); await "
        "Task.Delay(5, stops.Token); } }",
    ),
    go(
        'import "context"\n\nfunc f(ctx context.Context) error { return save(keyOf(o), o) }',
    ),
    go(
        'import "context"\n\n// nolint: contextcheck\nfunc f(ctx context.Context) {\n\n'
        "\teach(func() {\n\t\tsave(context.Background(), o)\n\t})\n}",
    ),
    go(
        'import "context"\n\nvar all = load(context.Background())',
    ),
    go(
        'import "context"\n\nfunc f(c *Call) {\n\tc = context.Background()\n\tsave(c)\n}',
    ),
    go(
        'import "context"\n\nfunc f(ctx context.Context) {\n\tn := 1\n\tctx = withUser(ctx, n)\n'
        "\troot = context.Background()\n\tlogger.Info(root)\n}",
    ),
    go(  # when it runs is not known
        'import "context"\n\nfunc f(ctx context.Context) {\n\tlater(func() {\n\t\tctx = context.Background()\n\t})\n}',
    ),
)
