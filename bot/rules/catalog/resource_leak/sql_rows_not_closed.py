"""Rows or a prepared statement that keep their connection."""

from bot.domain import Severity
from bot.regex import regex
from bot.rules.api_rows import Resource
from bot.rules.edits import after_error_check
from bot.rules.holding import Fate, fate_of
from bot.rules.rule import Alarm, Rule, go
from bot.syntax import Call, SourceFile, text_of

ROWS = frozenset({"Query", "QueryContext", "Queryx", "QueryxContext", "NamedQuery", "NamedQueryContext"})
STATEMENTS = frozenset(
    {"Prepare", "PrepareContext", "Preparex", "PreparexContext", "PrepareNamed", "PrepareNamedContext"}
)
LIBRARIES = ("database/sql.", "github.com/jmoiron/sqlx.", "github.com/jackc/pgx")
SQL = regex(r"(?is)^[\"`\s(]*(?:select|with|insert|update|delete|show|call)\s")
READ = Resource(what="rows", closed_by=("Close",), names=("Query",), source="Go: package database/sql", version="1.24")


class SqlRowsNotClosed(Rule):
    """## What it finds
    The rows of a query, or a prepared statement, that are never closed; or not where the function returns early.

    ## Why it matters
    Until they are closed, rows keep their connection out of the pool. A loop that runs to its end closes them, an early
    return or a panic in it does not: one connection is gone each time, until every query waits for one that never
    comes back.

    ## Use instead
    `defer rows.Close()` right after the error check, and `rows.Err()` after the loop.
    """

    name = "resource-leak/sql-rows-not-closed"
    severity = Severity.HIGH
    covered_by = ("golangci-lint:sqlclosecheck",)
    languages = ("go",)
    methods = ROWS | STATEMENTS
    confidence = 0.85

    def check_call(self, call: Call, file: SourceFile) -> Alarm | None:
        if call.method not in ROWS | STATEMENTS or not self._is_sql(call):
            return None
        fate = fate_of(call, READ)
        if fate not in (Fate.FORGOTTEN, Fate.ON_SUCCESS):
            return None
        name = call.assigned_to or "rows"
        what = "rows" if call.method in ROWS else "statement"
        never = "never closed" if fate is Fate.FORGOTTEN else "not closed on an early return"
        return Alarm(
            call,
            f"The {what} of `{call.written}` {'are' if what == 'rows' else 'is'} {never}"[:80],
            f"Until `{name}.Close()` runs the {what} keep a connection of the pool. Each time this path is left early "
            "another one is lost, and with the last one every query of the process waits for ever.",
            f"Add `defer {name}.Close()` right after the error check.",
            after_error_check(call, f"defer {name}.Close()") if fate is Fate.FORGOTTEN else (),
        )

    def _is_sql(self, call: Call) -> bool:
        if call.name.startswith(LIBRARIES):
            return True
        given = call.arguments[:2]
        if call.use == "assigned" and "," not in text_of(call.user).partition("=")[0]:
            return False  # what gives no error beside it is another library's query, which is run later
        unresolved = call.name in ("", call.written) or call.name.startswith("./")
        return unresolved and any(SQL.match(one.text) for one in given)

    bad = (
        go(
            'import "database/sql"\n\nfunc names(db *sql.DB) error {\n\trows, err := db.Query(q)\n'
            "\tif err != nil {\n\t\treturn err\n\t}\n\tfor rows.Next() {\n"
            "\t\tif err := rows.Scan(&n); err != nil {\n\t\t\treturn err\n\t\t}\n\t}\n\treturn rows.Err()\n}",
            line=4,
        ),
        go(
            'func names() error {\n\tstmt, err := store.Prepare("SELECT name FROM users WHERE id = ?")\n'
            "\tif err != nil {\n\t\treturn err\n\t}\n\treturn stmt.QueryRow(7).Scan(&n)\n}",
            line=2,
        ),
        go(
            'func names() error {\n\trows, err := store.Query("SELECT 1")\n\tif err != nil {\n\t\treturn err\n\t}\n'
            "\tif empty() {\n\t\treturn nil\n\t}\n\trows.Close()\n\treturn nil\n}",
            line=2,
        ),
        go(
            'func load() int {\n\trows, err := store.Query("select id from orders")\n\tif err != nil {\n'
            "\t\tlog.Print(err)\n\t}\n\tn := 0\n\tfor rows.Next() {\n\t\tn++\n\t}\n\treturn n\n}",
            line=2,
        ),
        go(
            "func load(days []string) error {\n\tfor _, day := range days {\n"
            '\t\trows, err := store.Query("select id from orders where day = ?", day)\n\t\tif err != nil {\n'
            "\t\t\treturn err\n\t\t}\n\t\tshow(rows.Next())\n\t}\n\treturn nil\n}",
            line=3,
        ),
        go(
            'func load() bool {\n\trows, err := store.Query("select id from orders")\n\tfor retry() {\n'
            "\t\tif err != nil { return false }\n\t}\n\treturn rows.Next()\n}",
            line=2,
        ),
        go(
            'func load() bool {\n\trows, err := store.Query("select id from orders")\n\tif err != nil {\n'
            "\t}\n\treturn rows.Next()\n}",
            line=2,
        ),
        go(
            "func store() *Store {\n\treturn shared\n}\n\nfunc purge() {\n"
            '\tstore().Query("delete from jobs where done")\n}',
            line=6,
        ),
    )
    good = (
        go('func ping() error {\n\tq := client.Query("SELECT 1")\n\t_, err := q.Read(ctx)\n\treturn err\n}'),
        go(
            'import "database/sql"\n\nfunc names(db *sql.DB) error {\n\trows, err := db.Query(q)\n'
            "\tif err != nil {\n\t\treturn err\n\t}\n\tdefer rows.Close()\n\tfor rows.Next() {\n\t}\n\treturn nil\n}"
        ),
        go('import "database/sql"\n\nfunc names(db *sql.DB) (*sql.Rows, error) {\n\treturn db.Query(q)\n}'),
        go('func names() error {\n\trows, err := store.Query("SELECT 1")\n\treturn collect(rows, err)\n}'),
        go('func find() error {\n\tfound, err := index.Query("red shoes")\n\tfound.Next()\n\treturn err\n}'),
        go(
            'func names() error {\n\trows, err := store.Query("SELECT 1")\n\tif err != nil {\n\t\treturn err\n\t}\n'
            "\tdefer func() {\n\t\t_ = rows.Close()\n\t}()\n\treturn nil\n}"
        ),
        go('import "net/url"\n\nfunc q(u *url.URL) string {\n\tv := u.Query()\n\treturn v.Get("x")\n}'),
        go('var rows, _ = store.Query("select id from orders")'),
        go(
            'import "database/sql"\n\nfunc purge(db *sql.DB) {\n\tdb.Exec("delete from jobs where done")\n}',
        ),
        go(  # another library's
            'import "example.com/warehouse"\n\nfunc ids() ([][]string, error) {\n'
            '\trows, err := warehouse.Query("select id from jobs")\n\tif err != nil {\n\t\treturn nil, err\n\t}\n'
            "\treturn rows.All(), nil\n}",
        ),
    )
