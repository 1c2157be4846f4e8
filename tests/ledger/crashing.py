"""Work that dies at a chosen SQL statement, as a process does when it is killed."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.ledger import Ledger

Write = Callable[[Ledger], Any]


def statements_of(ledger: Ledger, write: Write) -> int:
    """How many SQL statements `write` runs."""
    seen: list[str] = []
    ledger.counts()
    with ledger._connection.reading() as database:
        database.conn.set_trace_callback(seen.append)
    write(ledger)
    with ledger._connection.reading() as database:
        database.conn.set_trace_callback(None)
    return len(seen)


def killed_at(path: Path, write: Write, statement: int) -> None:
    """Runs `write` in a child that is killed before that statement, counted from 1, takes effect."""

    def dies() -> None:
        ledger, left = Ledger(path), [statement]
        ledger.counts()

        def count_down(_: str) -> None:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        with ledger._connection.reading() as database:
            database.conn.set_trace_callback(count_down)
        write(ledger)

    assert os.waitpid(in_a_child(dies), 0)[1] == signal.SIGKILL


def everything(ledger: Ledger) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, without the numbers that SQLite gave it."""
    with ledger._connection.reading() as database:
        return {
            table: [{key: value for key, value in row.items() if key != "id"} for row in database.table(table).rows]
            for table in ledger.counts()
        }


def in_a_child(work: Callable[[], Any]) -> int:
    """Runs `work` in a forked process and gives its id; it exits with 0 where `work` returned."""
    if (child := os.fork()) == 0:
        try:
            work()
            os._exit(0)
        except BaseException:
            os._exit(1)
    return child
