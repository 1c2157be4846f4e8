"""A summary as e-mail: text and HTML side by side, pictures inside, one message to all, known by its id for ever."""

from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256
from typing import NamedTuple

from bot.settings.groups import Weekly


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
