"""What still waits for a judgement."""

from pathlib import Path

import pytest

from bot.domain import Finding, Point, PullRequest, Repository, Waiver
from bot.ledger import Ledger

REPOSITORY = Repository(id=1, owner="acme", name="shop", installation_id=9)


def a_pull_request(number: int, *, is_open: bool = True) -> PullRequest:
    return PullRequest(
        repository=REPOSITORY,
        number=number,
        base_ref="main",
        base_sha="b" * 40,
        head_ref="topic",
        head_sha="a" * 40,
        labels=("payments",),
        is_open=is_open,
    )


def a_point(said: str = "inline") -> Point:
    finding = Finding.model_validate(
        {
            "path": "pay.py", "start_line": 3, "end_line": 3, "class": "missing-timeout", "kind": "http-or-socket-call",
            "rule": "missing-timeout/http-or-socket-call", "severity": "high", "confidence": 0.9, "source": "rule",
            "title": "No timeout", "body": "It waits.", "evidence": "requests.get(url)", "fingerprint": "f" * 16,
        }
    )  # fmt: skip
    return Point.model_validate(
        {"fingerprint": "f" * 16, "finding": finding, "said": said, "first_head": "a" * 40, "last_head": "a" * 40}
    )


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    ledger = Ledger(tmp_path / "ledger.sqlite")
    for number, is_open in ((1, True), (2, True), (3, False), (4, False)):
        ledger.keep_pull_request(a_pull_request(number, is_open=is_open))
    for number, said in ((1, "inline"), (2, "held"), (3, "listed"), (4, "inline")):
        ledger.keep_points(1, number, [a_point(said)])
    ledger.keep_fate(1, 4, "f" * 16, "ignored", "2026-11-22T10:00:00+00:00")
    return ledger


def test_open_ones_with_something_said_and_closed_ones_without_a_judgement_are_unsettled(ledger: Ledger) -> None:
    found = {pull_request.number: pull_request for pull_request in ledger.unsettled()}
    assert set(found) == {1, 3}
    assert found[1] == a_pull_request(1)
    assert not found[3].is_open


def test_a_repository_no_longer_served_waits_for_nothing(ledger: Ledger) -> None:
    ledger.remove_repository(1)
    assert ledger.unsettled() == []


def test_how_a_pull_request_ended_is_the_last_word_of_its_timeline(ledger: Ledger) -> None:
    assert ledger.ended(1, 1) is None
    ledger.keep_event(1, 1, "closed", "2026-11-22T10:00:00Z")
    assert ledger.ended(1, 1) == ("closed", "2026-11-22T10:00:00Z")
    ledger.keep_event(1, 1, "reopened", "2026-11-22T11:00:00Z")
    assert ledger.ended(1, 1) is None
    ledger.keep_event(1, 1, "merged", "2026-11-22T12:00:00Z")
    assert ledger.ended(1, 1) == ("merged", "2026-11-22T12:00:00Z")


def test_only_a_person_unmutes(ledger: Ledger) -> None:
    for name, by in (("w-0000001", "seawall"), ("w-0000002", "ada")):
        waiver = Waiver(id=name, kind="muted", repository_id=1, rule="a/b", owner="seawall", at="2026-11-22T10:00:00Z")
        ledger.keep_waiver(waiver)
        assert ledger.unmuted_at(1, "a/b") == ""
        ledger.end_waiver(name, by, "2026-11-22T11:00:00Z")
    assert ledger.unmuted_at(1, "a/b") == "2026-11-22T11:00:00Z"
