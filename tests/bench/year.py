"""A year of 50 repositories and 20,000 pull requests, written into a ledger straight away: the same rows every time.

`python -m tests.bench.year FILE` makes one to look at.
"""

import json
import random
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.ledger import Ledger
from tests.bench.year_of_pull_requests import BEGINS, ENDS, OWNER, RULES, PullRequests, event, iso

REPOSITORIES, PULL_REQUESTS = 50, 20_000

Row = tuple[Any, ...]


def write_year(path: Path, pull_requests: int = PULL_REQUESTS, repositories: int = REPOSITORIES) -> None:
    """Makes the file. Some fifteen seconds for the whole year; a part of it keeps the same mixture."""
    with Ledger(path) as ledger:
        ledger.counts()  # brings the file to its tables
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        dice = random.Random(20261122)
        year = _Year(dice, repositories)
        pulls = PullRequests(dice, repositories)
        for table, rows in year.of_repositories():
            _insert(connection, table, rows)
        for first in range(0, pull_requests, 1000):
            kept: dict[str, list[dict[str, Any]]] = {}
            for index in range(first, min(first + 1000, pull_requests)):
                for table, row in pulls.rows_of(index, pull_requests):
                    kept.setdefault(table, []).append(row)
            for table, rows in kept.items():
                _insert(connection, table, rows)
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


@dataclass
class _Year:
    dice: random.Random
    repositories: int

    def of_repositories(self) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        ids = range(1, self.repositories + 1)
        yield "repositories", [{"id": one, "owner": OWNER, "name": f"service-{one:02}"} for one in ids]
        yield "backfills", [{"repository_id": one, "since": iso(BEGINS), "done_at": iso(ENDS)} for one in ids]
        yield (
            "posture_maps",
            [
                {"repository_id": one, "service": f"service-{one:02}", "at": iso(ENDS), "map": _posture(one)}
                for one in ids
            ],
        )
        yield "events", [event for one in ids for event in self._deployments(one)]
        yield "incidents", [self._incident(number) for number in range(60)]
        yield "waivers", [self._waiver(number) for number in range(120)]
        yield "commands", [self._command(number) for number in range(400)]

    def _deployments(self, repository: int) -> Iterator[dict[str, Any]]:
        for day in range(0, 365, 2):
            at = BEGINS + timedelta(days=day, hours=self.dice.randint(8, 17))
            state = "failure" if self.dice.random() < 0.06 else "success"
            moment = event("deployed", at, "ci", environment="production", state=state, sha="c" * 40, id=day)
            yield {"repository_id": repository, "number": 0, **moment}

    def _incident(self, number: int) -> dict[str, Any]:
        class_, kind, _ = self.dice.choice(RULES)
        at = BEGINS + timedelta(days=6 * number, hours=3)
        return {
            "id": f"i-{number:07x}", "repository_id": self.dice.randint(1, self.repositories), "number": None,
            "title": f"Orders stood still ({number})", "text": "A peer hung; all workers waited for it.", "url": "",
            "broke_at": iso(at), "class": class_, "rule": f"{class_}/{kind}", "paths": '["orders/part1.py"]',
            "scopes": '["send_order"]', "verdict": self.dice.choice(("fired", "dismissed", "missing", "unknown")),
            "author": "dev-1-1", "at": iso(at + timedelta(hours=2)),
        }  # fmt: skip

    def _waiver(self, number: int) -> dict[str, Any]:
        class_, kind, _ = self.dice.choice(RULES)
        at = BEGINS + timedelta(days=3 * number)
        return {
            "id": f"w-{number:07x}", "kind": ("inline", "muted", "dismissed")[number % 3],
            "repository_id": self.dice.randint(1, self.repositories), "rule": f"{class_}/{kind}", "fingerprint": "",
            "code_digest": "", "path": "orders/part1.py", "number": number or None, "owner": "dev-1-1",
            "reason": "the caller enforces its own deadline", "at": iso(at),
            "expires_at": iso(at + timedelta(days=200)) if number % 2 else "",
        }  # fmt: skip

    def _command(self, number: int) -> dict[str, Any]:
        at = iso(ENDS - timedelta(hours=20 * number))
        return {
            "id": f"github-issue-comment-{number}", "run_id": f"c-{number:07x}", "name": "status", "text": "status",
            "transport": "github", "workspace": "", "person_id": "dev-1-1", "person_name": "dev-1-1",
            "repository_id": self.dice.randint(1, self.repositories), "number": 1, "place": "{}", "answer_url": "",
            "at": at, "state": "done", "title": "", "ended_at": at,
        }  # fmt: skip


def _posture(repository: int) -> str:
    protections = {"timeout": {"state": "yes" if repository % 3 else "no", "value": "2 s" if repository % 3 else ""}}
    sites = [{"path": "orders/part1.py", "line": 12, "scope": "send_order"}]
    calls = [
        {"name": name, "kind": "http", "sites": sites, "protections": protections} for name in ("payments", "stock")
    ]
    return json.dumps({"service": f"service-{repository:02}", "dependencies": calls})


def _insert(connection: sqlite3.Connection, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows of one table may differ in their columns' order, not in their columns.

    Of rows with the same key the first is kept; one that the table does not take raises.
    """
    columns = sorted(rows[0])
    names, marks = ", ".join(f'"{name}"' for name in columns), ", ".join("?" for _ in columns)
    values: Iterable[Row] = (tuple(row[name] for name in columns) for row in rows)
    connection.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks}) ON CONFLICT DO NOTHING', values)


if __name__ == "__main__":
    write_year(Path(sys.argv[1]))
