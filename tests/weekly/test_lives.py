"""Weeks told one after the other share what is computed of a pull request, and say the same as each alone."""

import json

from bot.domain.timeline import WeekRows
from bot.weekly.facts import Facts
from bot.weekly.life import Lives
from tests.weekly.by_hand import TEAM
from tests.weekly.rows import WEEK, by_hand, facts


def told(lives: Lives, rows: WeekRows, number: int) -> object:
    return next(one for one in lives.of(rows) if one.history.number == number)


def test_weeks_told_together_say_what_each_says_alone() -> None:
    lives, weeks = Lives(), [WEEK, WEEK.back(1), WEEK.back(3), WEEK]
    together = [facts(by_hand(week), week, told=lives) for week in weeks]
    alone = [facts(by_hand(week), week) for week in weeks]
    assert [_json(one) for one in together] == [_json(one) for one in alone]
    assert len({_json(one) for one in alone}) == 3


def test_a_pull_request_is_told_once_while_its_rows_are_the_same() -> None:
    lives = Lives()
    first = told(lives, by_hand(), 1)
    assert told(lives, by_hand(), 1) is first


def test_one_whose_rows_have_changed_is_told_anew() -> None:
    lives = Lives()
    first = told(lives, by_hand(), 1)
    more = by_hand()
    later = {"repository_id": TEAM, "number": 1, "event": "closed", "at": "2026-10-31T10:00:00Z", "actor": "ana"}
    more["events"].append(later | {"details": "{}"})
    assert told(lives, more, 1) is not first
    named = by_hand()
    named["pull_requests"] = [row | {"title": "Another"} for row in named["pull_requests"]]
    assert told(lives, named, 1) is not first


def _json(week: Facts) -> str:
    return json.dumps(week.to_json(), sort_keys=True)
