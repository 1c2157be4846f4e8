"""The signed endpoint: any system that can make an HMAC."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from bot.domain import Person, Place
from bot.errors import EngineUnavailable, Forbidden
from bot.settings import Settings
from bot.transports.registry import deliver
from bot.transports.signed import Signed
from tests.transports.receiver import Receiver, receiver
from tests.transports.replies import EXAMPLES
from tests.transports.signing import SIGNED_SECRET, signed_command, signed_headers
from tests.webhooks.chat import chat_client, signed
from tests.webhooks.edge import MemoryInbox, edge_settings

OWN = "https://chat.acme.test/hooks/answer-7"


@pytest.fixture
def edge(tmp_path: Path, inbox: MemoryInbox) -> FlaskClient:
    return chat_client(tmp_path, inbox)


def test_a_quick_answer_comes_in_markdown(edge: FlaskClient, inbox: MemoryInbox) -> None:
    inbox.replies[""] = EXAMPLES["explain"]
    answer = signed(edge, signed_command())
    [given] = inbox.commands.values()
    assert (answer.json["run_id"], answer.json["state"]) == (given.run_id, "done")
    assert "**a1b2c3d: this call can wait for ever**" in answer.json["text"]
    assert given.person.key == "signed::u7"
    assert inbox.waited == [(given.id, 2.0)]


def test_a_slow_answer_is_promised(edge: FlaskClient, inbox: MemoryInbox) -> None:
    answer = signed(edge, signed_command("/seawall review acme/checkout#12"))
    [given] = inbox.commands.values()
    assert answer.json == {"run_id": given.run_id, "state": "started", "text": f"On it: review (`{given.run_id}`)"}


def test_a_replay_starts_nothing(edge: FlaskClient, inbox: MemoryInbox) -> None:
    signed(edge, signed_command())
    again = signed(edge, signed_command())
    assert (again.status_code, again.json["state"]) == (200, "known")
    assert len(inbox.commands) == 1
    assert len(inbox.waited) == 1


def test_later_answers_go_only_where_the_operator_said(edge: FlaskClient, inbox: MemoryInbox) -> None:
    urls = ("https://evil.test/x", "http://chat.acme.test/x", "https://chat.acme.test:99/x", "https://chat.acme.test@evil.test/",
            "https://[", "file:///etc/passwd", OWN)  # fmt: skip
    for number, url in enumerate(urls):
        signed(edge, signed_command(id=f"p{number}", answer_url=url))
    assert [given.place.answer_url for given in inbox.commands.values()] == [""] * 6 + [OWN]


def test_what_is_not_signed_now_is_refused(edge: FlaskClient, inbox: MemoryInbox) -> None:
    body = signed_command()
    good = signed_headers(body)
    bad = [
        {}, signed_headers(body, secret="x"), signed_headers(body, age_s=310), signed_headers(body, age_s=-310),
        signed_headers(body + b" "), good | {"X-Seawall-Timestamp": str(int(good["X-Seawall-Timestamp"]) + 1)},
        good | {"X-Seawall-Timestamp": "٣"}, good | {"X-Seawall-Signature": "sha256=é"},
        good | {"X-Seawall-Signature": good["X-Seawall-Signature"][7:]},
    ]  # fmt: skip
    for headers in bad:
        encoded = {name: value.encode("utf-8").decode("latin-1") for name, value in headers.items()}
        assert edge.post("/chat/signed", data=body, headers=encoded).status_code == 401, headers
    assert inbox.commands == {}


def test_without_a_secret_nothing_is_heard(tmp_path: Path, inbox: MemoryInbox) -> None:
    edge = chat_client(tmp_path, inbox, signed_secret="")
    body = signed_command()
    assert edge.post("/chat/signed", data=body, headers=signed_headers(body, secret="")).status_code == 503
    assert inbox.commands == {}


def test_where_the_engine_is_away_the_sender_is_told_to_come_back(edge: FlaskClient, inbox: MemoryInbox) -> None:
    inbox.away = EngineUnavailable("away")
    answer = signed(edge, signed_command())
    assert (answer.status_code, answer.json["state"]) == (503, "failed")


MALFORMED = {
    "no id": signed_command(id=""),
    "no person": signed_command(user="mona"),
    "a list": b"[]",
    "no JSON": b"{",
    "no UTF-8": b'{"id": "\xff"}',
    "too deep": b'{"a":' * 100_000,
}


@pytest.mark.parametrize("which", MALFORMED)
def test_what_cannot_be_read_is_refused_in_one_line(edge: FlaskClient, inbox: MemoryInbox, which: str) -> None:
    answer = signed(edge, MALFORMED[which])
    assert answer.status_code == 400
    assert "\n" not in answer.json["error"]
    assert inbox.commands == {}


def test_a_huge_body_is_refused_before_it_is_read(edge: FlaskClient) -> None:
    assert signed(edge, signed_command("x" * (1 << 20))).status_code == 413


def test_a_long_command_is_refused(edge: FlaskClient) -> None:
    assert signed(edge, signed_command("x" * 5000)).status_code == 413


@pytest.fixture
def here() -> Iterator[Receiver]:
    with receiver() as there:
        yield there


@pytest.fixture
def posting(tmp_path: Path, here: Receiver) -> Settings:
    return edge_settings(tmp_path, chat={"signed_secret": SIGNED_SECRET, "signed_post_url": here.url})


def test_a_later_answer_is_signed_as_requests_are(here: Receiver, posting: Settings, tmp_path: Path) -> None:
    own = here.url + "/answer-7"
    place = Place(transport="signed", channel="town-square", thread="t1", answer_url=own)
    deliver(place, EXAMPLES["stats"], posting, Person(transport="signed", id="u7", name="mona"))
    [(headers, body)] = here.got
    stamp = headers["X-Seawall-Timestamp"]
    assert headers["X-Seawall-Signature"] == _resigned(body, stamp)
    assert b'"channel": "town-square"' in body
    assert b'"run_id": "c-3f9a2b1"' in body


def _resigned(body: bytes, stamp: str) -> str:
    import hashlib
    import hmac

    return "sha256=" + hmac.new(SIGNED_SECRET.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()


def test_an_address_elsewhere_is_not_posted_to(here: Receiver, posting: Settings) -> None:
    place = Place(transport="signed", channel="c", answer_url="http://127.0.0.1:1/elsewhere")
    deliver(place, EXAMPLES["stats"], posting)
    assert len(here.got) == 1, "it went to the operator's address instead"


def test_without_an_address_it_says_what_to_set(tmp_path: Path) -> None:
    with pytest.raises(Forbidden, match="SEAWALL_CHAT__SIGNED_POST_URL"):
        deliver(Place(transport="signed"), EXAMPLES["stats"], edge_settings(tmp_path))


def test_the_doctor_tells_a_short_secret(tmp_path: Path) -> None:
    [line] = Signed().readiness(edge_settings(tmp_path, chat={"signed_secret": "short"}), True)
    assert line.is_well is None
    assert "only 5 characters" in line.says
