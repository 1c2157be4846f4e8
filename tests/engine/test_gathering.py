"""Deliveries that are only to be remembered are taken in together, and stand there as the engine leaves them."""

import signal
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from dbos import DBOS

from bot.domain import PullRequest, PullRequestNoted, ReviewWanted
from bot.domain.jobs import Job
from bot.engine import gathering, names
from bot.engine.gathering import REST_S, Gathering
from bot.engine.glance import glance_first
from bot.engine.station import Station
from tests.engine.conftest import Builds, House, a_pull_request, until
from tests.engine.recording import RecordingStory
from tests.engine.recording_talk import RecordingTalk

OWN = {"workflow_uuid", "creator_xid", "created_at", "updated_at", "started_at_epoch_ms", "completed_at", "priority",
       "queue_partition_key", "executor_id"}  # fmt: skip
"""What differs from row to row."""


def closed(pull_request: PullRequest) -> PullRequestNoted:
    gone = pull_request.model_copy(update={"is_open": False})
    return PullRequestNoted(pull_request=gone, event="closed", at="2026-11-22T00:00:00Z", stops_review=True)


def silent(house: House, pull_request: PullRequest) -> PullRequest:
    """One on which nothing was said that a sweep would look at."""
    house.record.set_stage(f"silent:{pull_request.key}", True)
    return pull_request


def gathering_of(
    house: House,
    monkeypatch: pytest.MonkeyPatch,
    is_latest: bool = True,
    clock: Callable[[], float] = time.monotonic,
) -> Gathering:
    """In this process, without an engine: nothing is under way but what stands in the file."""
    station = Station(RecordingStory(house.record), RecordingTalk(house.record), house.settings)
    path = house.settings.engine_url.removeprefix("sqlite:///")
    made = Gathering(station, "here-1", path, lambda: is_latest, clock)
    monkeypatch.setattr("bot.engine.intake.stoppable", lambda *_, **__: [])
    return made


def rows(house: House, table: str = "workflow_status") -> dict[str, dict[str, Any]]:
    path = house.settings.engine_url.removeprefix("sqlite:///")
    with sqlite3.connect(path, timeout=20) as connection:
        connection.row_factory = sqlite3.Row
        found = {row["workflow_uuid"]: dict(row) for row in connection.execute(f"SELECT * FROM {table}")}
    connection.close()
    return found


def statuses(house: House) -> dict[str, str]:
    return {work_id.removeprefix("gh-"): row["status"] for work_id, row in rows(house).items()}


def keep_waiting(house: House, guid: str, *jobs: Job) -> None:
    house.deliver(*jobs, guid=guid)
    time.sleep(0.002)  # a place in line is a millisecond


def test_what_was_taken_in_together_stands_there_as_if_the_engine_had_done_it(embedded: Builds) -> None:
    house = embedded()
    heard = a_pull_request()
    house.deliver(closed(heard), guid="by-engine-1")
    house.start_worker()
    until(lambda: house.record.told(heard.key, "sweep"), "the sweep")
    ours, ours_id = gathered_one(house)
    until(lambda: set(statuses(house).values()) == {"SUCCESS"}, "the end")
    assert [step for step in rows(house, "operation_outputs") if step == "gh-by-engine-1"]
    for table in ("workflow_status", "workflow_output"):
        found = rows(house, table)
        by_us, by_engine = found[ours_id], found["gh-by-engine-1"]
        differing = {name for name in by_engine if by_us[name] != by_engine[name]} - {"retention_timestamp"}
        assert differing <= OWN, {name: (by_us[name], by_engine[name]) for name in differing - OWN}
    assert rows(house)[ours_id]["executor_id"] == rows(house)["gh-by-engine-1"]["executor_id"]
    assert not house.record.told(ours.key, "sweep")


def test_a_closing_that_nobody_needs_to_look_at_begins_no_errand(shared: House) -> None:
    pull_request = silent(shared, a_pull_request())
    shared.deliver(closed(pull_request), guid=f"quiet-{pull_request.number}")
    until(lambda: ended(shared, f"gh-quiet-{pull_request.number}"), "the end")
    errands = shared.rows.list_workflows(workflow_id_prefix=f"errand:sweep:quiet-{pull_request.number}")
    assert not errands
    assert not shared.record.told(pull_request.key, "sweep")


def gathered_one(house: House) -> tuple[PullRequest, str]:
    """A closing that was gathered, and its id: on a busy machine the engine may be the first to come by."""
    for number in range(10):
        ours, work_id = silent(house, a_pull_request()), f"gh-by-us-{number:04}"
        house.deliver(closed(ours), guid=work_id.removeprefix("gh-"))
        until(lambda work_id=work_id: ended(house, work_id), "the end")  # type: ignore[misc]
        if work_id not in rows(house, "operation_outputs"):
            return ours, work_id
    raise AssertionError("none of ten was gathered")


def ended(house: House, work_id: str) -> bool:
    return [work.status for work in house.rows.list_workflows(workflow_ids=[work_id])] == ["SUCCESS"]


