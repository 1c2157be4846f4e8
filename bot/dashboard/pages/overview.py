"""The overview: whether all is well, whether work flows, what reviews were worth."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from flask import Blueprint, Response, render_template

from bot.dashboard import asked
from bot.dashboard.addresses import http_url
from bot.dashboard.desk import Desk
from bot.dashboard.figures import chart_pictures, pairs, weeks_shown
from bot.dashboard.pages.reviews import REVIEW_COLUMNS
from bot.dashboard.row_links import repository_address
from bot.dashboard.tables import Column, Row, exported, table_of
from bot.errors import EngineUnavailable

SHOWN: Final = {
    "flow": ("throughput", "cycle", "pickup", "review", "merged-unreviewed", "stale"),
    "value": ("posted", "precision", "time-to-fix", "receipt-in-time", "model-cost", "escaped"),
    "delivery": ("deployments", "lead-time", "change-failure", "time-to-restore"),
    "resilience": ("calls", "unprotected", "unprotected-added", "protections-gained"),
}
"""Figures on this page, by group; the week's own page has them all."""
LATEST, WAITING = 12, 200
_TURNS: Final = {"author": "its author", "reviewer": "a reviewer", "merge": "whoever merges"}


def add(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/")
    def overview() -> str | Response:
        sight, now = desk.sight, desk.now()
        this_week, last_week = weeks_shown(desk)
        so_far, last = sight.facts_of_weeks([this_week, last_week])
        waiting = table_of(
            "waiting", "Stale or blocked now", WAITING_COLUMNS,
            [
                one.to_json() | {"turn": _TURNS[one.turn], "why": one.blocked_by or "stale"}
                for one in so_far.stale[:WAITING]
            ],
            empty="Nothing waits for long, and nothing is blocked.", per_page=10,
        )  # fmt: skip
        since = (now - timedelta(days=7)).isoformat(timespec="seconds")
        latest = sight.ask("latest-reviews-seen", since=since, limit=LATEST)
        reviews = table_of("reviews", "Latest reviews", REVIEW_COLUMNS, latest, empty="No review in seven days.")
        return exported(reviews, waiting) or render_template(
            "overview.html",
            health=_health(desk, since, latest),
            groups=pairs(so_far, last, SHOWN),
            so_far=so_far,
            last=last,
            pictures=chart_pictures(last),
            waiting=waiting,
            reviews=reviews,
            filters=(asked.repository_choice(desk),),
        )


def _health(desk: Desk, since: str, latest: Sequence[Row]) -> dict[str, Any]:
    """What stands first: does the engine answer, does work pile up, how complete were the reviews of seven days."""
    coverage = {row["coverage"]: row["runs"] for row in desk.sight.ask("coverage-seen", since=since)}
    try:
        backlog: int | None = sum(desk.works.backlog().values())
    except EngineUnavailable:
        backlog = None
    return {
        "backlog": backlog,
        "limit": desk.settings.web.backlog_limit,
        "coverage": coverage,
        "runs": sum(coverage.values()),
        "whole": sum(coverage.get(name, 0) for name in ("full", "rules-only")),
        "last": latest[0] if latest else None,
        "is_paused": desk.settings.paused,
    }


WAITING_COLUMNS: Final = (
    Column("repository", "Repository", href=repository_address),
    Column("number", "#", "number", href=lambda row: http_url(row["url"])),
    Column("title", "Pull request"),
    Column("turn", "Waits for"),
    Column("waited_h", "Waited", "wait"),
    Column("why", "Why"),
)
