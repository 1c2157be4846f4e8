"""A summary by e-mail: spoken to a real server, privately, once, and with an error that says what to do."""

import smtplib
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from bot.errors import Forbidden, OutcomeUnknown, Rejected, RetryableError
from bot.settings import load_settings
from bot.settings.groups import Weekly
from bot.weekly.delivery import smtp
from bot.weekly.delivery.mail import Letter, Picture, message_of
from bot.weekly.delivery.smtp import greet, send
from tests.weekly.mail_server import PASSWORD, USER, MailServer, mail_server

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\nnot much of a picture"
LETTER = Letter(
    "acme/shop, week 47",
    "Twelve were merged — “all is well”.\n.\nA lone dot above.",
    '<p>Twelve were merged</p><img src="cid:flow" alt="Cycle time">',
    [Picture("flow", PNG, "Cycle time")],
)
Set = Callable[..., Weekly]


@pytest.fixture
def there(tmp_path: Path) -> Iterator[MailServer]:
    with mail_server(tmp_path) as server:
        yield server


@pytest.fixture
def weekly(there: MailServer) -> Set:
    def make(**more: Any) -> Weekly:
        mail = {"mail_host": "127.0.0.1", "mail_port": there.port, "mail_from": "seawall@acme.example"}
        mail |= {"to_mail": ["lead@acme.example", "ops@acme.example"], "mail_timeout_s": 2.0}
        return load_settings({}, None, weekly=mail | more).weekly

    return make


def mailed(there: MailServer, weekly: Weekly, key: str = "acme:2026-W47") -> EmailMessage:
    send(message_of(LETTER, weekly, key, AT), weekly, there.trust)
    return there.taken[-1][1]


def test_it_arrives_as_text_and_html_with_its_pictures_inside(there: MailServer, weekly: Set) -> None:
    message = mailed(there, weekly())
    assert there.taken[0][0] == ["lead@acme.example", "ops@acme.example"]
    assert message["Subject"] == "acme/shop, week 47"
    assert message["From"] == "Seawall <seawall@acme.example>"
    assert message["Date"].datetime == AT
    assert message["Auto-Submitted"] == "auto-generated"
    text, page = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert page is not None
    assert text.get_content().replace("\r\n", "\n") == LETTER.text + "\n"
    assert 'src="cid:flow"' in page.get_content()
    (picture,) = [part for part in message.walk() if part.get_content_type() == "image/png"]
    assert picture["Content-ID"] == "<flow>"
    assert picture.get_content() == PNG


def test_its_id_is_the_same_for_the_same_week_and_another_for_another(there: MailServer, weekly: Set) -> None:
    first, again, other = (mailed(there, weekly(), key) for key in ("acme:W47", "acme:W47", "acme:W48"))
    assert first["Message-ID"] == again["Message-ID"] != other["Message-ID"]
    assert first["Message-ID"].endswith("@acme.example>")


def test_nothing_but_the_greeting_is_said_before_tls(there: MailServer, weekly: Set) -> None:
    mailed(there, weekly(mail_user=USER, mail_password=PASSWORD))
    in_the_open = [line.split()[0].upper() for line in there.said if not line.startswith("TLS ")]
    assert in_the_open == ["EHLO", "STARTTLS"]
    assert any(line.startswith("TLS AUTH") for line in there.said)


def test_a_server_nobody_vouches_for_gets_nothing(there: MailServer, weekly: Set) -> None:
    with pytest.raises(Forbidden, match="nobody vouches for"):
        send(message_of(LETTER, weekly(), "k", AT), weekly())
    assert there.taken == []


def test_a_server_without_tls_gets_nothing_unless_it_may(there: MailServer, weekly: Set) -> None:
    there.offers_tls = False
    there.answers["STARTTLS"] = "502 not here"
    with pytest.raises(Forbidden, match="mail_security"):
        mailed(there, weekly())
    mailed(there, weekly(mail_security="none"))
    assert len(there.taken) == 1


def test_a_password_does_not_leave_this_machine_in_the_open(there: MailServer, weekly: Set, tmp_path: Path) -> None:
    there.offers_tls = False
    mailed(there, weekly(mail_security="none", mail_user=USER, mail_password=PASSWORD))
    # 127.0.0.2 is loopback too, but not one that is known for it.
    with mail_server(tmp_path, "127.0.0.2") as elsewhere:
        elsewhere.offers_tls = False
        more = {"mail_user": USER, "mail_password": PASSWORD}
        far = weekly(mail_host="127.0.0.2", mail_port=elsewhere.port, mail_security="none", **more)
        with pytest.raises(Forbidden, match="without TLS"):
            mailed(elsewhere, far)
    assert not any("AUTH" in line.upper() for line in elsewhere.said)


