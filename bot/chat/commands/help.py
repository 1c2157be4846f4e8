"""`help`: what can be said, to whom it is open, and how one command is used."""

from collections.abc import Iterator
from typing import ClassVar, get_args

from bot.chat.asked import Asked
from bot.chat.command import Command, Declined, Example, Permission, Topic, Use, Where, said
from bot.chat.commands import commands
from bot.chat.understanding import named, understood
from bot.chat.wording import listing, typed
from bot.domain import Answer, Table
from bot.settings.nearest import did_you_mean

FOR: dict[Permission, str] = {
    "anyone": "anyone",
    "read": "whoever can see the repository",
    "write": "whoever can push, unless policy says otherwise",
    "admin": "administrators",
}
_SOMEWHERE = {"github": ("anywhere", "github"), "terminal": ("anywhere",)}


class Help(Command):
    name = "help"
    topic = "Seawall"
    summary = "Lists what can be said, or tells how one command is used"
    uses = (Use("help [<command>]", "anyone", "nothing"),)
    aliases: ClassVar = {"?": "help", "h": "help", "commands": "help", "usage": "help"}
    examples = (
        Example("help", "What you can say"),
        Example("help review", "review: Reviews"),
        Example("?", "What you can say"),
        Example("help reveiw", "There is no command “reveiw”", state="misunderstood"),
    )

    def run(self, asked: Asked) -> Answer:
        if not (name := asked.value("command").lower()):
            return said("What you can say", *_by_topic(asked), _hints(asked))
        command = commands().get(name)
        if command is None:
            raise Declined(
                f"There is no command “{name}”",
                f"`help` lists what there is{did_you_mean(name, commands())}.",
                state="misunderstood",
            )
        return _of_one(asked, command)


def _by_topic(asked: Asked) -> Iterator[str]:
    for topic in get_args(Topic):
        lines = [
            f"{' or '.join(forms)}: {command.summary}"
            for command in commands().values()
            if command.topic == topic and (forms := _forms(asked, command))
        ]
        if lines:
            yield f"**About {topic}**\n{listing(lines, most=50)}"


def _hints(asked: Asked) -> str:
    threads = "In the thread of a finding `explain`, `fix`, `dismiss`, `mute` and `unmute` are about that one."
    names = "A pull request is named as `owner/repo#12`, or by its address, at the end of the line."
    one = f"{typed(asked, 'help review')} tells how one command is used, and by whom."
    return f"{threads if asked.given.place.transport == 'github' else names} {one}"


def _of_one(asked: Asked, command: Command) -> Answer:
    is_on_github = asked.given.place.transport == "github"
    forms = Table(
        columns=("Say", "For"),
        rows=tuple(
            (f"`{use.form}`", FOR[use.permission] + _conditions(use))
            for use in command.uses
            if is_on_github or not use.in_thread
        ),
    )
    examples = [
        typed(asked, _completed(example, is_on_github))
        for example in command.examples
        if example.state in ("done", "started") and not example.in_thread and _can_be_said(asked, example.where)
    ]
    also = ", ".join(f"`{alias}`" for alias in command.aliases)
    return said(
        f"{command.name}: {command.summary}",
        forms,
        f"For example:\n{listing(examples)}" if examples else "",
        f"Also understood: {also}." if also else "",
    )


def _forms(asked: Asked, command: Command) -> list[str]:
    """Those that can be said here, outside of a finding's thread."""
    shown = (use.form for use in command.uses if not use.in_thread and _can_be_said(asked, use.where))
    return [f"`{form}`" for form in dict.fromkeys(shown)]


def _can_be_said(asked: Asked, where: Where) -> bool:
    return where in _SOMEWHERE.get(asked.given.place.transport, ("anywhere", "chat"))


def _completed(example: Example, is_on_github: bool) -> str:
    """Where no pull request is implied, one is named."""
    about = understood(named(example.text), is_in_thread=False).use.about
    return example.text if is_on_github or about != "pull request" else f"{example.text} owner/repo#12"


def _conditions(use: Use) -> str:
    model = "; needs a model" if use.needs_model else ""
    model += "; in the thread of a finding" if use.in_thread else ""
    return model + {"github": "; on GitHub", "chat": "; in a chat system", "anywhere": ""}[use.where]
