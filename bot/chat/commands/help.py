"""`help`: what can be said, to whom it is open, and how one command is used."""

from typing import ClassVar

from bot.chat.asked import Asked
from bot.chat.command import Command, Declined, Example, Permission, Use, said
from bot.chat.commands import commands
from bot.chat.wording import typed
from bot.domain import Answer, Table
from bot.settings.nearest import did_you_mean

FOR: dict[Permission, str] = {
    "anyone": "anyone",
    "read": "whoever can see the repository",
    "write": "`command_permission` of policy",
    "admin": "administrators",
}


class Help(Command):
    name = "help"
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
            rows = tuple(
                (f"`{use.form}`", command.summary) for command in commands().values() for use in _shown(command)
            )
            tail = f'{typed(asked, "help review")} tells who may say it. Several words as one: in "quotes".'
            return said("What you can say", Table(columns=("Say", "What it does"), rows=_once(rows)), tail)
        command = commands().get(name)
        if command is None:
            raise Declined(
                f"There is no command “{name}”",
                f"`help` lists what there is{did_you_mean(name, commands())}.",
                state="misunderstood",
            )
        forms = Table(
            columns=("Say", "For"),
            rows=tuple((f"`{use.form}`", FOR[use.permission] + _conditions(use)) for use in command.uses),
        )
        spoken = ", ".join(typed(asked, example.text) for example in command.examples if not example.in_thread)
        also = ", ".join(f"`{alias}`" for alias in command.aliases)
        return said(
            f"{command.name}: {command.summary}",
            forms,
            f"For example: {spoken}." if spoken else "",
            f"Also understood: {also}." if also else "",
        )


def _shown(command: Command) -> list[Use]:
    return [use for use in command.uses if not use.in_thread]


def _once(rows: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple(dict.fromkeys(rows))


def _conditions(use: Use) -> str:
    model = "; needs a model" if use.needs_model else ""
    return model + ("; in the thread of a finding" if use.in_thread else "")
