"""What the model costs and says, kept in the ledger: caps hold over all workers, and no answer is paid twice."""

import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from bot.domain import Caps, Hold, ModelCall, Occasion, PullRequest, RememberedAnswer, Spending
from bot.ledger import Ledger
from bot.llm.occasion import asking_for
from bot.metrics import count_model_call


@contextmanager
def spending_on(pull_request: PullRequest, is_review: bool = False, left_s: float | None = None) -> Iterator[None]:
    """Model calls in this block are booked to this pull request.

    `is_review`: the caps of a review bind them. `left_s`: seconds until nobody waits for their answers any more.
    """
    occasion = Occasion(
        review_key=pull_request.review_key,
        repository_id=pull_request.repository.id,
        organisation=pull_request.repository.owner,
        is_review=is_review,
        deadline=None if left_s is None else time.monotonic() + left_s,
    )
    with asking_for(occasion):
        yield


class LedgerAccount:
    """A domain.CostAccount over the ledger's rows: one purse for every worker that shares the ledger."""

    def __init__(self, ledger: Ledger, clock: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._clock = clock

    def spending(self, occasion: Occasion) -> Spending:
        now = self._clock().astimezone(UTC)
        return self._ledger.model_spending(occasion, *_began(now), _text(now))

    def reserve(self, call_id: str, occasion: Occasion, hold: Hold, caps: Caps, longest_s: float) -> Spending:
        now = self._clock().astimezone(UTC)
        until = _text(now + timedelta(seconds=longest_s))
        return self._ledger.hold_for_model_call(call_id, occasion, hold, caps, *_began(now), _text(now), until)

    def keep(self, call: ModelCall, occasion: Occasion) -> None:
        """Counts one call, and writes it into the ledger."""
        count_model_call(call)
        self._ledger.keep_model_call(
            call.id or uuid.uuid4().hex,
            review_key=occasion.review_key,
            repository_id=occasion.repository_id,
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


class LedgerAnswers:
    """A domain.AnswerRecord over the ledger; answers older than `hours` are not found any more."""

    def __init__(self, ledger: Ledger, hours: float, clock: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._hours = hours
        self._clock = clock

    def find(self, key: str) -> RememberedAnswer | None:
        return self._ledger.model_answer(key, self._since())

    def find_older(self, question: str) -> RememberedAnswer | None:
        return self._ledger.older_model_answer(question, self._since())

    def keep(self, key: str, question: str, answer: RememberedAnswer, occasion: Occasion) -> None:
        self._ledger.keep_model_answer(key, question, answer, occasion.repository_id)

    def _since(self) -> str:
        return _text(self._clock().astimezone(UTC) - timedelta(hours=self._hours))


def account_of(ledger: Ledger) -> LedgerAccount:
    """The purse that this ledger keeps, by the clock on the wall."""
    return LedgerAccount(ledger, lambda: datetime.now(UTC))


def answers_of(ledger: Ledger, hours: float) -> LedgerAnswers | None:
    """The answers that this ledger keeps; None where none are to be remembered."""
    return LedgerAnswers(ledger, hours, lambda: datetime.now(UTC)) if hours else None


def _began(now: datetime) -> tuple[str, str]:
    """When this day and this month began."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return _text(midnight), _text(midnight.replace(day=1))


def _text(at: datetime) -> str:
    """As the ledger keeps times."""
    return at.isoformat(timespec="seconds")
