"""People talk to the real service in Slack, Teams and elsewhere, and hear of reviews where a channel subscribed."""

import json
import time
from collections.abc import Iterator, Mapping

import pytest
import requests

from bot.domain import Repository
from tests.service.conftest import judged
from tests.service.harness import PATIENCE_S, Service, Shop, concluded, wait_until
from tests.transports.receiver import Receiver, receiver
from tests.transports.signing import (
    SIGNED_SECRET,
    SLACK_SECRET,
    TEAMS_SECRET,
    event,
    signed_command,
    signed_headers,
    slack_headers,
    slash_command,
    teams_headers,
    teams_message,
)
from tests.transports.slack_double import TOKEN, SlackDouble, slack

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def there() -> Iterator[SlackDouble]:
    with slack() as double:
        yield double


@pytest.fixture(scope="module")
def hook() -> Iterator[Receiver]:
    with receiver() as posted:
        yield posted


@pytest.fixture(scope="module")
def _service(tmp_path_factory: pytest.TempPathFactory, there: SlackDouble, hook: Receiver) -> Iterator[Service]:
    with judged() as (host, _):
        service = Service(
            host,
            tmp_path_factory.mktemp("chat"),
            CHAT__SLACK_SIGNING_SECRET=SLACK_SECRET,
            CHAT__SLACK_BOT_TOKEN=TOKEN,
            CHAT__SLACK_BASE_URL=there.base_url,
            CHAT__TEAMS_SECRET=TEAMS_SECRET,
            CHAT__TEAMS_POST_URL=hook.url,
            CHAT__SIGNED_SECRET=SIGNED_SECRET,
            CHAT__ANSWER_WAIT_S=10,
        )
        try:
            service.start()
            yield service
        finally:
            service.kill_all()


@pytest.fixture
def service(_service: Service, there: SlackDouble, hook: Receiver) -> Service:
    """One for all of these; each awaits what it causes, and finds nothing of the others'."""
    for kept in (there.posted, there.called, hook.got):
        kept.clear()
    return _service


def say(service: Service, path: str, body: bytes, headers: Mapping[str, str]) -> requests.Response:
    return requests.post(f"http://127.0.0.1:{service.port}/chat/{path}", data=body, headers=headers, timeout=PATIENCE_S)


def slash(service: Service, there: SlackDouble, text: str, trigger: str) -> requests.Response:
    body = slash_command(text, response_url=there.response_url(trigger), trigger_id=trigger)
    return say(service, "slack/commands", body, FORM | slack_headers(body))


def test_a_slash_command_is_acknowledged_at_once_and_answered_once(service: Service, there: SlackDouble) -> None:
    first = slash(service, there, "help", "t1")
    again = slash(service, there, "help", "t1")
    assert first.json()["text"].startswith("On it: help")
    assert again.json()["text"].startswith("Already on it: help")
    wait_until(lambda: there.posted, "the answer")
    time.sleep(1)
    [(kind, body)] = there.posted
    assert (kind, body["text"]) == ("ephemeral", "What you can say")
    assert there.called == []


def test_a_mention_is_answered_by_the_bot_to_its_asker(service: Service, there: SlackDouble) -> None:
    body = event(text="<@U0BOT> frobnicate")
    assert say(service, "slack/events", body, slack_headers(body)).content == b""
    wait_until(lambda: there.posted, "the answer")
    [(method, answer)] = there.posted
    assert (method, answer["user"]) == ("chat.postEphemeral", "U7")
    assert "There is no command" in answer["text"]


def test_an_answer_shown_in_the_request_is_posted_nowhere_else(service: Service, hook: Receiver) -> None:
    """Teams waits four seconds, and a slow machine may miss that once; what it misses is posted."""
    for number in range(9):
        body = teams_message("<at>Seawall</at> help", id=f"in-time-{number}")
        answered = say(service, "teams", body, teams_headers(body)).json()
        if "attachments" in answered:
            break
        wait_until(lambda: hook.got, "the answer that came too late")
        hook.got.clear()
    assert "What you can say" in json.dumps(answered["attachments"][0]["content"])
    for number in range(9):
        body = signed_command("whoami", id=f"in-time-{number}")
        answer = say(service, "signed", body, signed_headers(body)).json()
        if answer["state"] == "done":
            break
    assert answer["state"] == "done"
    assert "You are mona" in answer["text"]
    wait_until(service.is_idle, "the end of all work")
    assert hook.got == []


def test_a_subscribed_channel_hears_of_new_findings(shop: Shop, service: Service, there: SlackDouble) -> None:
    host = service.host
    repository = host.add_repository("acme", shop.name, shop.git_dir)
    known = Repository(id=repository.id, owner="acme", name=shop.name, installation_id=repository.installation_id)
    wants: dict[str, str | bool] = {"findings": "low", "weekly": False}
    service.ledger().keep_repository(known)
    service.ledger().subscribe("slack", "T1", "C1", repository.id, wants, "dana", "2026-11-22T00:00:00Z")
    head = shop.branch("feature", 1)
    host.open_pull_request(repository, "main", "feature", "Charge <!channel>", "", author="dana")
    wait_until(lambda: concluded(repository, head), "the check")
    wait_until(lambda: there.posted, "the announcement")
    [(method, body)] = there.posted
    assert (method, body["channel"]) == ("chat.postMessage", "C1")
    assert f"in {repository.full_name}#" in body["text"]
    values = [
        each.get("value", "") for block in body["blocks"] for each in block.get("elements", []) if "action_id" in each
    ]
    assert any(value.startswith("dismiss ") and f"{repository.full_name}#" in value for value in values)
    assert there.called == []
