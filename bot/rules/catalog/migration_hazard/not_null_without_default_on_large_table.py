"""A column that must hold something in rows that hold nothing yet."""

from collections.abc import Iterator

from bot.domain import Severity
from bot.rules.migrations import column_added, migration_in, says
from bot.rules.operations import operations_in
from bot.rules.rule import Alarm, Rule, python, sql
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import Call, Shape, SourceFile, text_of

FILLED = frozenset({"DEFAULT", "GENERATED", "IDENTITY", "SERIAL", "BIGSERIAL", "SMALLSERIAL", "AUTO_INCREMENT", "AS"})


class NotNullWithoutDefaultOnLargeTable(Rule):
    """## What it finds
    In a migration, a column added as `NOT NULL` without a default to a table that was there before (with Alembic
    `nullable=False` without `server_default`); and, on PostgreSQL, `SET NOT NULL` without a checked constraint that
    says the same.

    ## Why it matters
    The first fails on the first row that exists: it passes on the empty database of the tests and stops the deploy in
    production. The second reads the whole table while nobody else may read or write it.

    ## Use instead
    Add the column with a default or nullable, fill it in batches, then `ADD CONSTRAINT … CHECK (c IS NOT NULL) NOT
    VALID`, `VALIDATE CONSTRAINT`, and `SET NOT NULL` last: PostgreSQL then trusts the constraint. Source: PostgreSQL,
    *ALTER TABLE*, notes.
    """

    name = "migration-hazard/not-null-without-default-on-large-table"
    severity = Severity.HIGH
    covered_by = ("squawk:adding-not-nullable-field",)
    confidence = 0.85
    languages = ("sql", "python")

    def check_file(self, file: SourceFile) -> list[Alarm]:
        """One for each statement, whatever it does to its table."""
        return list({alarm.at.node.start_byte: alarm for alarm in reversed([*self._each(file)])}.values())

    def _each(self, file: SourceFile) -> Iterator[Alarm]:
        if file.language.name == "python":
            yield from self._of_alembic(file)
            return
        migration = migration_in(file)
        if migration is None:
            return
        for statement, table, actions in migration.alters():
            if "`" in text_of(statement.node):
                continue  # MySQL gives such a column a value of its own
            for action in actions:
                column, definition = column_added(action)
                if says(definition, "NOT", "NULL") and not FILLED.intersection(definition):
                    yield _added(statement, table, column)
                elif says(action, "SET", "NOT", "NULL"):
                    checked = b"VALIDATE CONSTRAINT" in file.text.upper()
                    if not checked and not migration.is_other:
                        yield _checked(statement, table)

    def _of_alembic(self, file: SourceFile) -> Iterator[Alarm]:
        for operation in operations_in(file, "add_column"):
            columns = [made for argument in operation.call.arguments[1:] if (made := file.call_at(argument.node))]
            for column in columns if operation.is_old_table else ():
                if _must_hold(column):
                    name = next((argument.text.strip("\"'") for argument in column.arguments), "")
                    yield _added(operation.call, operation.table, name)

    bad = (
        sql("ALTER TABLE orders ALTER COLUMN a SET NOT NULL, ALTER COLUMN b SET NOT NULL;"),
        sql("ALTER TABLE orders ADD COLUMN state text NOT NULL;"),
        sql("alter table if exists only app.orders add constraint c unique (a), add if not exists n int not null"),
        sql("ALTER TABLE orders ALTER COLUMN state SET NOT NULL;"),
        sql("ALTER TABLE orders ALTER state SET NOT NULL;"),
        python(
            "import sqlalchemy as sa\nfrom alembic import op\n\ndef upgrade():\n"
            "    op.add_column('orders', sa.Column('state', sa.Text(), nullable=False))",
            line=5,
        ),
    )
    good = (
        sql("ALTER TABLE orders ADD COLUMN state text NOT NULL DEFAULT 'new';"),
        sql("ALTER TABLE orders ADD COLUMN state text;"),
        sql("ALTER TABLE orders ADD COLUMN id bigint NOT NULL GENERATED ALWAYS AS IDENTITY;"),
        sql("CREATE TABLE orders (id int);\nALTER TABLE orders ADD COLUMN state text NOT NULL;"),
        sql("ALTER TABLE `orders` ADD COLUMN `state` text NOT NULL;"),
        sql("CREATE TABLE a (b int unsigned);\nALTER TABLE orders ALTER COLUMN state SET NOT NULL;"),
        sql("ALTER TABLE orders VALIDATE CONSTRAINT filled;\nALTER TABLE orders ALTER COLUMN state SET NOT NULL;"),
        sql("ALTER TABLE orders ADD CONSTRAINT filled CHECK (state IS NOT NULL) NOT VALID;"),
        sql("ALTER TABLE orders ADD COLUMN state text NOT NULL;", path="schema.sql"),
        python(
            "import sqlalchemy as sa\nfrom alembic import op\n\ndef upgrade():\n"
            "    op.add_column('orders', sa.Column('state', sa.Text(), nullable=False, server_default='new'))\n"
            "    op.add_column('orders', sa.Column('note', sa.Text()))\n"
            "    op.add_column('orders', column)\n"
            "    op.add_column('orders', sa.Column('by', sa.Text(), nullable=False, **common))\n"
            "    op.add_column('orders', sa.Column('note', sa.Text(), nullable=True))\n"
            "    op.add_column('orders', sa.Column('id', sa.Integer(), sa.Identity(), nullable=False))\n\n"
            "def downgrade():\n    op.add_column('orders', sa.Column('gone', sa.Text(), nullable=False))"
        ),
        python(
            "import sqlalchemy as sa\nfrom alembic import op\n\ndef upgrade():\n    op.create_table('orders')\n"
            "    op.add_column('orders', sa.Column('state', sa.Text(), nullable=False))"
        ),
    )


def _must_hold(column: Call) -> bool:
    given = column.keywords
    filled = "server_default" in given or column.has_splat
    computed = any(part in argument.text for argument in column.arguments for part in ("Identity(", "Computed("))
    return "nullable" in given and given["nullable"].text == "False" and not filled and not computed


def _added(at: Shape, table: str, column: str) -> Alarm:
    return Alarm(
        at,
        "This migration fails on a table that has rows",
        f"`{column.lower()}` may not be empty and has no default, so the rows that `{table.lower()}` already has "
        "cannot keep the promise. It passes on the empty database of the tests and stops the deploy in production.",
        "Give it a default, or add it nullable, fill it in batches and make it `NOT NULL` afterwards.",
    )


def _checked(at: Shape, table: str) -> Alarm:
    return Alarm(
        at,
        "The whole table is read under a lock that stops everybody",
        f"PostgreSQL looks at every row of `{table.lower()}` before it believes this, and holds a lock against readers "
        "and writers meanwhile. On a large table the service stands still for as long.",
        "First `ADD CONSTRAINT … CHECK (… IS NOT NULL) NOT VALID` and `VALIDATE CONSTRAINT`, which lock nobody out.",
        severity=Severity.MEDIUM,
        confidence=SHOWN_ONLY,  # on record mostly of small tables
    )
