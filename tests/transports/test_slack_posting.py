"""What is posted fits Slack, calls nobody, and is posted once."""

import socket
import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as how

from bot.domain import Code, Person, Place, Reply, Table, Words
from bot.errors import ChatUnavailable, Forbidden, NotFound, OutcomeUnknown, Rejected
from bot.settings import Settings
from bot.transports.registry import deliver
from bot.transports.slack import Slack, render
from tests.transports.replies import EXAMPLES, INJECTIONS, REPLIES
from tests.transports.slack_double import TOKEN, SlackDouble

MONA = Person(transport="slack", id="U7", workspace="T1", name="mona")
CHANNEL = Place(transport="slack", workspace="T1", channel="C1")
MENTIONED = CHANNEL.model_copy(update={"message": "1699999999.000100"})
DIRECT = Place(transport="slack", workspace="T1", channel="D1", message="1699999999.000100")
LONG = Reply(state="done", title="Everything", run_id="c-3f9a2b1", parts=(Code(text="line of code\n" * 1500),))
ENDLESS = Reply(state="done", title="Everything", run_id="c-3f9a2b1", parts=(Code(text="line of code\n" * 9000),))


def answered_at(place: Place, url: str) -> Place:
    return place.model_copy(update={"answer_url": url})


@how(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(reply=REPLIES)
def test_slack_takes_any_answer_and_nobody_is_called(there: SlackDouble, settings: Settings, reply: Reply) -> None:
    deliver(CHANNEL, reply, settings)
    assert there.called == []


def test_no_injection_calls_anybody_or_links_to_anything_but_a_page(there: SlackDouble, settings: Settings) -> None:
    for text in INJECTIONS:
        for part in (Words(text=text), Code(text=text), Table(columns=(text,), rows=((text,),))):
            deliver(CHANNEL, Reply(state="done", title=text, parts=(part,)), settings)
    assert there.called == []


def test_an_answer_goes_to_its_address_for_the_asker_alone(there: SlackDouble, settings: Settings) -> None:
    deliver(answered_at(CHANNEL, there.response_url()), EXAMPLES["stats"], settings, MONA)
    [(kind, body)] = there.posted
    assert kind == "ephemeral"
    assert body["replace_original"] is False
    assert body["text"] == "acme/checkout, the last 7 days"


def test_a_public_answer_is_for_the_channel(there: SlackDouble, settings: Settings) -> None:
    public = EXAMPLES["stats"].model_copy(update={"is_public": True})
    deliver(answered_at(CHANNEL, there.response_url()), public, settings, MONA)
    assert [kind for kind, _ in there.posted] == ["in_channel"]


def test_a_mention_is_answered_to_the_asker_alone(there: SlackDouble, settings: Settings) -> None:
    deliver(MENTIONED, EXAMPLES["refused"], settings, MONA)
    [(method, body)] = there.posted
    assert (method, body["user"]) == ("chat.postEphemeral", "U7")
    assert "thread_ts" not in body, "Slack shows what is for one person only in threads that exist"


def test_a_public_answer_to_a_mention_stands_in_its_thread(there: SlackDouble, settings: Settings) -> None:
    deliver(MENTIONED, EXAMPLES["stats"].model_copy(update={"is_public": True}), settings, MONA)
    [(method, body)] = there.posted
    assert (method, body["thread_ts"]) == ("chat.postMessage", "1699999999.000100")


def test_a_direct_message_is_answered_by_a_plain_one(there: SlackDouble, settings: Settings) -> None:
    deliver(DIRECT, EXAMPLES["stats"], settings, MONA)
    [(method, body)] = there.posted
    assert method == "chat.postMessage"
    assert "thread_ts" not in body


def test_a_long_answer_goes_on_in_the_thread_of_its_first_message(there: SlackDouble, settings: Settings) -> None:
    deliver(DIRECT, LONG, settings, MONA)
    assert len(there.posted) == 2
    assert "thread_ts" not in there.posted[0][1]
    assert there.posted[1][1]["thread_ts"] == "1700000000.000001"
    shown = "".join(block["text"]["text"] for _, body in there.posted for block in body["blocks"] if "text" in block)
    assert shown.count("line of code") == 1500, "nothing is lost between two messages"


def test_a_long_public_answer_to_a_command_stands_in_a_thread(there: SlackDouble, settings: Settings) -> None:
    place = answered_at(CHANNEL, there.response_url())
    deliver(place, LONG.model_copy(update={"is_public": True}), settings, MONA)
    assert [method for method, _ in there.posted] == ["chat.postMessage"] * 2
    assert there.posted[1][1]["thread_ts"] == "1700000000.000001"


def test_where_the_app_is_not_in_the_channel_its_address_is_used(there: SlackDouble, settings: Settings) -> None:
    there.refuses_with = "not_in_channel"
    deliver(answered_at(CHANNEL, there.response_url()), LONG.model_copy(update={"is_public": True}), settings, MONA)
    assert [kind for kind, _ in there.posted] == ["in_channel"] * 2


def test_what_is_left_out_is_counted_to_the_line() -> None:
    found = render(ENDLESS)
    assert len(found) == 4
    shown = sum(
        block["text"]["text"].count("line of code") for each in found for block in each["blocks"] if "text" in block
    )
    assert found[-1]["blocks"][-1]["elements"][0]["text"].startswith(f"… and {9000 - shown} more lines.")


def test_an_address_that_has_ended_gives_way_to_the_token(there: SlackDouble, settings: Settings) -> None:
    deliver(answered_at(CHANNEL, there.response_url(left=0)), EXAMPLES["stats"], settings, MONA)
    assert [method for method, _ in there.posted] == ["chat.postEphemeral"]


def test_an_address_that_ends_half_way_is_followed_by_the_token_without_repeating(
    there: SlackDouble, settings: Settings
) -> None:
    deliver(answered_at(CHANNEL, there.response_url(left=1)), LONG, settings, MONA)
    assert [method for method, _ in there.posted] == ["ephemeral", "chat.postEphemeral"]
    assert there.posted[0][1]["blocks"] != there.posted[1][1]["blocks"]


def test_an_address_that_is_not_slacks_is_never_posted_to(there: SlackDouble, settings: Settings) -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(1)
        listening.setblocking(False)
        deliver(
            answered_at(CHANNEL, f"http://127.0.0.1:{listening.getsockname()[1]}/x"), EXAMPLES["stats"], settings, MONA
        )
        with pytest.raises(BlockingIOError):
            listening.accept()
    assert [method for method, _ in there.posted] == ["chat.postEphemeral"]


def test_a_short_limit_is_waited_for_once(there: SlackDouble, settings: Settings) -> None:
    there.limited, there.retry_after = 1, "0"
    deliver(CHANNEL, EXAMPLES["stats"], settings)
    assert len(there.posted) == 1


def test_a_long_limit_is_left_to_the_engine(there: SlackDouble, settings: Settings) -> None:
    there.limited, there.retry_after = 1, "120"
    began = time.monotonic()
    with pytest.raises(ChatUnavailable) as limited:
        deliver(CHANNEL, EXAMPLES["stats"], settings)
    assert limited.value.retry_after_s == 120
    assert time.monotonic() - began < 60
    assert there.posted == []


def test_a_limit_that_stays_ends_after_two_tries(there: SlackDouble, settings: Settings) -> None:
    there.limited, there.retry_after = 2, "0"
    with pytest.raises(ChatUnavailable):
        deliver(CHANNEL, EXAMPLES["stats"], settings)
    assert there.limited == 0


def test_a_limit_in_the_middle_is_no_reason_to_say_the_beginning_again(
    there: SlackDouble, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = there._method

    def limits_after_one(*call: object) -> object:
        there.limited, there.retry_after = 1, "120"
        return post(*call)  # type: ignore[arg-type]

    monkeypatch.setattr(there, "_method", limits_after_one)
    with pytest.raises(OutcomeUnknown, match="1 of 2"):
        deliver(DIRECT, LONG, settings)


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        ("invalid_blocks", Rejected),
        ("channel_not_found", NotFound),
        ("missing_scope", Forbidden),
        ("fatal_error", ChatUnavailable),
    ],
)
def test_a_refusal_says_whether_it_is_worth_trying_again(
    there: SlackDouble, settings: Settings, error: str, raised: type[Exception]
) -> None:
    there.refuses_with = error
    with pytest.raises(raised):
        deliver(CHANNEL, EXAMPLES["stats"], settings)


