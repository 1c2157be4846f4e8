"""`memory`: what disputes taught the model about this repository, to read and to delete."""

from typing import ClassVar

from bot.chat.asked import Asked
from bot.chat.command import Command, Declined, Example, Use, said
from bot.chat.wording import moment, quote, so_many, typed
from bot.domain import Answer, Table


class Memory(Command):
    name = "memory"
    topic = "a repository"
    summary = "Shows what was learned from disputes here; `forget` deletes one"
    uses = (Use("memory [<owner/repo>]", "read"), Use("memory forget <id> [<owner/repo>]", "write"))
    aliases: ClassVar = {"guidance": "memory", "forget": "memory forget"}
    examples = (
        Example("memory", "1 thing is remembered for acme/shop"),
        Example("memory forget g-0a1b2c3", "Forgotten"),
        Example("memory forget g-7777777", "acme/shop has no memory g-7777777", state="misunderstood"),
    )

    def run(self, asked: Asked) -> Answer:
        if "forget" in asked:
            return _forget(asked, asked.value("id").lower())
        kept = asked.desk.ledger.guidance(asked.repository.id)
        title = f"{so_many(len(kept), 'thing is', 'things are')} remembered for {asked.repository.full_name}"
        if not kept:
            return said(title, "A reply that disputes a finding with a reason is kept here, and told to the model.")
        rows = tuple(
            (f"`{one.id}`", quote(one.text), f"`{one.rule}`" if one.rule else "", quote(one.author), moment(one.at))
            for one in kept
        )
        table = Table(columns=("Id", "What", "Rule", "From", "When"), rows=rows)
        return said(title, table, f"{typed(asked, f'memory forget {kept[0].id}')} deletes one for good.")


def _forget(asked: Asked, wanted: str) -> Answer:
    if asked.desk.ledger.drop_guidance(asked.repository.id, wanted):
        return said("Forgotten", f"`{wanted}` is deleted; the model is not told it any more.")
    raise Declined(
        f"{asked.repository.full_name} has no memory {wanted}", "`memory` lists what is kept.", state="misunderstood"
    )
