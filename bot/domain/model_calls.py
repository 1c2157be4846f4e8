"""What asking a model costs, who pays, and how each call ended."""

from typing import Literal, Protocol, get_args

from pydantic import Field

from bot.domain.finding import ModelUse
from bot.domain.record import Record

CallOutcome = Literal["answered", "remembered", "malformed", "unavailable", "refused"]
"""remembered: the answer was on record, or another caller was given it at the same moment; nothing was paid."""
CapName = Literal["review", "review-tokens", "repository-day", "day", "organisation-month"]
CAPS: tuple[CapName, ...] = get_args(CapName)
"""The tightest first."""


class ModelCall(Record):
    """One question to one model, its retries included: what the ledger keeps and the metrics count."""

    id: str = Field(default="", description="Known to the account that holds money for it; tells repeated writes")
    model: str
    prompt: str
    prompt_version: str
    use: ModelUse = ModelUse()
    cost_usd: float | None = Field(default=None, description="null where the price is not known")
    latency_s: float = 0.0
    attempts: int = 0
    """Requests sent; 0 where the breaker, the throttle or a cap let none through, or the answer was remembered."""
    outcome: CallOutcome
    reason: str = ""
    at: str = Field(description="When it was asked; ISO 8601, UTC")


class Occasion(Record):
    """What a question is asked for: who pays, whose share of the slots it takes, and until when it is of use."""

    review_key: str = ""
    repository_id: int | None = None
    organisation: str = ""
    """The owner of the repository."""
    is_review: bool = False
    """False for what people ask beside a review: the caps of a review are not theirs."""
    deadline: float | None = None
    """On the gateway's clock; None where nobody waits but the call itself."""


class Amounts(Record):
    """What each cap is compared with. US dollars, as far as prices are known; days and months begin in UTC."""

    review_usd: float = 0.0
    review_tokens: int = 0
    repository_day_usd: float = 0.0
    day_usd: float = 0.0
    organisation_month_usd: float = 0.0

    def of(self, cap: CapName) -> float:
        by_name: dict[CapName, float] = {
            "review": self.review_usd,
            "review-tokens": self.review_tokens,
            "repository-day": self.repository_day_usd,
            "day": self.day_usd,
            "organisation-month": self.organisation_month_usd,
        }
        return by_name[cap]

    def plus(self, other: "Amounts") -> "Amounts":
        return Amounts(**{name: getattr(self, name) + getattr(other, name) for name in Amounts.model_fields})


class Caps(Amounts):
    """The most that models may cost; 0 is no cap."""


class Hold(Record):
    """What one call may come to at most."""

    cost_usd: float = 0.0
    tokens: int = 0


class Spending(Record):
    """What has been paid, and what calls under way elsewhere hold."""

    paid: Amounts = Amounts()
    held: Amounts = Amounts()

    def passed(self, caps: Caps, hold: Hold) -> CapName | None:
        """The cap that this much more would pass; None where it fits."""
        return _passed(self.paid.plus(self.held), caps, hold)

    def passed_for_good(self, caps: Caps, hold: Hold) -> CapName | None:
        """The same, should all that is held turn out to be free."""
        return _passed(self.paid, caps, hold)


def _passed(amounts: Amounts, caps: Caps, hold: Hold) -> CapName | None:
    for cap in CAPS:
        more = hold.tokens if cap == "review-tokens" else hold.cost_usd
        if (limit := caps.of(cap)) and amounts.of(cap) + more > limit:
            return cap
    return None


class CostAccount(Protocol):
    """What models have cost, and what is held for calls under way. One account may serve several processes.

    Every method raises errors.LedgerError where the account cannot be read or written.
    """

    def spending(self, occasion: Occasion) -> Spending:
        """What counts against the caps on that occasion."""

    def reserve(self, call_id: str, occasion: Occasion, hold: Hold, caps: Caps, longest_s: float) -> Spending:
        """Holds the amount for at most `longest_s`, in place of what the call held, where that passes no cap.

        Gives what the others have paid and hold: `passed` tells whether it was held.
        """

    def keep(self, call: ModelCall, occasion: Occasion) -> None:
        """Books a call that ended, and lets go of what was held for it."""


class RememberedAnswer(Record):
    """What a model once said, as JSON: findings and words, no file and no prompt."""

    text: str
    model: str
    prompt: str
    prompt_version: str
    at: str


class AnswerRecord(Protocol):
    """Answers on record. Every method raises errors.LedgerError where it cannot be read or written."""

    def find(self, key: str) -> RememberedAnswer | None:
        """The answer to the same question, by the same model and prompt version."""

    def find_older(self, question: str) -> RememberedAnswer | None:
        """The latest answer to the same question, by whatever model and version of the prompt."""

    def keep(self, key: str, question: str, answer: RememberedAnswer, occasion: Occasion) -> None:
        """Remembers an answer, for a bounded time and among a bounded number."""
