"""Search: findings and incidents that hold all the words."""

from flask import Blueprint, Response, render_template, request

from bot.dashboard import asked
from bot.dashboard.addresses import http_url
from bot.dashboard.desk import Desk
from bot.dashboard.row_links import review_address, rule_address
from bot.dashboard.searching import MOST_CHARS, as_full_text
from bot.dashboard.tables import Column, exported, table_of

MOST = 100
_FINDING = (
    Column("title", "Finding", "said", href=review_address),
    Column("rule", "Rule", "code", href=rule_address),
    Column("severity", "Severity", "severity"),
    Column("repository", "Repository"),
    Column("number", "Pull request", "number"),
    Column("path", "File", "code"),
    Column("start_line", "Line", "number"),
    Column("found_at", "Found", "when"),
)
_INCIDENT = (
    Column("title", "Incident", href=lambda row: http_url(row["url"])),
    Column("broke_at", "Broke", "when"),
    Column("class", "Class"),
    Column("verdict", "A rule had", "mark"),
    Column("repository", "Repository"),
)


def add(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/search")
    def search() -> str | Response:
        typed = request.args.get("q", "")[:MOST_CHARS]
        words, sight = as_full_text(typed), desk.sight
        found = sight.ask("search-findings-seen", words=words, limit=MOST) if words else []
        broke = (
            sight.ask("search-incidents-seen", words=words, limit=MOST, unbound=asked.unbound(desk)) if words else []
        )
        findings = table_of("findings", "Findings", _FINDING, found, empty="No finding holds all of these words.",
                            per_page=25)  # fmt: skip
        incidents = table_of("incidents", "Incidents", _INCIDENT, broke, empty="No incident holds all of these words.",
                             per_page=10)  # fmt: skip
        return exported(findings, incidents) or render_template(
            "search.html", findings=findings, incidents=incidents, typed=typed, is_asked=bool(words), most=MOST,
            filters=(asked.Field("q", "Words", typed, "search"), asked.repository_choice(desk)),
        )  # fmt: skip
