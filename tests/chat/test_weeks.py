"""A channel hears of its week on Monday morning: once, late rather than never."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.chat.weeks import summaries_due, summary_of
from bot.domain import Waiver
from tests.chat.people import CHANNEL, REPOSITORY
from tests.chat.town import Town


def at(day: int, hour: int) -> datetime:
    """In November 2026; the 23rd is a Monday."""
    return datetime(2026, 11, day, hour, tzinfo=UTC)


@pytest.fixture
def subscribed(town: Town) -> Town:
    wants = {"findings": "high", "weekly": True}
    key = (REPOSITORY.id, wants, "octocat", "2026-11-18T10:00:00+00:00")
    for row in town.ledger.subscribers(REPOSITORY.id):
        town.ledger.unsubscribe(row.transport, row.workspace, row.channel, REPOSITORY.id)
    town.ledger.subscribe("slack", "T1", CHANNEL, *key)
    town.ledger.subscribe("slack", "T1", "C-other", REPOSITORY.id, {"findings": "high"}, *key[2:])
    return town


@pytest.mark.parametrize(("day", "hour", "count"), [(23, 7, 0), (23, 8, 1), (25, 12, 1), (29, 23, 1)])
def test_it_is_due_from_monday_at_eight(subscribed: Town, day: int, hour: int, count: int) -> None:
    assert len(summaries_due(subscribed.desk, at(day, hour))) == count


def test_its_name_is_that_of_the_week_that_is_over_and_of_the_channel(subscribed: Town) -> None:
    ((name, listener),) = summaries_due(subscribed.desk, at(23, 8)).items()
    assert name == f"2026-W47:{REPOSITORY.id}:slack-T1-{CHANNEL}"
    assert listener["is_late"] is False
    assert summaries_due(subscribed.desk, at(23, 8)).keys() == summaries_due(subscribed.desk, at(26, 8)).keys()
    assert summaries_due(subscribed.desk, at(26, 8))[name]["is_late"] is True


def test_who_subscribed_on_tuesday_waits_for_the_next_monday(subscribed: Town) -> None:
    wants = {"weekly": True}
    subscribed.ledger.subscribe("slack", "T1", CHANNEL, REPOSITORY.id, wants, "octocat", at(24, 9).isoformat())
    assert summaries_due(subscribed.desk, at(25, 9)) == {}
    assert len(summaries_due(subscribed.desk, datetime(2026, 11, 30, 8, tzinfo=UTC))) == 1


def test_it_says_what_weekly_says_and_which_rules_muted_themselves(subscribed: Town) -> None:
    subscribed.ledger.keep_waiver(
        Waiver(
            id="w-1234567",
            kind="muted",
            repository_id=REPOSITORY.id,
            rule="log-hygiene/secret-logged",
            owner="seawall",
            reason="heeded 0 times of 12: surely under 15%, and the floor is 20%",
            at="2026-11-20T10:00:00+00:00",
        )
    )
    reply = summary_of(replace(subscribed.desk), REPOSITORY.full_name, "2026-W47", is_late=True)
    assert reply.is_public
    assert reply.title.endswith("after 2026-W47 (late: nobody was there on Monday)")
    assert "log-hygiene/secret-logged" in reply.model_dump_json()
    assert "heeded 0 times of 12" in reply.model_dump_json()
