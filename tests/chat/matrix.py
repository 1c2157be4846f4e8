"""Every command × {allowed, refused, malformed, model absent}, made of the commands' own examples.

Transport-neutral: a case says who speaks and how the answer begins; `said_in_chat` is the same line where no pull
request is implied. Transports run the same cases through their own reading and rendering.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bot.chat.command import Command, Declined, Example, Use
from bot.chat.commands import commands
from bot.chat.dispatch import NO_MODEL
from bot.chat.grammar import tidy
from bot.chat.understanding import named, understood
from bot.domain import ReplyState

Kind = Literal["allowed", "refused", "malformed", "model absent"]
REFERENCE = "acme/shop#7"
TAKES_ANYTHING = {"pause"}
"""Whatever follows it is a reason."""


@dataclass(frozen=True)
class Case:
    kind: Kind
    command: str
    text: str
    """As said on the pull request."""
    login: str
    """Who speaks: `mona` administers, `octocat` may push, `passer` may read, `stranger` may nothing."""
    state: ReplyState
    begins: str
    """How the title begins."""
    in_thread: bool = False
    where: Literal["anywhere", "github", "chat"] = "anywhere"
    """Elsewhere the same is refused."""

    @property
    def id(self) -> str:
        return f"{self.kind}: {self.text}{' (in a thread)' if self.in_thread else ''}"

    @property
    def said_in_chat(self) -> str:
        """The same line where no pull request is implied; empty where it can only be said in a thread."""
        if self.in_thread:
            return ""
        try:
            line = named(self.text)
            use = understood(line, is_in_thread=False).use
        except Declined:
            return self.text
        if use.about == "nothing" or "acme/shop" in self.text:
            return self.text
        return f"{self.text} {REFERENCE}"


def cases() -> Iterator[Case]:
    for command in commands().values():
        yield from _allowed(command)
        yield from _refused(command)
        yield from _malformed(command)
        yield from _model_absent(command)


def _allowed(command: Command) -> Iterator[Case]:
    for example in command.examples:
        yield Case(
            "allowed",
            command.name,
            example.text,
            "mona",
            example.state,
            example.expectation,
            example.in_thread,
            example.where,
        )


def _refused(command: Command) -> Iterator[Case]:
    """By whoever may just not."""
    for example in command.examples:
        use = _use(example)
        if use is not None and use.permission in ("read", "write") and use.about != "nothing":
            login = "stranger" if use.permission == "read" else "passer"
            begins = f"You may not say “{command.name}”"
            yield Case(
                "refused", command.name, example.text, login, "refused", begins, example.in_thread, example.where
            )


def _malformed(command: Command) -> Iterator[Case]:
    if command.name in TAKES_ANYTHING:
        return
    for text in (command.name, f"{command.name} % %", f"{command.name} list % %"):
        try:
            understood(named(text), is_in_thread=False)
        except Declined:
            yield Case("malformed", command.name, text, "mona", "misunderstood", f"“{text}” is not how")
            return
    raise AssertionError(f"{command.name} takes anything; say so in TAKES_ANYTHING")


def _model_absent(command: Command) -> Iterator[Case]:
    for example in command.examples:
        use = _use(example)
        if use is not None:
            state: ReplyState = "refused" if use.needs_model else example.state
            begins = "There is no model to ask" if use.needs_model else example.expectation
            yield Case(
                "model absent",
                command.name,
                example.text,
                "mona",
                state,
                begins,
                example.in_thread,
                example.where,
            )


def _use(example: Example) -> Use | None:
    try:
        return understood(named(tidy(example.text)), example.in_thread).use
    except Declined:
        return None


assert "SEAWALL_LLM__MODEL" in NO_MODEL, "whoever is told that there is no model is told how to have one"
CASES = tuple(cases())
