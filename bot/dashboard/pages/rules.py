"""Rules: how often each was right, with how sure that is, and each rule's own page."""

import json
from typing import Any

from flask import Blueprint, Response, abort, render_template

from bot.dashboard import asked
from bot.dashboard.desk import Desk
from bot.dashboard.row_links import repository_address, review_address, rule_address
from bot.dashboard.rule_pages import RulePage, RulePages
from bot.dashboard.rule_records import silent, total, with_precision
from bot.dashboard.tables import Column, Row, exported, table_of
from bot.errors import GuardError

DAYS = 90
POINTS = 200
DRAFTS = 20
_COUNTS = (
    Column("said", "Said", "number"),
    Column("fixed", "Fixed", "number"),
    Column("accepted", "Accepted", "number"),
    Column("disputed", "Disputed", "number", about="Dismissed ones included"),
    Column("ignored", "Ignored", "number", about="Merged untouched"),
    Column("open", "Open", "number", about="Nothing is known yet, or nobody can judge it any more"),
    Column("precision", "Precision", "share", about="Fixed or accepted, of those judged"),
    Column("interval", "95 %", about="Wilson's interval of the precision", is_sortable=False),
)


def add(pages: Blueprint, desk: Desk) -> None:
    known = RulePages(desk.settings.data_dir)

    @pages.get("/rules")
    def rules() -> str | Response:
        described, trouble = _described(known)
        day, now = asked.since(desk, DAYS), desk.now().isoformat(timespec="seconds")
        rows = [with_precision(row) for row in desk.sight.ask("rules-seen", since=day, at=now)]
        class_ = asked.choice("class", "Class", "All classes", _classes(described, rows))
        chosen = [_named(row, described) for row in rows if _is_of(row, class_.value)]
        quiet = [_named(row, described) for row in silent(described, rows) if _is_of(row, class_.value)]
        columns = (
            _RULE,
            Column("severity", "Severity", "severity"),
            *_COUNTS,
            Column("repositories", "Repositories", "number"),
            Column("muted", "Muted in", "number", about="Repositories that have muted it now"),
        )
        told = table_of(
            "rules", "Rules that spoke", columns, chosen, sort="said", order="desc",
            empty="No rule has said anything in this time.",
        )  # fmt: skip
        silence = table_of(
            "silent", "Rules that found nothing to say", (_RULE, Column("severity", "Severity", "severity"),
            Column("finds", "Finds", is_sortable=False), Column("muted", "Muted in", "number")), quiet, sort="rule",
            empty="Every rule has spoken.",
        )  # fmt: skip
        return exported(told, silence) or render_template(
            "rules.html", told=told, silence=silence, total=total(chosen), trouble=trouble, since=day,
            drafts=_drafts(desk),
            filters=(asked.repository_choice(desk), class_, asked.since_field(day)),
        )  # fmt: skip

    @pages.get("/rules/<class_>/<kind>")
    def rule(class_: str, kind: str) -> str | Response:
        name, day = f"{class_}/{kind}", asked.since(desk, DAYS)
        described, trouble = _described(known)
        sight = desk.sight
        places = [with_precision(row) for row in sight.ask("rule-by-repository-seen", rule=name, since=day)]
        page = described.get(name)
        if page is None and not (places or sight.ask("rule-by-repository-seen", rule=name, since="")):
            abort(404)
        points = sight.ask("rule-points-seen", rule=name, since=day, limit=POINTS)
        by_place = table_of(
            "repositories", "By repository", (_PLACE, *_COUNTS), places, sort="said", order="desc",
            empty="It has said nothing in this time.",
        )  # fmt: skip
        latest = table_of("points", "What it said last", _POINT, points, empty="It has said nothing in this time.")
        return exported(by_place, latest) or render_template(
            "rule.html", name=name, page=page, total=total(places), by_place=by_place, latest=latest, since=day,
            trouble=trouble, filters=(asked.repository_choice(desk), asked.since_field(day)),
        )  # fmt: skip


def _described(known: RulePages) -> tuple[dict[str, RulePage], str]:
    """The rules' pages by name, and why there are none: what is on record is shown all the same."""
    try:
        return dict(known.all()), ""
    except GuardError as failed:
        return {}, str(failed)


def _drafts(desk: Desk) -> list[dict[str, Any]]:
    """Rules that people may adopt, the latest first."""
    rows = desk.sight.ask("rule-drafts-seen", limit=DRAFTS)
    return [row | {"places": json.loads(row["places"])} for row in rows]


def _named(row: Row, described: dict[str, RulePage]) -> dict[str, Any]:
    page = described.get(row["rule"])
    return dict(row) | {"severity": page.severity if page else "", "finds": page.finds if page else ""}


def _classes(described: dict[str, RulePage], rows: list[dict[str, Any]]) -> list[str]:
    return sorted({name.partition("/")[0] for name in (*described, *(row["rule"] for row in rows))})


def _is_of(row: Row, class_: str) -> bool:
    return not class_ or row["rule"].startswith(f"{class_}/")


_RULE = Column("rule", "Rule", "code", href=rule_address)
_PLACE = Column("repository", "Repository", href=repository_address)
_POINT = (
    Column("title", "What it said", "said", href=review_address),
    Column("fate", "Became", "mark"),
    Column("severity", "Severity", "severity"),
    _PLACE,
    Column("number", "Pull request", "number"),
    Column("path", "File", "code"),
    Column("start_line", "Line", "number"),
    Column("said_at", "Said", "when"),
)
