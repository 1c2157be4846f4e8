"""What every chat system must do: prove who calls, read what is asked, answer at once, and deliver later."""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

from bot.domain import CommandGiven, Person, Place, Reply, Transport
from bot.errors import Forbidden, UsageError
from bot.settings import Settings

TEXT_LIMIT = 4000
"""As CommandGiven.text."""
_VERB = re.compile(r"[A-Za-z]{1,20}")


class NotHeard(UsageError):
    """A request that is turned away with this HTTP status; its message is the one line its sender reads."""

    def __init__(self, status: int, line: str) -> None:
        super().__init__(line)
        self.status = status


@dataclass(frozen=True)
class HttpAnswer:
    """What is answered to a request. `json` wins over `text`; both empty: an empty body."""

    status: int = 200
    text: str = ""
    json: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Heard:
    """A verified request. Where it gives no command, `answer` is all there is to say, `because` is for the log."""

    command: CommandGiven | None = None
    answer: HttpAnswer = field(default_factory=HttpAnswer)
    because: str = ""


@dataclass(frozen=True)
class Readiness:
    """One line of `seawall doctor`. `is_well` None: nothing wrong, but worth knowing."""

    part: str
    is_well: bool | None
    says: str
    advice: str = ""


class Picture(NamedTuple):
    """One that goes with a message: `title` stands above it, `alt` is for who does not see it."""

    name: str
    title: str
    alt: str
    png: bytes


class ChatSystem(ABC):
    """One chat system. It keeps no state, so it may be used from any thread."""

    name: ClassVar[Transport]
    paths: ClassVar[tuple[str, ...]]
    """Where it is heard, below `/chat/`."""
    longest_wait_s: ClassVar[float] = 0.0
    """How long its requests may wait for the answer itself; 0: they are acknowledged, the answer is delivered."""

    @abstractmethod
    def hear(self, path: str, headers: Mapping[str, str], body: bytes, settings: Settings, now: float) -> Heard:
        """Verifies the raw body, then reads it. `now`: seconds since 1970. Raises NotHeard, 503 without a secret."""

    @abstractmethod
    def acknowledge(self, given: CommandGiven, is_new: bool, reply: Reply | None) -> HttpAnswer:
        """What is answered once the command is safe. `reply`: its answer, where it came while the request waited."""

    @abstractmethod
    def postpone(self, given: CommandGiven) -> HttpAnswer:
        """What is answered when the engine cannot take the command now, and nothing was started."""

    @abstractmethod
    def deliver(self, place: Place, reply: Reply, settings: Settings, person: Person | None = None) -> None:
        """Says the answer where the command was given; `person`: who asked. Raises errors.ChatUnavailable where it is
        worth trying again, errors.RefusedError where it is not, errors.OutcomeUnknown where some of it may stand there.
        """

    def publish(
        self, place: Place, messages: Sequence[Mapping[str, Any]], pictures: Sequence[Picture], settings: Settings
    ) -> None:
        """Says to everybody in a channel what was made in this system's own form, such as a weekly summary. Pictures
        are shown where the system takes files. Raises as `deliver`, and Forbidden where it takes no such messages.
        """
        raise Forbidden(f"{self.name} takes answers alone.")

    @abstractmethod
    def readiness(self, settings: Settings, is_offline: bool) -> Iterator[Readiness]:
        """What is set and works, one line each. Nothing where this system is not used."""

    def prepare(self, settings: Settings) -> None:  # noqa: B027 — most have nothing to prepare
        """Loads what its first request would have to wait for."""


def command_text(text: str) -> str:
    """What was asked, on one line: without a leading `/seawall` or `@seawall`; `help` where nothing is left.

    Raises NotHeard (413) where it is longer than a command may be.
    """
    words = text.replace("\0", "").split()
    if words and words[0].lower().rstrip(":,") in ("/seawall", "@seawall", "seawall"):
        words = words[1:]
    line = " ".join(words) or "help"
    if len(line) > TEXT_LIMIT:
        raise NotHeard(413, f"A command has at most {TEXT_LIMIT} characters; this one has {len(line)}.")
    return line


def started(given: CommandGiven, is_new: bool) -> str:
    """The words of an acknowledgement, without the run's id."""
    verb = given.text.split()[0]
    named = verb if _VERB.fullmatch(verb) else "your command"  # anything else might act where it is shown
    return f"On it: {named}" if is_new else f"Already on it: {named}"
