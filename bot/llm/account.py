"""What models have cost, for a process that keeps no ledger: the command line."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.domain import Amounts, Caps, Hold, ModelCall, Occasion, Spending


@dataclass(frozen=True)
class _Entry:
    """Booked, or held until then."""

    occasion: Occasion
    cost_usd: float
    tokens: int
    at: datetime


class MemoryAccount:
    """A CostAccount that lives as long as its process."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._paid: list[_Entry] = []
        self._held: dict[str, _Entry] = {}
        self._lock = threading.Lock()

    def spending(self, occasion: Occasion) -> Spending:
        with self._lock:
            return self._spending(occasion, "")

    def reserve(self, call_id: str, occasion: Occasion, hold: Hold, caps: Caps, longest_s: float) -> Spending:
        with self._lock:
            spending = self._spending(occasion, call_id)
            if spending.passed(caps, hold) is None:
                until = self._now() + timedelta(seconds=longest_s)
                self._held[call_id] = _Entry(occasion, hold.cost_usd, hold.tokens, until)
            return spending

    def keep(self, call: ModelCall, occasion: Occasion) -> None:
        with self._lock:
            self._held.pop(call.id, None)
            tokens = call.use.input_tokens + call.use.output_tokens
            self._paid.append(_Entry(occasion, call.cost_usd or 0.0, tokens, self._now()))

    def _spending(self, occasion: Occasion, call_id: str) -> Spending:
        now = self._now()
        month = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        self._paid = [entry for entry in self._paid if entry.at >= month]
        held = [entry for other, entry in self._held.items() if other != call_id and entry.at > now]
        return Spending(paid=_amounts(self._paid, occasion, now), held=_amounts(held, occasion, now))


def _amounts(entries: list[_Entry], occasion: Occasion, now: datetime) -> Amounts:
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    today = [entry for entry in entries if entry.at >= midnight]
    review = [e for e in entries if occasion.review_key and e.occasion.review_key == occasion.review_key]
    return Amounts(
        review_usd=sum(entry.cost_usd for entry in review),
        review_tokens=sum(entry.tokens for entry in review),
        repository_day_usd=sum(
            entry.cost_usd for entry in today if entry.occasion.repository_id == occasion.repository_id
        ),
        day_usd=sum(entry.cost_usd for entry in today),
        organisation_month_usd=sum(
            entry.cost_usd
            for entry in entries
            if entry.occasion.organisation.lower() == occasion.organisation.lower()
        ),
    )  # fmt: skip
