"""The queue `ledger` in the engine's Postgres: calls that wait for the owner of the file, and their answers.

A table of its own and not the engine's queues: those give each call a claim, a thread and a record of its life, and
take 70 to 110 ms for it. Here a call is a row, its order is its number, and whoever waits is woken.
"""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa

WAKE = "seawall_ledger"
"""The channel on which the owner hears that there is something to do."""
MOST_AT_ONCE = 500
_TABLE = (
    "CREATE TABLE IF NOT EXISTS seawall_ledger_calls ("
    "number BIGSERIAL PRIMARY KEY, id VARCHAR(512) NOT NULL UNIQUE, lane VARCHAR(64) NOT NULL, call TEXT NOT NULL, "
    "tries INTEGER NOT NULL DEFAULT 0, due DOUBLE PRECISION NOT NULL DEFAULT 0, answer TEXT, ended DOUBLE PRECISION)",
    "CREATE INDEX IF NOT EXISTS seawall_ledger_calls_waiting ON seawall_ledger_calls (number) WHERE ended IS NULL",
    "CREATE INDEX IF NOT EXISTS seawall_ledger_calls_ended ON seawall_ledger_calls (ended)",
)
_NOW = "extract(epoch from clock_timestamp())"
_ONE_AT_A_TIME = sa.text("SELECT pg_advisory_xact_lock(hashtextextended('seawall ledger calls', 0))")
_HAND_IN = sa.text(
    "WITH handed_in AS (INSERT INTO seawall_ledger_calls (id, lane, call) VALUES (:id, :lane, :call) "  # noqa: S608
    f"ON CONFLICT (id) DO NOTHING) SELECT pg_notify('{WAKE}', '')"
)
_FETCH = sa.text("DELETE FROM seawall_ledger_calls WHERE id = :id AND ended IS NOT NULL RETURNING answer")
_TAKE_BACK = sa.text("DELETE FROM seawall_ledger_calls WHERE id = :id")
_WAITING = sa.text(
    f"SELECT number, lane, call, tries, due <= {_NOW} AS is_due FROM seawall_ledger_calls "  # noqa: S608 — constants
    "WHERE ended IS NULL ORDER BY number LIMIT :most"
)
_END = sa.text(
    # What was asked is not needed any more, and may name people; the id tells a repeated call.
    f"UPDATE seawall_ledger_calls SET ended = {_NOW}, call = '', answer = :answer WHERE number = :number"  # noqa: S608
)
_PUT_OFF = sa.text(
    f"UPDATE seawall_ledger_calls SET tries = tries + 1, due = {_NOW} + :wait_s WHERE number = :number"  # noqa: S608
)
_DROP = sa.text(f"DELETE FROM seawall_ledger_calls WHERE ended < {_NOW} - :kept_s")  # noqa: S608 — constants
_COUNT = sa.text("SELECT count(*) FROM seawall_ledger_calls WHERE ended IS NULL")
_IS_THERE = sa.text("SELECT to_regclass('seawall_ledger_calls') IS NOT NULL")


class Waiting(NamedTuple):
    """A call that is not carried out yet. One lane is carried out in the order of the numbers."""

    number: int
    lane: str
    call: Mapping[str, Any]
    tries: int
    is_due: bool


def make_table(connection: sa.Connection) -> None:
    """In a transaction; where it is there already, nothing changes."""
    connection.execute(_ONE_AT_A_TIME)  # two hosts that start at once would trip over each other
    for statement in _TABLE:
        connection.exec_driver_sql(statement)


def hand_in(connection: sa.Connection, call_id: str, lane: str, call: Mapping[str, Any]) -> None:
    """Once for each id. `call`: as bot.ledger.calls.LedgerCall gives it."""
    connection.execute(_HAND_IN, {"id": call_id, "lane": lane, "call": json.dumps(call)})


def fetch(connection: sa.Connection, call_id: str) -> Mapping[str, Any] | None:
    """The answer, once; None where it is not there yet."""
    answer = connection.execute(_FETCH, {"id": call_id}).scalar()
    return None if answer is None else dict(json.loads(answer))


def take_back(connection: sa.Connection, call_id: str) -> None:
    """A call that nobody waits for any more is not carried out, if it is not under way already."""
    connection.execute(_TAKE_BACK, {"id": call_id})


def waiting(connection: sa.Connection) -> list[Waiting]:
    """The oldest calls, in their order."""
    rows = connection.execute(_WAITING, {"most": MOST_AT_ONCE}).all()
    return [Waiting(number, lane, json.loads(call), tries, is_due) for number, lane, call, tries, is_due in rows]


def end(connection: sa.Connection, number: int, answer: Mapping[str, Any]) -> None:
    """It is carried out; its answer can be fetched."""
    connection.execute(_END, {"number": number, "answer": json.dumps(answer)})


def put_off(connection: sa.Connection, number: int, wait_s: float) -> None:
    """It failed and is tried again."""
    connection.execute(_PUT_OFF, {"number": number, "wait_s": wait_s})


def drop_ended(connection: sa.Connection, kept_s: float) -> None:
    """Forgets what was carried out longer ago than that."""
    connection.execute(_DROP, {"kept_s": kept_s})


def count(connection: sa.Connection) -> int:
    """How many calls wait."""
    return int(connection.execute(_COUNT).scalar() or 0) if connection.execute(_IS_THERE).scalar() else 0
