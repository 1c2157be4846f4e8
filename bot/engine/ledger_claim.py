"""One ledger in all: who has another one than those at work is refused, before it would forget what they were told."""

import os
import uuid
from pathlib import Path

import sqlalchemy as sa

from bot.engine import ledger_sign
from bot.engine.database import database_url, is_sqlite
from bot.errors import SettingsError
from bot.settings import Settings


def owns_ledger(settings: Settings) -> bool:
    """True where other hosts may ask this one: only with Postgres is there anybody else."""
    return settings.ledger.access == "file" and not is_sqlite(database_url(settings))


def claim_ledger(connection: sa.Connection, settings: Settings, executor_id: str) -> str:
    """Gives the sign of life of a worker that has this ledger, and the ledger's name. For a transaction.

    Raises SettingsError where another ledger is in use.
    """
    ledger = name_of_ledger(settings.ledger_path)
    ledger_sign.take_turn(connection)
    if others := ledger_sign.owners_of_others(connection, ledger, settings.engine.reap_after_s):
        raise SettingsError(
            f"Another ledger is in use by {', '.join(others)}, and there can be one. Set SEAWALL_LEDGER__ACCESS=queue "
            "here to use that one, or stop those workers to use the one of this host."
        )
    ledger_sign.give(connection, executor_id, ledger)
    return ledger


def name_of_ledger(ledger: Path) -> str:
    """What tells this ledger from every other: given once, kept beside it, so that it moves with its folder."""
    ledger.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path, proposed = ledger.with_suffix(".id"), uuid.uuid4().hex
    draft = path.with_name(f"{path.name}.{proposed}")
    draft.write_text(proposed)
    try:
        os.link(draft, path)  # whole or not at all, and only where there is none: two workers may start at once
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text()
