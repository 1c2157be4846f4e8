"""`waivers`: everything that is not said here, and who decided so."""

from typing import ClassVar

from bot.chat.asked import Asked
from bot.chat.command import Command, Example, Use, said
from bot.chat.wording import moment, quote, so_many
from bot.domain import Answer, Table, Waiver
from bot.review.filter import code

_KINDS = {"inline": "in the code", "muted": "muted", "dismissed": "dismissed"}


class Waivers(Command):
    name = "waivers"
    topic = "a repository"
    summary = "Lists what is muted, dismissed or silenced in the code, by whom, why and until when"
    uses = (Use("waivers [<owner/repo>]", "read"),)
    aliases: ClassVar = {"suppressions": "waivers", "waiver": "waivers"}
    examples = (Example("waivers", "1 waiver is in force in acme/shop"),)

    def run(self, asked: Asked) -> Answer:
        found = asked.desk.ledger.waivers(asked.repository.id, asked.given.at)
        title = f"{so_many(len(found), 'waiver is', 'waivers are')} in force in {asked.repository.full_name}"
        rows = tuple(
            (f"`{waiver.id}`", _KINDS[waiver.kind], _what(waiver), quote(waiver.owner), quote(waiver.reason) or "—",
             moment(waiver.expires_at) if waiver.expires_at else "until taken back")
            for waiver in found
        )  # fmt: skip
        table = Table(columns=("Id", "Kind", "What", "Owner", "Reason", "Until"), rows=rows)
        return said(title, table if rows else "")


def _what(waiver: Waiver) -> str:
    where = f" in {code(waiver.path)}" if waiver.path else ""
    return f"{code(waiver.rule)}{where}" + (f" (#{waiver.number})" if waiver.number else "")
