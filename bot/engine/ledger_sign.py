"""The signs of life of those who have the ledger's file, in the engine's Postgres: read by everybody else."""

import sqlalchemy as sa

_ONE_AT_A_TIME = sa.text("SELECT pg_advisory_xact_lock(hashtextextended('seawall ledger owners', 0))")
_TABLE = sa.text(
    "CREATE TABLE IF NOT EXISTS seawall_ledger_owners "
    "(executor VARCHAR(128) PRIMARY KEY, ledger VARCHAR(64) NOT NULL, seen DOUBLE PRECISION NOT NULL)"
)
_NOW = "extract(epoch from clock_timestamp())"
_OTHERS = sa.text(
    f"SELECT executor FROM seawall_ledger_owners WHERE ledger != :ledger AND seen > {_NOW} - :silence_s"  # noqa: S608
)
_BEAT = sa.text(
    f"INSERT INTO seawall_ledger_owners VALUES (:executor, :ledger, {_NOW}) "  # noqa: S608 — constants
    f"ON CONFLICT (executor) DO UPDATE SET ledger = :ledger, seen = {_NOW}"
)
_LEAVE = sa.text("DELETE FROM seawall_ledger_owners WHERE executor = :executor")
_SILENT_FOR = sa.text(f"SELECT {_NOW} - max(seen) FROM seawall_ledger_owners")  # noqa: S608 — a constant


def take_turn(connection: sa.Connection) -> None:
    """Until the end of the transaction nobody else looks who the owner is. Makes the table."""
    connection.execute(_ONE_AT_A_TIME)
    connection.execute(_TABLE)


def owners_of_others(connection: sa.Connection, ledger: str, silence_s: float) -> list[str]:
    """The workers that have another ledger than this, and gave a sign of life within so many seconds."""
    return sorted(connection.execute(_OTHERS, {"ledger": ledger, "silence_s": silence_s}).scalars())


def give(connection: sa.Connection, executor_id: str, ledger: str) -> None:
    """This worker lives, and has this ledger."""
    connection.execute(_BEAT, {"executor": executor_id, "ledger": ledger})


def take_back(connection: sa.Connection, executor_id: str) -> None:
    """Nobody is to count on this worker any more."""
    connection.execute(_LEAVE, {"executor": executor_id})


def silent_for_s(connection: sa.Connection) -> float | None:
    """Seconds since an owner was last heard of; None where none was yet, or it left. In the engine's Postgres."""
    if connection.execute(sa.text("SELECT to_regclass('seawall_ledger_owners')")).scalar() is None:
        return None
    seconds = connection.execute(_SILENT_FOR).scalar()
    return None if seconds is None else float(seconds)
