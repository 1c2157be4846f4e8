"""`posture`: which calls to others are made, what protects them, and what is missing, as far as the record knows."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from bot.chat.asked import Asked
from bot.chat.command import Command, Example, Use, said
from bot.chat.wording import so_many
from bot.domain import Answer, Dependency, Table
from bot.posture import ALWAYS, change_lines, map_on_record
from bot.review.filter import code, literal, safe_markdown
from bot.settings.taxonomy import taxonomy

_MOST_PLACES = 5
_MOST_ROWS = 25
_FINDINGS = (
    "What is missing is made from the findings on record that stand (open, accepted or disputed) {where}; a class that "
    "is not listed is not proven to be in place."
)
_NO_MAP = (
    "No map of its calls is on record yet: `seawall posture . --keep {repository}` keeps one, and so does every merged "
    "pull request that changes one."
)
_COLUMNS = ("Dependency", "Called at", "Timeout", "Retry", "Breaker", "Others")


class Posture(Command):
    name = "posture"
    topic = "a repository"
    summary = "Tells which calls to others are made here, what protects them, and which protections are missing"
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
        missing = Table(columns=("Class", "Findings", "Worst", "Where"), rows=rows)
        return said(title, missing if rows else "", *_of_the_code(asked), _FINDINGS.format(where=where))


def _of_the_code(asked: Asked) -> Sequence[Table | str]:
    """Of a pull request what it changes, of a repository the map on record."""
    ledger, repository = asked.desk.ledger, asked.repository
    if asked.number:
        change = ledger.posture_change(repository.id, asked.number)
        if change is None:
            return ("It changes nothing about the calls to others.",)
        return ("\n".join(f"- {safe_markdown(line, asked.desk.own_host)}" for line in change_lines(change)),)
    known = next(iter(ledger.postures(repository.id)), None)
    calls = map_on_record(known).dependencies if known is not None else ()
    if not calls:
        return (_NO_MAP.format(repository=repository.full_name),)
    rows = tuple(_row(one) for one in calls[:_MOST_ROWS])
    more = f"And {len(calls) - _MOST_ROWS} more, by `seawall posture`." if len(calls) > _MOST_ROWS else ""
    whole = "as last kept, with what was merged since" if known and known.kept_at else "of merged pull requests alone"
    return (f"Calls to others, {whole}:", Table(columns=_COLUMNS, rows=rows), more)


def _row(one: Dependency) -> tuple[str, ...]:
    kept = one.protections.by_name()
    others = ", ".join(name for name, protection in kept.items() if name not in ALWAYS and protection.is_there)
    sites = ", ".join(code(site.place) for site in one.sites[:2]) + (" …" if len(one.sites) > 2 else "")
    return (f"{code(one.name)} {one.words}", sites, *(literal(kept[name].text) for name in ALWAYS), others or "—")


def _worst(points: list[dict[str, Any]]) -> str:
    order = ("low", "medium", "high", "critical")
    return max((str(point["severity"]) for point in points), key=order.index)


def _places(asked: Asked, points: list[dict[str, Any]]) -> str:
    def where(point: dict[str, Any]) -> str:
        return code(f"{point['path']}:{point['start_line']}") + ("" if asked.number else f" (#{point['number']})")

    shown = ", ".join(map(where, points[:_MOST_PLACES]))
    return shown + (f" and {len(points) - _MOST_PLACES} more" if len(points) > _MOST_PLACES else "")
