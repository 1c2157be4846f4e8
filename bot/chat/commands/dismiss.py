"""`dismiss`: takes a finding off, with a reason that is kept."""

from typing import ClassVar

from bot.chat.asked import Asked
from bot.chat.command import Command, Example, Use, said
from bot.chat.wording import place_of, quote
from bot.domain import Answer, Evidence, Waiver

_MOST_DETAIL = 500


class Dismiss(Command):
    name = "dismiss"
    topic = "a pull request"
    summary = "Takes a finding off; it is not said again unless its code changes"
    uses = (
        Use("dismiss <finding> [<reason…>]", "write", "pull request"),
        Use("dismiss [<reason…>]", "write", "pull request", in_thread=True),
    )
    aliases: ClassVar = {"wontfix": "dismiss", "false alarm": "dismiss"}
    examples = (
        Example("dismiss a1b2c3d the gateway enforces 2 s", "Dismissed: session.post can wait for ever"),
        Example("dismiss by design", "Dismissed: session.post can wait for ever", in_thread=True),
    )

    def run(self, asked: Asked) -> Answer:
        point, reason, ledger = asked.point(), asked.value("reason"), asked.desk.ledger
        key = (asked.repository.id, asked.pull_request.number)
        ledger.keep_waiver(
            Waiver(
                id=asked.id("w"),
                kind="dismissed",
                repository_id=asked.repository.id,
                rule=point.finding.rule,
                fingerprint=point.fingerprint,
                code_digest=point.code_digest,
                path=point.finding.path,
                number=asked.number,
                owner=asked.who,
                reason=reason,
                at=asked.given.at,
            )
        )
        seen = Evidence(
            kind="command", says="dismissed", actor=asked.who, detail=reason[:_MOST_DETAIL], at=asked.given.at
        )
        ledger.keep_evidence(*key, point.fingerprint, seen)
        return said(
            f"Dismissed: {quote(point.finding.title)}",
            f"{place_of(point)} `{point.finding.rule}`, by {quote(asked.who)}"
            + (f": {quote(reason)}" if reason else "."),
            "It is not said again unless the code around it changes; the next look at this pull request resolves its "
            "thread.",
            "" if reason else "Without a reason nobody learns from it: say `dismiss` again with one.",
        )