def test_a_slack_that_is_away_is_worth_trying_again(a_setting: Callable[..., Settings]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: refused
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}/api/"
        with pytest.raises(ChatUnavailable, match="cannot be reached"):
            deliver(CHANNEL, EXAMPLES["stats"], a_setting(slack_bot_token=TOKEN, slack_base_url=nobody))


def test_without_a_token_it_says_what_to_set(a_setting: Callable[..., Settings]) -> None:
    with pytest.raises(Forbidden, match="SEAWALL_CHAT__SLACK_BOT_TOKEN"):
        deliver(CHANNEL, EXAMPLES["stats"], a_setting())


def test_the_doctor_knows_the_workspace_and_the_missing_scope(there: SlackDouble, settings: Settings) -> None:
    [line] = Slack().readiness(settings, False)
    assert (line.is_well, line.says) == (True, "knows seawall in Acme")
    there.scopes = "chat:write,commands"
    [line] = Slack().readiness(settings, False)
    assert line.is_well is False
    assert "app_mentions:read, im:history" in line.advice


def test_the_doctor_says_nothing_of_a_slack_nobody_uses(a_setting: Callable[..., Settings]) -> None:
    assert list(Slack().readiness(a_setting(), False)) == []
    [line] = Slack().readiness(a_setting(slack_signing_secret="x"), True)
    assert "SEAWALL_CHAT__SLACK_BOT_TOKEN" in line.advice
