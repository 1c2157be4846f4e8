"""A repository: what it calls and what protects that, how it goes, and its pull requests."""

import json
from datetime import timedelta
from typing import Final

from flask import Blueprint, Response, render_template

from bot.dashboard.desk import Desk
from bot.dashboard.figures import chart_pictures, pairs, weeks_shown
from bot.dashboard.pages.overview import SHOWN
from bot.dashboard.posture_map import PostureShown, posture_shown
from bot.dashboard.reader import Sight
from bot.dashboard.row_links import repository_address, review_address
from bot.dashboard.tables import Column, Row, exported, table_of

PULL_REQUESTS, CHANGES, DAYS = 500, 200, 90


def add(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/repositories")
    def repositories() -> str | Response:
        rows = [row | {"map": "kept" if row["has_map"] else ""} for row in desk.sight.repositories()]
        table = table_of(
            "repositories", "Repositories", _REPOSITORY, rows, sort="repository",
            empty="No repository is on record that you may see. One comes with its first delivery, or with "
            "`seawall backfill OWNER/REPO`.",
        )  # fmt: skip
        return exported(table) or render_template("repositories.html", table=table)

    @pages.get("/repositories/<owner>/<name>")
    def repository(owner: str, name: str) -> str | Response:
        sight = desk.sight
        this_week, last_week = weeks_shown(desk)
        so_far, last = sight.facts_of_weeks([this_week, last_week])
        pull_requests = table_of(
            "pull-requests", "Pull requests", _PULL_REQUEST,
            [_stated(row) for row in sight.ask("pull-requests-seen", limit=PULL_REQUESTS)],
            empty="No pull request is on record.", per_page=20,
        )  # fmt: skip
        since = (desk.now() - timedelta(days=DAYS)).isoformat(timespec="seconds")
        changes = table_of(
            "posture-changes", f"What pull requests changed of it, {DAYS} days", _CHANGE,
            sight.ask("posture-changes-seen", since=since, limit=CHANGES),
            empty="No pull request changed what it calls, or how that is protected.", per_page=10,
        )  # fmt: skip
        full_name = sight.repositories()[0]["repository"]
        return exported(pull_requests, changes) or render_template(
            "repository.html", name=full_name, posture=_posture(sight), groups=pairs(so_far, last, SHOWN), last=last,
            so_far=so_far, pictures=chart_pictures(last, full_name), pull_requests=pull_requests, changes=changes,
        )  # fmt: skip


def _posture(sight: Sight) -> PostureShown | None:
    from bot.domain.posture import PostureMap

    rows = sight.ask("posture-seen")
    return posture_shown(PostureMap.from_json(json.loads(rows[0]["map"])), rows[0]["at"]) if rows else None


def _stated(row: Row) -> Row:
    state = ("draft" if row["is_draft"] else "open") if row["is_open"] else "closed"
    return dict(row) | {"state": state}


_REPOSITORY: Final = (
    Column("repository", "Repository", href=repository_address),
    Column("open", "Open pull requests", "number"),
    Column("reviewed_at", "Last review", "when"),
    Column("map", "Posture map"),
)  # fmt: skip
_PULL_REQUEST: Final = (
    Column("number", "#", "number", href=review_address),
    Column("title", "Title", href=review_address),
    Column("state", "State", "mark"),
    Column("coverage", "Coverage", "mark", about="How much of it the last review read"),
    Column("result", "Result", "mark"),
    Column("points", "Said", "number", about="Points that were said"),
    Column("open_points", "Open", "number", about="Of those, neither fixed nor answered"),
    Column("finished_at", "Last review", "when"),
)
_CHANGE: Final = (
    Column("at", "Seen", "when"),
    Column("number", "#", "number", href=review_address),
    Column("title", "Pull request", href=review_address),
    Column("calls_added", "Calls added", "number"),
    Column("calls_removed", "Calls removed", "number"),
    Column("gained", "Protections gained", "number"),
    Column("lost", "Protections lost", "number"),
    Column("chains", "Chains made worse", "number"),
)
