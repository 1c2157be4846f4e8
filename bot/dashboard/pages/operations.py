"""Operations: what waits, which breakers are open, what is spent of which budget, what the model costs and answers,
what arrived, who did what; and a delivery once more.

Everybody who may sign in sees how the service is, and the deliveries of their repositories. What people did, and the
button, are for administrators alone: to others they do not exist.
"""

from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.dashboard import asked
from bot.dashboard.desk import Desk
from bot.dashboard.requeueing import again, asked_for
from bot.dashboard.service import breaker_rows, budgets, is_silent, knows_all, midnight, service
from bot.dashboard.tables import Column, Row, exported, table_of
from bot.errors import EngineUnavailable

DAYS, MOST = 7, 2000
_TOLD = {
    "queued": "It is in line again.",
    "known": "It was put in line again a moment ago; once is enough.",
    "gone": "What it asked for is no longer kept, so it cannot be put in line again.",
    "away": "The engine does not answer; nothing was put in line. Try again in a minute.",
}


def add(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/operations")
    def operations() -> str | Response:
        day, sight, is_admin = asked.since(desk, DAYS), desk.sight, desk.viewer.is_admin
        values = {"since": day, "limit": MOST, "unbound": asked.unbound(desk)}
        here = service(desk)
        waiting = [{"queue": name, "waiting": count} for name, count in here.backlog.items()]
        breakers = breaker_rows(here.workers, desk.settings, is_admin)
        spent = budgets(desk, None if here.trouble else here.waiting, here.workers)
        hours = [one for one in spent if one["budget"] == "github"]
        models = sight.ask("model-today-seen", since=midnight(desk).isoformat(), unbound=values["unbound"])
        tables = [
            table_of("queues", "Work that waits", _QUEUE, waiting, empty="Not known right now."),
            table_of("breakers", "Workers and their circuit breakers", _BREAKER, breakers,
                     empty="No worker was heard of within a day." if not here.trouble else "Not known right now."),
            table_of("models", "Models, since midnight UTC", _MODEL, [_model(row) for row in models],
                     empty="No model was asked today."),
            table_of("deliveries", "Deliveries", _DELIVERY, sight.ask("deliveries-seen", **values),
                     empty="Nothing has arrived in this time."),
        ]  # fmt: skip
        if knows_all(desk):
            tables.insert(2, table_of("github", "GitHub's hourly limits", _HOUR, [_hour(one) for one in hours],
                                      empty="GitHub has told no worker of a limit in this hour."))  # fmt: skip
        if is_admin:
            audit = sight.ask("audit-seen", **values)
            tables.append(table_of("audit", "What people did", _AUDIT, audit, empty="Nobody did anything."))
        return exported(*tables) or render_template(
            "operations.html", tables=tables, here=here, since=day, limit=desk.settings.web.backlog_limit,
            budgets=[one for one in spent if one not in hours[1:]],
            open=sorted({row["dependency"] for row in breakers if row["state"] == "breaker open"}),
            alive=sum(not is_silent(one, desk.settings) for one in here.workers),
            filters=(asked.repository_choice(desk), asked.since_field(day)),
        )  # fmt: skip

    @pages.get("/operations/deliveries/<path:guid>")
    def operations_delivery(guid: str) -> str | Response:
        row = _delivery(desk, guid)
        jobs = table_of("jobs", "What it asked for", _JOB, asked_for(row), empty="Nothing, or it is no longer kept.")
        return exported(jobs) or render_template(
            "delivery.html", row=row, jobs=jobs, told=_TOLD.get(request.args.get("told", ""), ""),
            may_requeue=desk.viewer.is_admin and bool(jobs.rows),
        )  # fmt: skip

    @pages.post("/operations/deliveries/<path:guid>/requeue")
    def operations_requeue(guid: str) -> AnyResponse:
        if not desk.viewer.is_admin:
            abort(404)
        row = _delivery(desk, guid)
        outcome = _requeue(desk, row)
        desk.audit("requeue", f"delivery {row['guid']}", outcome, row["repository_id"])
        return redirect(url_for("dashboard.operations_delivery", guid=guid, told=outcome), 303)


def _requeue(desk: Desk, row: Row) -> str:
    delivery = again(row, desk.now())
    if delivery is None:
        return "gone"
    try:
        return "queued" if desk.works.submit(delivery) else "known"
    except EngineUnavailable:
        return "away"


def _delivery(desk: Desk, guid: str) -> dict[str, Any]:
    found = desk.whole_sight.ask("delivery-seen", guid=guid, unbound=int(desk.viewer.may_see(None)))
    if not found:
        abort(404)
    return found[0]


def _model(row: Row) -> dict[str, Any]:
    return dict(row) | {"unanswered": row["calls"] - row["answered"]}


def _hour(budget: Row) -> dict[str, Any]:
    return dict(budget) | {"granted": budget["title"].partition(", ")[2]}


def _delivery_address(row: Row) -> str:
    return url_for("dashboard.operations_delivery", guid=row["guid"])


_QUEUE = (Column("queue", "Queue"), Column("waiting", "Waiting", "number"))
_BREAKER = (
    Column("dependency", "Asked by us", "name"),
    Column("state", "Breaker", "mark", about="Open: it is left alone for a while after failures in a row"),
    Column("since", "Since", "when"),
    Column("worker", "Told by", "name"),
    Column("silent_s", "Heard of", "age"),
)
_HOUR = (
    Column("granted", "Granted to"),
    Column("left", "Left", "number"),
    Column("cap", "An hour", "number"),
    Column("ends_at", "Whole again", "when"),
)
_MODEL = (
    Column("model", "Model"),
    Column("calls", "Asked", "number"),
    Column("answered", "Answered", "number"),
    Column("unanswered", "Not answered", "number"),
    Column("held_back", "Held back", "number", about="By the breaker, the throttle or the daily cap"),
    Column("cost_usd", "Cost", "money"),
    Column("answered_at", "Last answer", "when"),
)
_DELIVERY = (
    Column("received_at", "Arrived", "when"),
    Column("event", "Event", href=_delivery_address),
    Column("action", "Action"),
    Column("repository", "Repository"),
    Column("job_count", "Jobs", "number"),
    Column("ignored_because", "Left alone because"),
    Column("guid", "Delivery", "code", href=_delivery_address),
)
_JOB = (Column("kind", "Job"), Column("why", "Because"), Column("about", "About"))
_AUDIT = (
    Column("at", "When", "when"),
    Column("who", "Who"),
    Column("done", "Did"),
    Column("subject", "To what"),
    Column("outcome", "Outcome", "mark"),
    Column("repository", "Repository"),
)
