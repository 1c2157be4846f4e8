"""Incidents and waivers: what broke, whether a rule had said so, and what is not said, by whose wish, until when."""

from typing import Any

from flask import Blueprint, Response, render_template

from bot.dashboard import asked
from bot.dashboard.addresses import http_url
from bot.dashboard.desk import Desk
from bot.dashboard.row_links import rule_address
from bot.dashboard.tables import Column, Table, exported, table_of

DAYS = 365
MOST = 5000
_INCIDENT = (
    Column("title", "Incident", href=lambda row: http_url(row["url"])),
    Column("broke_at", "Broke", "when"),
    Column("class", "Class"),
    Column("rule", "Rule", "code", href=rule_address),
    Column("verdict", "A rule had", "mark", about="fired, been dismissed, or was missing"),
    Column("repository", "Repository"),
    Column("number", "Pull request", "number"),
)
_WAIVER = (
    Column("rule", "Rule", "code", href=rule_address),
    Column("state", "State", "mark"),
    Column("repository", "Repository"),
    Column("reason", "Reason"),
    Column("asked_by", "Asked by"),
    Column("at", "Since", "when"),
    Column("expires_at", "Until", "when", about="Empty: until somebody takes it back"),
    Column("days_left", "Days left", "number"),
)
_PLACE = (Column("path", "File", "code"), Column("number", "Pull request", "number"))


def add(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/incidents")
    def incidents() -> str | Response:
        day, now, sight = asked.since(desk, DAYS), desk.now().isoformat(timespec="seconds"), desk.sight
        state = asked.choice("state", "Waivers", "All", ("in force", "expired", "taken back"))
        broke = sight.ask("incidents-seen", since=day, limit=MOST, unbound=asked.unbound(desk))
        waivers = [
            row for row in sight.ask("waivers-seen", since=day, at=now, limit=MOST) if state.value in ("", row["state"])
        ]
        tables = (
            table_of("incidents", "Incidents", _INCIDENT, broke, empty="Nothing that broke is on record."),
            _waivers("muted", "Muted rules", "muted", waivers, ()),
            _waivers("dismissed", "Dismissed points", "dismissed", waivers, _PLACE),
            _waivers("inline", "Waivers in the code", "inline", waivers, _PLACE),
        )
        return exported(*tables) or render_template(
            "incidents.html", tables=tables, since=day, soon=_soon(waivers),
            filters=(asked.repository_choice(desk), state, asked.since_field(day)),
        )  # fmt: skip


def _waivers(name: str, caption: str, kind: str, waivers: list[dict[str, Any]], place: tuple[Column, ...]) -> Table:
    rows = [row if row["state"] == "in force" else row | {"days_left": None} for row in waivers if row["kind"] == kind]
    return table_of(name, caption, (*_WAIVER[:3], *place, *_WAIVER[3:]), rows, empty="There is none.")


def _soon(waivers: list[dict[str, Any]]) -> int:
    """Waivers in force that end within a fortnight."""
    return sum(
        row["state"] == "in force" and row["days_left"] is not None and row["days_left"] <= 14 for row in waivers
    )
