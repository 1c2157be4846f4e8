"""Slack: the slash command, mentions, direct messages and buttons; answers for the asker alone unless they are public.

Every request is signed (`v0=` HMAC-SHA256 over `v0:<timestamp>:<body>`) and at most five minutes old.
"""

import importlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, cast
from urllib.parse import urlsplit

from bot.domain import CommandGiven, Person, Place, Reply, Transport
from bot.settings import Settings
from bot.transports.reading import form, identity, iso, json_object, name_at, needed, text_at
from bot.transports.system import ChatSystem, Heard, HttpAnswer, NotHeard, Picture, Readiness, command_text, started
from bot.transports.writing.blocks import messages

COMMANDS, EVENTS, ACTIONS = "slack/commands", "slack/events", "slack/actions"
MOST_MESSAGES = 4
"""One answer in so many messages: a response_url takes five, and the end of a review wants the fifth."""
PRESSES_S = 10
"""Two presses of one button by one person within so many seconds are one."""
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
_ANGLED = re.compile(r"<([^<>|]{1,2000})(?:\|([^<>]{0,500}))?>")
_OWN_HOSTS = ("slack.com", "slack-gov.com")
_SAID_BY_PEOPLE = {"", "thread_broadcast", "file_share"}


def render(reply: Reply) -> tuple[dict[str, Any], ...]:
    """The answer as messages (`text` and `blocks`), each within Slack's limits."""
    return messages(reply, MOST_MESSAGES)


class Slack(ChatSystem):
    name: ClassVar[Transport] = "slack"
    paths = (COMMANDS, EVENTS, ACTIONS)

    def hear(self, path: str, headers: Mapping[str, str], body: bytes, settings: Settings, now: float) -> Heard:
        verify(settings.chat.slack_signing_secret.get_secret_value(), headers, body, now)
        if path == COMMANDS:
            return _command(form(body), settings, now)
        if path == EVENTS:
            return _event(json_object(body), now)
        return _press(json_object(needed(form(body).get("payload", ""), "payload")), settings, now)

    def acknowledge(self, given: CommandGiven, is_new: bool, reply: Reply | None) -> HttpAnswer:
        if not given.id.startswith("slack-command-"):
            return HttpAnswer()
        return _privately(f"{started(given, is_new)}  ·  {given.run_id}")

    def postpone(self, given: CommandGiven) -> HttpAnswer:
        if not given.id.startswith("slack-command-"):
            return HttpAnswer(503)  # Slack sends events again, and shows that a button did not work
        return _privately("Seawall cannot take this right now, and nothing was started. Say it again in a minute.")

    def deliver(self, place: Place, reply: Reply, settings: Settings, person: Person | None = None) -> None:
        from bot.transports.posting.slack import post

        if not is_slacks_own(place.answer_url, settings.chat.slack_base_url):
            place = place.model_copy(update={"answer_url": ""})
        post(place, render(reply), settings.chat, person.id if person else "", reply.is_public)

    def publish(
        self, place: Place, messages: Sequence[Mapping[str, Any]], pictures: Sequence[Picture], settings: Settings
    ) -> None:
        from bot.transports.posting.slack_files import publish

        publish(place, messages, pictures, settings.chat)

    def readiness(self, settings: Settings, is_offline: bool) -> Iterator[Readiness]:
        from bot.transports.posting.slack import readiness

        yield from readiness(settings.chat, is_offline)

    def prepare(self, settings: Settings) -> None:
        if settings.chat.slack_signing_secret.get_secret_value():
            importlib.import_module("slack_sdk.signature")


def verify(secret: str, headers: Mapping[str, str], body: bytes, now: float) -> None:
    """Raises NotHeard: 503 without a secret, 401 unless Slack signed exactly these bytes within five minutes."""
    if not secret.strip():
        line = "No request of Slack can be trusted: set SEAWALL_CHAT__SLACK_SIGNING_SECRET to the app's signing secret."
        raise NotHeard(503, line)
    from slack_sdk.signature import SignatureVerifier  # 100 ms, paid only where Slack is used

    verifier = SignatureVerifier(secret, cast(Any, _Clock(now)))
    timestamp, signature = headers.get("X-Slack-Request-Timestamp"), headers.get("X-Slack-Signature")
    try:
        is_signed = verifier.is_valid(body, timestamp, signature)
    except (ValueError, TypeError, OverflowError):  # a timestamp that is no number, bytes that are no text
        is_signed = False
    if not is_signed:
        raise NotHeard(401, "This is not signed by Slack, or older than five minutes. Compare the signing secret.")


class _Clock:
    """The time the verifier is to use."""

    def __init__(self, now: float) -> None:
        self._now = now

    def now(self) -> float:
        return self._now


def _command(fields: Mapping[str, str], settings: Settings, now: float) -> Heard:
    if fields.get("ssl_check") == "1":
        return Heard(because="Slack looks whether the address answers")
    team = name_at(fields, "team_id") or name_at(fields, "enterprise_id")
    user, channel = needed(name_at(fields, "user_id"), "user_id"), name_at(fields, "channel_id")
    try:
        text = command_text(unescaped(text_at(fields, "text")))
    except NotHeard as long:
        return Heard(answer=_privately(str(long)), because=str(long))
    trigger = needed(name_at(fields, "trigger_id"), "trigger_id")
    return Heard(
        CommandGiven(
            id=f"slack-command-{identity(team, user, trigger)}",
            text=text,
            person=Person(transport="slack", id=user, workspace=team, name=name_at(fields, "user_name")),
            place=Place(
                transport="slack",
                workspace=team,
                channel=channel,
                answer_url=_answer_url(fields.get("response_url", ""), settings),
            ),
            at=iso(now),
        )
    )


