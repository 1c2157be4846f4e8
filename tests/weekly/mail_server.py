"""A mail server on loopback: SMTP (RFC 5321), STARTTLS (RFC 3207), AUTH (RFC 4954). It keeps what it takes."""

import base64
import ipaddress
import socketserver
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

USER, PASSWORD = "seawall", "correct horse"


@dataclass
class MailServer:
    """What it does when it is asked; `taken` is what it took, with the recipients it took it for."""

    port: int = 0
    taken: list[tuple[list[str], EmailMessage]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    """The commands it heard, each with `TLS ` before it where nobody else could hear."""
    offers_tls: bool = True
    certificate: Path | None = None
    answers: dict[str, str] = field(default_factory=dict)
    """Verb, or `RCPT <address>`, → what it is answered instead; `DATA.` is the end of the message."""
    hangs_up_at: str = ""
    """The verb at which it hangs up; at `DATA.` it keeps the message and says nothing."""
    greets_after_s: float = 0.0
    greetings: int = 0
    """So many lines it greets with, a twentieth of a second apart, before it is ready."""

    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.certificate))


@contextmanager
def mail_server(folder: Path, address: str = "127.0.0.1") -> Iterator[MailServer]:
    here = MailServer(certificate=_certificate(folder))

    class Session(_Session):
        there = here

    server = socketserver.ThreadingTCPServer((address, 0), Session)
    server.daemon_threads = True
    here.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield here
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


class _Session(socketserver.StreamRequestHandler):
    there: MailServer
    is_private = False

    def handle(self) -> None:
        self.recipients: list[str] = []
        time.sleep(self.there.greets_after_s)
        for _ in range(self.there.greetings):
            self._say("220-mail.test")
            time.sleep(0.05)
        self._say("220 mail.test ready")
        while line := self.rfile.readline(2000).decode("utf-8", "replace").strip():
            self.there.said.append(f"{'TLS ' if self.is_private else ''}{line}")
            verb = line.split()[0].upper()
            try:
                if self.there.hangs_up_at == verb or not self._answer(verb, line):
                    return
            except ssl.SSLError:  # the other side does not trust us
                return

    def _answer(self, verb: str, line: str) -> bool:
        told = self.there.answers.get(verb) or self.there.answers.get(f"{verb} {_address(line)}")
        if told:
            self._say(told)
        elif verb == "STARTTLS":
            self._say("220 go ahead")
            self._in_private()
        elif verb == "DATA":
            self._say("354 end with a dot")
            return self._take()
        else:
            self._say(self._usual(verb, line))
        return verb != "QUIT"

    def _usual(self, verb: str, line: str) -> str:
        if verb == "EHLO":
            extras = ["AUTH PLAIN LOGIN"] if self.is_private or not self.there.offers_tls else []
            extras += [] if self.is_private or not self.there.offers_tls else ["STARTTLS"]
            lines = ["mail.test", "SIZE 1000000", *extras]
            return "\r\n".join(f"250{'-' if at < len(lines) - 1 else ' '}{one}" for at, one in enumerate(lines))
        if verb == "AUTH":
            _, _, given = base64.b64decode(line.split()[2]).decode().partition("\0")
            return "235 welcome" if given == f"{USER}\0{PASSWORD}" else "535 5.7.8 no such account"
        if verb == "RCPT":
            self.recipients.append(_address(line))
        return {"QUIT": "221 bye", "MAIL": "250 ok", "RCPT": "250 ok", "RSET": "250 ok"}.get(verb, "502 what?")

    def _take(self) -> bool:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return False
            lines.append(line[1:] if line.startswith(b"..") else line)
        told = self.there.answers.get("DATA.", "250 taken")
        if told.startswith("2"):
            message = message_from_bytes(b"".join(lines), policy=policy.default)
            self.there.taken.append((self.recipients, message))  # type: ignore[arg-type]
            self.recipients = []
        if self.there.hangs_up_at == "DATA.":
            return False
        self._say(told)
        return True

    def _in_private(self) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        assert self.there.certificate
        context.load_cert_chain(self.there.certificate)
        self.request: Any = context.wrap_socket(self.request, server_side=True)
        self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb")
        self.is_private = True

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())
        self.wfile.flush()


def _address(line: str) -> str:
    return line.partition("<")[2].partition(">")[0]


def _certificate(folder: Path) -> Path:
    path = folder / "mail.pem"
    path.write_bytes(_pem())
    return path


@cache
def _pem() -> bytes:
    """A key and its certificate for loopback, which vouches for itself."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.test")])
    alternatives = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(alternatives, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + certificate.public_bytes(Encoding.PEM)
