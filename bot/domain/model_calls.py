"""What asking a model costs, and how each call ended."""

from typing import Literal, Protocol

from pydantic import Field

from bot.domain.finding import ModelUse
from bot.domain.record import Record

CallOutcome = Literal["answered", "malformed", "unavailable", "refused"]


class ModelCall(Record):
    """One question to one model, its retries included: what the ledger keeps and the metrics count."""

    model: str
    prompt: str
    prompt_version: str
    use: ModelUse = ModelUse()
    cost_usd: float | None = Field(default=None, description="null where the price is not known")
    latency_s: float = 0.0
    attempts: int = 0
    """Requests sent; 0 where the breaker, the throttle or the cap let none through."""
    outcome: CallOutcome
    reason: str = ""
    at: str = Field(description="When it was asked; ISO 8601, UTC")


class CostAccount(Protocol):
    """What models have cost since midnight, UTC. One account may serve several processes."""

    def spent_today(self) -> float:
        """US dollars. Raises errors.LedgerError when the account cannot be read."""

    def record(self, cost_usd: float) -> None:
        """Adds what an answer has cost."""
