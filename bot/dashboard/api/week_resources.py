"""Weeks and the service's own state, as JSON."""

from typing import Any, Final

from bot.dashboard.api import asking
from bot.dashboard.api.resource import (
    AT_MOST,
    COUNT,
    LIMIT,
    MAYBE_NUMBER,
    MAYBE_TEXT,
    MAYBE_TIME,
    NUMBER,
    REPOSITORY,
    SINCE,
    TEXT,
    TIME,
    Parameter,
    Parameters,
    Resource,
    listed,
    only,
    record,
)  # fmt: skip
from bot.dashboard.desk import Desk
from bot.dashboard.service import breaker_rows, budgets, knows_all, midnight
from bot.dashboard.weeks_asked import this_week, week_named

_POINT = record(week=TEXT, value=MAYBE_NUMBER, n=COUNT)
_SERIES = listed(name=TEXT, title=TEXT, unit=TEXT, points={"type": "array", "items": _POINT})
_QUEUES = listed(queue=TEXT, waiting=COUNT)
_BREAKERS = listed(worker=TEXT, silent_s=NUMBER, dependency=TEXT, state=TEXT, since=TEXT)
_BUDGETS = listed(budget=TEXT, title=TEXT, used=NUMBER, cap=MAYBE_NUMBER, left=MAYBE_NUMBER, unit=TEXT, ends_at=TEXT)
_DELIVERIES = listed(
    guid=TEXT, event=TEXT, action=TEXT, received_at=TIME, repository=MAYBE_TEXT, job_count=COUNT, ignored_because=TEXT
)
_MODELS = listed(
    model=TEXT, calls=COUNT, answered=COUNT, held_back=COUNT, cost_usd=NUMBER, answered_at=MAYBE_TIME, asked_at=TIME
)
FACTS: Final = {"$ref": "#/components/schemas/Week"}
"""config/schema/weekly.schema.json."""


def _weeks(desk: Desk, given: Parameters) -> Any:
    facts = asking.sight(desk, given).facts(this_week(desk))
    return only([series.to_json() for series in facts.series], _SERIES)


def _week(desk: Desk, given: Parameters) -> Any:
    return asking.sight(desk, given).facts(week_named(desk, given["week"])).to_json()


def _queues(desk: Desk, _given: Parameters) -> Any:
    return {"items": [{"queue": name, "waiting": waiting} for name, waiting in desk.works.backlog().items()]}


def _breakers(desk: Desk, _given: Parameters) -> Any:
    return {"items": breaker_rows(desk.works.workers(), desk.settings, knows_all(desk))}


def _budgets(desk: Desk, _given: Parameters) -> Any:
    return {"items": budgets(desk, sum(desk.works.backlog().values()), desk.works.workers())}


def _deliveries(desk: Desk, given: Parameters) -> Any:
    values = {"since": asking.since(desk, given, 7), "limit": asking.limit(given, LIMIT)}
    rows = asking.sight(desk, given).ask("deliveries-seen", unbound=asking.unbound(desk, given), **values)
    return only(rows, _DELIVERIES)


def _models(desk: Desk, given: Parameters) -> Any:
    day = asking.since(desk, given) if "since" in given else midnight(desk).isoformat()
    rows = asking.sight(desk, given).ask("model-today-seen", since=day, unbound=asking.unbound(desk, given))
    return only(rows, _MODELS)


WEEKS: Final = (
    Resource("/weeks", "weeks", "The figures that are charted, of the last twelve weeks", _weeks, _SERIES,
             (REPOSITORY,)),
    Resource("/weeks/{week}", "week", "Everything of one week, each figure with its definition", _week, FACTS,
             (Parameter("week", "Such as 2026-W47", TEXT, is_path=True), REPOSITORY)),
    Resource("/operations/queues", "queues", "Work that waits, by queue", _queues, _QUEUES),
    Resource("/operations/breakers", "breakers", "Circuit breakers, as each worker told with its last sign of life",
             _breakers, _BREAKERS),
    Resource("/operations/budgets", "budgets",
             "What is used of what has a bound: the models' day, the backlog, GitHub's hours", _budgets, _BUDGETS),
    Resource("/operations/deliveries", "deliveries", "What arrived, latest first", _deliveries, _DELIVERIES,
             (REPOSITORY, SINCE, AT_MOST)),
    Resource("/operations/models", "models", "What models were asked, since midnight UTC or a day", _models, _MODELS,
             (REPOSITORY, SINCE)),
)  # fmt: skip
