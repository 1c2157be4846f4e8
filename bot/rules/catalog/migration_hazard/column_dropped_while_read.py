"""A name that goes away while the version before still asks for it."""

from collections.abc import Iterator

from bot.domain import Severity
from bot.rules.migrations import migration_in
from bot.rules.operations import operations_in
from bot.rules.rule import Alarm, Rule, python, sql
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import Shape, SourceFile


class ColumnDroppedWhileRead(Rule):
    """## What it finds
    In a migration, a column that is dropped or renamed and a table that is renamed, where the table was there before;
    with Alembic `op.drop_column`, `op.rename_table` and `op.alter_column` with `new_column_name`. Ways down
    (`downgrade`, `*.down.sql`) are left alone.

    ## Why it matters
    During a deploy the old version runs beside the new one. From the moment of the migration every statement of the
    old version that names the column fails, and a rollback of the code does not help.

    ## Use instead
    Three releases: write both, read the new one, and drop the old one when no running version knows it any more. Say
    so in the migration: `-- seawall: ignore[column-dropped-while-read] unread since 1.8`.
    """

    name = "migration-hazard/column-dropped-while-read"
    severity = Severity.MEDIUM
    covered_by = ("squawk:ban-drop-column",)
    confidence = SHOWN_ONLY
    """Whether the running version still reads it cannot be told from the migration; on record it mostly did not."""
    languages = ("sql", "python")

    def check_file(self, file: SourceFile) -> list[Alarm]:
        """One for what a migration drops and one for what it renames: whoever waits a release does so for all of it."""
        first: dict[str, Alarm] = {}
        for alarm in self._each(file):
            first.setdefault(alarm.title, alarm)
        return list(first.values())

    def _each(self, file: SourceFile) -> Iterator[Alarm]:
        if file.language.name == "python":
            for operation in operations_in(file, "drop_column", "rename_table", "alter_column"):
                renames = operation.call.method != "alter_column" or "new_column_name" in operation.call.keywords
                if operation.is_old_table and renames:
                    yield _alarm(operation.call, operation.table, "drop" in operation.call.method)
            return
        migration = migration_in(file)
        for statement, table, actions in migration.alters() if migration is not None else ():
            for action in actions:
                if _drops(action) or (action[:1] == ("RENAME",) and "CONSTRAINT" not in action[:2]):
                    yield _alarm(statement, table, action[0] == "DROP")

    bad = (
        sql("ALTER TABLE orders DROP COLUMN IF EXISTS state;"),
        sql("ALTER TABLE orders ADD a int, DROP state;"),
        sql("ALTER TABLE orders DROP state;\nALTER TABLE parcels DROP state;"),
        sql("ALTER TABLE orders RENAME COLUMN state TO status;"),
        sql("ALTER TABLE orders RENAME TO purchases;"),
        python("from alembic import op\n\ndef upgrade():\n    op.drop_column('orders', 'state')", line=4),
        python("from alembic import op\n\ndef upgrade():\n    op.rename_table('orders', 'purchases')", line=4),
        python("from alembic import op\n\ndef upgrade():\n    op.alter_column('a', 'b', new_column_name='c')", line=4),
    )
    good = (
        sql("ALTER TABLE orders DROP CONSTRAINT f;"),
        sql("ALTER TABLE orders RENAME CONSTRAINT f TO g;"),
        sql("ALTER TABLE orders DROP PRIMARY KEY;"),
        sql("CREATE TABLE orders (a int);\nALTER TABLE orders DROP COLUMN a;"),
        sql("ALTER TABLE orders DROP COLUMN state;", path="migrations/0002_orders.down.sql"),
        sql("ALTER TABLE orders DROP COLUMN state;", path="cleanup.sql"),
        python("from alembic import op\n\ndef downgrade():\n    op.drop_column('orders', 'state')"),
        python("from alembic import op\n\ndef upgrade():\n    op.alter_column('orders', 'state', nullable=True)"),
        python("from alembic import op\n\ndef upgrade():\n    op.create_table('t')\n    op.drop_column('t', 'a')"),
    )


PARTS = frozenset({"CONSTRAINT", "PRIMARY", "FOREIGN", "INDEX", "KEY", "CHECK", "PARTITION", "EXPRESSION", "DEFAULT"})


def _drops(action: tuple[str, ...]) -> bool:
    return action[:1] == ("DROP",) and PARTS.isdisjoint(action[1:2])


def _alarm(at: Shape, table: str, dropped: bool) -> Alarm:
    gone = "dropped" if dropped else "renamed"
    return Alarm(
        at,
        f"What the running version reads is {gone}",
        f"During the deploy the version before still runs, and each of its statements that uses what is {gone} in "
        f"`{table.lower()}` fails from here on. Rolling back the code does not bring it back.",
        "Let one release go by in which no code uses it; if that is so already, say it in an ignore with its reason.",
    )
