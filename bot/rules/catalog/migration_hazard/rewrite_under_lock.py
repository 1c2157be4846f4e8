"""A change that writes or reads a whole table while nobody else may use it."""

from collections.abc import Iterator

from bot.domain import Severity
from bot.rules.migrations import column_added, migration_in, says
from bot.rules.rule import Alarm, Rule, sql
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import SourceFile, Statement

VOLATILE = (
    "GEN_RANDOM_UUID",
    "UUID_GENERATE_V4",
    "UUID_GENERATE_V1",
    "RANDOM",
    "CLOCK_TIMESTAMP",
    "TIMEOFDAY",
    "NEXTVAL",
)
NUMBERED = frozenset({"SERIAL", "BIGSERIAL", "SMALLSERIAL"})


class RewriteUnderLock(Rule):
    """## What it finds
    In a PostgreSQL migration, on a table that was there before: a column's type changed, a column added with a default
    that differs from row to row (`gen_random_uuid()`, `serial`), a foreign key or check added without `NOT VALID`,
    `VACUUM FULL` and `CLUSTER`. Where the database cannot be told, the finding is less certain; files for another one
    are left alone.

    ## Why it matters
    PostgreSQL writes (or, for a constraint, reads) every row of the table and lets nobody use it meanwhile. On a large
    table the service stands still for minutes, and all who wait keep their connections.

    ## Use instead
    For a type: a new column, filled in batches, then a switch. For a default: add the column without, set the default,
    fill in batches. For a constraint: `NOT VALID` first, `VALIDATE CONSTRAINT` in a migration of its own. Source:
    PostgreSQL, *ALTER TABLE*, notes.
    """

    name = "migration-hazard/rewrite-under-lock"
    severity = Severity.HIGH
    covered_by = ("squawk:changing-column-type",)
    confidence = SHOWN_ONLY  # on record: small tables, and services that are stopped for it
    languages = ("sql",)

    def check_file(self, file: SourceFile) -> list[Alarm]:
        """One for each statement, whatever it does to its table."""
        return list({alarm.at.node.start_byte: alarm for alarm in reversed([*self._each(file)])}.values())

    def _each(self, file: SourceFile) -> Iterator[Alarm]:
        migration = migration_in(file)
        if migration is None or migration.is_other:
            return
        for statement in migration.statements:
            if statement.upper[:2] == ("VACUUM", "FULL") or statement.upper[:1] == ("CLUSTER",):
                yield _alarm(
                    statement, "the table", "writes anew every row", "Let autovacuum do it, or `pg_repack`.", 0.8
                )
        for statement, table, actions in migration.alters():
            for action in actions:
                if found := _does(action):
                    yield _alarm(statement, f"`{table.lower()}`", *found)

    bad = (
        sql(
            "ALTER TABLE orders ADD CONSTRAINT a FOREIGN KEY (b) REFERENCES c, "
            "ADD CONSTRAINT d FOREIGN KEY (e) REFERENCES f;"
        ),
        sql("ALTER TABLE orders ALTER COLUMN total TYPE numeric(12, 2);"),
        sql("ALTER TABLE orders ALTER total SET DATA TYPE bigint USING total::bigint;"),
        sql("ALTER TABLE orders ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid();"),
        sql("ALTER TABLE orders ADD COLUMN n bigserial;"),
        sql("ALTER TABLE orders ADD CONSTRAINT f FOREIGN KEY (a, b) REFERENCES users (a, b) ON DELETE CASCADE;"),
        sql("ALTER TABLE orders ADD CHECK (total > 0);"),
        sql("ALTER TABLE orders ALTER total TYPE bigint;"),
        sql("VACUUM FULL orders;"),
        sql("CLUSTER orders USING by_user;"),
    )
    good = (
        sql("ALTER TABLE orders DROP CHECK positive;"),
        sql("ALTER TABLE orders ALTER COLUMN total SET DEFAULT 0;"),
        sql("ALTER TABLE orders RENAME kind TO type;\nALTER TABLE orders ALTER COLUMN type SET DEFAULT 'new';"),
        sql("ALTER TABLE orders RENAME TO type;"),
        sql("ALTER TABLE orders ADD COLUMN at timestamptz NOT NULL DEFAULT now();"),
        sql("ALTER TABLE orders ADD CONSTRAINT f FOREIGN KEY (a, b) REFERENCES users (a, b) NOT VALID;"),
        sql("ALTER TABLE orders ADD CONSTRAINT u UNIQUE USING INDEX by_user;"),
        sql("CREATE TABLE orders (id int);\nALTER TABLE orders ADD CHECK (id > 0);"),
        sql("ALTER TABLE `orders` ADD CHECK (id > 0);"),
        sql("ALTER TABLE orders ADD CHECK (total > 0);", path="db/schema.sql"),
        sql("VACUUM orders;"),
        sql("ALTER TABLE orders ADD COLUMN random_pick int;"),
    )


def _does(action: tuple[str, ...]) -> tuple[str, str] | None:
    """(what PostgreSQL does, what to do instead)."""
    column, definition = column_added(action)
    if column:
        default = definition[definition.index("DEFAULT") + 1 :] if "DEFAULT" in definition else ()
        if any(word in VOLATILE for word in default) or NUMBERED.intersection(definition):
            return (
                "writes anew every row",
                "Add the column without the default, set the default, then fill it in batches.",
            )
        return None
    altered = action[2:] if action[:2] == ("ALTER", "COLUMN") else action[1:]
    if action[:1] == ("ALTER",) and (altered[1:2] == ("TYPE",) or altered[1:4] == ("SET", "DATA", "TYPE")):
        return "writes anew every row", "Add a new column, fill it in batches, and switch over to it."
    if (
        action[:1] == ("ADD",)
        and ("CHECK" in action or says(action, "FOREIGN", "KEY"))
        and not says(action, "NOT", "VALID")
    ):
        return "reads every row", "Add it as `NOT VALID`, and `VALIDATE CONSTRAINT` in a migration of its own."
    return None


def _alarm(at: Statement, table: str, does: str, fix: str, confidence: float | None = None) -> Alarm:
    return Alarm(
        at,
        "Nobody can use the table while this runs",
        f"PostgreSQL {does} of {table} and locks others out meanwhile. On a large table that takes minutes, in which "
        "the service stands still and all who wait keep their connections.",
        fix,
        confidence=confidence,
    )
