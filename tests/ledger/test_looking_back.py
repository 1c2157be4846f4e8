"""What a look back tells, laid over what webhooks told before: nothing twice, nothing made older."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.domain import TimelineEvent
from bot.domain.timeline import PullRequestEvent
from bot.ledger import Ledger
from tests.ledger.records import a_pull_request, a_repository

AT, LATER, LATE = "2026-11-20T10:00:00Z", "2026-11-20T10:00:04Z", "2026-11-20T10:30:00Z"
HEAD = {"head_sha": "a" * 40}


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger.sqlite")


def moment(event: PullRequestEvent, at: str = AT, actor: str = "mona", **details: object) -> TimelineEvent:
    return TimelineEvent(repository_id=71, number=12, event=event, at=at, actor=actor, details=details)


def events_of(ledger: Ledger) -> list[tuple[str, str, str]]:
    return [(row["event"], row["at"], row["actor"]) for row in timeline(ledger)]


def timeline(ledger: Ledger) -> list[dict[str, Any]]:
    return ledger.week_rows([71], "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z")["events"]


def test_a_moment_told_by_a_webhook_some_seconds_later_is_the_same(ledger: Ledger) -> None:
    pull_request = a_pull_request(number=12)
    ledger.keep_pull_request(pull_request)
    ledger.keep_timeline(a_repository(), [moment("ready", LATER, **HEAD)])
    ledger.keep_past(pull_request, LATE, [moment("ready", AT)])
    assert events_of(ledger) == [("ready", LATER, "mona")]


def test_two_of_one_kind_at_other_times_are_two(ledger: Ledger) -> None:
    ledger.keep_past(a_pull_request(number=12), LATE, [moment("ready", AT), moment("ready", LATE)])
    assert events_of(ledger) == [("ready", AT, "mona"), ("ready", LATE, "mona")]


def test_what_happens_once_is_one_whoever_is_told_to_have_done_it(ledger: Ledger) -> None:
    pull_request = a_pull_request(number=12)
    ledger.keep_pull_request(pull_request)
    ledger.keep_timeline(a_repository(), [moment("opened", **HEAD), moment("merged", LATER, "merge-queue[bot]")])
    ledger.keep_past(pull_request, LATE, [moment("opened", actor="app"), moment("merged", AT, "dana", additions=4)])
    assert events_of(ledger) == [("opened", AT, "mona"), ("merged", LATER, "merge-queue[bot]")]
    assert '"additions":4' in timeline(ledger)[1]["details"]


def test_a_dismissal_told_at_another_time_is_known_by_its_review(ledger: Ledger) -> None:
    pull_request = a_pull_request(number=12)
    ledger.keep_pull_request(pull_request)
    ledger.keep_timeline(a_repository(), [moment("reviewed", LATE, review_id=7, state="dismissed")])
    ledger.keep_past(pull_request, LATE, [moment("reviewed", AT, review_id=7, state="dismissed")])
    assert events_of(ledger) == [("reviewed", LATE, "mona")]


def test_a_commit_belongs_to_the_push_that_a_webhook_told_of(ledger: Ledger) -> None:
    pull_request = a_pull_request(number=12)
    ledger.keep_pull_request(pull_request)
    ledger.keep_timeline(a_repository(), [moment("pushed", LATE, **HEAD)])
    early = "2026-11-19T10:00:00Z"
    ledger.keep_past(pull_request, LATE, [moment("pushed", early), moment("pushed", AT)])
    assert events_of(ledger) == [("pushed", early, "mona"), ("pushed", LATE, "mona")]


def test_a_second_look_changes_nothing(ledger: Ledger) -> None:
    events = [moment("opened"), moment("pushed", LATE), moment("commented", id=5, place="code"), moment("closed", LATE)]
    for _ in range(2):
        ledger.keep_past(a_pull_request(number=12, is_open=False), LATE, events)
    assert len(timeline(ledger)) == 4


def test_checks_that_ran_again_are_two_and_a_look_back_tells_the_last_one(ledger: Ledger) -> None:
    pull_request, ci = a_pull_request(number=12), {"app": "ci", "sha": "b" * 40}
    ledger.keep_pull_request(pull_request)
    ledger.keep_timeline(a_repository(), [moment("checked", AT, conclusion="failure", **ci)])
    ledger.keep_past(pull_request, LATE, [moment("checked", LATE, conclusion="success", is_head=True, **ci)])
    kept = [json.loads(row["details"])["conclusion"] for row in timeline(ledger)]
    assert kept == ["failure", "success"]


def test_a_pull_request_is_not_made_older_than_it_is(ledger: Ledger) -> None:
    now = a_pull_request(number=12, title="As it is", is_open=False)
    ledger.keep_pull_request(now)
    ledger.keep_timeline(a_repository(), [moment("closed", LATE)])
    ledger.keep_past(a_pull_request(number=12, title="As it was"), AT, [moment("opened")])
    assert ledger.pull_request(71, 12) == now
    assert len(timeline(ledger)) == 2


def test_what_was_missed_is_made_good(ledger: Ledger) -> None:
    known = a_pull_request(number=12, labels=("payments",))
    ledger.keep_pull_request(known)
    ledger.keep_timeline(a_repository(), [moment("opened")])
    changed = {"title": "Renamed", "is_open": False, "labels": ("payments", "urgent")}
    seen = known.model_copy(update=changed | {"head_sha": "c" * 40})
    ledger.keep_past(seen, LATE, [moment("closed", LATE)])
    assert ledger.pull_request(71, 12) == known.model_copy(update=changed), "which head stands there, webhooks tell"


def test_a_head_that_was_only_seen_was_not_announced(ledger: Ledger) -> None:
    pull_request = a_pull_request(number=12)
    ledger.keep_past(pull_request, LATE, [moment("opened")])
    assert not ledger.begin_review(pull_request, LATE), "a review of ours may stand on it, from before this record"


def test_moments_of_the_repository_are_kept_once(ledger: Ledger) -> None:
    told = TimelineEvent(repository_id=71, number=0, event="incident-opened", at=AT, actor="mona", details={"issue": 4})
    ledger.keep_timeline(a_repository(), [told])
    ledger.keep_past_of_repository(a_repository(), [told.model_copy(update={"actor": "dana"})])
    assert events_of(ledger) == [("incident-opened", AT, "mona")]
