"""`seawall chat`: what is said on a pull request or in a chat system, said at the terminal."""

import getpass
import shutil
import uuid
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import click

from bot.chat import dispatch
from bot.chat.asked import ChatDesk
from bot.cli.wiring import terminal_desk
from bot.domain import Answer, CommandGiven, Person, Place, Reply
from bot.engine.client import EngineClient, prepare
from bot.logs import set_up_logs
from bot.settings import Settings, load_settings
from bot.transports.terminal import render

COLOURS = {"done": "green", "started": "cyan", "refused": "yellow", "misunderstood": "yellow", "failed": "red"}
EXIT_CODES = {"refused": 3, "misunderstood": 2, "failed": 3}
_LEAVE = ("exit", "quit", "bye")


@click.command(short_help="Say a command, as on a pull request or in chat.")
@click.argument("words", nargs=-1, metavar="[COMMAND]…")
def chat(words: tuple[str, ...]) -> None:
    """Say a command here instead of on a pull request or in chat; without one, a conversation begins.

    \b
    seawall chat help
    seawall chat stats 7d acme/shop
    seawall chat status acme/shop#12
    seawall chat "dismiss a1b2c3d acme/shop#12 the gateway bounds it"

    Who sits at this terminal holds the record's file, and may say everything. What reviews or stops one is handed to
    the running service.

    Exit codes: 0 done, 2 not understood, 3 refused or failed.
    """
    settings = load_settings()
    set_up_logs(settings.log.model_copy(update={"level": "error"}))  # what goes wrong is in the answer
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    with terminal_desk(settings) as desk:
        if words:
            reply = _say(settings, desk, " ".join(words))
            raise click.exceptions.Exit(EXIT_CODES.get(reply.state, 0))
        _converse(settings, desk)


def _converse(settings: Settings, desk: ChatDesk) -> None:
    click.secho("What would you like to know? `help` lists what can be said, `exit` leaves.", dim=True)
    for line in _lines():
        if line.lower() in _LEAVE:
            return
        _say(settings, desk, line)


def _lines() -> Iterator[str]:
    while True:
        try:
            line = click.prompt("seawall", prompt_suffix=" › ", default="", show_default=False).strip()
        except click.exceptions.Abort:
            click.echo()
            return
        if line:
            yield line


def _say(settings: Settings, desk: ChatDesk, text: str) -> Reply:
    given = _given(text)
    desk.ledger.keep_command(given, dispatch.command_name(text))
    answer = dispatch.answer(given, desk)
    if answer.wants:
        _hand_over(settings, given)
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    desk.ledger.end_command(given.id, answer.reply.state, answer.reply.title, at)
    _show(answer)
    return answer.reply


def _hand_over(settings: Settings, given: CommandGiven) -> None:
    """Reviews are begun and stopped by the worker. Raises EngineUnavailable."""
    prepare(settings)
    with closing(EngineClient(settings)) as client:
        client.command(given)


def _show(answer: Answer) -> None:
    width = min(shutil.get_terminal_size().columns, 120)
    title, separator, rest = render(answer.reply, width).partition("\n")
    click.secho(title, fg=COLOURS[answer.reply.state], bold=True)
    if separator:
        click.echo(rest)


def _given(text: str) -> CommandGiven:
    return CommandGiven(
        id=f"terminal-{uuid.uuid4()}",
        text=text[:4000],
        person=Person(transport="terminal", id=getpass.getuser()),
        place=Place(transport="terminal"),
        at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
