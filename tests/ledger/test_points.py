"""Points: the same one across pushes, whatever its finding is called now."""

from typing import Any

import pytest

from bot.domain import Suggestion
from bot.errors import LedgerError
from bot.ledger import Ledger
from tests.ledger.records import TOKEN, a_finding, a_review, a_run
from tests.ledger.talk import FIRST, LATER, a_point, an_evidence


@pytest.fixture(autouse=True)
def reviewed(ledger: Ledger) -> None:
    ledger.keep_review(**a_run())


def test_a_point_comes_back_as_it_went_in(ledger: Ledger) -> None:
    whole = a_point(
        now_known_as=LATER, state="accepted", prompt_version="3", model="openai:gpt-5-mini", code_digest="d",
        lines=("l1", "l2"), line_at=1,
    )  # fmt: skip
    bare = a_point("f9", comment_id=None, finding=a_finding("f9", suggestion=None, path="a.py"))
    assert isinstance(whole.finding.suggestion, Suggestion)
    ledger.keep_points(71, 12, [whole, bare])
    assert ledger.points(71, 12) == [bare, whole]
    assert ledger.points(71, 13) == []


def test_keeping_points_again_changes_nothing(ledger: Ledger) -> None:
    def rows() -> list[dict[str, Any]]:
        with ledger._connection.reading() as database:
            return [*database.table("points").rows, *database.table("point_aliases").rows]

    points = [a_point(), a_point("f9", now_known_as=LATER)]
    ledger.keep_points(71, 12, points, at="2026-11-20T09:00:00+00:00")
    once = rows()
    ledger.keep_points(71, 12, points, at="2026-11-20T10:00:00+00:00")
    assert rows() == once


def test_a_change_of_state_loses_no_evidence(ledger: Ledger) -> None:
    ledger.keep_points(71, 12, [a_point()])
    seen = an_evidence()
    ledger.keep_evidence(71, 12, FIRST, seen)
    for state in ("accepted", "disputed", "dismissed", "fixed", "stale", "open"):
        ledger.keep_points(71, 12, [a_point(state=state, now_known_as=LATER, last_head="e" * 40)])
        assert ledger.points(71, 12)[0].state == state
        assert ledger.evidence(71, 12) == {FIRST: [seen]}


def test_a_point_that_names_no_comment_keeps_the_one_it_had(ledger: Ledger) -> None:
    ledger.keep_points(71, 12, [a_point(comment_id=9001)])
    ledger.keep_points(71, 12, [a_point(comment_id=None)])
    assert ledger.points(71, 12)[0].comment_id == 9001


def test_what_was_said_stays_said_when_a_later_run_holds_it_back(ledger: Ledger) -> None:
    ledger.keep_points(71, 12, [a_point(said="inline")])
    ledger.keep_points(71, 12, [a_point(said="held")])
    assert ledger.points(71, 12)[0].said == "inline"


def test_it_counts_as_said_from_the_moment_it_was_and_not_from_a_later_push(ledger: Ledger) -> None:
    ledger.keep_points(71, 12, [a_point(said="held")], at="2026-11-20T09:00:00+00:00")
    assert ledger.ask("stats-findings", since="2026-11-01", repository_id=71)[0]["posted"] == 0
    ledger.keep_points(71, 12, [a_point(said="listed")], at="2026-11-21T09:00:00+00:00")
    ledger.keep_points(71, 12, [a_point(said="listed", last_head="e" * 40)], at="2026-11-22T09:00:00+00:00")
    assert ledger.ask("stats-findings", since="2026-11-21", repository_id=71)[0]["posted"] == 1
    assert ledger.ask("stats-findings", since="2026-11-22", repository_id=71)[0]["posted"] == 0


