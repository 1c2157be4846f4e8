"""How the file came to its tables: ordered, named steps, each run once and remembered in `schema_migrations`."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database

from bot.errors import LedgerError
from bot.ledger.answer_tables import create_answer_tables
from bot.ledger.conversation_tables import create_conversation_tables
from bot.ledger.dashboard_tables import create_dashboard_tables
from bot.ledger.earlier_points import carry_over_points
from bot.ledger.first_tables import create_first_tables
from bot.ledger.flow_tables import create_flow_tables
from bot.ledger.posture_tables import create_posture_tables
from bot.ledger.rule_draft_table import create_rule_draft_table
from bot.ledger.summary_tables import create_summary_tables
from bot.ledger.week_indices import create_week_indices

Migration = tuple[str, Callable[[Database], None]]

MIGRATIONS: Sequence[Migration] = (
    ("0001_first_tables", create_first_tables),
    ("0002_conversation_tables", create_conversation_tables),
    ("0003_earlier_points", carry_over_points),
    ("0004_posture_tables", create_posture_tables),
    ("0005_flow_tables", create_flow_tables),
    ("0006_summary_tables", create_summary_tables),
    ("0007_dashboard_tables", create_dashboard_tables),
    ("0008_answer_tables", create_answer_tables),
    ("0009_week_indices", create_week_indices),
    ("0010_rule_draft_table", create_rule_draft_table),
)
"""Name and step, in order. Append only: a name once released is never changed or moved."""


def migrate(database: Database, path: Path, migrations: Sequence[Migration] = MIGRATIONS) -> None:
    """Brings the file up to this version; does nothing where it is. Two processes may start at the same moment.

    Raises LedgerError where the file was written by a newer Seawall.
    """
    if not _missing(database, path, migrations):
        return  # without waiting for whoever is writing
    database.conn.execute("BEGIN IMMEDIATE")
    try:
        database.conn.execute(
            "CREATE TABLE IF NOT EXISTS schema_migrations (name TEXT PRIMARY KEY, applied_at TEXT NOT NULL)"
        )
        for name, step in _missing(database, path, migrations):
            step(database)
            now = datetime.now(UTC).isoformat(timespec="seconds")
            database.conn.execute("INSERT INTO schema_migrations VALUES (?, ?)", (name, now))
        database.conn.execute("COMMIT")
    except BaseException:
        if database.conn.in_transaction:
            database.conn.execute("ROLLBACK")
        raise


def _missing(database: Database, path: Path, migrations: Sequence[Migration]) -> list[Migration]:
    """The steps this file has not seen, in order."""
    if not database.conn.execute("SELECT 1 FROM sqlite_master WHERE name = 'schema_migrations'").fetchone():
        return list(migrations)
    applied = {str(name) for (name,) in database.conn.execute("SELECT name FROM schema_migrations")}
    if unknown := sorted(applied - {name for name, _ in migrations}):
        raise LedgerError(
            f"The ledger {path} was written by a newer Seawall (it knows {', '.join(unknown)}). "
            "Install that version again, or point data_dir elsewhere."
        )
    return [(name, step) for name, step in migrations if name not in applied]
