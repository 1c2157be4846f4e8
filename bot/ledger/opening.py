"""What every part of the ledger shares: the file, opened on first use."""

import contextlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bot.ledger.connection import BUSY_TIMEOUT_S, Connection


class Opened:
    """The parts of `Ledger`, a topic a file, are classes over this one; only their sum is ever made."""

    def __init__(self, path: Path, busy_timeout_s: float = BUSY_TIMEOUT_S) -> None:
        self.path = path
        self._connection = Connection(path, busy_timeout_s)

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """What this thread writes within the block is one transaction: all of it or nothing. Nobody else writes
        meanwhile, so it waits for nothing. Raises LedgerError."""
        with self._connection.writing():
            yield

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file in this process; the next call opens it again."""
        self._connection.close()

    def _rows(self, sql: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        with self._connection.reading() as database:
            return list(database.query(sql, dict(values)))

    def _changed(self, sql: str, values: Mapping[str, Any]) -> int:
        """Runs one statement in a transaction of its own. Rows it touched."""
        with self._connection.writing() as database:
            return int(database.conn.execute(sql, dict(values)).rowcount)


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
