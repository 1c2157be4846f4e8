"""What a review says by the record of its rules, and what only a scan shows."""

from collections.abc import Callable, Iterator

import pytest

from bot.rules import FilePair, ScanOptions, all_rules, record, scan_pair
from bot.rules.record import Reading, is_said, judging, readings

Put = Callable[..., None]
Rows = list[tuple[str, str, int, int]]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[Put]:
    """Puts readings and judging rules in the place of those on record."""

    def put(*rows: tuple[str, str, int, int], judges: tuple[str, ...] = ()) -> None:
        monkeypatch.setattr(record, "readings", lambda: tuple(Reading(*row) for row in rows))
        monkeypatch.setattr(record, "judging", lambda: frozenset(judges))
        is_said.cache_clear()

    yield put
    is_said.cache_clear()


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], True),
        ([("a/b", "go", 10, 7)], True),
        ([("a/b", "go", 10, 6)], False),
        ([("a/b", "go", 1, 0)], False),
        ([("a/b", "go", 2, 1), ("a/b", "several", 100, 90)], True),
        ([("a/b", "go", 6, 4), ("a/b", "several", 100, 90)], False),
        ([("a/b", "java", 3, 0)], False),
        ([("a/c", "go", 3, 0)], True),
    ],
)
def test_few_readings_of_a_language_count_with_those_of_all_others(told: Put, rows: Rows, said: bool) -> None:
    told(*rows)
    assert is_said("a/b", "go") is said


@pytest.mark.parametrize(
    ("rows", "said"),
    [([], False), ([("a/b", "java", 9, 9)], False), ([("a/b", "go", 1, 1)], True), ([("a/b", "go", 1, 0)], False)],
)
def test_what_judges_is_heard_only_where_its_own_language_has_a_record(told: Put, rows: Rows, said: bool) -> None:
    told(*rows, judges=("a/b",))
    assert is_said("a/b", "go") is said


def test_what_has_no_record_is_shown_with_too_little_confidence_for_a_comment(told: Put) -> None:
    def confidence() -> float:
        pair = FilePair("a.py", None, None, b"import requests\n\ndef pay(url):\n    return requests.post(url)\n")
        (found,) = scan_pair(pair, ScanOptions()).findings
        return found.confidence

    assert confidence() == 0.9
    told(("missing-timeout/http-or-socket-call", "python", 1, 0))
    assert confidence() == 0.45


def test_the_record_speaks_of_rules_and_languages_that_there_are() -> None:
    languages = {rule.name: {*rule.languages, "several"} for rule in all_rules()}
    assert judging() <= languages.keys()
    places = [(one.rule, one.language) for one in readings()]
    assert len(places) == len(set(places))
    for one in readings():
        assert one.language in languages[one.rule]
        assert 0 <= one.worth <= one.read > 0
