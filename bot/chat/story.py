"""What the worker does with each command, and with what people did to our comments."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from bot.chat import dispatch, drafts
from bot.chat.asked import ChatDesk
from bot.chat.endings import announcement_to, end_of
from bot.chat.limits import is_passed_over
from bot.domain import Answer, CommandGiven, Place, PullRequest, Reply, ReplyNoted, ThreadNoted
from bot.review.sweeping import Sweeper
from bot.weekly.delivery.courier import Courier


class Voice(Protocol):
    """How one transport is spoken. Each call may be repeated and then changes nothing, as far as the transport can."""

    def hear(self, given: CommandGiven) -> None:
        """Shows the asker that the command was heard."""

    def fetched_within_s(self, given: CommandGiven, now: datetime) -> float:
        """How long the request that asked may still fetch the answer itself; 0 where none waits."""

    def say(self, given: CommandGiven, reply: Reply, key: str) -> None:
        """Answers where the command was given. `key` names this answer for ever."""

    def post(self, place: Place, reply: Reply, key: str) -> None:
        """Says something nobody asked for, in a channel."""


class ChatStory:
    """Every method may be repeated after a crash and then changes nothing."""

    def __init__(self, desk: ChatDesk, voices: Mapping[str, Voice], sweeper: Sweeper, courier: Courier) -> None:
        self._desk = desk
        self._voices = voices
        self._sweeper = sweeper
        self._courier = courier

    def hear(self, given: CommandGiven) -> None:
        """Writes the command down and shows the asker that it was heard, unless it is one of a flood."""
        self._desk.ledger.keep_command(given, dispatch.command_name(given.text))
        if not is_passed_over(self._desk, given):
            self._voices[given.place.transport].hear(given)

    def answer(self, given: CommandGiven, under_way: Sequence[str]) -> Answer:
        """Understands, permits and carries out."""
        found = dispatch.answer(given, replace(self._desk, under_way=_known(under_way)))
        self._desk.ledger.end_command(given.id, found.reply.state, found.reply.title, self._now(), found.awaits)
        return found

    def fetched_within_s(self, given: CommandGiven) -> float:
        """How long the request that asked may still fetch the answer itself; 0 where none waits."""
        return self._voices[given.place.transport].fetched_within_s(given, self._desk.now())

    def deliver(self, given: CommandGiven, answer: Answer) -> None:
        """Says the answer where the command was given; a reply without a title is none."""
        if answer.reply.title:
            self._voices[given.place.transport].say(given, answer.reply, given.id)

    def listeners(self, pull_request: PullRequest) -> dict[str, dict[str, Any]]:
        """Who asked for this review and waits, and which channels subscribed to its repository."""
        ledger = self._desk.ledger
        waiting = {
            given.run_id: {"given": given.to_json()} for given in ledger.commands_awaiting(pull_request.review_key)
        }
        channels = {
            f"{each.transport}-{each.workspace}-{each.channel}": {
                "place": Place(transport=each.transport, workspace=each.workspace, channel=each.channel).to_json(),
                "wants": each.wants,
            }
            for each in ledger.subscribers(pull_request.repository.id)
        }
        return waiting | channels

    def tell(self, listener: dict[str, Any], pull_request: PullRequest, state: str, reason: str) -> None:
        """Says to one of them how the review ended."""
        if "given" in listener:
            given = CommandGiven.from_json(listener["given"])
            reply = end_of(given, self._desk, pull_request, state, reason)
            self._voices[given.place.transport].say(given, reply, f"{given.id}-end")
            self._desk.ledger.end_wait(given.id)
            return
        place = Place.from_json(listener["place"])
        if news := announcement_to(listener["wants"], self._desk, pull_request, state):
            self._voices[place.transport].post(place, news, f"{pull_request.review_key}-news")

    def note(self, job: ReplyNoted | ThreadNoted) -> None:
        """Remembers what people did with what was said."""
        self._sweeper.note(job)

    def has_spoken(self, pull_request: PullRequest) -> bool:
        """True if something was said there that a sweep would look at."""
        return self._sweeper.has_spoken(pull_request)

    def to_sweep(self) -> list[PullRequest]:
        """Pull requests on which something we said may have been answered by a reaction."""
        return self._sweeper.to_sweep()

    def summaries_due(self, now: str) -> dict[str, dict[str, Any]]:
        """The weekly summaries whose time has come, and that were not told."""
        return self._courier.due(datetime.fromisoformat(now))

    def tell_summary(self, errand: dict[str, Any], step: Callable[[str, Callable[[], Any]], Any]) -> None:
        """Tells one of them."""
        self._courier.deliver(errand, step)

    def drafts_due(self, now: str) -> dict[str, dict[str, Any]]:
        """Rules to be drafted of findings that turned out right, by a name that holds finding and day."""
        return drafts.due(self._desk, datetime.fromisoformat(now))

    def draft_rule(self, errand: dict[str, Any]) -> str:
        """Drafts one of them and keeps it, for people to adopt; says what came of it."""
        return drafts.make(self._desk, errand)

    def sweep(self, pull_request: PullRequest) -> None:
        """Looks at our threads there and writes down what became of each point."""
        self._sweeper.sweep(pull_request)

    def _now(self) -> str:
        return self._desk.now().isoformat(timespec="milliseconds")


def _known(under_way: Sequence[str]) -> Callable[[str], Sequence[str]]:
    return lambda key: [run_id for run_id in under_way if f":{key}@" in run_id]