def _event(envelope: Mapping[str, Any], now: float) -> Heard:
    if envelope.get("type") == "url_verification":
        challenge = needed(text_at(envelope, "challenge"), "challenge")[:1000]
        return Heard(answer=HttpAnswer(json={"challenge": challenge}), because="Slack proves the address")
    event = envelope.get("event")
    if envelope.get("type") != "event_callback" or not isinstance(event, dict):
        return Heard(because=f"nothing is done about {name_at(envelope, 'type', limit=60) or 'this'}")
    if reason := _not_for_us(envelope, event):
        return Heard(because=reason)
    team = name_at(envelope, "team_id") or name_at(event, "team")
    user, said_at = needed(name_at(event, "user"), "event.user"), needed(name_at(event, "ts"), "event.ts")
    try:
        text = command_text(unescaped(_without_mention(text_at(event, "text"))))
    except NotHeard as long:
        return Heard(because=str(long))
    return Heard(
        CommandGiven(
            id=f"slack-event-{identity(team, needed(name_at(envelope, 'event_id'), 'event_id'))}",
            text=text,
            person=Person(transport="slack", id=user, workspace=team),
            place=Place(
                transport="slack",
                workspace=team,
                channel=needed(name_at(event, "channel"), "event.channel"),
                thread=name_at(event, "thread_ts"),
                message=said_at,
            ),
            at=iso(now),
        )
    )


def _not_for_us(envelope: Mapping[str, Any], event: Mapping[str, Any]) -> str:
    """Why an event gives no command; empty where it does."""
    kind = name_at(event, "type", limit=60)
    if kind != "app_mention" and not (kind == "message" and event.get("channel_type") == "im"):
        return f"nothing is done about {kind or 'this'}"
    is_ours = "app_id" in event and event["app_id"] == envelope.get("api_app_id")
    if event.get("bot_id") or event.get("bot_profile") or is_ours:
        return "a bot said it"
    if name_at(event, "user") in {name_at(envelope, "authorizations", index, "user_id") for index in range(5)} - {""}:
        return "our own message"
    if name_at(event, "subtype") not in _SAID_BY_PEOPLE or event.get("edited") or event.get("hidden"):
        return "no new message"
    return ""


def _press(payload: Mapping[str, Any], settings: Settings, now: float) -> Heard:
    """A pressed button: its value is the command. A button that opens a page is only acknowledged."""
    command = text_at(payload, "actions", 0, "value")
    if payload.get("type") != "block_actions" or not command.strip():
        return Heard(because="no command")
    team = name_at(payload, "team", "id") or name_at(payload, "enterprise", "id")
    user = needed(name_at(payload, "user", "id"), "user.id")
    channel = name_at(payload, "channel", "id") or name_at(payload, "container", "channel_id")
    message = name_at(payload, "container", "message_ts") or name_at(payload, "message", "ts")
    try:
        text = command_text(command)
        pressed_at = int(float(name_at(payload, "actions", 0, "action_ts") or now) // PRESSES_S)
    except (NotHeard, ValueError, OverflowError):
        return Heard(because="no command of ours")
    button = [name_at(payload, "actions", 0, name) for name in ("block_id", "action_id")]
    container = payload.get("container")
    # What only the asker sees cannot be answered in a thread.
    is_private = isinstance(container, dict) and container.get("is_ephemeral") is True
    return Heard(
        CommandGiven(
            id=f"slack-press-{identity(team, channel, message, user, *button, command, str(pressed_at))}",
            text=text,
            person=Person(transport="slack", id=user, workspace=team, name=name_at(payload, "user", "username")),
            place=Place(
                transport="slack",
                workspace=team,
                channel=channel,
                thread="" if is_private else name_at(payload, "message", "thread_ts") or message,
                message="" if is_private else message,
                answer_url=_answer_url(text_at(payload, "response_url"), settings),
            ),
            at=iso(now),
        )
    )


def _answer_url(url: str, settings: Settings) -> str:
    return url if is_slacks_own(url, settings.chat.slack_base_url) else ""


def is_slacks_own(url: str, base_url: str) -> bool:
    """True for an https address at Slack, and for one on the host that `slack_base_url` names."""
    try:
        parts, base = urlsplit(url), urlsplit(base_url)
        if (parts.scheme, parts.netloc) == (base.scheme, base.netloc):
            return bool(parts.hostname)
        host = parts.hostname or ""
        is_at_slack = any(host == own or host.endswith(f".{own}") for own in _OWN_HOSTS)
        return parts.scheme == "https" and is_at_slack and parts.netloc == host
    except ValueError:
        return False


def _without_mention(text: str) -> str:
    """What follows the mention: people may greet before it."""
    before, mention, after = text.partition("<@")
    _, closed, rest = after.partition(">")
    is_greeting = mention and closed and len(before) <= 40 and rest.strip()
    return (rest if is_greeting else re.sub(r"^\s*<@[^>]*>", "", text)).lstrip(" ,:")


def unescaped(text: str) -> str:
    """Slack's markup as people typed it: `<https://a.b|a.b>` → the address, `<@U7|mona>` → `@mona`."""

    def typed(found: re.Match[str]) -> str:
        target, label = found[1], found[2] or ""
        if target[0] in "@#!":
            return f"{'#' if target[0] == '#' else '@'}{label.lstrip('@#') or target[1:]}"
        return label if target.startswith(("mailto:", "tel:")) and label else target

    text = _ANGLED.sub(typed, text)
    for escaped, meant in _ENTITIES:
        text = text.replace(escaped, meant)
    return text


def _privately(text: str) -> HttpAnswer:
    return HttpAnswer(json={"response_type": "ephemeral", "text": text.replace("&", "&amp;").replace("<", "&lt;")})
