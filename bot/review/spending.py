"""What the model costs, kept in the ledger, so that the day's cap holds across restarts."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

from bot.domain import ModelCall, PullRequest
from bot.ledger import Ledger
from bot.metrics import count_model_call

_FOR: ContextVar[PullRequest | None] = ContextVar("the pull request a model call is for", default=None)


@contextmanager
def spending_on(pull_request: PullRequest) -> Iterator[None]:
    """Model calls in this block are booked to this pull request."""
    token = _FOR.set(pull_request)
    try:
        yield
    finally:
        _FOR.reset(token)


class LedgerAccount:
    """A domain.CostAccount over the ledger's rows of model calls."""

    def __init__(self, ledger: Ledger, clock: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._clock = clock

    def spent_today(self) -> float:
        midnight = self._clock().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        return self._ledger.spent_usd_since(midnight.isoformat())

    def record(self, cost_usd: float) -> None:
        """Nothing to add: `keep` writes the row that carries the cost."""

    def keep(self, call: ModelCall) -> None:
        """Counts one call, and writes it into the ledger."""
        count_model_call(call)
        pull_request = _FOR.get()
        self._ledger.keep_model_call(
            uuid.uuid4().hex,
            review_key=pull_request.review_key if pull_request else "",
            repository_id=pull_request.repository.id if pull_request else None,
            model=call.model,
            prompt=call.prompt,
            prompt_version=call.prompt_version,
            outcome=call.outcome,
            at=call.at,
            input_tokens=call.use.input_tokens,
            output_tokens=call.use.output_tokens,
            cached_tokens=call.use.cached_tokens,
            cost_usd=call.cost_usd,
            latency_s=call.latency_s,
            attempts=call.attempts,
        )
