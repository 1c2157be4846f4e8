"""Teams at the edge: proved by its HMAC, answered within its patience."""

import json
import threading
import time
from pathlib import Path

import jsonschema_rs
import pytest
from flask.testing import FlaskClient

from bot.domain import Reply, Words
from bot.errors import EngineUnavailable
from tests.transports.replies import EXAMPLES
from tests.transports.signing import TEAMS_SECRET, teams_headers, teams_message
from tests.webhooks.chat import chat_client, teams
from tests.webhooks.edge import MemoryInbox

CARD = Path(__file__).parent.parent / "transports/teams-card.schema.json"


@pytest.fixture
def edge(tmp_path: Path, inbox: MemoryInbox) -> FlaskClient:
    return chat_client(tmp_path, inbox, answer_wait_s=60)


def test_a_quick_answer_comes_as_a_card_in_the_same_breath(edge: FlaskClient, inbox: MemoryInbox) -> None:
    inbox.replies[""] = EXAMPLES["stats"]
    answer = teams(edge, teams_message())
    [given] = inbox.commands.values()
    assert given.text == "stats 7d"
    assert given.person.key == "teams:tenant-1:aad-1"
    assert (given.place.channel, given.place.thread) == ("19:x@thread.tacv2", "1485983194839")
    assert jsonschema_rs.Draft7Validator(json.loads(CARD.read_text())).is_valid(answer.json)
    assert inbox.waited == [(given.id, 4.0)], "Teams gives up after five seconds, whatever is set"


def test_a_slow_answer_is_promised_with_its_run(edge: FlaskClient, inbox: MemoryInbox) -> None:
    answer = teams(edge, teams_message())
    [given] = inbox.commands.values()
    assert answer.json["type"] == "message"
    assert f"status {given.run_id}" in answer.json["text"]


def test_an_answer_that_cannot_be_awaited_is_promised(
    edge: FlaskClient, inbox: MemoryInbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise EngineUnavailable("away")

    monkeypatch.setattr(inbox, "await_answer", away)
    answer = teams(edge, teams_message())
    assert answer.json["text"].startswith("On it: stats.")
    assert len(inbox.commands) == 1


def test_where_the_engine_is_away_nothing_is_promised(edge: FlaskClient, inbox: MemoryInbox) -> None:
    inbox.away = EngineUnavailable("away")
    assert "nothing was started" in teams(edge, teams_message()).json["text"]


def test_a_message_sent_again_is_the_same_command(edge: FlaskClient, inbox: MemoryInbox) -> None:
    body = teams_message()
    teams(edge, body)
    assert teams(edge, body).json["text"].startswith("Already on it")
    assert len(inbox.commands) == 1
    assert len(inbox.waited) == 1


def test_only_a_few_requests_wait_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inbox = MemoryInbox()
    waiting, go_on = threading.Semaphore(0), threading.Event()

    def wait(command_id: str, timeout_s: float) -> Reply | None:
        waiting.release()
        assert go_on.wait(60)
        return Reply(state="done", parts=(Words(text="late"),))

    monkeypatch.setattr(inbox, "await_answer", wait)
    edge = chat_client(tmp_path, inbox)
    answers = []
    ask = [
        threading.Thread(target=lambda number=number: answers.append(teams(edge, teams_message(id=f"m{number}"))))
        for number in range(4)
    ]
    for thread in ask:
        thread.start()
    for _ in ask:
        assert waiting.acquire(timeout=60)
    began = time.monotonic()
    fifth = teams(edge, teams_message(id="m5"))
    assert time.monotonic() - began < 30
    assert fifth.json["text"].startswith("On it")
    go_on.set()
    for thread in ask:
        thread.join(60)
    assert ["attachments" in answer.json for answer in answers] == [True] * 4


SAID = {
    "<at>Seawall</at> stats 7d\n": "stats 7d",
    '<at id="0">Seawall</at>&nbsp;explain a1b2c3d': "explain a1b2c3d",
    "<p><at>Seawall</at> ask is a &lt; b<br>and <b>c</b>?</p>": "ask is a < b and c?",
    "<at>Seawall</at> ask <at>Mona</at> </at> why": "ask @Mona why",
    "<at>Seawall</at>": "help",
    "<at>Seawall</at> ask 1 < 2 > 1": "ask 1 < 2 > 1",
}


@pytest.mark.parametrize("text", SAID)
def test_the_mention_and_the_markup_are_taken_off(edge: FlaskClient, inbox: MemoryInbox, text: str) -> None:
    teams(edge, teams_message(text))
    assert [given.text for given in inbox.commands.values()] == [SAID[text]]


def test_what_is_not_signed_is_refused(edge: FlaskClient, inbox: MemoryInbox) -> None:
    body = teams_message()
    good = teams_headers(body)["Authorization"]
    other = "YW5vdGhlciB0b2tlbiBvZiBUZWFtcywgMzIgYnl0ZQ=="
    for header in ("", "HMAC ", good[5:], good.lower(), teams_headers(body + b" ")["Authorization"], "HMAC é",
                   teams_headers(body, other)["Authorization"], f"Bearer {good}"):  # fmt: skip
        assert edge.post("/chat/teams", data=body, headers={"Authorization": header}).status_code == 401, header
    assert inbox.commands == {}


def test_an_old_message_is_refused_though_signed(edge: FlaskClient, inbox: MemoryInbox) -> None:
    assert teams(edge, teams_message(timestamp="2026-01-01T00:00:00.000Z")).status_code == 401
    assert inbox.commands == {}


@pytest.mark.parametrize("secret", ["", "not base64!"])
def test_without_a_usable_secret_nothing_is_heard(tmp_path: Path, inbox: MemoryInbox, secret: str) -> None:
    edge = chat_client(tmp_path, inbox, teams_secret=secret)
    body = teams_message()
    for key in (TEAMS_SECRET, ""):
        assert edge.post("/chat/teams", data=body, headers=teams_headers(body, key)).status_code == 503
    assert inbox.commands == {}


def test_what_is_no_message_is_left(edge: FlaskClient, inbox: MemoryInbox) -> None:
    assert teams(edge, teams_message(type="conversationUpdate")).status_code == 200
    assert inbox.commands == {}
