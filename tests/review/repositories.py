"""Small repositories whose one finding is to be proved, in each language, and a test that proves it."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.domain import Change, Finding, ModelText, Patch, PatchStatus, Severity
from bot.domain.searching import Hit
from bot.review.snapshot import Snapshot
from bot.review.stages import Desk
from bot.settings import Policy, PolicyInForce
from tests.review.lives import InProcess


@dataclass(frozen=True)
class Files:
    """A Search over texts."""

    texts: Mapping[str, str]

    def find(self, names: Sequence[str], suffixes: Sequence[str]) -> list[Hit]:
        wanted = re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b")
        return [
            Hit(path, number, line)
            for path, text in sorted(self.texts.items())
            if path.endswith(tuple(suffixes))
            for number, line in enumerate(text.split("\n"), 1)
            if wanted.search(line)
        ]

    def read(self, paths: Sequence[str]) -> dict[str, bytes]:
        return {path: self.texts[path].encode() for path in paths if path in self.texts}


@dataclass(frozen=True)
class Repository:
    """`files` of the head; the finding stands in `path` on the line that holds `evidence`."""

    files: Mapping[str, str]
    path: str
    evidence: str
    class_: str = "missing-timeout"
    kind: str = "http-or-socket-call"
    changed: tuple[str, ...] = ()

    @property
    def finding(self) -> Finding:
        lines = self.files[self.path].split("\n")
        line = next(number for number, text in enumerate(lines, 1) if self.evidence in text)
        return Finding.model_validate({
            "path": self.path, "start_line": line, "end_line": line, "class": self.class_, "kind": self.kind,
            "rule": f"{self.class_}/{self.kind}", "severity": Severity.HIGH, "confidence": 0.9, "source": "rule",
            "title": "it can wait for ever", "body": "When the bank hangs, so does this.", "evidence": self.evidence,
            "fingerprint": "a1b2c3d4e5f60718",
        })  # fmt: skip

    def desk(self, has_search: bool = True, **policy: Any) -> Desk:
        changed = (self.path, *self.changed)
        patches = tuple(Patch(path=path, status=PatchStatus.ADDED) for path in changed)
        contents = {path: self.files[path].encode() for path in changed}
        snapshot = Snapshot(Change("b" * 40, "a" * 40, patches), PolicyInForce(Policy(**policy)), (), contents)
        return Desk(
            snapshot=snapshot,
            guard=InProcess(),  # type: ignore[arg-type]
            model=None,
            today="2026-11-22",
            input_budget=24_000,
            search=Files(self.files) if has_search else None,
            search_missing="" if has_search else "copies are off",
        )


class Writer:
    """A model that says one thing after the other, and remembers what it was shown."""

    def __init__(self, *tests: str | None) -> None:
        self._tests = list(tests)
        self.shown: list[dict[str, str]] = []

    def __call__(self, prompt: str, inputs: Mapping[str, str]) -> ModelText:
        self.shown.append(dict(inputs))
        return ModelText(
            text="Check the order's number.",
            replacement=self._tests.pop(0),
            model="openai:scripted",
            prompt=prompt,
            prompt_version="1+0",
            cost_usd=0.25,
        )


def _proved() -> Iterator[tuple[str, tuple[Repository, str, str]]]:
    known = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    for framework, told in known.items():
        repository = Repository(told["files"], told["path"], told["evidence"])
        yield framework, (repository, told["proof"], told["proof_path"])


PROVED: Mapping[str, tuple[Repository, str, str]] = dict(_proved())
"""Framework → a repository that uses it, a test that proves its finding, and where that belongs."""
PYTHON, PYTEST, _ = PROVED["pytest"]
GO, TYPESCRIPT = PROVED["go test"][0], PROVED["Vitest"][0]
