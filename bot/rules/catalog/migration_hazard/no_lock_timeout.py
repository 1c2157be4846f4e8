"""A lock that is waited for without end, with everybody queued behind."""

from collections.abc import Iterator

from bot.domain import Severity
from bot.rules.migrations import migration_in
from bot.rules.rule import Alarm, Rule, sql
from bot.syntax import SourceFile

ASIDE = frozenset({"VALIDATE", "SET", "RESET", "OWNER", "ENABLE", "DISABLE", "ATTACH", "DETACH", "CLUSTER", "COMMENT"})


class NoLockTimeout(Rule):
    """## What it finds
    A PostgreSQL migration that alters a table which was there before, without `lock_timeout`. It is told once a file,
    and with little certainty, since a role or the tool may set it: it is posted only where a policy lowers
    `min_confidence`.

    ## Why it matters
    `ALTER TABLE` waits for every statement that uses the table, and all that come later wait behind it. One forgotten
    transaction then stops the whole table for as long as it lasts.

    ## Use instead
    `SET lock_timeout = '5s';` first, and a tool that tries again. Source: PostgreSQL, *Client Connection Defaults*.
    """

    name = "migration-hazard/no-lock-timeout"
    severity = Severity.LOW
    confidence = 0.4
    languages = ("sql",)

    def check_file(self, file: SourceFile) -> Iterator[Alarm]:
        migration = migration_in(file)
        if migration is None or not migration.is_postgres or b"lock_timeout" in file.text.lower():
            return
        for statement, table, actions in migration.alters():
            if any(action[0] not in ASIDE for action in actions):
                yield Alarm(
                    statement,
                    "Everybody waits behind this lock, for as long as it takes",
                    f"This waits for all who use `{table.lower()}`, and whoever comes later waits behind it. One "
                    "forgotten transaction then stops the table for all.",
                    "Begin the migration with `SET lock_timeout = '5s';`.",
                )
                return

    bad = (
        sql("ALTER TABLE orders SET (fillfactor = 70);\nALTER TABLE orders ADD COLUMN data jsonb, ADD b int;", line=2),
    )
    good = (
        sql("SET lock_timeout = '5s';\nALTER TABLE orders ADD COLUMN data jsonb;"),
        sql("ALTER TABLE orders ADD COLUMN data text;"),  # of which database, nothing tells
        sql("ALTER TABLE orders VALIDATE CONSTRAINT pg_filled;"),
        sql("ALTER TABLE orders ADD COLUMN data jsonb;", path="schema.sql"),
    )
