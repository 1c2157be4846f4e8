"""The SMTP server that takes our mail: privately, within a deadline, and with errors that say what to do."""

import smtplib
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from typing import Any, Final

from bot.errors import Forbidden, OutcomeUnknown, Rejected, RetryableError
from bot.logs import logger
from bot.redaction import masked
from bot.settings.groups import Weekly

_LONGEST: Final = 6
"""All of a delivery takes no longer than so many waits for one answer."""
_CUT_AGAIN_S: Final = 0.5
_LOOPBACK: Final = {"127.0.0.1", "localhost", "::1"}
_log = logger(__name__)

Trust = Callable[[], ssl.SSLContext]


def send(message: EmailMessage, weekly: Weekly, trust: Trust = ssl.create_default_context) -> None:
    """Hands it to the server, once. Raises RetryableError where the server is away or busy, OutcomeUnknown where its
    answer to the whole message was lost, errors.RefusedError where it will not have it.
    """
    with _server(weekly, trust) as server:
        refused = server.send_message(message)
    if refused:
        codes = sorted({code for code, _ in refused.values()})
        _log.warning("the mail server refused some recipients", count=len(refused), codes=codes)


def greet(weekly: Weekly, trust: Trust = ssl.create_default_context) -> None:
    """Everything up to the message: connects, signs in, and takes its leave. Raises as `send`."""
    with _server(weekly, trust) as server:
        server.noop()


class _Plain(smtplib.SMTP):
    """Connected at once, as smtplib does it, and cut off when its time is up: an answer that drips is none."""

    def __init__(self, host: str, port: int, timeout: float, **more: Any) -> None:
        self._is_over = threading.Event()
        threading.Thread(target=_watch, args=(self, timeout * _LONGEST, self._is_over), daemon=True).start()
        try:
            super().__init__(host, port, timeout=timeout, **more)
        except BaseException:
            self._is_over.set()
            raise

    def close(self) -> None:
        self._is_over.set()
        super().close()

    def data(self, msg: Any) -> tuple[int, bytes]:
        """The one step after which nobody knows whether the message was taken."""
        try:
            return super().data(msg)
        except (smtplib.SMTPServerDisconnected, TimeoutError, ConnectionError) as lost:
            words = f"The mail server's answer was lost ({lost}); the message may be on its way."
            raise OutcomeUnknown(words) from lost


class _Private(_Plain, smtplib.SMTP_SSL):
    """The same, by TLS from the first byte."""


@contextmanager
def _server(weekly: Weekly, trust: Trust) -> Iterator[smtplib.SMTP]:
    """Connected and signed in."""
    timeout_s, address = weekly.mail_timeout_s, (weekly.mail_host, weekly.mail_port)
    with _explained(f"The mail server {weekly.mail_host}:{weekly.mail_port}"):
        if weekly.mail_security == "tls":
            server: _Plain = _Private(*address, timeout_s, context=trust())
        else:
            server = _Plain(*address, timeout_s)
        try:
            if weekly.mail_security == "starttls":
                server.starttls(context=trust())
            if weekly.mail_user:
                _sign_in(server, weekly)
            yield server
            with suppress(smtplib.SMTPException, OSError):
                server.quit()  # the message is taken; a farewell is not worth an error
        finally:
            server.close()


def _sign_in(server: smtplib.SMTP, weekly: Weekly) -> None:
    if weekly.mail_security == "none" and weekly.mail_host not in _LOOPBACK:
        raise Forbidden("The mail server's password is not sent without TLS: set weekly.mail_security.")
    server.login(weekly.mail_user, weekly.mail_password.get_secret_value())


def _watch(server: smtplib.SMTP, allowed_s: float, is_over: threading.Event) -> None:
    """Cuts until it is over: at the first time the server may not be connected yet, or change over to TLS."""
    wait_s = allowed_s
    while not is_over.wait(wait_s):
        _cut(server)
        wait_s = _CUT_AGAIN_S


def _cut(server: smtplib.SMTP) -> None:
    with suppress(OSError, AttributeError):
        if server.sock is not None:
            server.sock.shutdown(2)


@contextmanager
def _explained(where: str) -> Iterator[None]:
    try:
        yield
    except smtplib.SMTPAuthenticationError as wrong:
        advice = "Compare weekly.mail_user and its password."
        raise Forbidden(f"{where} does not let us in ({_said(wrong)}). {advice}") from None
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


def _refusal(code: int, says: str) -> RetryableError | Rejected:
    """4yz is “not now” (RFC 5321, 4.2.1)."""
    return RetryableError(says) if code < 500 else Rejected(says)


def _said(answered: smtplib.SMTPResponseException) -> str:
    return f"{answered.smtp_code} {_words(answered.smtp_error)}"


def _words(said: bytes | str) -> str:
    return masked(said.decode("utf-8", "replace") if isinstance(said, bytes) else said)[:200]
