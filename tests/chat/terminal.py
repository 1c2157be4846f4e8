"""`seawall chat` in the town: the real command line, its desk the town's; the engine is not asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from unittest import mock

from click.testing import CliRunner

from bot.chat.asked import ChatDesk
from bot.cli import chat as cli
from bot.cli import seawall
from bot.domain import Answer, CommandGiven
from bot.settings import Settings
from tests.chat.town import Town


@dataclass(frozen=True)
class Told:
    given: CommandGiven
    answer: Answer
    output: str
    exit_code: int

    @property
    def prose(self) -> list[str]:
        """Its lines without code, which is never wrapped."""
        return [line for line in self.output.splitlines() if not line.startswith("    ")]


def typed(town: Town, text: str) -> Told:
    """Says it as one argument."""
    heard: list[tuple[CommandGiven, Answer]] = []
    handed: list[CommandGiven] = []

    @contextmanager
    def the_towns(settings: Settings) -> Iterator[ChatDesk]:
        yield town.desk

    def answered(given: CommandGiven, desk: ChatDesk) -> Answer:
        found = answer(given, desk)
        heard.append((given, found))
        return found

    answer = cli.dispatch.answer
    with (
        mock.patch.object(cli, "terminal_desk", the_towns),
        mock.patch.object(cli.dispatch, "answer", answered),
        mock.patch.object(cli, "_hand_over", lambda settings, given: handed.append(given)),
    ):
        home = {"SEAWALL_DATA_DIR": str(town.folder)}
        done = CliRunner(env=home).invoke(seawall, ["chat", text], catch_exceptions=False)
    [(given, found)] = heard
    assert handed == ([given] if found.wants else []), "reviews are begun and stopped by the worker"
    return Told(given, found, done.output, done.exit_code)
