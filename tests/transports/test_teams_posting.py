"""Cards fit their schema and Teams' size, and nothing in them can act."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as how

from bot.domain import Code, Person, Place, Reply, Words
from bot.errors import ChatUnavailable, Forbidden, NotFound, OutcomeUnknown, Rejected
from bot.settings import Settings
from bot.transports.registry import deliver
from bot.transports.teams import Teams, render
from tests.transports.receiver import Receiver, receiver
from tests.transports.replies import EXAMPLES, INJECTIONS, REPLIES

SCHEMA = jsonschema_rs.Draft7Validator(json.loads((Path(__file__).parent / "teams-card.schema.json").read_text()))
PLACE = Place(transport="teams", workspace="tenant", channel="19:x@thread.tacv2", message="1")
MONA = Person(transport="teams", id="aad-1", workspace="tenant", name="Mona <at>all</at>")
REFUSALS = [(400, Rejected), (403, Forbidden), (410, NotFound), (302, Rejected), (502, ChatUnavailable)]


@pytest.fixture
def here() -> Iterator[Receiver]:
    with receiver() as there:
        yield there


@pytest.fixture
def posting(a_setting: Callable[..., Settings], here: Receiver) -> Settings:
    return a_setting(teams_post_url=here.url)


def check(messages: tuple[dict[str, Any], ...]) -> None:
    for message in messages:
        faults = [f"{fault.message} at {list(fault.instance_path)}" for fault in SCHEMA.iter_errors(message)]
        assert faults == []
        assert len(json.dumps(message, ensure_ascii=False).encode()) <= 28_000


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from [value["text"]] if value.get("type") == "TextRun" else []
        value = list(value.values())
    for inner in value if isinstance(value, list) else []:
        yield from texts(inner)


@how(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(reply=REPLIES)
def test_any_answer_is_a_card_that_teams_takes(reply: Reply) -> None:
    check(render(reply))
    check(render(reply, 1, "For Mona"))


@pytest.mark.parametrize("text", INJECTIONS)
def test_no_injection_leaves_plain_text(text: str) -> None:
    [message] = render(Reply(state="done", title=text, parts=(Words(text=text),)))
    check((message,))
    urls = [part.split('"')[0] for part in json.dumps(message).split('"url": "')[1:]]
    assert all(url.startswith(("https://evil.test", "https://github.com")) for url in urls), (
        "only a link that anybody sees is one"
    )
    assert "entities" not in message, "without entities nobody is mentioned"


def test_buttons_become_words_to_say_and_pages_to_open() -> None:
    [message] = render(EXAMPLES["explain"])
    said = "".join(texts(message))
    assert "Dismiss: @Seawall dismiss a1b2c3d" in said
    assert '"Action.OpenUrl", "title": "Open"' in json.dumps(message)


def test_what_is_left_out_is_counted() -> None:
    reply = Reply(state="done", title="Everything", parts=(Code(text="line of code\n" * 3000),))
    found = render(reply)
    assert len(found) == 4
    said = [text for message in found for text in texts(message)]
    shown = sum(text.startswith("line") for text in said)
    assert said[-1].startswith(f"… and {3000 - shown} more lines.")


def test_a_later_answer_is_posted_as_a_card_that_says_for_whom(here: Receiver, posting: Settings) -> None:
    deliver(PLACE, EXAMPLES["stats"], posting, MONA)
    [(headers, body)] = here.got
    message = json.loads(body)
    check((message,))
    assert headers["Content-Type"].startswith("application/json")
    assert next(texts(message)) == "For Mona <at>all</at>"


@pytest.mark.parametrize(("status", "raised"), REFUSALS)
def test_a_refusal_says_whether_it_is_worth_trying_again(
    here: Receiver, posting: Settings, status: int, raised: type[Exception]
) -> None:
    here.status = status
    here.headers = {"Location": here.url} if status == 302 else {}
    with pytest.raises(raised) as refused:
        deliver(PLACE, EXAMPLES["stats"], posting)
    assert len(here.got) == 1, "redirects are not followed"
    assert here.url not in str(refused.value), "the address is a secret"


def test_a_limit_says_when_to_come_back(here: Receiver, posting: Settings) -> None:
    here.status, here.headers = 429, {"Retry-After": "17"}
    with pytest.raises(ChatUnavailable) as limited:
        deliver(PLACE, EXAMPLES["stats"], posting)
    assert limited.value.retry_after_s == 17


def test_cards_that_were_taken_are_not_posted_again(
    here: Receiver, posting: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    class OnlyOne(list[Any]):
        def append(self, value: Any) -> None:
            super().append(value)
            here.status = 202 if len(self) < 2 else 503

    here.got = OnlyOne()
    with pytest.raises(OutcomeUnknown, match="took 1 of"):
        deliver(PLACE, Reply(state="done", parts=(Code(text="line of code\n" * 700),)), posting)


def test_without_a_webhook_it_says_what_to_set(a_setting: Callable[..., Settings]) -> None:
    with pytest.raises(Forbidden, match="SEAWALL_CHAT__TEAMS_POST_URL"):
        deliver(PLACE, EXAMPLES["stats"], a_setting())


def test_nothing_is_posted_in_the_clear(a_setting: Callable[..., Settings]) -> None:
    with pytest.raises(Forbidden, match="not https"):
        deliver(PLACE, EXAMPLES["stats"], a_setting(teams_post_url="http://flows.acme.test/x"))


def test_the_doctor_tells_a_token_that_was_copied_wrongly(a_setting: Callable[..., Settings]) -> None:
    token, posting = Teams().readiness(a_setting(teams_secret="not base64!"), True)
    assert (token.is_well, posting.is_well) == (False, None)
    assert "Copy the security token again" in token.advice
    assert list(Teams().readiness(a_setting(), True)) == []
