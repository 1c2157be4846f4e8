"""The file that keeps what was run: a line of JSON for each review, and for each answer a model has given.

A run that was killed loses at most the line it was writing. Answers are kept as they come, so a review that was killed
half-way pays no question twice; they quote code, so the file is as confidential as the cases are.
"""

import hashlib
import json
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.domain import Record
from bot.errors import UsageError
from bot.evals.case import Case
from bot.evals.report import Reviewed, Reviewer


class Results:
    """Safe to share between threads. Raises UsageError where the path is no file of results."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.unreadable = 0
        """Lines that were cut, or written by another version."""
        self._lock = threading.Lock()
        self._reviews: dict[tuple[str, str], Reviewed] = {}
        self._answers: dict[str, Any] = {}
        self._ends_torn = False
        if path.exists():
            self._load()

    def review(self, case: Case, reviewer: Reviewer) -> Reviewed | None:
        """The review of just this content by just this reviewer, if there is one."""
        kept = self._reviews.get((case.digest, key_of(reviewer)))
        return kept.model_copy(update={"case": case.name}) if kept else None

    def of(self, cases: Iterable[Case]) -> dict[str, list[Reviewed]]:
        """All that is kept of these cases as they are now: reviewer's key → reviews."""
        told: dict[str, list[Reviewed]] = {}
        named = {case.digest: case.name for case in cases}
        with self._lock:
            for (digest, reviewer), kept in self._reviews.items():
                if digest in named:
                    told.setdefault(reviewer, []).append(kept.model_copy(update={"case": named[digest]}))
        return told

    def keep(self, review: Reviewed) -> None:
        """Takes the place of an earlier one of the same content and reviewer."""
        with self._lock:
            self._reviews[review.digest, key_of(review.reviewer)] = review
            self._append({"review": review.to_json()})

    def answer(self, key: str) -> Any:
        """What a model has answered to that question, or None."""
        return self._answers.get(key)

    def keep_answer(self, key: str, answer: Record) -> None:
        with self._lock:
            self._answers[key] = answer.to_json()
            self._append({"answer": self._answers[key], "to": key})

    def _append(self, line: dict[str, Any]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(("\n" if self._ends_torn else "") + json.dumps(line, ensure_ascii=True) + "\n")
        self._ends_torn = False

    def _load(self) -> None:
        try:
            text = self.path.read_text(encoding="utf-8")
        except ValueError as binary:
            raise UsageError(f"{self.path} is no file of results. Choose another with --results.") from binary
        self._ends_torn = bool(text) and not text.endswith("\n")
        lines = text.splitlines()
        for line in lines:
            try:
                self._take(json.loads(line))
            except (ValueError, KeyError, TypeError, ValidationError):
                self.unreadable += 1
        if lines and self.unreadable == len(lines):
            raise UsageError(f"{self.path} is no file of results. Choose another with --results.")

    def _take(self, line: dict[str, Any]) -> None:
        if "review" in line:
            kept = Reviewed.from_json(line["review"])
            self._reviews[kept.digest, key_of(kept.reviewer)] = kept
        else:
            self._answers[line["to"]] = line["answer"]


def key_of(reviewer: Reviewer) -> str:
    """Eight signs that tell reviewers apart."""
    return digest_of(reviewer.to_json())[:8]


def digest_of(values: Any) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:32]
