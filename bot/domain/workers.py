"""What a worker says of itself beside its sign of life, for people who look at the service."""

from pydantic import Field

from bot.domain.record import Record


class BreakerSeen(Record):
    """A circuit breaker, as the worker that holds it last told."""

    dependency: str
    is_open: bool
    since: str = Field(default="", description="ISO 8601, UTC: since when it is so, as far as that worker knows")


class WorkerSeen(Record):
    """One that gave a sign of life within a day, and left without saying so, or works still."""

    name: str
    silent_s: float = Field(ge=0, description="Since its last sign of life")
    breakers: tuple[BreakerSeen, ...] = ()
