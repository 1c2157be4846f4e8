"""`rules`: what Seawall looks for by itself."""

from typing import ClassVar

from bot.chat.asked import Asked
from bot.chat.command import Command, Example, Use, said
from bot.chat.wording import one_of, typed
from bot.domain import Answer, Table
from bot.rules import all_rules
from bot.syntax import language_named


class Rules(Command):
    name = "rules"
    summary = "Lists the rules, their severity and their languages"
    uses = (Use("rules", "anyone", "nothing"),)
    aliases: ClassVar = {"list rules": "rules"}
    examples = (Example("rules", "Seawall knows"),)

    def run(self, asked: Asked) -> Answer:
        every = all_rules()
        rows = tuple(
            (f"`{rule.name}`", str(rule.severity), ", ".join(language_named(name).title for name in rule.languages))
            for rule in every
        )
        return said(
            f"Seawall knows {one_of(len(every), 'rule')}",
            Table(columns=("Rule", "Severity", "Languages"), rows=rows),
            f"{typed(asked, f'explain {every[0].name}')} shows one with examples.",
        )
