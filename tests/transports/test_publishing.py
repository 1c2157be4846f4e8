"""What is said to a whole channel, such as a weekly summary: in the system's own form, with its pictures."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.domain import Place
from bot.errors import ChatUnavailable, Forbidden, OutcomeUnknown, Rejected
from bot.settings import Settings
from bot.transports.signed import Signed
from bot.transports.slack import Slack
from bot.transports.system import Picture
from bot.transports.teams import Teams
from tests.transports.receiver import receiver
from tests.transports.slack_double import SlackDouble

CHANNEL = Place(transport="slack", workspace="T1", channel="C1")
MESSAGE = {"text": "acme/shop, week 47", "blocks": [{"type": "header", "text": {"type": "plain_text", "text": "Week"}}]}
PICTURES = [Picture("flow", "Cycle time", "Cycle time fell", b"\x89PNG one"), Picture("calls", "Calls", "", b"PNG two")]


def test_slack_shows_the_pictures_in_the_thread_of_the_message(settings: Settings, there: SlackDouble) -> None:
    Slack().publish(CHANNEL, [MESSAGE], PICTURES, settings)
    ((method, body),) = there.posted
    assert (method, body["channel"], body["blocks"]) == ("chat.postMessage", "C1", MESSAGE["blocks"])
    shown = [(file["bytes"], file["title"], file["shown"]) for file in there.files.values()]
    thread = ("C1", "1700000000.000001")
    assert shown == [(b"\x89PNG one", "Cycle time", thread), (b"PNG two", "Calls", thread)]
    assert there.files["F1"]["alt_txt"] == "Cycle time fell"


def test_without_the_scope_for_files_the_message_stands_alone(settings: Settings, there: SlackDouble) -> None:
    there.takes_files = False
    Slack().publish(CHANNEL, [MESSAGE], PICTURES, settings)
    assert len(there.posted) == 1
    assert there.files == {}


def test_a_message_that_was_refused_shows_no_picture(settings: Settings, there: SlackDouble) -> None:
    with pytest.raises(Rejected):
        Slack().publish(CHANNEL, [{**MESSAGE, "text": ""}], PICTURES, settings)
    assert {file["shown"] for file in there.files.values()} == {None}


def test_a_lack_of_time_at_slack_is_worth_another_try(settings: Settings, there: SlackDouble) -> None:
    there.limited, there.retry_after = 99, "60"
    with pytest.raises(ChatUnavailable) as busy:
        Slack().publish(CHANNEL, [MESSAGE], PICTURES, settings)
    assert busy.value.retry_after_s == 60
    assert there.posted == []


def test_what_was_said_in_part_is_not_said_again(settings: Settings, there: SlackDouble) -> None:
    with pytest.raises(OutcomeUnknown, match="1 of 2"):
        Slack().publish(CHANNEL, [MESSAGE, {**MESSAGE, "text": ""}], [], settings)


def test_without_a_token_slack_is_told_nothing(a_setting: Callable[..., Settings], there: SlackDouble) -> None:
    with pytest.raises(Forbidden, match="SLACK_BOT_TOKEN"):
        Slack().publish(CHANNEL, [MESSAGE], PICTURES, a_setting(slack_base_url=there.base_url))
    assert there.posted == []


def test_teams_gets_the_card(a_setting: Callable[..., Settings]) -> None:
    card: dict[str, Any] = {"type": "message", "attachments": []}
    with receiver() as there:
        Teams().publish(Place(transport="teams"), [card], PICTURES, a_setting(teams_post_url=there.url))
    ((_, body),) = there.got
    assert body == b'{"type": "message", "attachments": []}'


def test_a_system_without_a_form_of_its_own_says_so(settings: Settings) -> None:
    with pytest.raises(Forbidden):
        Signed().publish(Place(transport="signed"), [MESSAGE], [], settings)


def test_the_doctor_says_when_charts_cannot_be_shown(settings: Settings, there: SlackDouble) -> None:
    there.scopes = there.scopes.replace("files:write,", "")
    ready, charts = Slack().readiness(settings, False)
    assert ready.is_well
    assert charts.is_well is None
    assert "files:write" in charts.advice
