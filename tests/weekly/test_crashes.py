"""A crash at any moment of telling a week: what is told twice, and what is not told at all."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from structlog.testing import capture_logs

from bot.demo.standin import StandIn
from bot.weekly.summary import Summary
from bot.weekly.week import Week
from tests.weekly.posting_house import House, moment, posting_house

STEPS = ("is it told", "make the summary", "begin to say it", "say it", "remember it")


class Crash(BaseException):
    """The process is gone."""


class Journal:
    """Steps as the engine keeps them: what one gave is JSON on disk, and a step that is there is not run again."""

    def __init__(self, dies_at: str = "", is_done: bool = False) -> None:
        self.kept: dict[str, str] = {}
        self.dies_at = dies_at
        self.is_done = is_done
        """It dies after the step has done its work, before anybody wrote that down."""

    def __call__(self, name: str, function: Callable[[], Any]) -> Any:
        if name not in self.kept:
            if name == self.dies_at and not self.is_done:
                raise Crash
            given = function()
            if name == self.dies_at:
                raise Crash
            self.kept[name] = json.dumps(given)
        return json.loads(self.kept[name])


@pytest.fixture(scope="module")
def github() -> Iterator[StandIn]:
    with StandIn() as there:
        yield there


@pytest.fixture
def house(tmp_path: Path, github: StandIn) -> Iterator[House]:
    github.world.repositories.clear()
    github.world.app.permissions["issues"] = "write"
    with posting_house(tmp_path, github) as built:
        yield built


def told_through_a_crash(house: House, dies_at: str, is_done: bool, **weekly: Any) -> None:
    house.look(house.courier(**weekly), "11-18 10:00")
    house.now = moment("11-23 08:00")
    (errand,) = house.courier(**weekly).due(house.now).values()
    journal = Journal(dies_at, is_done)
    with pytest.raises(Crash):
        house.courier(**weekly).deliver(errand, journal)
    journal.dies_at = ""
    house.now = moment("11-23 08:01")
    house.courier(**weekly).deliver(errand, journal)
    assert house.courier(**weekly).due(house.now) == {}, "nobody tells it once more"
    assert tuple(journal.kept) == STEPS


@pytest.mark.parametrize("is_done", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("dies_at", STEPS)
def test_chat_is_told_once_and_at_the_one_moment_in_doubt_not_twice(house: House, dies_at: str, is_done: bool) -> None:
    with capture_logs() as logs:
        told_through_a_crash(house, dies_at, is_done, channels=["teams"])
    if dies_at == "say it":  # nobody can ask the channel
        assert len(house.teams.got) == int(is_done)
        assert [one["destination"] for one in logs if "cut off by a crash" in one["event"]] == ["org-acme:teams--"]
    else:
        assert len(house.teams.got) == 1


@pytest.mark.parametrize("is_done", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("dies_at", STEPS)
def test_an_issue_stands_once_known_by_its_marker(house: House, dies_at: str, is_done: bool) -> None:
    told_through_a_crash(house, dies_at, is_done, issue_repository="acme/ops")
    assert len(house.issues.issues) == 1


@pytest.mark.parametrize("is_done", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("dies_at", STEPS)
def test_a_file_stands_once_known_by_its_name(house: House, dies_at: str, is_done: bool) -> None:
    told_through_a_crash(house, dies_at, is_done, folder=str(house.folder / "weeks"))
    names = sorted(path.name for path in (house.folder / "weeks").rglob("*.*"))
    assert names == ["2026-W47.html", "2026-W47.json", "2026-W47.md", "2026-W47.txt"]


def test_mail_in_doubt_goes_out_again_under_the_same_id_with_the_same_words(house: House) -> None:
    told_through_a_crash(house, "say it", True, to_mail=["lead@acme.example"])
    (_, first), (_, second) = house.mail.taken
    assert first["Message-ID"] == second["Message-ID"]
    bodies = [message.get_body(("plain",)) for message in (first, second)]
    assert bodies[0] is not None
    assert bodies[1] is not None
    assert bodies[0].get_content() == bodies[1].get_content()


def test_a_channel_that_is_down_is_not_taken_for_told(house: House) -> None:
    """Each try is an errand of its own: only a crash leaves a doubt."""
    house.teams.status = 503
    house.look(house.courier(channels=["teams"]), "11-18 10:00")
    assert house.look(house.courier(channels=["teams"]), "11-23 08:00") == []
    house.teams.status = 202
    assert house.look(house.courier(channels=["teams"]), "11-23 08:05") == ["2026-W47:org-acme:teams--"]


def test_what_is_kept_between_the_steps_is_the_summary_whole(house: House) -> None:
    house.look(house.courier(channels=["teams"]), "11-18 10:00")
    house.now = moment("11-24 08:00")
    (errand,) = house.courier(channels=["teams"]).due(house.now).values()
    journal = Journal()
    courier = house.courier(channels=["teams"])
    courier.deliver(errand, journal)
    kept = Summary.from_json(json.loads(journal.kept["make the summary"]))
    made = courier.summary("acme", errand["destination"]["repository_ids"], Week("2026-W47", ZoneInfo("UTC")))
    assert kept == made.model_copy(update={"is_late": True})
