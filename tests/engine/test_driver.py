"""The driver for Postgres, which is loaded where there is a Postgres."""

import subprocess
import sys
from pathlib import Path

from tests.engine.conftest import PATIENCE_S

ROOT = Path(__file__).parents[2]
PROGRAM = """
import sys
import bot.engine.worker
import webhooks.app
assert "psycopg" not in sys.modules, "loaded without need"

import dbos._sys_db, dbos._utils
from sqlalchemy.exc import OperationalError
import sqlite3
locked = OperationalError("SELECT 1", {}, sqlite3.OperationalError("database is locked"))
assert not dbos._utils.retriable_postgres_exception(locked)
assert "psycopg" not in sys.modules, "loaded by an error that is not the driver's"

import psycopg
lost = OperationalError("SELECT 1", {}, psycopg.errors.ConnectionTimeout("late"))
assert dbos._utils.psycopg.OperationalError is psycopg.OperationalError
assert dbos._sys_db.pg_errors.LockNotAvailable is psycopg.errors.LockNotAvailable
assert dbos._utils.retriable_postgres_exception(lost)
"""


def test_it_is_not_loaded_without_need_and_its_errors_are_known_once_it_is() -> None:
    run = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=PATIENCE_S, cwd=ROOT)
    assert run.returncode == 0, run.stderr