def test_people_find_a_point_by_the_beginning_of_any_of_its_names(ledger: Ledger) -> None:
    ledger.keep_points(71, 12, [a_point(now_known_as=LATER), a_point("ab12ffff")])
    first, other = ledger.point(71, 12, "AB12")
    assert {first.fingerprint, other.fingerprint} == {FIRST, "ab12ffff"}
    for typed in (first.handle, f" {first.handle.upper()} ", LATER[:5], LATER):
        assert [point.fingerprint for point in ledger.point(71, 12, typed)] == [FIRST]
    for typed in ("", " ", "%", "ab12_", "zz", FIRST + "0"):
        assert ledger.point(71, 12, typed) == []
    assert ledger.point(71, 13, FIRST) == []


def test_a_name_typed_whole_means_that_one_alone(ledger: Ledger) -> None:
    ledger.keep_points(71, 12, [a_point("ab12"), a_point("ab12ffff")])
    assert [point.fingerprint for point in ledger.point(71, 12, "ab12")] == ["ab12"]


def test_a_comment_leads_to_its_point_also_after_the_finding_was_renamed(ledger: Ledger) -> None:
    ledger.keep_points(71, 12, [a_point("f0", now_known_as="f1", comment_id=None), a_point("f9", comment_id=9009)])
    by_review = ledger.point_of_comment(71, 9001)  # keep_review wrote it, under f1
    assert by_review is not None
    assert (by_review[0], by_review[1].fingerprint) == (12, "f0")
    by_point = ledger.point_of_comment(71, 9009)
    assert by_point is not None
    assert by_point[1].fingerprint == "f9"
    assert ledger.point_of_comment(71, 404) is None
    assert ledger.point_of_comment(72, 9001) is None


def test_said_counts_findings_points_and_every_alias_but_nothing_held_back(ledger: Ledger) -> None:
    ledger.keep_points(71, 12, [a_point(now_known_as="second"), a_point("held", now_known_as="h2", said="held")])
    ledger.keep_points(71, 12, [a_point(now_known_as="third")])
    assert ledger.said(71, 12) == {"f1", "f2", FIRST, "second", "third"}
    assert ledger.said(71, 13) == set()


def test_the_findings_of_a_run_show_the_state_of_their_point(ledger: Ledger) -> None:
    ledger.keep_points(71, 12, [a_point("f1", state="fixed"), a_point("f0", now_known_as="f2", state="dismissed")])
    states = {
        row["fingerprint"]: row["state"] for row in ledger.ask("findings-of-review", review_id=a_run()["key"] + "~1")
    }
    assert states == {"f1": "fixed", "f2": "dismissed"}


def test_a_title_that_its_mask_made_too_long_is_cut_and_still_a_point(ledger: Ledger) -> None:
    title = "password='hunter22' " * 4
    ledger.keep_points(71, 12, [a_point(finding=a_finding(FIRST, title=title.strip(), body=TOKEN))])
    (point,) = ledger.points(71, 12)
    assert "hunter22" not in point.finding.title
    assert "[secret masked]" in point.finding.body


def test_points_of_a_repository_nobody_heard_of_are_refused(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match="FOREIGN KEY"):
        ledger.keep_points(404, 1, [a_point()])


def test_what_was_read_last_counts_path_by_path(ledger: Ledger) -> None:
    assert ledger.files_read(71, 12) == {}
    assert ledger.head_read(71, 12) == ""
    ledger.keep_review(**a_run(), digests={"a.py": "a1", "b.py": "b1"})
    later = {"generation": 2, "finished_at": "2026-11-20T10:00:00+00:00"}
    ledger.keep_review(**a_run(review=a_review(head_sha="e" * 40), **later), digests={"b.py": "b2"})
    ledger.keep_review(**a_run(generation=3, finished_at="2026-11-20T11:00:00+00:00"))
    assert ledger.files_read(71, 12) == {"a.py": "a1", "b.py": "b2"}
    assert ledger.head_read(71, 12) == "e" * 40
    assert ledger.files_read(71, 13) == {}
