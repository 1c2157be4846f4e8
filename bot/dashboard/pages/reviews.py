"""A review: its receipt, what it found with its code and what became of it, what the model was asked, what happened."""

import json
from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, Response, render_template

from bot.dashboard import asked
from bot.dashboard.addresses import http_url
from bot.dashboard.desk import Desk
from bot.dashboard.row_links import repository_address, rule_address, run_address
from bot.dashboard.tables import Column, exported, table_of
from bot.errors import NotFound

DAYS, MOST, RUNS = 30, 1000, 50
_TOLD: Final = ("state", "conclusion", "app", "place", "environment", "tag", "additions", "deletions", "files")
"""What the timeline shows of an event's details; never who."""


def add(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/reviews")
    def reviews() -> str | Response:
        day = asked.since(desk, DAYS)
        coverage = asked.choice("coverage", "Coverage", "Any", ("full", "rules-only", "partial", "degraded", "none"))
        rows = desk.sight.ask("latest-reviews-seen", since=day, limit=MOST)
        chosen = [row for row in rows if coverage.value in ("", row["coverage"])]
        table = table_of("reviews", "Reviews", REVIEW_COLUMNS, chosen, empty="No review in this time.")
        return exported(table) or render_template(
            "reviews.html", table=table, is_cut=len(rows) == MOST,
            filters=(asked.repository_choice(desk), coverage, asked.since_field(day)),
        )  # fmt: skip

    @pages.get("/reviews/<review_id>")
    def review(review_id: str) -> str | Response:
        found = desk.sight.ask("review-seen", review_id=review_id)
        if not found:
            raise NotFound("There is no such review on record, or you may not see it.")
        row = found[0]
        place = {"repository_id": row["repository_id"], "number": row["number"]}
        findings = desk.sight.ask("findings-seen", review_id=review_id)
        calls = table_of(
            "model-calls", "Model calls", _CALL, desk.sight.ask("model-calls-seen", review_key=row["key"]),
            empty="The model was not asked.",
        )  # fmt: skip
        runs = table_of("runs", "Runs on this pull request", _RUN, desk.sight.ask("runs-seen", limit=RUNS, **place))
        listed = table_of("findings", "Findings", _FINDING, findings, empty="Nothing was found.")
        return exported(listed, calls, runs) or render_template(
            "review.html",
            review=row,
            receipt=_receipt(row),
            pull_request_url=http_url(row["pull_request_url"]),
            url=http_url(row["url"]),
            rule_address=rule_address,
            findings=[dict(one) | {"change": suggested(one["suggestion"])} for one in findings],
            listed=listed,
            dropped=desk.sight.ask("dropped-seen", review_id=review_id),
            calls=calls,
            runs=runs,
            timeline=[_moment(one) for one in desk.sight.ask("timeline-seen", **place)],
        )


def suggested(text: str | None) -> str:
    """The lines that a suggestion puts in; empty where there is none."""
    try:
        return str(json.loads(text or "{}").get("text", ""))
    except (ValueError, AttributeError):
        return text or ""


def _receipt(row: Mapping[str, Any]) -> dict[str, Any]:
    """As kept, with what a receipt of an earlier version lacks."""
    from bot.domain import Receipt

    kept: dict[str, Any] = json.loads(row["receipt"])
    return Receipt(coverage=row["coverage"], result=row["result"]).to_json() | kept


def _moment(row: Mapping[str, Any]) -> dict[str, Any]:
    try:
        details = json.loads(row["details"])
    except ValueError:
        details = {}
    told = [f"{name} {details[name]}" for name in _TOLD if details.get(name) not in (None, "")]
    if details.get("is_bot"):
        told.append("by a program")
    return {"at": row["at"], "event": row["event"], "told": ", ".join(told)}


REVIEW_COLUMNS: Final = (
    Column("finished_at", "Finished", "when", href=run_address),
    Column("repository", "Repository", href=repository_address),
    Column("number", "#", "number", href=run_address),
    Column("title", "Pull request", href=run_address),
    Column("coverage", "Coverage", "mark"),
    Column("result", "Result", "mark"),
    Column("finding_count", "Findings", "number"),
    Column("duration_s", "Took", "seconds"),
    Column("cost_usd", "Cost", "money"),
)
_CALL: Final = (
    Column("at", "At", "when"),
    Column("model", "Model", "code"),
    Column("prompt", "Prompt"),
    Column("prompt_version", "Version"),
    Column("input_tokens", "Tokens in", "number"),
    Column("output_tokens", "Tokens out", "number"),
    Column("cost_usd", "Cost", "money"),
    Column("latency_s", "Took", "seconds"),
    Column("attempts", "Tries", "number"),
    Column("outcome", "Outcome", "mark"),
)
_RUN: Final = (
    Column("finished_at", "Finished", "when", href=run_address),
    Column("head_sha", "Head", "code"),
    Column("trigger", "Because"),
    Column("mode", "Mode"),
    Column("coverage", "Coverage", "mark"),
    Column("result", "Result", "mark"),
    Column("finding_count", "Findings", "number"),
    Column("duration_s", "Took", "seconds"),
)
_FINDING: Final = tuple(
    Column(name, name)
    for name in (
        "fingerprint", "rule", "severity", "confidence", "source", "path", "start_line", "end_line", "title", "said",
        "fate",
    )
)  # fmt: skip
