"""Slack at the edge: proved, kept once, answered at once."""

import json
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from bot.errors import EngineUnavailable
from tests.transports.signing import RESPONSE_URL, event, press, slack_headers, slash_command
from tests.webhooks.chat import FORM, chat_client, slack
from tests.webhooks.edge import MemoryInbox


@pytest.fixture
def edge(tmp_path: Path, inbox: MemoryInbox) -> FlaskClient:
    return chat_client(tmp_path, inbox)


def test_a_slash_command_is_kept_and_acknowledged_to_its_asker(edge: FlaskClient, inbox: MemoryInbox) -> None:
    answer = slack(edge, "commands", slash_command("review acme/checkout#12"))
    [given] = inbox.commands.values()
    assert answer.status_code == 200
    assert answer.json == {"response_type": "ephemeral", "text": f"On it: review  ·  {given.run_id}"}
    assert given.text == "review acme/checkout#12"
    assert given.person.key == "slack:T1:U7"
    assert given.person.name == "mona"
    assert (given.place.channel, given.place.answer_url) == ("C1", RESPONSE_URL)
    assert given.at.endswith("+00:00")


def test_the_same_command_heard_twice_is_one(edge: FlaskClient, inbox: MemoryInbox) -> None:
    body = slash_command()
    slack(edge, "commands", body)
    again = slack(edge, "commands", body)
    assert len(inbox.commands) == 1
    assert again.json["text"].startswith("Already on it: stats")


def test_the_same_words_said_twice_are_two_commands(edge: FlaskClient, inbox: MemoryInbox) -> None:
    slack(edge, "commands", slash_command())
    slack(edge, "commands", slash_command(trigger_id="another"))
    assert len(inbox.commands) == 2


def test_nothing_said_is_a_call_for_help(edge: FlaskClient, inbox: MemoryInbox) -> None:
    slack(edge, "commands", slash_command("  "))
    assert [given.text for given in inbox.commands.values()] == ["help"]


def test_slacks_markup_is_read_as_it_was_typed(edge: FlaskClient, inbox: MemoryInbox) -> None:
    typed = "ask is &lt;b&gt; &amp;amp; <https://a.b/c|a.b/c> by <@U9|octo> in <#C2|ops>?\n/seawall dismiss all"
    slack(edge, "commands", slash_command(typed))
    [given] = inbox.commands.values()
    assert given.text == "ask is <b> &amp; https://a.b/c by @octo in #ops? /seawall dismiss all"


def test_a_secret_in_a_command_is_masked_before_it_is_kept(edge: FlaskClient, inbox: MemoryInbox) -> None:
    slack(edge, "commands", slash_command("ask why ghp_" + "a1B2" * 10))
    [given] = inbox.commands.values()
    assert given.text == "ask why [secret masked]"


def test_a_command_that_is_too_long_is_said_to_be(edge: FlaskClient, inbox: MemoryInbox) -> None:
    answer = slack(edge, "commands", slash_command("ask " + "x" * 4000))
    assert answer.status_code == 200
    assert "at most 4000" in answer.json["text"]
    assert inbox.commands == {}


def test_an_address_that_is_not_slacks_is_not_kept(edge: FlaskClient, inbox: MemoryInbox) -> None:
    for url in (
        "https://evil.test/x",
        "http://hooks.slack.com/x",
        "https://slack.com.evil.test",
        "https://slack.com@evil.test",
    ):
        slack(edge, "commands", slash_command(response_url=url, trigger_id=url))
    assert {given.place.answer_url for given in inbox.commands.values()} == {""}


def test_slack_is_told_that_the_engine_is_away(edge: FlaskClient, inbox: MemoryInbox) -> None:
    inbox.away = EngineUnavailable("away")
    answer = slack(edge, "commands", slash_command())
    assert answer.status_code == 200
    assert "nothing was started" in answer.json["text"]
    assert slack(edge, "events", event()).status_code == 503, "Slack sends an event again"
    assert slack(edge, "actions", press()).status_code == 503


def test_a_look_at_the_certificate_is_no_command(edge: FlaskClient, inbox: MemoryInbox) -> None:
    answer = slack(edge, "commands", b"ssl_check=1&token=x")
    assert (answer.status_code, inbox.commands) == (200, {})


def test_the_challenge_is_echoed(edge: FlaskClient) -> None:
    answer = slack(edge, "events", json.dumps({"type": "url_verification", "challenge": "3eZbrw1aB"}).encode())
    assert answer.json == {"challenge": "3eZbrw1aB"}


def test_a_mention_is_heard_and_answered_with_nothing(edge: FlaskClient, inbox: MemoryInbox) -> None:
    answer = slack(edge, "events", event(text="hey <@U0BOT>: stats 7d", thread_ts="1699990000.000001"))
    [given] = inbox.commands.values()
    assert (answer.status_code, answer.data) == (200, b"")
    assert given.text == "stats 7d"
    assert (given.place.thread, given.place.message) == ("1699990000.000001", "1699999999.000100")
    assert given.place.answer_url == ""


