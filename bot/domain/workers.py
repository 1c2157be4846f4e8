"""What a worker says of itself beside its sign of life, for people who look at the service."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import Field

from bot.domain.record import Record


class BreakerSeen(Record):
    """A circuit breaker, as the worker that holds it last told."""

    dependency: str
    is_open: bool
    since: str = Field(default="", description="ISO 8601, UTC: since when it is so, as far as that worker knows")


class LimitSeen(Record):
    """What GitHub grants one installation in an hour, as its last answer told; the token, where `installation` is
    empty."""

    installation: str
    resource: str = Field(description="core (REST), graphql, search, …: each has a limit of its own")
    limit: int = Field(ge=0)
    remaining: int = Field(ge=0)
    resets_at: str = Field(description="ISO 8601, UTC: when all of it is there again")


class WorkerSeen(Record):
    """One that gave a sign of life within a day, and left without saying so, or works still."""

    name: str
    silent_s: float = Field(ge=0, description="Since its last sign of life")
    breakers: tuple[BreakerSeen, ...] = ()
    limits: tuple[LimitSeen, ...] = ()


def limits_told(workers: Sequence[WorkerSeen], now: datetime) -> list[LimitSeen]:
    """GitHub's hours under way. Where several workers ask for one installation, who heard last knows best: of the
    latest hour, the least that was left."""
    latest: dict[tuple[str, str], LimitSeen] = {}
    for one in (limit for worker in workers for limit in worker.limits):
        known = latest.get((one.installation, one.resource))
        if datetime.fromisoformat(one.resets_at) <= now:
            continue
        if known is None or (one.resets_at, -one.remaining) > (known.resets_at, -known.remaining):
            latest[one.installation, one.resource] = one
    return list(latest.values())
