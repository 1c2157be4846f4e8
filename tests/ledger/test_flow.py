"""The timeline beyond our own reviews, and the rows of a week."""

from pathlib import Path

import pytest

from bot.domain import TimelineEvent
from bot.domain.timeline import WEEK_ROWS, PullRequestEvent
from bot.ledger import Ledger
from tests.ledger.records import a_pull_request, a_repository, a_run

SINCE, UNTIL = "2026-11-16T00:00:00+00:00", "2026-11-23T00:00:00+00:00"
BEFORE, AT, AFTER = "2026-11-10T10:00:00Z", "2026-11-20T10:00:00Z", "2026-11-24T10:00:00Z"


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger(tmp_path / "ledger.sqlite")
    made.keep_repository(a_repository())
    return made


def moment(event: PullRequestEvent, at: str = AT, number: int = 12, **details: object) -> TimelineEvent:
    return TimelineEvent(repository_id=71, number=number, event=event, at=at, actor="mona", details=details)


def events_of(ledger: Ledger) -> list[dict[str, object]]:
    return ledger.week_rows([71], SINCE, UNTIL)["events"]


def test_every_list_has_the_keys_that_are_promised(ledger: Ledger) -> None:
    ledger.keep_review(**a_run())
    ledger.keep_timeline(a_repository(), [moment("opened", head_sha="a" * 40)])
    rows = ledger.week_rows([71], SINCE, UNTIL)
    assert rows.keys() == WEEK_ROWS.keys()
    for name, found in rows.items():
        assert all(tuple(row) == WEEK_ROWS[name] for row in found), name
    assert rows["repositories"]
    assert rows["reviews"]
    assert rows["heads"]


def test_two_comments_of_one_second_are_two_and_one_told_twice_is_one(ledger: Ledger) -> None:
    ledger.keep_pull_request(a_pull_request(number=12, created_at=BEFORE))
    for _ in range(2):
        ledger.keep_timeline(a_repository(), [moment("commented", id=1, place="code")])
        ledger.keep_timeline(a_repository(), [moment("commented", id=2, place="code")])
    assert len(events_of(ledger)) == 2


def test_what_is_heard_later_adds_to_what_is_known(ledger: Ledger) -> None:
    ledger.keep_pull_request(a_pull_request(number=12, created_at=BEFORE))
    ledger.keep_timeline(a_repository(), [moment("opened", head_sha="a" * 40)])
    ledger.keep_timeline(a_repository(), [moment("opened", additions=4)])
    (row,) = events_of(ledger)
    assert row["details"] == '{"head_sha":"' + "a" * 40 + '","additions":4}'


def test_a_week_holds_what_happened_in_it_and_what_was_open_at_its_end(ledger: Ledger) -> None:
    for number in (1, 2, 3, 4):
        opened = AFTER if number == 4 else BEFORE
        is_open = number in (2, 4)
        ledger.keep_pull_request(a_pull_request(number=number, is_open=is_open, created_at=opened))
        ledger.keep_timeline(a_repository(), [moment("opened", opened, number)])
    ledger.keep_timeline(a_repository(), [moment("merged", AT, 1), moment("merged", AFTER, 3)])
    rows = ledger.week_rows([71], SINCE, UNTIL)
    assert [row["number"] for row in rows["pull_requests"]] == [1, 2, 3]  # 3 was merged later, 4 opened later
    told = [(row["number"], row["event"]) for row in rows["events"]]
    assert told == [(1, "opened"), (1, "merged"), (2, "opened"), (3, "opened")]
    assert ledger.week_rows([72], SINCE, UNTIL)["pull_requests"] == []


def test_a_head_counts_from_the_first_time_it_was_told_and_a_drafts_does_not(ledger: Ledger) -> None:
    first = moment("pushed", "2026-11-20T10:00:00Z", head_sha="a" * 40)
    again = moment("reopened", "2026-11-20T11:00:00Z", head_sha="a" * 40)
    draft = moment("pushed", "2026-11-20T12:00:00Z", head_sha="b" * 40, is_draft=True)
    ledger.keep_timeline(a_repository(), [again, first, draft])
    heads = [(row["head_sha"], row["told_at"]) for row in ledger.week_rows([71], SINCE, UNTIL)["heads"]]
    assert heads == [("a" * 40, "2026-11-20T10:00:00Z")]


def test_a_look_back_goes_on_where_it_stopped_and_tells_since_when_the_record_is_whole(ledger: Ledger) -> None:
    assert ledger.backfill(71) is None
    ledger.keep_backfill(71, BEFORE, "page-2", 50, is_done=False)
    assert ledger.week_rows([71], SINCE, UNTIL)["repositories"][0]["recorded_since"] is None
    ledger.keep_backfill(71, BEFORE, "", 80, is_done=True)
    found = ledger.backfill(71)
    assert found is not None
    assert (found["cursor"], found["read"], bool(found["done_at"])) == ("", 80, True)
    assert ledger.week_rows([71], SINCE, UNTIL)["repositories"][0]["recorded_since"] == BEFORE


def test_no_list_reads_a_whole_table(ledger: Ledger) -> None:
    import json

    from bot.ledger.flow import _LISTS, _whole

    values = {"repositories": json.dumps([71]), "since": SINCE, "until": UNTIL}
    with ledger._connection.reading() as database:
        for name, sql in _LISTS.items():
            plan = [row[3] for row in database.conn.execute("EXPLAIN QUERY PLAN " + _whole(sql), values)]
            scans = [line for line in plan if line.startswith("SCAN ")]
            small = ("json_each", "touched", "(", "CONSTANT", "repositories", "posture_maps", "waivers", "incidents")
            assert all(line.removeprefix("SCAN ").startswith(small) for line in scans), (name, scans)
