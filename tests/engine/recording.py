"""A story that writes down what it is asked to do, into a SQLite file that outlives a kill -9.

How it goes is told by the pull request's title, as JSON: `{"steps": 4, "step_s": 0.1, "questions": 2, …}`. At a point
that is among its `holds` it waits until it is let go.
"""

import json
import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.domain import (
    Ask,
    CheckRerequested,
    Delivery,
    InstallationChanged,
    MergeGroupQueued,
    PullRequest,
    PullRequestNoted,
    Repository,
    RepositoryChanged,
    ReviewEnd,
    Step,
    TimelineNoted,
)
from bot.errors import HostUnavailable, LedgerError, RateLimited


class Record:
    """What was told, in order: (what, about whom, detail)."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._open() as db:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("CREATE TABLE IF NOT EXISTS told (at REAL, pid INT, what TEXT, whom TEXT, detail TEXT)")
            db.execute("CREATE TABLE IF NOT EXISTS stage (name TEXT PRIMARY KEY, json TEXT)")

    def tell(self, what: str, whom: str, detail: Any = None) -> int:
        """Writes it down; gives how often it was told before."""
        with self._open() as db:
            db.execute("BEGIN IMMEDIATE")
            before = db.execute("SELECT count(*) FROM told WHERE what = ? AND whom = ?", (what, whom)).fetchone()[0]
            db.execute(
                "INSERT INTO told VALUES (?,?,?,?,?)", (time.time(), os.getpid(), what, whom, json.dumps(detail))
            )
        return int(before)

    def told(self, whom: str, what: str | None = None) -> list[str]:
        """What was told about that one, in order."""
        with self._open() as db:
            rows = db.execute("SELECT what FROM told WHERE whom = ? ORDER BY rowid", (whom,)).fetchall()
        return [row[0] for row in rows if what is None or row[0] == what]

    def rows(self, what: str, whom: str = "%") -> list[tuple[float, int, str, Any]]:
        """(at, pid, whom, detail) of each time it was told; `whom` is a pattern of SQL."""
        query = "SELECT at, pid, whom, detail FROM told WHERE what = ? AND whom LIKE ? ORDER BY rowid"
        with self._open() as db:
            return [(at, pid, about, json.loads(detail)) for at, pid, about, detail in db.execute(query, (what, whom))]

    def set_stage(self, name: str, value: Any) -> None:
        """What the host has to show: `open:<repository>#<number>`, `missing`."""
        with self._open() as db:
            db.execute("INSERT OR REPLACE INTO stage VALUES (?, ?)", (name, json.dumps(value)))

    def stage(self, name: str) -> Any:
        with self._open() as db:
            row = db.execute("SELECT json FROM stage WHERE name = ?", (name,)).fetchone()
        return json.loads(row[0]) if row else None

    def let_go(self, whom: str) -> None:
        """From now on nothing that is done for that one is held."""
        self.set_stage(f"let go:{whom}", True)

    def hold(self, whom: str) -> None:
        """Waits until the test lets that one go."""
        while not self.stage(f"let go:{whom}"):
            time.sleep(0.02)

    def _open(self) -> sqlite3.Connection:
        return _Closing(self._path, timeout=20)


class _Closing(sqlite3.Connection):
    def __exit__(self, *raised: Any) -> bool:
        super().__exit__(*raised)
        self.close()
        return False


class RecordingStory:
    def __init__(self, record: Record) -> None:
        self._record = record

    @contextmanager
    def together(self) -> Iterator[None]:
        yield

    def keep(self, delivery: Delivery) -> None:
        whom = delivery.guid
        if delivery.sender == "full-disk" and self._record.tell("keep failed", whom) < 2:
            raise LedgerError("the disk is full")
        for job in delivery.jobs:
            if hasattr(job, "pull_request"):
                self._dies(job.pull_request, "keep")
        self._record.tell("keep", whom)

    def review(self, pull_request: PullRequest, generation: int, step: Step, ask: Ask) -> ReviewEnd:
        return self._run("review", pull_request, generation, step, ask)

    def followup(self, pull_request: PullRequest, generation: int, step: Step, ask: Ask) -> ReviewEnd:
        return self._run("followup", pull_request, generation, step, ask)

    def ask_model(self, pull_request: PullRequest, question: dict[str, Any]) -> dict[str, Any]:
        script = script_of(pull_request)
        whom = pull_request.review_key
        before = self._record.tell("model", whom, question)
        self._dies(pull_request, "model")
        self._holds(pull_request, "model")
        time.sleep(script.get("model_s", 0))
        if script.get("model_breaks"):
            raise ValueError("the model's gateway has a bug")
        if before < script.get("model_misses", 0):
            return {"missing_because": "it is down"}
        self._record.tell("model answered", whom, question)
        return {"missing_because": "", "answer": question["n"] * 10}

    def resolve(self, job: CheckRerequested) -> list[PullRequest]:
        whom = f"{job.repository.id}@{job.head_sha}"
        if self._record.tell("resolve", whom) < (self._record.stage("resolve fails") or {}).get(whom, 0):
            raise HostUnavailable("502")
        keys = [f"open:{job.repository.id}#{number}" for number in job.numbers]
        return [PullRequest.from_json(found) for key in keys if (found := self._record.stage(key))]

    def merge_group(self, job: MergeGroupQueued) -> None:
        self._record.tell("merge group", job.head_sha)

    def note(self, job: PullRequestNoted | TimelineNoted | InstallationChanged | RepositoryChanged) -> None:
        whom = job.pull_request.key if isinstance(job, PullRequestNoted) else job.kind
        self._record.tell("note", whom, job.to_json())

    def missing(self) -> list[PullRequest]:
        self._record.tell("missing", "all")
        return [PullRequest.from_json(values) for values in self._record.stage("missing") or []]

    def tidy(self) -> None:
        self._record.tell("tidy", "all")

    def give_up(self, pull_request: PullRequest, reason: str) -> None:
        self._record.tell("give up", pull_request.review_key, reason)

    def end_check(self, pull_request: PullRequest, reason: str) -> None:
        self._dies(pull_request, "end check")
        self._record.tell("end check", pull_request.review_key, reason)

    def _run(self, kind: str, pull_request: PullRequest, generation: int, step: Step, ask: Ask) -> ReviewEnd:
        script, whom = script_of(pull_request), pull_request.review_key
        number = step("begin", lambda: self._record.tell(kind, whom, {"generation": generation}))
        ends = script.get("ends" if kind == "review" else "late_ends", ["done"])
        end = ends[min(number, len(ends) - 1)]
        for index in range(1, script.get("steps", 1) + 1):
            self._dies(pull_request, f"before s{index}")
            step(f"s{index}", self._step, pull_request, index, script)
        missing = ""
        if script.get("questions"):
            answers = ask([{"n": n} for n in range(1, script["questions"] + 1)])
            step("answered", lambda: self._record.tell("answers", whom, list(answers)))
            missing = next((answer["missing_because"] for answer in answers if answer["missing_because"]), "")
        self._dies(pull_request, "before publish")
        step("publish", lambda: self._publish(pull_request, kind, end))
        if end == "boom":
            raise KeyError("a bug in the story")
        if end == "rate-limited":
            raise RateLimited("secondary limit", retry_after_s=0.5)
        state, reason = ("degraded", missing) if missing else (end, f"as told: {end}")
        return ReviewEnd(state=state, reason=reason, retry_after_s=script.get("later_by_s"))

    def _step(self, pull_request: PullRequest, index: int, script: dict[str, Any]) -> int:
        self._record.tell(f"s{index}", pull_request.review_key)
        self._holds(pull_request, f"s{index}")
        time.sleep(script.get("step_s", 0))
        self._dies(pull_request, f"s{index}")
        return index

    def _publish(self, pull_request: PullRequest, kind: str, end: str) -> None:
        if end == "unpublishable":
            raise HostUnavailable("502 from the host")
        if end == "done":
            self._record.tell("publish" if kind == "review" else "publish late", pull_request.review_key)

    def _holds(self, pull_request: PullRequest, point: str) -> None:
        if point in script_of(pull_request).get("holds", []):
            self._record.hold(pull_request.review_key)

    def _dies(self, pull_request: PullRequest, point: str) -> None:
        """kill -9, the first time this point is reached, or each time."""
        if point in script_of(pull_request).get("always_dies", []):
            os.kill(os.getpid(), signal.SIGKILL)
        if point in script_of(pull_request).get("dies", []) and not self._record.tell(
            f"died {point}", pull_request.key
        ):
            os.kill(os.getpid(), signal.SIGKILL)


def script_of(pull_request: PullRequest) -> dict[str, Any]:
    return json.loads(pull_request.title) if pull_request.title else {}


def a_repository(number: int) -> Repository:
    return Repository(id=number, owner="acme", name=f"shop-{number}")
