"""Models that answer by a script: one that knows every case, one that says nothing, one that cannot stop."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any, ClassVar

from bot.domain import (
    Afforded,
    Candidate,
    Change,
    Doubt,
    FileRef,
    ModelAnswer,
    ModelDoubts,
    ModelText,
    ModelUse,
    PolicyTexts,
    Profile,
    Severity,
)
from bot.evals.case import Case
from bot.evals.kept_model import KeptModel
from bot.evals.reading import CaseSource
from bot.evals.report import Report
from bot.evals.results import Results
from bot.evals.run import Evaluation, reviewer_of
from bot.review.desks import Desks
from bot.review.questions import DOUBT, READINGS
from bot.settings import load_settings

CASES = Path(__file__).parent
_ADDED = re.compile(r"^\s*\d+ \+ (.*\w{4}.*)$", re.MULTILINE)
_SHOWN = re.compile(r"^### (\S+) ", re.MULTILINE)


class Remembered(CaseSource):
    """Reads each case of ours once, however many reviews there are of it: git is not what is tested here."""

    _kept: ClassVar[dict[str, "Remembered"]] = {}

    def __new__(cls, case: Case, max_file_bytes: int) -> "Remembered":
        return cls._kept.setdefault(case.digest, super().__new__(cls))

    def __init__(self, case: Case, max_file_bytes: int) -> None:
        if not hasattr(self, "_read"):
            super().__init__(case, max_file_bytes)
            self._read: dict[tuple[FileRef, ...], Mapping[FileRef, bytes]] = {}

    def change(self) -> Change:
        return self._change

    def read(self, wanted: Sequence[FileRef]) -> Mapping[FileRef, bytes]:
        if tuple(wanted) not in self._read:
            self._read[tuple(wanted)] = super().read(wanted)
        return self._read[tuple(wanted)]

    def policy(self) -> PolicyTexts:
        return self._policy

    def close(self) -> None:
        """It is wanted again."""

    @cached_property
    def _change(self) -> Change:
        return super().change()

    @cached_property
    def _policy(self) -> PolicyTexts:
        return super().policy()


class InProcess:
    """Stands in for the guarded processes: the same functions, here."""

    def map(self, function: Callable[[Any], Any], items: Iterable[Any], progress: object = None) -> list[Any]:
        return [function(item) for item in items]

    def stream(self, function: Callable[[Any], Any], items: Iterable[Any], progress: object = None) -> Iterator[Any]:
        yield from self.map(function, items, progress)


class Reader:
    """`says`: the code shown → candidates. Defends all it has said. Each question costs 1,000 tokens and a cent."""

    def __init__(self, says: Callable[[str], Sequence[Candidate]] = lambda code: (), name: str = "reader") -> None:
        self.says, self.name = says, name
        self.asked = 0
        self.versions = dict.fromkeys((DOUBT, *chain(*READINGS.values())), "1+aaaa")
        self._quotes: list[Candidate] = []

    def review(self, inputs: Mapping[str, str], prompt: str = "review") -> ModelAnswer:
        said = tuple(self.says(inputs["code"]))
        self._quotes += said
        return ModelAnswer(candidates=said, **self._paid(prompt))

    def doubt(self, inputs: Mapping[str, str]) -> ModelDoubts:
        numbers = map(int, re.findall(r"(?m)^(\d+)\. \S+, lines ", inputs["candidates"]))
        doubts = [self._defended(number, inputs["candidates"]) for number in numbers]
        return ModelDoubts(doubts=tuple(doubts), **self._paid("doubt"))

    def affordable(self, profile: Profile, tokens: Mapping[Profile, int]) -> Afforded:
        return Afforded(profile=profile)

    def answer(self, prompt: str, inputs: Mapping[str, str]) -> ModelText:
        raise AssertionError("a review asks for no words")

    def prompt_versions(self) -> Mapping[str, str]:
        return self.versions

    def _defended(self, number: int, challenged: str) -> Doubt:
        told = challenged.split(f"{number}. ", 1)[1]
        mine = next(one for one in self._quotes if one.title in told)
        failure = "the caller repeats the request and the wrong thing happens twice"
        return Doubt(
            number=number, stands=True, failure=failure, path=mine.path, quote=mine.quote, severity=Severity.HIGH,
            confidence=0.9,
        )  # fmt: skip

    def _paid(self, prompt: str) -> dict[str, Any]:
        self.asked += 1
        use = ModelUse(input_tokens=900, output_tokens=100)
        version = self.versions[prompt]
        return {"model": self.name, "prompt": prompt, "prompt_version": version, "use": use, "cost_usd": 0.01}


def knowing(cases: Iterable[Case]) -> Callable[[str], list[Candidate]]:
    """Says what the cases expect, in their own words, wherever it is shown the file; of its twin it says nothing."""
    known = []
    for case in cases:
        for expected, place in zip(case.about.expected, case.places, strict=True):
            lines = (case.after / expected.path).read_text().splitlines()
            known.append((lines, claim(expected.path, lines[place[0].start_line - 1].strip(), expected.why)))
    return lambda code: [one for lines, one in known if f"### {one.path} " in code and _shows(lines, one.path, code)]


def _shows(lines: Sequence[str], path: str, code: str) -> bool:
    """Lines of the head have their number beside them, and a sign where the change wrote them."""
    part = code.split(f"### {path} ")[1].split("\n### ")[0]
    shown = re.findall(r"(?m)^ *(\d+) [+ ] (.*)$", part)
    return bool(shown) and all(int(number) <= len(lines) and lines[int(number) - 1] == text for number, text in shown)


def babbling(code: str) -> list[Candidate]:
    """Finds something in every third line that is new."""
    path = _SHOWN.findall(code)[0]
    lines = [line for part in code.split("### ")[1:2] for line in _ADDED.findall(part)]
    return [claim(path, line, f"Line {number} could be nicer.") for number, line in enumerate(lines[::3][:6])]


def claim(path: str, quote: str, why: str) -> Candidate:
    values = {
        "path": path, "start_line": 1, "end_line": 1, "quote": quote, "class": "correctness", "kind": "other",
        "severity": "high", "confidence": 0.9, "title": why[:60].rsplit(" ", 1)[0], "body": why,
    }  # fmt: skip
    return Candidate.from_json(values)


def evaluated(
    cases: Sequence[Case],
    model: Reader | None,
    results: Path,
    profile: str = "economy",
    watch: Callable[..., object] = lambda *told: None,
    **more: Any,
) -> Report:
    settings = load_settings({}, trust_here=False, llm={"profile": profile})
    kept = Results(results)
    asked = KeptModel(model, kept) if model else None
    desks = Desks(settings, InProcess(), asked, lambda: datetime(2026, 9, 1, tzinfo=UTC))
    evaluation = Evaluation(
        CASES, cases, reviewer_of(model, Profile(profile)), kept, settings.reading.max_file_bytes, **more
    )
    return evaluation.run(desks, watch)
