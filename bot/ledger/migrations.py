"""How the file came to its tables: ordered, named steps, each run once and remembered in `schema_migrations`."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database

from bot.errors import LedgerError
from bot.ledger.first_tables import create_first_tables

MIGRATIONS: tuple[tuple[str, Callable[[Database], None]], ...] = (("0001_first_tables", create_first_tables),)
"""Name and step, in order. Append only: a name once released is never changed or moved."""


def migrate(
    database: Database, path: Path, migrations: tuple[tuple[str, Callable[[Database], None]], ...] = MIGRATIONS
) -> None:
    """Brings the file up to this version; does nothing where it is. Two processes may start at the same moment.

    Raises LedgerError where the file was written by a newer Seawall.
    """
    database.conn.execute("BEGIN IMMEDIATE")
    try:
        database.conn.execute(
            "CREATE TABLE IF NOT EXISTS schema_migrations (name TEXT PRIMARY KEY, applied_at TEXT NOT NULL)"
        )
        applied = {str(name) for (name,) in database.conn.execute("SELECT name FROM schema_migrations")}
        if unknown := sorted(applied - {name for name, _ in migrations}):
            raise LedgerError(
                f"The ledger {path} was written by a newer Seawall (it knows {', '.join(unknown)}). "
                "Install that version again, or point data_dir elsewhere."
            )
        for name, step in migrations:
            if name not in applied:
                step(database)
                database.conn.execute(
                    "INSERT INTO schema_migrations VALUES (?, ?)",
                    (name, datetime.now(UTC).isoformat(timespec="seconds")),
                )
        database.conn.execute("COMMIT")
    except BaseException:
        if database.conn.in_transaction:
            database.conn.execute("ROLLBACK")
        raise
