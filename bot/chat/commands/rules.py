"""`rules`: what Seawall looks for by itself."""

from itertools import groupby
from typing import ClassVar

from bot.chat.asked import Asked
from bot.chat.command import Command, Example, Use, said
from bot.chat.wording import listing, one_of, typed
from bot.domain import Answer
from bot.rules import all_rules


class Rules(Command):
    name = "rules"
    topic = "Seawall"
    summary = "Lists the rules by their class; `explain` tells of each"
    uses = (Use("rules", "anyone", "nothing"),)
    aliases: ClassVar = {"list rules": "rules"}
    examples = (Example("rules", "Seawall knows"),)

    def run(self, asked: Asked) -> Answer:
        every = all_rules()
        lines = [
            f"`{class_}`: {', '.join(f'`{rule.kind}`' for rule in members)}"
            for class_, members in groupby(every, key=lambda rule: rule.class_)
        ]
        one = every[0]
        return said(
            f"Seawall knows {one_of(len(every), 'rule')}",
            listing(lines, most=100),
            f"{typed(asked, f'explain {one.class_}')} tells of a class, "
            f"{typed(asked, f'explain {one.name}')} of one rule, with examples.",
        )
