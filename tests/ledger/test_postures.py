"""Postures in the record: maps as kept, changes with their reviews, and what was merged since."""

import pytest

from bot.domain import PostureChange, PostureMap, PostureOnRecord
from bot.ledger import Ledger
from tests.ledger.postures import AT, MERGED_AT, a_change, a_dependency, a_map
from tests.ledger.records import a_pull_request, a_repository, a_review, a_run


def reviewed(ledger: Ledger, change: PostureChange | None, generation: int = 1, finished_at: str = AT) -> None:
    review = a_review().model_copy(update={"posture": change})
    ledger.keep_review(**a_run(review=review, generation=generation, finished_at=finished_at))


def test_a_map_comes_back_as_it_was_kept_and_the_next_takes_its_place(ledger: Ledger) -> None:
    ledger.keep_repository(a_repository())
    ledger.keep_posture(71, a_map(), AT)
    ledger.keep_posture(71, a_map(a_dependency("rates")), MERGED_AT)
    kept = PostureOnRecord(
        repository_id=71, repository="acme/checkout", posture=a_map(a_dependency("rates")), kept_at=MERGED_AT
    )
    assert ledger.postures() == [kept]
    assert ledger.postures(71) == [kept]
    assert ledger.postures(72) == []


def test_a_change_is_kept_with_its_review_and_read_again(ledger: Ledger) -> None:
    reviewed(ledger, a_change())
    assert ledger.posture_change(71, 12) == a_change()
    reviewed(ledger, None, generation=2, finished_at="2026-11-20T09:30:00+00:00")
    assert ledger.posture_change(71, 12) is None


def test_a_review_kept_twice_changes_nothing(ledger: Ledger) -> None:
    reviewed(ledger, a_change())
    before = ledger.counts()
    reviewed(ledger, a_change())
    assert ledger.counts() == before
    assert before["posture_changes"] == 1


def test_only_what_was_merged_since_the_map_was_kept_is_added_to_it(ledger: Ledger) -> None:
    reviewed(ledger, a_change())
    assert ledger.postures(71)[0].merged == ()
    ledger.keep_event(71, 12, "merged", MERGED_AT, "mona")
    assert ledger.postures(71) == [PostureOnRecord(repository_id=71, repository="acme/checkout", merged=(a_change(),))]
    ledger.keep_posture(71, a_map(), "2026-11-22T09:00:00+00:00")
    assert ledger.postures(71)[0].merged == ()


def test_what_a_later_review_no_longer_saw_is_not_merged(ledger: Ledger) -> None:
    reviewed(ledger, a_change())
    reviewed(ledger, None, generation=2, finished_at="2026-11-20T09:30:00+00:00")
    ledger.keep_event(71, 12, "merged", MERGED_AT, "mona")
    assert [one.merged for one in ledger.postures(71)] == [()]


def test_a_week_of_merges_is_counted(ledger: Ledger) -> None:
    reviewed(ledger, a_change())
    ledger.keep_event(71, 12, "merged", MERGED_AT, "mona")
    [week] = ledger.ask("posture-by-week", since="2026-11-01", repository_id=None)
    assert {key: week[key] for key in ("calls_added", "calls_removed", "gained", "lost", "chains")} == {
        "calls_added": 1, "calls_removed": 0, "gained": 0, "lost": 1, "chains": 1,
    }  # fmt: skip


def test_a_forgotten_repository_takes_its_posture_along(ledger: Ledger) -> None:
    reviewed(ledger, a_change())
    ledger.keep_posture(71, a_map(), AT)
    counts = ledger.forget(repository="acme/checkout")
    assert (counts["posture_maps"], counts["posture_changes"]) == (1, 1)
    assert ledger.postures() == []


def test_a_forgotten_person_is_named_in_no_map(ledger: Ledger) -> None:
    ledger.keep_pull_request(a_pull_request())
    ledger.keep_posture(71, a_map(a_dependency("mona", path="mona/client.py")), AT)
    ledger.forget(user="mona")
    assert "mona" not in ledger.postures()[0].model_dump_json()


@pytest.mark.parametrize("empty", [PostureMap(), PostureMap(service="checkout")])
def test_a_service_that_calls_nobody_has_a_map_too(ledger: Ledger, empty: PostureMap) -> None:
    ledger.keep_repository(a_repository())
    ledger.keep_posture(71, empty, AT)
    assert ledger.postures()[0].posture == empty
