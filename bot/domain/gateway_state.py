"""How the gateway to models is: for the metrics, `seawall doctor` and whoever asks."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.model_calls import CapName, Caps, Spending


@dataclass(frozen=True)
class ModelState:
    name: str
    breaker: str
    """`closed`, `open` or `half-open`."""
    tokens_share: float | None
    """How full its bucket of tokens is, 0 to 1; None where llm.tokens_per_minute sets no limit."""


@dataclass(frozen=True)
class GatewayState:
    """Of this process; `spending` counts every worker that shares the account, as of its last call under a cap.

    Where no cap is set nobody asks the account, and it stays 0.
    """

    models: tuple[ModelState, ...]
    requests_share: float
    """How full the bucket of requests is, 0 to 1."""
    retries_left: int
    caps: Caps
    spending: Spending
    times_capped: Mapping[CapName, int]

    @property
    def spent_today_usd(self) -> float:
        return self.spending.paid.day_usd + self.spending.held.day_usd
