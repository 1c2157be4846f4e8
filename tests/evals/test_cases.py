"""The cases themselves: well-formed, each with a twin, and true to what they claim."""

import re
import time
from pathlib import Path

import pytest

from bot.evals.case import Case
from bot.evals.reading import cases_in
from bot.source.walk import files_under
from tests.evals.readers import CASES, evaluated

ALL = cases_in(CASES)
FLAWED = [case for case in ALL if not case.about.clean]


def changed_lines(case: Case) -> int:
    """Lines of the head that the base has not, file by file."""
    changed = 0
    for file in files_under(case.after):
        old = case.before / file.relative_to(case.after)
        before = old.read_text().splitlines() if old.exists() else []
        changed += len(set(file.read_text().splitlines()) - set(before))
    return changed


def _before(case: Case, path: str) -> str:
    old = case.before / path
    return old.read_text() if old.exists() else ""


def test_there_are_ten_and_each_has_a_twin() -> None:
    names = {case.name for case in ALL}
    assert len(FLAWED) == 10
    assert names == {case.name for case in FLAWED} | {f"{case.name}-right" for case in FLAWED}


def test_many_languages_are_there() -> None:
    endings = {file.suffix for case in ALL for file in files_under(case.after)}
    assert {".py", ".ts", ".go", ".java", ".cs"} <= endings


@pytest.mark.parametrize("case", FLAWED, ids=lambda case: case.name)
def test_a_twin_tells_the_same_and_starts_from_the_same(case: Case) -> None:
    twin = next(other for other in ALL if other.name == f"{case.name}-right")
    assert (twin.about.title, twin.about.body, twin.before) == (case.about.title, case.about.body, case.before)
    assert twin.about.clean
    assert twin.digest != case.digest


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_a_change_is_of_a_size_that_people_review(case: Case) -> None:
    assert 25 <= changed_lines(case) <= 200


@pytest.mark.parametrize("case", FLAWED, ids=lambda case: case.name)
def test_what_is_wrong_is_in_the_change_and_its_own_words_would_be_accepted(case: Case) -> None:
    (expected,) = case.about.expected
    assert any(at.quote.strip() not in _before(case, at.path) for at in expected.places)
    assert all(re.search(pattern, expected.why, re.IGNORECASE) for pattern in expected.mentions)


def test_the_twins_no_longer_have_the_flaw() -> None:
    for case in FLAWED:
        twin = next(other for other in ALL if other.name == f"{case.name}-right")
        changed = {
            path.relative_to(case.after)
            for path in files_under(case.after)
            if path.read_bytes() != (twin.after / path.relative_to(case.after)).read_bytes()
        }
        places = {Path(place.path) for place in case.places[0]}
        assert places & changed, case.name


def test_the_rules_alone_are_quick_and_say_nothing_false(tmp_path: Path) -> None:
    began = time.process_time()
    report = evaluated(ALL, None, tmp_path / "results.jsonl")
    assert time.process_time() - began < 20, "of processor time, on a machine that may be slow; here it is under two"
    now = report.figures[0]
    assert (now.cases, now.quiet.hits, now.quiet.of) == (20, 10, 10)
    assert [judged.false for judged in report.judged if judged.false] == []
