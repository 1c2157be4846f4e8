"""`posture`: which protections are missing, as far as the record knows."""

from collections import defaultdict
from typing import Any

from bot.chat.asked import Asked
from bot.chat.command import Command, Example, Use, said
from bot.chat.wording import so_many
from bot.domain import Answer, Table
from bot.review.filter import code
from bot.settings.taxonomy import taxonomy

_MOST_PLACES = 5
_MADE_OF = (
    "Made from the findings on record that stand (open, accepted or disputed) {where}. It is no map of every call: of "
    "a class that is not listed nothing bad was found, which does not prove that it is in place."
)


class Posture(Command):
    name = "posture"
    topic = "a repository"
    summary = "Tells which protections are missing on this pull request or in the repository, and where"
    uses = (Use("posture [<owner/repo>]", "read"),)
    examples = (Example("posture", "1 class of protection is open on acme/shop#7"),)

    def run(self, asked: Asked) -> Answer:
        standing = asked.desk.ledger.ask("standing-points", repository_id=asked.repository.id, number=asked.number)
        waived = {
            waiver.fingerprint
            for waiver in asked.desk.ledger.waivers(asked.repository.id, asked.given.at)
            if waiver.kind == "dismissed"
        }
        by_class: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for point in standing:
            if point["fingerprint"] not in waived:
                by_class[point["class"]].append(point)
        order = list(taxonomy())
        found = sorted(by_class.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order))
        rows = tuple(
            (f"`{class_}`", str(len(points)), _worst(points), _places(asked, points)) for class_, points in found
        )
        where = f"on {asked.subject}" if asked.number else f"on open and merged pull requests of {asked.subject}"
        title = f"{so_many(len(rows), 'class of protection is', 'classes of protection are')} open on {asked.subject}"
        table = Table(columns=("Class", "Findings", "Worst", "Where"), rows=rows)
        return said(title, table if rows else "", _MADE_OF.format(where=where))


def _worst(points: list[dict[str, Any]]) -> str:
    order = ("low", "medium", "high", "critical")
    return max((str(point["severity"]) for point in points), key=order.index)


def _places(asked: Asked, points: list[dict[str, Any]]) -> str:
    def where(point: dict[str, Any]) -> str:
        return code(f"{point['path']}:{point['start_line']}") + ("" if asked.number else f" (#{point['number']})")

    shown = ", ".join(map(where, points[:_MOST_PLACES]))
    return shown + (f" and {len(points) - _MOST_PLACES} more" if len(points) > _MOST_PLACES else "")
