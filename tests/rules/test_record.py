"""What a review says by the record of its rules, and what only a scan shows."""

from collections.abc import Callable, Iterator

import pytest

from bot.rules import FilePair, ScanOptions, all_rules, record, scan_pair
from bot.rules.record import Reading, is_said, readings

Put = Callable[..., None]
Rows = list[tuple[str, str, int, int]]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[Put]:
    """Puts readings in the place of those on record."""

    def put(*rows: tuple[str, str, int, int]) -> None:
        monkeypatch.setattr(record, "readings", lambda: tuple(Reading(*row) for row in rows))
        is_said.cache_clear()

    yield put
    is_said.cache_clear()


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], False),
        ([("a/b", "go", 2, 2)], False),
        ([("a/b", "go", 3, 3)], True),
        ([("a/b", "go", 4, 3)], False),
        ([("a/b", "go", 8, 7)], True),
        ([("a/b", "go", 18, 15)], True),
        ([("a/b", "go", 18, 14)], False),
        ([("a/b", "java", 2, 2), ("a/b", "csharp", 1, 1)], True),
        ([("a/b", "go", 2, 1), ("a/b", "several", 100, 95)], False),
        ([("a/b", "go", 5, 4), ("a/b", "several", 100, 95)], True),
        ([("a/b", "go", 5, 3), ("a/b", "several", 100, 95)], False),
        ([("a/b", "go", 2, 2), ("a/b", "several", 9, 4)], False),
        ([("a/b", "go", 5, 5), ("a/b", "several", 9, 4)], True),
        ([("a/b", "go", 3, 2), ("a/b", "several", 9, 4)], False),
        ([("a/b", "several", 100, 90)], True),
        ([("a/b", "go", 6, 5), ("a/b", "several", 100, 90)], False),
        ([("a/b", "java", 3, 0)], False),
        ([("a/c", "go", 3, 3)], False),
    ],
)
def test_a_rule_is_said_by_what_came_of_it_in_its_language_or_where_few_were_read_in_all(
    told: Put, rows: Rows, said: bool
) -> None:
    told(*rows)
    assert is_said("a/b", "go") is said


@pytest.mark.parametrize(("worth", "read", "said"), [(1, 1, False), (2, 2, True), (6, 8, True), (5, 8, False)])
def test_what_a_change_takes_away_is_said_with_less(told: Put, worth: int, read: int, said: bool) -> None:
    told(("a/lock-removed", "go", read, worth))
    assert is_said("a/lock-removed", "go") is said


@pytest.mark.parametrize(("sort", "said"), [("", True), ("net.Ask", False), ("net.Tell", True), ("net.Other", True)])
def test_a_sort_that_has_a_record_of_its_own_is_judged_by_that(
    monkeypatch: pytest.MonkeyPatch, sort: str, said: bool
) -> None:
    rows = [
        Reading("a/b", "go", 100, 90),
        Reading("a/b", "go", 20, 12, "net.Ask"),
        Reading("a/b", "go", 20, 18, "net.Tell"),
        Reading("a/b", "python", 20, 1, "net.Other"),
    ]
    monkeypatch.setattr(record, "readings", lambda: rows)
    is_said.cache_clear()
    assert is_said("a/b", "go", sort) is said
    is_said.cache_clear()


def test_what_has_no_record_is_shown_with_too_little_confidence_for_a_comment(told: Put) -> None:
    def confidence() -> float:
        pair = FilePair("a.py", None, None, b"import requests\n\ndef pay(url):\n    return requests.post(url)\n")
        (found,) = scan_pair(pair, ScanOptions()).findings
        return found.confidence

    assert confidence() == 0.9
    told()
    assert confidence() == 0.45


def test_the_record_speaks_of_rules_and_languages_that_there_are() -> None:
    languages = {rule.name: {*rule.languages, "several"} for rule in all_rules()}
    places = [(one.rule, one.language, one.sort) for one in readings()]
    assert len(places) == len(set(places))
    for one in readings():
        assert one.language in languages[one.rule]
        assert 0 <= one.worth <= one.read > 0


GO_ASKS = """package a

import "net/http"

func f() error {
	r, err := %s
	if err != nil {
		return err
	}
	return r.Body.Close()
}
"""


@pytest.mark.parametrize(
    ("path", "code", "is_posted"),
    [
        ("a.py", "import redis\ncache = redis.Redis(host=HOST)\n", False),
        ("a.py", "import psycopg2\ndb = psycopg2.connect(host='db')\n", False),
        ("a.py", "import smtplib\nmail = smtplib.SMTP(HOST)\n", False),
        ("a.py", "import socket\npeer = socket.create_connection((HOST, PORT))\n", False),
        ("a.py", "import xmlrpc.client\npeer = xmlrpc.client.ServerProxy(URL)\n", False),
        ("a.py", "import httplib2\nweb = httplib2.Http()\n", True),
        ("a.go", GO_ASKS % "http.Get(url)", False),
        ("a.go", GO_ASKS % "http.Post(url, kind, body)", True),
    ],
)
def test_what_was_seldom_worth_it_on_record_is_shown_by_a_scan(path: str, code: str, is_posted: bool) -> None:
    (found,) = scan_pair(FilePair(path, None, None, code.encode()), ScanOptions()).findings
    assert (found.confidence >= 0.5) == is_posted
