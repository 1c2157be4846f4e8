"""Further examples of lost-context/no-context-passed: each proves a condition of the rule."""

from bot.rules.rule import csharp, go

FURTHER_BAD = (
    go(
        'import ("context"; "net/http")\n\nfunc ask(ctx context.Context, u string) {\n'
        '\tr, err := http.NewRequest("GET", u, nil)\n\tsend(r, err)\n}',
        line=4,
    ),
    go(
        'import ("context"; "database/sql")\n\nfunc save(ctx context.Context, db *sql.DB) error {\n'
        '\t_, err := db.Exec("update a set b = 1")\n\treturn err\n}',
        line=4,
    ),
    csharp("class A { async Task F(CancellationToken ct) {\n  await db.Orders.ExecuteDeleteAsync();\n} }", line=2),
    csharp("using Dapper;\nclass A { async Task F(CancellationToken ct) {\n  await Task.Delay(500);\n} }", line=3),
    go(
        'import "context"\n\nfunc logged(ctx context.Context) context.Context {\n\tsave(context.Background(), o)\n'
        "\treturn ctx\n}",
        line=4,
    ),
    go('import "context"\n\nfunc f(ctx context.Context) {\n\tctx = context.TODO()\n\tsave(ctx, o)\n}', line=4),
    go(
        'import "context"\n\nfunc f(ctx context.Context) {\n\tkeep := func(o Order) {\n'
        "\t\tsave(context.Background(), o)\n\t}\n\teach(keep)\n}",
        line=5,
    ),
    csharp("class A {\n  CancellationToken Ends { get; }\n  void F() => Task.Run(Save);\n}", line=3),
    csharp("record A(CancellationToken Ends) {\n  void F() => Task.Run(Save);\n}", line=2),
    csharp("class A : ControllerBase {\n  Task<R> Get() => db.R.FirstAsync();\n}", line=2),
    csharp("class A { void F() { each(cancel =>\n  Task.Delay(5)); } }", line=2),
    csharp(
        "class A { async Task F(CancellationToken ct, CancellationToken stopping) {\n  await Task.Delay(500);\n} }",
        line=2,
    ),
    csharp(
        "class A { void Walk(Node n, CancellationToken ct = default) {\n"
        "  foreach (var child in n.Children) Walk(child);\n} }",
        line=2,
    ),
    csharp(
        "class A { void F(CancellationToken ct) {\n  Save(o: order); }\n"
        "  void Save(Order o, CancellationToken token = default) { }\n}",
        line=2,
    ),
)
FURTHER_GOOD = (
    go(
        'import ("context"; "database/sql")\n\nfunc save(ctx context.Context, db *sql.DB) error {\n'
        '\t_, err := db.ExecContext(ctx, "update a set b = 1")\n\treturn err\n}'
    ),
    go('import "database/sql"\n\nfunc save(db *sql.DB) { db.Exec("update a set b = 1") }'),
    go(
        'import ("context"; "database/sql")\n\nfunc save(ctx context.Context, db *sql.DB) {\n'
        '\t// not ctx: the row must be written\n\tdb.Exec("update a set b = 1")\n}'
    ),
    go(
        'import ("context"; "net/http")\n\nfunc ask(ctx context.Context, u string) {\n'
        '\tr, err := http.NewRequest("GET", u, nil)\n\tsend(r.WithContext(ctx), err)\n}'
    ),
    csharp(
        "class Note { public Note(int n, CancellationToken ct = default) { }\n"
        "  static Note First(CancellationToken ct) { return new Note(1); } }"
    ),
    csharp(
        "class A { void F(CancellationToken ct) { Save(order, token: stopping); Note(stopping, order); }\n"
        "  void Save(Order o, bool now = true, CancellationToken token = default) { }\n"
        "  void Note(CancellationToken token, Order o) { } }"
    ),
    go('import "context"\n\nfunc f(ctx context.Context) { db.save() }\n\nfunc save() { put(context.Background(), o) }'),
    go(  # for a part of it alone
        'import "context"\n\nfunc f(ctx context.Context, later bool) {\n\tif later {\n'
        "\t\tctx := context.Background()\n\t\tstart(ctx)\n\t}\n}"
    ),
    go(
        'import ("context"; "net/http")\n\nfunc f(_ context.Context) { save(context.Background(), o) }\n\n'
        "func g(w http.ResponseWriter, _ *http.Request) { save(context.Background(), o) }"
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
    csharp("class A { void F() { { CancellationToken ct = Stop(); }\n  Task.Run(Save); } }"),
    csharp("class A {\n  CancellationToken Ends { get; }\n  static void F() => Task.Run(Save);\n}"),
    csharp("class A { void F(CancellationToken ct) { Save(1); }\n  void Save(int a, int b, CancellationToken c) { } }"),
    csharp("class A { void F(CancellationToken ct) { Save(token: ct); }\n  void Save(CancellationToken token) { } }"),
    csharp(
        "class A { void F(CancellationToken ct) { Save(); }\n  void Save() { }\n"
        "  [Obsolete] void Save(CancellationToken ct) { } }"
    ),
    csharp(
        "class A { void F(CancellationToken ct) { Each().WithCancellation(ct); }\n"
        "  IAsyncEnumerable<int> Each(CancellationToken ct = default) { } }"
    ),
    csharp("class A { async Task F(CancellationToken ct) { await db.SaveChangesAsync(CancellationToken.None); } }"),
    csharp("class A { async Task F(CancellationToken ct) { try { } finally { await Task.Delay(5); } } }"),
    csharp("class A { async Task F(CancellationToken ct) { try { } catch (X) { await Task.Delay(5); } } }"),
    go('import "context"\n\nfunc f(ctx context.Context) { go func() { save(context.Background(), o) }() }'),
    go('import "context"\n\nfunc f(ctx context.Context) { <-ctx.Done(); save(context.Background(), o) }'),
    go(
        'import "context"\n\nfunc f(ctx context.Context) {\n'
        "\tc, stop := context.WithTimeout(context.Background(), 1)\n\tuse(c, stop)\n}"
    ),
    csharp("class A { async Task F(CancellationToken ct) { await Task.Delay(500, ct); } }"),
    csharp("class A { async Task F() { await Task.Delay(500); } }"),
)