def test_what_calls_for_a_review_is_left_to_the_engine_and_what_follows_waits_behind_it(
    embedded: Builds, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = embedded()
    reviewed, other = silent(house, a_pull_request()), silent(house, a_pull_request())
    keep_waiting(house, "early-001", closed(reviewed))
    keep_waiting(house, "review-01", ReviewWanted(pull_request=reviewed, trigger="pushed"))
    keep_waiting(house, "behind-01", closed(reviewed))
    keep_waiting(house, "other-001", closed(other))
    keep_waiting(house, "other-002", closed(other))
    assert gathering_of(house, monkeypatch).take_in()
    assert statuses(house) == {
        "early-001": "SUCCESS",
        "review-01": "ENQUEUED",
        "behind-01": "ENQUEUED",
        "other-001": "SUCCESS",
        "other-002": "SUCCESS",
    }
    assert [whom for _, _, whom, _ in house.record.rows("keep")] == ["early-001", "other-001", "other-002"]


def test_nothing_is_left_where_all_was_taken(embedded: Builds, monkeypatch: pytest.MonkeyPatch) -> None:
    house = embedded()
    house.deliver(closed(silent(house, a_pull_request())))
    gatherer = gathering_of(house, monkeypatch)
    assert not gatherer.take_in()
    assert not gatherer.take_in()


def test_what_is_under_way_keeps_its_pull_requests_others_waiting(
    embedded: Builds, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = embedded()
    pull_request = silent(house, a_pull_request())
    keep_waiting(house, "under-way", closed(pull_request))
    keep_waiting(house, "behind-01", closed(pull_request))
    begin(house, "gh-under-way")
    assert gathering_of(house, monkeypatch).take_in()
    assert statuses(house) == {"under-way": "PENDING", "behind-01": "ENQUEUED"}


def test_what_another_worker_took_meanwhile_is_not_taken_and_nothing_goes_before_it(
    embedded: Builds, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = embedded()
    pull_request, other = silent(house, a_pull_request()), silent(house, a_pull_request())
    keep_waiting(house, "taken-001", closed(pull_request))
    keep_waiting(house, "behind-01", closed(pull_request))
    keep_waiting(house, "other-001", closed(other))
    gatherer = gathering_of(house, monkeypatch)
    waiting, _ = gatherer._waiting()
    begin(house, "gh-taken-001")
    gatherer._take(waiting)
    assert statuses(house) == {"taken-001": "PENDING", "behind-01": "ENQUEUED", "other-001": "SUCCESS"}
    assert [whom for _, _, whom, _ in house.record.rows("keep")] == ["other-001"]


def test_what_is_in_line_before_it_again_goes_first(embedded: Builds, monkeypatch: pytest.MonkeyPatch) -> None:
    house = embedded()
    pull_request = silent(house, a_pull_request())
    keep_waiting(house, "began-001", closed(pull_request))
    keep_waiting(house, "behind-01", closed(pull_request))
    gatherer = gathering_of(house, monkeypatch)
    waiting, _ = gatherer._waiting()
    gatherer._take([each for each in waiting if each.work_id == "gh-behind-01"])
    assert statuses(house) == {"began-001": "ENQUEUED", "behind-01": "ENQUEUED"}


def test_a_record_that_cannot_be_written_gives_the_work_to_the_engine_which_has_patience(
    embedded: Builds, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = embedded()
    good, bad = silent(house, a_pull_request()), silent(house, a_pull_request())
    house.deliver(closed(good), guid="with-it-1")
    house.deliver(closed(bad), guid="bad-00001", sender="full-disk")
    now = 0.0
    gatherer = gathering_of(house, monkeypatch, clock=lambda: now)
    gatherer.take_in()
    assert set(statuses(house).values()) == {"ENQUEUED"}
    now += REST_S
    assert gatherer.take_in(), "it was begun, so it is the engine's"
    house.start_worker()
    until(lambda: set(statuses(house).values()) == {"SUCCESS"}, "the end")
    assert house.record.told("bad-00001", "keep")


def test_after_a_record_that_could_not_be_written_all_is_the_engine_s_for_a_while(
    embedded: Builds, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = embedded()
    now = 0.0
    gatherer = gathering_of(house, monkeypatch, clock=lambda: now)
    house.deliver(closed(silent(house, a_pull_request())), guid="bad-00001", sender="full-disk")
    gatherer.take_in()
    house.deliver(closed(silent(house, a_pull_request())), guid="later-001")
    now = REST_S - 1
    assert gatherer.take_in()
    assert statuses(house) == {"bad-00001": "ENQUEUED", "later-001": "ENQUEUED"}
    assert rows(house)["gh-later-001"]["recovery_attempts"] == 0
    now = REST_S
    assert gatherer.take_in()
    assert statuses(house) == {"bad-00001": "ENQUEUED", "later-001": "SUCCESS"}


def test_what_could_not_be_given_back_is_given_back_later(embedded: Builds, monkeypatch: pytest.MonkeyPatch) -> None:
    house = embedded()
    house.deliver(closed(silent(house, a_pull_request())), guid="held-0001")
    gatherer = gathering_of(house, monkeypatch)

    def locked(*_: Any) -> None:
        raise sqlite3.OperationalError("database is locked")

    with monkeypatch.context() as patched:
        patched.setattr(gatherer, "_finish", locked)
        assert gatherer.take_in()
    assert statuses(house) == {"held-0001": "PENDING"}
    gatherer.take_in()
    assert statuses(house) == {"held-0001": "ENQUEUED"}


def test_it_is_given_back_also_where_nothing_else_waits(embedded: Builds, monkeypatch: pytest.MonkeyPatch) -> None:
    house = embedded()
    house.deliver(closed(silent(house, a_pull_request())), guid="held-0001")
    gatherer = gathering_of(house, monkeypatch)

    def locked(*_: Any) -> None:
        raise sqlite3.OperationalError("database is locked")

    engine = SimpleNamespace(_sys_db=house.rows._sys_db)
    monkeypatch.setattr(engine._sys_db, "dequeue_scopes", lambda _queue: [None])
    monkeypatch.setattr(engine._sys_db, "get_queue", engine._sys_db.get_queue)
    glance_first(cast(DBOS, engine), {names.INTAKE: gatherer.take_in})
    with monkeypatch.context() as patched:
        patched.setattr(gatherer, "_finish", locked)
        assert engine._sys_db.dequeue_scopes(names.INTAKE)
    assert statuses(house) == {"held-0001": "PENDING"}
    engine._sys_db.dequeue_scopes(names.INTAKE)
    assert statuses(house) == {"held-0001": "ENQUEUED"}


def test_killed_while_many_are_taken_in_each_is_remembered_once_more_and_ends(embedded: Builds) -> None:
    house = embedded()
    dying = silent(house, a_pull_request(dies=["keep"]))
    calm = [silent(house, a_pull_request()) for _ in range(5)]
    for index, pull_request in enumerate([*calm, dying]):
        keep_waiting(house, f"many-{index:04}", closed(pull_request))
    assert house.begin_worker().await_exit() == -signal.SIGKILL
    assert "PENDING" in statuses(house).values()
    house.start_worker()
    until(lambda: set(statuses(house).values()) == {"SUCCESS"}, "the end")
    assert all(house.record.told(f"many-{index:04}", "keep") for index in range(6))


def test_one_that_always_kills_its_worker_holds_up_no_other(embedded: Builds) -> None:
    house = embedded()
    deadly = silent(house, a_pull_request(always_dies=["keep"]))
    keep_waiting(house, "calm-0001", closed(silent(house, a_pull_request())))
    keep_waiting(house, "deadly-01", closed(deadly))
    house.begin_worker().await_exit()
    house.begin_worker().await_exit()
    assert rows(house)["gh-deadly-01"]["recovery_attempts"] == 2, "the second time it was the engine's"
    while not house.record.told("calm-0001", "keep"):
        house.begin_worker().await_exit()


def test_an_older_worker_leaves_new_work_alone(embedded: Builds, monkeypatch: pytest.MonkeyPatch) -> None:
    house = embedded()
    house.deliver(closed(silent(house, a_pull_request())), guid="new-00001")
    assert gathering_of(house, monkeypatch, is_latest=False).take_in()
    assert statuses(house) == {"new-00001": "ENQUEUED"}


def test_many_at_once_are_taken_in_turns(embedded: Builds, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "MOST_AT_ONCE", 2)
    house = embedded()
    for index in range(5):
        keep_waiting(house, f"many-{index:04}", closed(silent(house, a_pull_request())))
    gatherer = gathering_of(house, monkeypatch)
    assert [gatherer.take_in() for _ in range(3)] == [True, True, False]
    assert [whom for _, _, whom, _ in house.record.rows("keep")] == [f"many-{index:04}" for index in range(5)]


def test_what_is_in_no_known_form_is_left_to_the_engine(embedded: Builds, monkeypatch: pytest.MonkeyPatch) -> None:
    house = embedded()
    house.deliver(closed(silent(house, a_pull_request())), guid="odd-00001")
    path = Path(house.settings.engine_url.removeprefix("sqlite:///"))
    with sqlite3.connect(path, timeout=20) as connection:
        connection.execute("UPDATE workflow_input SET inputs = '{}'")
    connection.close()
    gatherer = gathering_of(house, monkeypatch)
    assert gatherer.take_in()
    assert gatherer._for_the_engine == {names.delivery_id("odd-00001")}


def begin(house: House, work_id: str) -> None:
    """As another worker's engine does."""
    path = house.settings.engine_url.removeprefix("sqlite:///")
    with sqlite3.connect(path, timeout=20) as connection:
        connection.execute(
            "UPDATE workflow_status SET status = 'PENDING', owner_xid = 'theirs' WHERE workflow_uuid = ?", [work_id]
        )
    connection.close()
