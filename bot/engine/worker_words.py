"""What workers say beside their sign of life: open circuit breakers, and what GitHub grants this hour. In the engine's
database, a row each."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa

from bot.domain.workers import BreakerSeen, LimitSeen, WorkerSeen

TABLE: Final = "CREATE TABLE IF NOT EXISTS seawall_worker_words (id VARCHAR(128) PRIMARY KEY, said TEXT NOT NULL)"
_SAY = sa.text(
    "INSERT INTO seawall_worker_words (id, said) VALUES (:id, :said) ON CONFLICT (id) DO UPDATE SET said = :said"
)
_FORGET = sa.text("DELETE FROM seawall_worker_words WHERE id = :id")
_HEARD = (
    "SELECT executors.id, {now} - seen AS silent_s, said FROM seawall_executors AS executors "
    "LEFT JOIN seawall_worker_words AS words ON words.id = executors.id "
    "WHERE seen > {now} - :within_s ORDER BY executors.id"
)
_ON_SQLITE = sa.text(_HEARD.format(now=":now"))
_ON_POSTGRES = sa.text(_HEARD.format(now="extract(epoch from clock_timestamp())"))


class Words:
    """Of this worker: `breakers` gives each dependency with whether its breaker is open now."""

    def __init__(
        self,
        breakers: Callable[[], Mapping[str, bool]],
        limits: Callable[[], Sequence[LimitSeen]] = tuple,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._breakers = breakers
        self._limits = limits
        self._now = now
        self._known: dict[str, BreakerSeen] = {}

    def said(self) -> str:
        """As JSON. `since` is when a state was first told."""
        at = self._now().astimezone(UTC).isoformat(timespec="seconds")
        for name, is_open in self._breakers().items():
            if name not in self._known or self._known[name].is_open != is_open:
                self._known[name] = BreakerSeen(dependency=name, is_open=is_open, since=at)
        told = {"breakers": self._known.values(), "limits": self._limits()}
        return json.dumps({name: [one.to_json() for one in said] for name, said in told.items()})


def say(connection: sa.Connection, executor_id: str, said: str) -> None:
    connection.execute(_SAY, {"id": executor_id, "said": said})


def take_back(connection: sa.Connection, executor_id: str) -> None:
    connection.execute(_FORGET, {"id": executor_id})


def heard(connection: sa.Connection, now_s: float, within_s: float) -> list[WorkerSeen]:
    """Every worker that gave a sign of life within so many seconds; none where there never was one."""
    is_sqlite = connection.dialect.name == "sqlite"
    there = sa.inspect(connection).get_table_names()
    if not {"seawall_executors", "seawall_worker_words"} <= set(there):
        return []
    values = {"within_s": within_s, **({"now": now_s} if is_sqlite else {})}
    rows = connection.execute(_ON_SQLITE if is_sqlite else _ON_POSTGRES, values).all()
    return [_worker(str(name), max(0.0, silent), json.loads(said or "{}")) for name, silent, said in rows]


def _worker(name: str, silent_s: float, said: Any) -> WorkerSeen:
    """A worker of an older version, still at work beside us, says a list of its breakers."""
    told = {"breakers": said} if isinstance(said, list) else said
    return WorkerSeen.from_json({"name": name, "silent_s": silent_s} | told)
