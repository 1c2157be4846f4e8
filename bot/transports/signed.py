"""Any other chat system, such as Mattermost behind a small bridge: signed JSON in, signed JSON out.

In: `X-Seawall-Timestamp` (seconds, at most five minutes off) and `X-Seawall-Signature: sha256=<HMAC-SHA256 of
"<timestamp>.<raw body>", in hex>` around `{"id", "text", "user": {"id", "name"}, "channel", "thread"?, "answer_url"?}`.
At once: `{"run_id", "state", "text"}`, the text in Markdown. Later answers are posted, signed the same way, with
`channel` and `thread` added.
"""

import hashlib
import hmac
import re
import time
from collections.abc import Callable, Iterator, Mapping
from typing import ClassVar
from urllib.parse import urlsplit

from bot.domain import CommandGiven, Person, Place, Reply, Transport
from bot.errors import Forbidden
from bot.settings import Settings
from bot.transports.markdown import render as markdown
from bot.transports.posting.addresses import is_postable, post_json
from bot.transports.reading import identity, iso, json_object, name_at, needed, text_at
from bot.transports.system import ChatSystem, Heard, HttpAnswer, NotHeard, Readiness, command_text, started

WINDOW_S = 300
ANSWER_LIMIT = 16_000
"""Mattermost takes 16,383 characters in a post."""
_TIMESTAMP = re.compile(r"\d{1,12}")


def render(reply: Reply) -> str:
    """The answer in Markdown."""
    return markdown(reply, ANSWER_LIMIT)


class Signed(ChatSystem):
    name: ClassVar[Transport] = "signed"
    paths = ("signed",)
    longest_wait_s = 10.0

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock

    def hear(self, path: str, headers: Mapping[str, str], body: bytes, settings: Settings, now: float) -> Heard:
        verify(settings.chat.signed_secret.get_secret_value(), headers, body, now)
        asked = json_object(body)
        user = needed(name_at(asked, "user", "id"), "user.id")
        channel, thread = name_at(asked, "channel"), name_at(asked, "thread")
        return Heard(
            CommandGiven(
                id=f"signed-{identity(needed(name_at(asked, 'id', limit=500), 'id'))}",
                text=command_text(text_at(asked, "text")),
                person=Person(transport="signed", id=user, name=name_at(asked, "user", "name")),
                place=Place(
                    transport="signed",
                    channel=channel,
                    thread=thread,
                    answer_url=_allowed(name_at(asked, "answer_url", limit=2000), settings),
                ),
                at=iso(now),
            )
        )

    def acknowledge(self, given: CommandGiven, is_new: bool, reply: Reply | None) -> HttpAnswer:
        if reply is not None:
            return HttpAnswer(json=_spoken(reply, given.run_id))
        text = f"{started(given, is_new)} (`{given.run_id}`)"
        return HttpAnswer(json={"run_id": given.run_id, "state": "started" if is_new else "known", "text": text})

    def postpone(self, given: CommandGiven) -> HttpAnswer:
        text = "Seawall cannot take this right now, and nothing was started. Send it again in a minute."
        return HttpAnswer(503, json={"run_id": given.run_id, "state": "failed", "text": text})

    def deliver(self, place: Place, reply: Reply, settings: Settings, person: Person | None = None) -> None:
        url = _allowed(place.answer_url, settings) or settings.chat.signed_post_url.get_secret_value()
        secret = settings.chat.signed_secret.get_secret_value()
        if not url or not secret:
            raise Forbidden("No later answer can be posted: set SEAWALL_CHAT__SIGNED_POST_URL and its secret.")
        asked_by = {"id": person.id, "name": person.name} if person else None
        values = {**_spoken(reply, reply.run_id), "channel": place.channel, "thread": place.thread, "user": asked_by}
        stamp = str(int(self._clock()))
        post_json(
            "The signed endpoint's other side",
            url,
            values,
            lambda body: {"X-Seawall-Timestamp": stamp, "X-Seawall-Signature": signature(secret, stamp, body)},
        )

    def readiness(self, settings: Settings, is_offline: bool) -> Iterator[Readiness]:
        secret, url = settings.chat.signed_secret.get_secret_value(), settings.chat.signed_post_url.get_secret_value()
        if not secret and not url:
            return
        if len(secret) < 16:
            says = "an address but no secret" if not secret else f"a secret of only {len(secret)} characters"
            advice = "Set SEAWALL_CHAT__SIGNED_SECRET; `openssl rand -hex 32` makes a good one."
            yield Readiness("signed chat", bool(secret) and None, says, advice)
        elif url and not is_postable(url):
            yield Readiness("signed chat", False, "signed_post_url is no https address", "Use https.")
        else:
            where = f"later answers go to {urlsplit(url).hostname}" if url else "later answers are not posted"
            yield Readiness("signed chat", True if url else None, f"a secret is set; {where}")


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """What X-Seawall-Signature must read."""
    return "sha256=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def verify(secret: str, headers: Mapping[str, str], body: bytes, now: float) -> None:
    """Raises NotHeard: 503 without a secret, 401 unless the secret signed exactly these bytes within five minutes."""
    if not secret.strip():
        raise NotHeard(503, "No signed request can be trusted: set SEAWALL_CHAT__SIGNED_SECRET.")
    timestamp, given = headers.get("X-Seawall-Timestamp", ""), headers.get("X-Seawall-Signature", "")
    is_fresh = bool(_TIMESTAMP.fullmatch(timestamp)) and timestamp.isascii() and abs(now - int(timestamp)) <= WINDOW_S
    expected = signature(secret, timestamp if is_fresh else "", body)
    if not hmac.compare_digest(expected.encode(), given.encode("utf-8", "surrogatepass")) or not is_fresh:
        raise NotHeard(401, "The signature does not match, or the timestamp is more than five minutes off.")


def _spoken(reply: Reply, run_id: str) -> dict[str, str]:
    return {"run_id": run_id, "state": reply.state, "text": render(reply)}


def _allowed(url: str, settings: Settings) -> str:
    """The address, where it is on the host that the operator set; else nothing, so nobody aims us elsewhere."""
    own = urlsplit(settings.chat.signed_post_url.get_secret_value())
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if own.hostname and (parts.scheme, parts.netloc) == (own.scheme, own.netloc) else ""
