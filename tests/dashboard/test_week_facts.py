"""Facts are computed once for everybody who sees the same, kept a minute, and renewed while older ones are shown."""

import threading
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from structlog.testing import capture_logs

from bot.dashboard.week_facts import FRESH_S, SERVED_STALE_S, Key, Past, WeekFacts, week_facts
from bot.domain import TimelineEvent
from bot.errors import LedgerError
from bot.ledger import Ledger
from bot.settings import load_settings
from bot.weekly.facts import Facts
from bot.weekly.week import Week
from tests.ledger.records import a_pull_request, a_repository

WEEK = Week("2026-W47", ZoneInfo("UTC"))


class Maker:
    def __init__(self) -> None:
        self.now = 1000.0
        self.made: list[Key] = []
        self.slow = threading.Event()
        self.slow.set()
        self.fault: Exception | None = None
        self.past: Past = frozenset()

    def make(self, ids: tuple[int, ...], weeks: Sequence[Week]) -> list[Facts]:
        self.slow.wait(60)
        if self.fault:
            raise self.fault
        self.made += [(week.name, ids) for week in weeks]
        return [
            Facts(
                subject=str(len(self.made)), repositories=(), week=week.name, zone="UTC", starts="",
                ends="", made_at="",
                is_over=False,
            )
            for week in weeks
        ]  # fmt: skip

    def facts(self) -> WeekFacts:
        return WeekFacts(self.make, lambda: self.now, past=lambda ids: self.past)


def test_within_a_minute_nothing_is_computed_twice_and_others_have_their_own() -> None:
    maker = Maker()
    facts = maker.facts()
    assert facts.of((1, 2), WEEK) is facts.of((1, 2), WEEK)
    facts.of((1,), WEEK)
    assert maker.made == [("2026-W47", (1, 2)), ("2026-W47", (1,))]


def test_ten_people_on_a_cold_page_compute_once() -> None:
    maker = Maker()
    facts = maker.facts()
    maker.slow.clear()
    people = [threading.Thread(target=facts.of, args=((1,), WEEK)) for _ in range(10)]
    for person in people:
        person.start()
    maker.slow.set()
    for person in people:
        person.join(60)
    assert len(maker.made) == 1


def test_old_facts_are_shown_at_once_while_newer_ones_are_made() -> None:
    maker = Maker()
    facts = maker.facts()
    facts.of((1,), WEEK)
    maker.now += FRESH_S + 1
    maker.slow.clear()
    assert facts.of((1,), WEEK).subject == "1", "nobody waits for the newer ones"
    assert facts.of((1,), WEEK).subject == "1"
    maker.slow.set()
    ends = time.monotonic() + 60
    while facts.of((1,), WEEK).subject == "1" and time.monotonic() < ends:
        time.sleep(0.002)
    assert facts.of((1,), WEEK).subject == "2"
    assert len(maker.made) == 2, "made anew once, however many asked"


def test_facts_that_come_of_age_while_others_are_made_are_shown_all_the_same() -> None:
    """A page that asks for two weeks gets two."""
    maker = Maker()

    def make(ids: tuple[int, ...], weeks: Sequence[Week]) -> list[Facts]:
        maker.now += 2
        return maker.make(ids, weeks)

    facts = WeekFacts(make, lambda: maker.now)
    facts.of((1,), WEEK)
    maker.now += SERVED_STALE_S - 1
    assert [one.subject for one in facts.of_weeks((1,), [WEEK, WEEK.back(1)])] == ["1", "2"]


def test_facts_that_are_too_old_are_waited_for() -> None:
    maker = Maker()
    facts = maker.facts()
    facts.of((1,), WEEK)
    maker.now += SERVED_STALE_S + 1
    assert facts.of((1,), WEEK).subject == "2"


def test_another_ones_facts_are_not_waited_for_without_an_end() -> None:
    maker = Maker()
    facts = WeekFacts(maker.make, lambda: maker.now, waited_s=0.01)
    maker.slow.clear()
    first = threading.Thread(target=facts.of, args=((1,), WEEK))
    first.start()
    while not facts._computing.locked():
        time.sleep(0.001)
    with pytest.raises(LedgerError, match="Load the page again"):
        facts.of((2,), WEEK)
    maker.slow.set()
    first.join(60)
    assert facts.of((2,), WEEK).subject == "2", "the next question finds the way free"


def test_newer_facts_that_cannot_be_made_are_told_and_tried_again() -> None:
    maker = Maker()
    facts = maker.facts()
    facts.of((1,), WEEK)
    maker.now += FRESH_S + 1
    maker.fault = ZeroDivisionError("of none")
    with capture_logs() as logged:
        facts.of((1,), WEEK)
        facts._later.submit(int).result(60)
    assert [(line["log_level"], line["event"]) for line in logged] == [("error", "the figures could not be made anew")]
    maker.fault = None
    facts.of((1,), WEEK)
    facts._later.submit(int).result(60)
    assert facts.of((1,), WEEK).subject == "2"


def test_facts_made_before_a_look_back_ended_are_not_shown_any_more() -> None:
    maker = Maker()
    facts = maker.facts()
    facts.of((1,), WEEK)
    maker.past |= {(1, "12:00")}
    assert facts.of((1,), WEEK).subject == "2"
    assert facts.of((1,), WEEK).subject == "2", "made once for each look back"


def test_a_look_back_under_way_again_leaves_the_facts_where_they_are() -> None:
    maker = Maker()
    maker.past |= {(1, "12:00"), (2, "13:00")}
    facts = maker.facts()
    facts.of((1, 2), WEEK)
    maker.past -= {(1, "12:00")}
    assert facts.of((1, 2), WEEK).subject == "1"


def test_facts_that_were_under_way_when_a_look_back_ended_are_made_again() -> None:
    maker = Maker()
    facts = maker.facts()
    facts.of((1,), WEEK)
    maker.now += FRESH_S + 1
    maker.slow.clear()
    facts.of((1,), WEEK)  # newer ones are begun
    maker.past |= {(1, "12:00")}
    maker.slow.set()
    facts._later.submit(int).result(60)
    asked = facts.of((1,), WEEK)
    assert asked.subject == str(len(maker.made))
    assert facts._kept[WEEK.name, (1,)].past == maker.past


def test_a_week_long_over_shows_what_a_look_back_has_found_at_once(tmp_path: Path) -> None:
    over = WEEK.back(20)
    moment = over.starts + timedelta(days=2)
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        ledger.keep_repository(a_repository())
        ledger.keep_backfill(71, over.back(30).starts.isoformat(), "", 0, is_done=True)
        facts = week_facts(ledger, load_settings(environment={}), lambda: WEEK.ends)
        assert facts.of((71,), over).figure("opened").n == 0
        at = moment.isoformat()
        for number, author in ((3, "ana"), (4, "bea")):
            pull_request = a_pull_request(number=number, author=author, is_open=False, created_at=at)
            opened = TimelineEvent(repository_id=71, number=number, event="opened", at=at, actor=author)
            ledger.keep_past(pull_request, at, [opened])
        ledger.keep_backfill(71, over.back(30).starts.isoformat(), "", 2, is_done=True)
        assert facts.of((71,), over).figure("opened").n == 2
