"""Microsoft Teams: an outgoing webhook hears those who mention it and answers at once; what comes later is posted as a
card through a Workflows webhook.

Every request carries `Authorization: HMAC <base64>`, an HMAC-SHA256 of the raw body under the decoded security token.
"""

import base64
import binascii
import hashlib
import hmac
import html
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlsplit

from bot.domain import CommandGiven, Person, Place, Reply, Transport
from bot.errors import Forbidden, OutcomeUnknown, RefusedError, RetryableError
from bot.settings import Settings
from bot.transports.posting.addresses import is_postable, post_json
from bot.transports.reading import identity, iso, json_object, name_at, needed, text_at
from bot.transports.system import ChatSystem, Heard, HttpAnswer, NotHeard, Picture, Readiness, command_text, started
from bot.transports.writing.card import messages

MOST_MESSAGES = 4
WINDOW_S = 300
_MENTION = re.compile(r"<at(?:\s[^<>]{0,200})?>([^<>]{0,200})</at>", re.IGNORECASE)
_BREAK = re.compile(r"<(?:br|/p|/div|/li)\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>")


def render(reply: Reply, most: int = MOST_MESSAGES, lead: str = "") -> tuple[dict[str, Any], ...]:
    """The answer as messages with an Adaptive Card each, within what Teams takes."""
    return messages(reply, most, lead)


class Teams(ChatSystem):
    name: ClassVar[Transport] = "teams"
    paths = ("teams",)
    longest_wait_s = 4.0  # Teams gives up after five

    def hear(self, path: str, headers: Mapping[str, str], body: bytes, settings: Settings, now: float) -> Heard:
        verify(settings.chat.teams_secret.get_secret_value(), headers.get("Authorization", ""), body)
        activity = json_object(body)
        _refuse_stale(text_at(activity, "timestamp"), now)
        if activity.get("type") != "message":
            return Heard(because=f"nothing is done about {name_at(activity, 'type', limit=60) or 'this'}")
        tenant = name_at(activity, "conversation", "tenantId") or name_at(activity, "channelData", "tenant", "id")
        conversation = needed(name_at(activity, "conversation", "id", limit=500), "conversation.id")
        message = needed(name_at(activity, "id"), "id")
        user = name_at(activity, "from", "aadObjectId") or needed(name_at(activity, "from", "id"), "from.id")
        thread = conversation.partition(";messageid=")[2] or message
        try:
            text = command_text(said(text_at(activity, "text")))
        except NotHeard as long:
            return Heard(answer=HttpAnswer(json={"type": "message", "text": str(long)}), because=str(long))
        return Heard(
            CommandGiven(
                id=f"teams-{identity(tenant, conversation, message)}",
                text=text,
                person=Person(transport="teams", id=user, workspace=tenant, name=name_at(activity, "from", "name")),
                place=Place(
                    transport="teams",
                    workspace=tenant,
                    channel=name_at(activity, "channelData", "teamsChannelId") or conversation.partition(";")[0],
                    thread=thread,
                    message=message,
                ),
                at=iso(now),
            )
        )

    def acknowledge(self, given: CommandGiven, is_new: bool, reply: Reply | None) -> HttpAnswer:
        if reply is not None:
            return HttpAnswer(json=render(reply, 1)[0])
        goes_on = "It goes on; the answer follows. Ask how it stands with"
        text = f"{started(given, is_new)}. {goes_on} status {given.run_id}."
        return HttpAnswer(json={"type": "message", "text": html.escape(text, quote=False)})

    def postpone(self, given: CommandGiven) -> HttpAnswer:
        text = "Seawall cannot take this right now, and nothing was started. Please say it again in a minute."
        return HttpAnswer(json={"type": "message", "text": text})

    def deliver(self, place: Place, reply: Reply, settings: Settings, person: Person | None = None) -> None:
        lead = f"For {person.name}" if person and person.name else ""
        _post(render(reply, MOST_MESSAGES, lead), settings)

    def publish(
        self, place: Place, messages: Sequence[Mapping[str, Any]], pictures: Sequence[Picture], settings: Settings
    ) -> None:
        _post(messages, settings)  # a Workflows webhook takes no files

    def readiness(self, settings: Settings, is_offline: bool) -> Iterator[Readiness]:
        secret = settings.chat.teams_secret.get_secret_value()
        url = settings.chat.teams_post_url.get_secret_value()
        if not secret and not url:
            return
        if not secret:
            advice = "Every request of Teams is refused. Set SEAWALL_CHAT__TEAMS_SECRET to the webhook's token."
            yield Readiness("Teams", False, "no security token", advice)
        elif not _decoded(secret):
            advice = "Copy the security token again, as Teams showed it when the outgoing webhook was made."
            yield Readiness("Teams", False, "the security token is no base64", advice)
        else:
            yield Readiness("Teams", True, "a security token is set")
        if not url:
            advice = "Later answers are not posted. Set SEAWALL_CHAT__TEAMS_POST_URL to a Workflows webhook."
            yield Readiness("Teams posting", None, "no Workflows webhook", advice)
        elif not is_postable(url):
            yield Readiness("Teams posting", False, "the Workflows webhook is no https address", "Copy it again.")
        else:
            yield Readiness("Teams posting", True, f"through {urlsplit(url).hostname}")


def _post(messages: Sequence[Mapping[str, Any]], settings: Settings) -> None:
    url = settings.chat.teams_post_url.get_secret_value()
    if not url:
        raise Forbidden("Teams takes no later answer: set SEAWALL_CHAT__TEAMS_POST_URL to a Workflows webhook.")
    for done, message in enumerate(messages):
        try:
            post_json("Teams", url, message, {})
        except (RetryableError, RefusedError) as failed:
            if done:
                line = f"Teams took {done} of {len(messages)} cards of an answer, then: {failed}"
                raise OutcomeUnknown(line) from failed
            raise


def verify(secret: str, header: str, body: bytes) -> None:
    """Raises NotHeard: 503 without a usable secret, 401 unless Teams signed exactly these bytes."""
    key = _decoded(secret)
    if not key:
        line = "No request of Teams can be trusted: set SEAWALL_CHAT__TEAMS_SECRET to the outgoing webhook's token."
        raise NotHeard(503, line)
    expected = "HMAC " + base64.b64encode(hmac.new(key, body, hashlib.sha256).digest()).decode()
    if not hmac.compare_digest(expected.encode(), header.encode("utf-8", "surrogatepass")):
        raise NotHeard(401, "This is not signed by Teams. Compare the outgoing webhook's security token.")


def said(text: str) -> str:
    """What was asked, of a message's HTML: without the mention that called us and without tags."""
    text = _MENTION.sub("", text, count=1)
    text = _MENTION.sub(lambda other: f"@{other[1]}", text)
    return html.unescape(_TAG.sub("", _BREAK.sub(" ", text))).replace("\u00a0", " ")


def _decoded(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.strip(), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _refuse_stale(timestamp: str, now: float) -> None:
    """The time stands in the signed body. Without one only its id tells a message sent again."""
    try:
        sent_at = datetime.fromisoformat(timestamp).timestamp()
    except (ValueError, OverflowError):
        return
    if abs(now - sent_at) > WINDOW_S:
        raise NotHeard(401, "This message is older than five minutes, or one of the clocks is wrong.")
