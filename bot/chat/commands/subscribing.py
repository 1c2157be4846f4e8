"""`subscribe`: a channel hears of a repository."""

import re
from typing import ClassVar

from bot.chat.asked import Asked
from bot.chat.command import Command, Declined, Example, Use, said
from bot.chat.wording import listing, moment, one_of, quote, typed
from bot.domain import Answer, Transport
from bot.ledger.subscriptions import Subscription

_ON_CHAT = "Subscriptions are for chat channels"


class Subscribe(Command):
    name = "subscribe"
    topic = "this channel"
    summary = "Lets this channel hear of a repository: findings from a severity on, the weekly summary"
    uses = (Use("subscribe <owner/repo> [findings <severity>] [weekly]", "write", where="chat"),)
    aliases: ClassVar = {"watch": "subscribe"}
    examples = (
        Example("subscribe acme/shop findings high+ weekly", "This channel hears of acme/shop", where="chat"),
        Example("subscribe acme/shop", "This channel hears of acme/shop", where="chat"),
    )

    def run(self, asked: Asked) -> Answer:
        place = _channel(asked)
        wants: dict[str, str | bool] = {
            "findings": asked.value("severity").lower().rstrip("+"),
            "weekly": "weekly" in asked,
        }
        if not wants["findings"] and not wants["weekly"]:
            wants = {"findings": "high", "weekly": True}
        asked.desk.ledger.subscribe(*place, asked.repository.id, wants, asked.who, asked.given.at)
        return said(
            f"This channel hears of {asked.repository.full_name}",
            f"{_wanted(wants)}. Everybody here reads it. "
            f"{typed(asked, f'unsubscribe {asked.repository.full_name}')} ends that.",
            is_public=True,
        )


class Unsubscribe(Command):
    name = "unsubscribe"
    topic = "this channel"
    summary = "Ends a subscription; the only one of a channel need not be named"
    uses = (Use("unsubscribe [<owner/repo>]", "write", where="chat"),)
    aliases: ClassVar = {"unwatch": "unsubscribe"}
    examples = (Example("unsubscribe acme/shop", "This channel no longer hears of acme/shop", where="chat"),)

    def run(self, asked: Asked) -> Answer:
        name = asked.repository.full_name
        if asked.desk.ledger.unsubscribe(*_channel(asked), asked.repository.id):
            return said(f"This channel no longer hears of {name}", is_public=True)
        return said(f"This channel heard nothing of {name} anyway")


class Subscriptions(Command):
    name = "subscriptions"
    topic = "this channel"
    summary = "Lists what this channel hears of"
    uses = (Use("subscriptions", "read", "nothing", where="chat"),)
    aliases: ClassVar = {"subscribe list": "subscriptions"}
    examples = (Example("subscriptions", "This channel hears of 1", where="chat"),)

    def run(self, asked: Asked) -> Answer:
        found = asked.desk.ledger.subscriptions(*_channel(asked))
        if not found:
            return said(
                "This channel hears of no repository",
                f"{typed(asked, 'subscribe owner/repo findings high+ weekly')} begins it.",
            )
        return said(
            f"This channel hears of {one_of(len(found), 'repository', 'repositories')}",
            listing(map(_line, found), most=50),
        )


def _channel(asked: Asked) -> tuple[Transport, str, str]:
    place = asked.given.place
    if not place.channel or place.transport not in ("slack", "teams", "signed"):
        raise Declined(_ON_CHAT, "Say it in the channel that is to hear of the repository.")
    return place.transport, place.workspace, place.channel


def _wanted(wants: dict[str, str | bool]) -> str:
    parts = [f"New findings of severity {wants['findings']} or over" if wants.get("findings") else ""]
    parts.append("the weekly summary" if wants.get("weekly") else "")
    return re.sub(r"^t", "T", " and ".join(filter(None, parts))) or "Nothing"


def _line(subscription: Subscription) -> str:
    wants = _wanted(subscription.wants)
    return (
        f"`{subscription.repository.full_name}`: {wants}, by {quote(subscription.by)} since {moment(subscription.at)}"
    )
