"""How the service itself is: its workers with their circuit breakers, and what is spent of its budgets: the models'
day, the backlog, GitHub's hour."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bot.dashboard.desk import Desk
from bot.domain.workers import LimitSeen, WorkerSeen, limits_told
from bot.errors import EngineUnavailable
from bot.settings import Settings

_RESOURCES: Final = {"core": "REST", "graphql": "GraphQL"}
SILENT: Final = "silent"
"""What a breaker is told as, of a worker that gives no sign of life: what it said last may be untrue by now."""


@dataclass(frozen=True)
class Service:
    """`trouble`: why the engine tells nothing; the lists are empty then."""

    backlog: Mapping[str, int]
    workers: Sequence[WorkerSeen]
    trouble: str = ""

    @property
    def waiting(self) -> int:
        return sum(self.backlog.values())


def service(desk: Desk) -> Service:
    try:
        return Service(desk.works.backlog(), desk.works.workers())
    except EngineUnavailable as away:
        why = f" {away}" if desk.viewer.is_admin else ""
        return Service({}, (), f"The engine does not answer.{why}")


def breaker_rows(workers: Sequence[WorkerSeen], settings: Settings, names_hosts: bool) -> list[dict[str, Any]]:
    """A row for each breaker of each worker, and one for a worker that told of none. A worker is named after its host
    for whoever may know that, else by a number."""
    return [
        {"worker": worker.name if names_hosts else f"worker {number}", "silent_s": worker.silent_s, **breaker}
        for number, worker in enumerate(workers, 1)
        for breaker in _breakers(worker, is_silent(worker, settings))
    ]


def is_silent(worker: WorkerSeen, settings: Settings) -> bool:
    return worker.silent_s > settings.engine.reap_after_s


def _breakers(worker: WorkerSeen, is_silent: bool) -> Iterator[dict[str, Any]]:
    if not worker.breakers:
        yield {"dependency": "", "state": SILENT if is_silent else "", "since": ""}
    for one in worker.breakers:
        told = "breaker open" if one.is_open else "breaker closed"
        yield {"dependency": one.dependency, "state": SILENT if is_silent else told, "since": one.since}


def midnight(desk: Desk) -> datetime:
    """When the model's day began: the cap counts by UTC."""
    return desk.now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def knows_all(desk: Desk) -> bool:
    """Who may be told of all repositories together, such as what they cost."""
    return desk.viewer.is_admin or desk.viewer.may_see(None)


def budgets(desk: Desk, waiting: int | None, workers: Sequence[WorkerSeen]) -> list[dict[str, Any]]:
    """What is bounded, and how much of it is used. `cap` None: no bound is set; `used` None: not known right now. The
    hours that GitHub grants come last, the one of which the least is left first."""
    backlog = _budget("backlog", "Backlog", waiting, desk.settings.web.backlog_limit)
    if not knows_all(desk):
        return [backlog]
    begins = midnight(desk)
    spent, cap = desk.reader.ledger.spent_usd_since(begins.isoformat()), desk.settings.llm.daily_cap_usd or None
    ends_at = (begins + timedelta(days=1)).isoformat(timespec="seconds")
    return [_budget("models", "Models today", spent, cap, "US$", ends_at), backlog, *_hours(desk, workers)]


def _hours(desk: Desk, workers: Sequence[WorkerSeen]) -> list[dict[str, Any]]:
    limits = limits_told(workers, desk.now())
    owners = {str(row["installation_id"]): row["owner"] for row in desk.whole_sight.repositories()}
    return [
        _budget("github", _title(one, owners), one.limit - one.remaining, one.limit, ends_at=one.resets_at)
        for one in sorted(limits, key=lambda one: (one.remaining / max(1, one.limit), one.installation, one.resource))
    ]


def _title(limit: LimitSeen, owners: dict[str, str]) -> str:
    """`GitHub this hour, acme: REST`."""
    named = {"": "the token", "app": "the App itself"} | owners
    whose = named.get(limit.installation, f"installation {limit.installation}")
    return f"GitHub this hour, {whose}: {_RESOURCES.get(limit.resource, limit.resource)}"


def _budget(
    name: str, title: str, used: float | None, cap: float | None, unit: str = "", ends_at: str = ""
) -> dict[str, Any]:
    left = None if used is None or cap is None else max(0, cap - used)
    return {"budget": name, "title": title, "used": used, "cap": cap, "left": left, "unit": unit, "ends_at": ends_at}
