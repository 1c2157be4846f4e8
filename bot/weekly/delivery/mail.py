"""A summary as e-mail: text and HTML side by side, pictures inside, one message to all, known by its id for ever."""

import smtplib
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256
from typing import Any, Final, NamedTuple

from bot.errors import Forbidden, OutcomeUnknown, Rejected, RetryableError
from bot.logs import logger
from bot.redaction import masked
from bot.settings.groups import Weekly

_LONGEST: Final = 6
"""All of a delivery takes no longer than so many waits for one answer."""
_LOOPBACK: Final = {"127.0.0.1", "localhost", "::1"}
_log = logger(__name__)


class Picture(NamedTuple):
    """`name` is its content id: HTML shows it by `src="cid:flow"`."""

    name: str
    png: bytes
    alt: str


class Letter(NamedTuple):
    title: str
    text: str
    html: str
    pictures: Sequence[Picture] = ()


def message_of(letter: Letter, weekly: Weekly, key: str, at: datetime) -> EmailMessage:
    """`key` makes its Message-ID: sent again after a lost answer, mail systems show it once."""
    sender = Address(addr_spec=weekly.mail_from)
    message = EmailMessage()
    message["Subject"] = " ".join(letter.title.split())
    message["From"] = Address("Seawall", addr_spec=weekly.mail_from)
    message["To"] = [Address(addr_spec=to) for to in weekly.to_mail]
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{sha256(key.encode()).hexdigest()[:32]}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answer by a machine, please
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    page = message.get_body(("html",))
    assert page is not None, "it was added a moment ago"
    for picture in letter.pictures:
        page.add_related(
            picture.png, "image", "png", cid=f"<{picture.name}>", disposition="inline", filename=f"{picture.name}.png"
        )
    return message


def send(
    message: EmailMessage, weekly: Weekly, trust: Callable[[], ssl.SSLContext] = ssl.create_default_context
) -> None:
    """Hands it to the server, once. Raises RetryableError where the server is away or busy, OutcomeUnknown where its
    answer to the whole message was lost, errors.RefusedError where it will not have it.
    """
    where = f"The mail server {weekly.mail_host}:{weekly.mail_port}"
    try:
        with _server(weekly, trust) as server:
            refused = server.send_message(message)
    except smtplib.SMTPAuthenticationError as wrong:
        raise Forbidden(
            f"{where} does not let us in ({_said(wrong)}). Compare weekly.mail_user and its password."
        ) from None
    except smtplib.SMTPRecipientsRefused as nobody:
        code, said = next(iter(nobody.recipients.values()))
        raise _refusal(code, f"{where} takes none of the recipients ({code} {_words(said)}).") from None
    except smtplib.SMTPResponseException as answered:
        raise _refusal(answered.smtp_code, f"{where} refuses the message ({_said(answered)}).") from None
    except smtplib.SMTPNotSupportedError as unable:
        raise Forbidden(f"{where}: {unable}. Set weekly.mail_security to what it offers.") from None
    except ssl.SSLCertVerificationError as untrusted:
        raise Forbidden(f"{where} shows a certificate nobody vouches for ({untrusted.verify_message}).") from None
    except (smtplib.SMTPException, OSError) as away:
        raise RetryableError(f"{where} cannot be reached ({type(away).__name__}: {masked(str(away))[:200]}).") from away
    if refused:
        _log.warning(
            "the mail server refused some recipients",
            count=len(refused),
            codes=sorted({c for c, _ in refused.values()}),
        )


class _Plain(smtplib.SMTP):
    def data(self, msg: Any) -> tuple[int, bytes]:
        """The one step after which nobody knows whether the message was taken."""
        try:
            return super().data(msg)
        except (smtplib.SMTPServerDisconnected, TimeoutError, ConnectionError) as lost:
            raise OutcomeUnknown(
                f"The mail server's answer was lost ({lost}); the message may be on its way."
            ) from lost


class _Private(_Plain, smtplib.SMTP_SSL):
    """The same, by TLS from the first byte."""


@contextmanager
def _server(weekly: Weekly, trust: Callable[[], ssl.SSLContext]) -> Iterator[smtplib.SMTP]:
    timeout_s, address = weekly.mail_timeout_s, (weekly.mail_host, weekly.mail_port)
    if weekly.mail_security == "tls":
        server: smtplib.SMTP = _Private(*address, timeout=timeout_s, context=trust())
    else:
        server = _Plain(*address, timeout=timeout_s)
    watch = threading.Timer(timeout_s * _LONGEST, _cut, [server])  # an answer that drips is none
    watch.daemon = True
    watch.start()
    try:
        if weekly.mail_security == "starttls":
            server.starttls(context=trust())
        if weekly.mail_user:
            _sign_in(server, weekly)
        yield server
        with suppress(smtplib.SMTPException, OSError):
            server.quit()  # the message is taken; a farewell is not worth an error
    finally:
        watch.cancel()
        server.close()


def _sign_in(server: smtplib.SMTP, weekly: Weekly) -> None:
    if weekly.mail_security == "none" and weekly.mail_host not in _LOOPBACK:
        raise Forbidden("The mail server's password is not sent without TLS: set weekly.mail_security.")
    server.login(weekly.mail_user, weekly.mail_password.get_secret_value())


def _cut(server: smtplib.SMTP) -> None:
    with suppress(OSError, AttributeError):
        if server.sock is not None:
            server.sock.shutdown(2)


def _refusal(code: int, says: str) -> RetryableError | Rejected:
    """4yz is “not now” (RFC 5321, 4.2.1)."""
    return RetryableError(says) if code < 500 else Rejected(says)


def _said(answered: smtplib.SMTPResponseException) -> str:
    return f"{answered.smtp_code} {_words(answered.smtp_error)}"


def _words(said: bytes | str) -> str:
    return masked(said.decode("utf-8", "replace") if isinstance(said, bytes) else said)[:200]