def test_a_direct_message_needs_no_mention(edge: FlaskClient, inbox: MemoryInbox) -> None:
    slack(edge, "events", event("message", "stats 7d", channel="D1", channel_type="im"))
    assert [given.text for given in inbox.commands.values()] == ["stats 7d"]


def test_an_event_that_slack_sends_again_is_the_same_command(edge: FlaskClient, inbox: MemoryInbox) -> None:
    slack(edge, "events", event())
    again = slack(edge, "events", event(), X_Slack_Retry_Num="1", X_Slack_Retry_Reason="http_timeout")
    assert again.status_code == 200
    assert len(inbox.commands) == 1


IGNORED = {
    "a bot's": event(bot_id="B1"),
    "our own": event("message", channel_type="im", user="U0BOT"),
    "our app's": event("message", channel_type="im", app_id="A1"),
    "an edit": event("message", channel_type="im", subtype="message_changed"),
    "an edited mention": event(edited={"user": "U7", "ts": "1"}),
    "a deletion": event("message", channel_type="im", subtype="message_deleted"),
    "talk in a channel": event("message", "stats 7d", channel_type="channel"),
    "another event": event("reaction_added"),
    "a rate limit": json.dumps({"type": "app_rate_limited", "team_id": "T1"}).encode(),
    "an odd event": json.dumps({"type": "event_callback", "event": ["app_mention"]}).encode(),
    "a novel": event(text="<@U0BOT> " + "x" * 4001),
}


@pytest.mark.parametrize("which", IGNORED)
def test_what_is_no_command_is_acknowledged_and_left(edge: FlaskClient, inbox: MemoryInbox, which: str) -> None:
    answer = slack(edge, "events", IGNORED[which])
    assert (answer.status_code, inbox.commands) == (200, {})


def test_a_button_gives_its_command(edge: FlaskClient, inbox: MemoryInbox) -> None:
    answer = slack(edge, "actions", press())
    [given] = inbox.commands.values()
    assert (answer.status_code, answer.data) == (200, b"")
    assert given.text == "dismiss a1b2c3d acme/checkout#12"
    assert given.place.thread == "1699999999.000200", "a long answer goes on under the message"
    assert given.place.answer_url == RESPONSE_URL


def test_a_button_pressed_twice_at_once_is_one_command(edge: FlaskClient, inbox: MemoryInbox) -> None:
    slack(edge, "actions", press())
    slack(edge, "actions", press())
    assert len(inbox.commands) == 1
    slack(edge, "actions", press(user={"id": "U8", "username": "octo"}))
    assert len(inbox.commands) == 2, "another person is another command"


def test_a_button_pressed_again_later_is_a_new_command(edge: FlaskClient, inbox: MemoryInbox) -> None:
    action = {"type": "button", "block_id": "b1", "action_id": "press-1", "value": "stats", "action_ts": "1700000000.1"}
    slack(edge, "actions", press(actions=[action]))
    slack(edge, "actions", press(actions=[action | {"action_ts": "1700000600.1"}]))
    assert len(inbox.commands) == 2


def test_a_button_that_opens_a_page_is_only_acknowledged(edge: FlaskClient, inbox: MemoryInbox) -> None:
    answer = slack(edge, "actions", press(value=""))
    assert (answer.status_code, inbox.commands) == (200, {})


ROUTES = {"commands": slash_command(), "events": event(), "actions": press()}


@pytest.mark.parametrize("what", ROUTES)
def test_a_wrong_secret_an_old_request_and_a_changed_body_are_refused(
    edge: FlaskClient, inbox: MemoryInbox, what: str
) -> None:
    body = ROUTES[what]
    bad = [
        slack_headers(body, secret="another"),
        slack_headers(body, age_s=310),
        slack_headers(body, age_s=-310),
        slack_headers(body + b" "),
        {},
        slack_headers(body) | {"X-Slack-Request-Timestamp": "now"},
        slack_headers(body) | {"X-Slack-Request-Timestamp": "9" * 400},
        slack_headers(body) | {"X-Slack-Signature": "v0=é"},
        {"X-Slack-Request-Timestamp": slack_headers(body)["X-Slack-Request-Timestamp"]},
    ]
    for headers in bad:
        assert edge.post(f"/chat/slack/{what}", data=body, headers=FORM | headers).status_code == 401, headers
    assert inbox.commands == {}
    almost = slack_headers(body, age_s=290)
    assert edge.post(f"/chat/slack/{what}", data=body, headers=FORM | almost).status_code == 200


@pytest.mark.parametrize("secret", ["", "   "])
def test_without_a_secret_nothing_is_heard(tmp_path: Path, inbox: MemoryInbox, secret: str) -> None:
    edge = chat_client(tmp_path, inbox, slack_signing_secret=secret)
    for what, body in ROUTES.items():
        for key in ("", "   ", "x"):
            answer = edge.post(f"/chat/slack/{what}", data=body, headers=slack_headers(body, secret=key))
            assert answer.status_code == 503
            assert "SEAWALL_CHAT__SLACK_SIGNING_SECRET" in answer.json["error"]
    assert inbox.commands == {}


def test_it_cannot_be_read_with_get(edge: FlaskClient) -> None:
    assert edge.get("/chat/slack/commands").status_code == 405
