"""An index whose building stops all writes."""

from collections.abc import Iterator

from bot.domain import Severity
from bot.rules.migrations import migration_in, name_at
from bot.rules.operations import operations_in
from bot.rules.rule import Alarm, Rule, python, sql
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import Shape, SourceFile


class BlockingIndexBuild(Rule):
    """## What it finds
    In a migration, `CREATE INDEX` without `CONCURRENTLY` on a table that was there before; with Alembic
    `op.create_index` without `postgresql_concurrently=True`. Files that are written for another database than
    PostgreSQL are left alone; where the database cannot be told, the finding is less certain.

    ## Why it matters
    PostgreSQL lets nobody write to the table while the index is built. On a large table that takes minutes: every
    insert and update waits, connections pile up in the pool, and the service stands still.

    ## Use instead
    `CREATE INDEX CONCURRENTLY`, in a migration that runs outside a transaction. Source: PostgreSQL, *CREATE INDEX*,
    building indexes concurrently.
    """

    name = "migration-hazard/blocking-index-build"
    severity = Severity.HIGH
    covered_by = ("squawk:require-concurrent-index-creation",)
    confidence = SHOWN_ONLY  # on record: small tables, and those that the same release makes
    languages = ("sql", "python")

    def check_file(self, file: SourceFile) -> Alarm | None:
        """The first of a migration: whoever mends it mends the others of the file with it."""
        return next(self._each(file), None)

    def _each(self, file: SourceFile) -> Iterator[Alarm]:
        if file.language.name == "python":
            for operation in operations_in(file, "create_index"):
                if operation.is_old_table and not operation.says("postgresql_concurrently"):
                    yield self._alarm(operation.call, operation.table)
            return
        migration = migration_in(file)
        if migration is None or migration.is_other:
            return
        for statement in migration.statements:
            upper = statement.upper
            if upper[:1] != ("CREATE",) or "INDEX" not in upper[1:3] or "CONCURRENTLY" in upper:
                continue
            at = statement.after("ON")
            table, _ = name_at(upper, at + (upper[at : at + 1] == ("ONLY",)))
            if at > 0 and table and table not in migration.created:  # unprovable: no such SQL
                yield self._alarm(statement, table)

    def _alarm(self, at: Shape, table: str) -> Alarm:
        return Alarm(
            at,
            "Nobody can write to the table while this index is built",
            f"PostgreSQL locks `{table.lower()}` against writes until the index is there, which takes minutes on a "
            "large table. Meanwhile every insert and update waits, and the connections of the service pile up.",
            "Build it with `CREATE INDEX CONCURRENTLY`, in a migration of its own that runs outside a transaction.",
            last_line=at.start_line,
        )

    bad = (
        sql("CREATE INDEX a ON orders (state);\nCREATE INDEX b ON orders (paid_at);"),
        sql("ALTER TABLE orders ADD COLUMN data jsonb;\n\nCREATE INDEX by_user ON public.orders (user_id);", line=3),
        sql("create unique index if not exists by_user on only orders (user_id)"),
        sql(
            "-- +goose Up\nCREATE INDEX by_user ON orders (user_id);\n-- +goose Down\nCREATE INDEX x ON orders (x);",
            line=2,
        ),
        sql("CREATE INDEX by_user ON orders (user_id);", path="db/V12__index.sql"),
        sql("CREATE INDEX by_user ON orders (user_id);", path="migrations/0003_mysql_orders.sql"),
        python(
            "from alembic import op\n\ndef upgrade():\n    op.create_index('by_user', 'orders', ['user_id'])",
            line=4,
        ),
    )
    good = (
        sql("CREATE MATERIALIZED VIEW totals AS SELECT 1;\nCREATE UNIQUE INDEX a ON totals (day);"),
        sql("CREATE INDEX done ON orders (done);", path="migrations/0002_orders.mysql.up.sql"),
        sql("CREATE INDEX;"),
        sql("DROP INDEX by_user ON orders;"),
        sql("CREATE TRIGGER t AFTER INSERT ON orders EXECUTE FUNCTION f();"),
        sql("CREATE INDEX CONCURRENTLY by_user ON orders (user_id);"),
        sql("CREATE TABLE IF NOT EXISTS app.orders (id int);\nCREATE INDEX by_user ON app.orders (user_id);"),
        sql("CREATE INDEX by_user ON `orders` (user_id);"),
        sql("CREATE INDEX by_user ON orders (user_id);", path="queries/report.sql"),
        sql("CREATE INDEX by_user ON orders (user_id);", path="db/migration_sqlite/V2__index.sql"),
        sql("CREATE INDEX by_user ON orders (user_id);", path="migrations/0002_orders.down.sql"),
        sql("CREATE FUNCTION index_on() RETURNS void AS $$ CREATE INDEX by_user ON orders (user_id); $$;"),
        python(
            "from alembic import op\n\ndef upgrade():\n"
            "    op.create_index('i', 't', ['c'], postgresql_concurrently=True)"
        ),
        python(
            "from alembic import op\n\ndef upgrade():\n    op.create_table('t')\n    op.create_index('i', 't', ['c'])"
        ),
        python("from alembic import op\n\ndef downgrade():\n    op.create_index('i', 't', ['c'])"),
        python("import op\n\ndef upgrade():\n    op.create_index('i', 't', ['c'])"),
    )