def test_a_wrong_password_is_not_tried_again(there: MailServer, weekly: Set) -> None:
    with pytest.raises(Forbidden, match="mail_user") as refused:
        mailed(there, weekly(mail_user=USER, mail_password="wrong"))
    assert "wrong" not in str(refused.value)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"MAIL": "451 4.3.0 later"}, RetryableError),
        ({"MAIL": "550 5.7.1 not you"}, Rejected),
        ({"RCPT": "450 4.2.1 greylisted"}, RetryableError),
        ({"RCPT": "550 5.1.1 nobody"}, Rejected),
        ({"DATA": "554 no"}, Rejected),
        ({"DATA.": "452 4.3.1 full"}, RetryableError),
        ({"DATA.": "552 5.3.4 too large"}, Rejected),
        ({"EHLO": "421 closing", "HELO": "421 closing"}, RetryableError),
    ],
)
def test_a_refusal_for_now_is_tried_again_and_one_for_good_is_not(
    there: MailServer, weekly: Set, answers: dict[str, str], expected: type[Exception]
) -> None:
    there.answers = answers
    with pytest.raises(expected):
        mailed(there, weekly())
    assert there.taken == []


def test_one_recipient_that_is_refused_keeps_nothing_from_the_others(there: MailServer, weekly: Set) -> None:
    there.answers["RCPT lead@acme.example"] = "550 5.1.1 nobody"
    mailed(there, weekly())
    assert [to for to, _ in there.taken] == [["ops@acme.example"]]


def test_a_lost_answer_leaves_it_in_doubt(there: MailServer, weekly: Set) -> None:
    there.hangs_up_at = "DATA."
    with pytest.raises(OutcomeUnknown):
        mailed(there, weekly())
    assert len(there.taken) == 1


@pytest.mark.parametrize("verb", ["EHLO", "MAIL", "RCPT"])
def test_a_server_that_hangs_up_early_is_asked_again(there: MailServer, weekly: Set, verb: str) -> None:
    there.hangs_up_at = verb
    with pytest.raises(RetryableError):
        mailed(there, weekly())


def test_a_silent_server_is_waited_for_no_longer_than_set(there: MailServer, weekly: Set) -> None:
    there.greets_after_s = 1.0
    with pytest.raises(RetryableError, match="cannot be reached"):
        mailed(there, weekly(mail_timeout_s=0.05))


def test_a_greeting_that_drips_is_cut_off(there: MailServer, weekly: Set) -> None:
    there.greetings = 100
    with pytest.raises(RetryableError, match="cannot be reached"):
        mailed(there, weekly(mail_timeout_s=0.1))
    assert there.taken == []


class SlowToConnect(smtplib.SMTP):
    """It has no connection to cut when its time is up: each of a name's addresses may take all of one wait."""

    def __init__(self) -> None:
        self.sock = None
        self.there, self.here = socket.socketpair()


def test_a_connection_made_after_its_time_is_cut_off_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "_CUT_AGAIN_S", 0.01)
    server, is_over = SlowToConnect(), threading.Event()
    watch = threading.Thread(target=smtp._watch, args=(server, 0.01, is_over))
    watch.start()
    watch.join(0.1)
    server.sock = server.here
    server.there.settimeout(30)
    assert server.there.recv(1) == b""
    is_over.set()
    watch.join(30)
    assert not watch.is_alive()
    server.here.close()
    server.there.close()


def test_nobody_there_is_tried_again(there: MailServer, weekly: Set) -> None:
    with pytest.raises(RetryableError, match="cannot be reached"):
        mailed(there, weekly(mail_port=1))


def test_the_doctor_greets_and_sends_nothing(there: MailServer, weekly: Set) -> None:
    greet(weekly(mail_user=USER, mail_password=PASSWORD), there.trust)
    assert there.taken == []
    assert not any("MAIL" in line.upper().split() for line in there.said)
    with pytest.raises(Forbidden):
        greet(weekly(mail_user=USER, mail_password="wrong"), there.trust)
