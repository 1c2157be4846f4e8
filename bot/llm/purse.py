"""The caps on spending: what a call may come to is held before it is made, and a review is told what it can afford."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from bot.domain import Afforded, CapName, Caps, CostAccount, Hold, ModelUse, Occasion, Profile, Spending
from bot.errors import LedgerError, ModelRefused, ModelUnavailable
from bot.llm.prices import Price
from bot.settings.service import Llm

OUTPUT_SHARE = 0.25
"""Of a review's prompt tokens, so many come back as answers, thinking included: what a review is expected to cost."""
_LOOK_AGAIN_S = 1.0
_GRACE_S = 60.0
"""A hold outlives its call by this much, for a worker that is slow to book it."""
_NAMES: dict[CapName, tuple[str, str]] = {
    "review": ("cap of a review", "llm.review_cap_usd"),
    "review-tokens": ("cap of a review", "llm.review_cap_tokens"),
    "repository-day": ("daily cap of a repository", "llm.repository_daily_cap_usd"),
    "day": ("daily cap", "llm.daily_cap_usd"),
    "organisation-month": ("monthly cap of an organisation", "llm.organisation_monthly_cap_usd"),
}
_DAILY: tuple[CapName, ...] = ("day", "repository-day")


def caps_of(settings: Llm) -> Caps:
    return Caps(
        review_usd=settings.review_cap_usd,
        review_tokens=settings.review_cap_tokens,
        repository_day_usd=settings.repository_daily_cap_usd,
        day_usd=settings.daily_cap_usd,
        organisation_month_usd=settings.organisation_monthly_cap_usd,
    )


class Purse:
    """`spending`: what the account said last. `times_hit`: how often each cap held something back."""

    def __init__(
        self,
        caps: Caps,
        most_output_tokens: int,
        account: CostAccount,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        now: Callable[[], datetime],
    ) -> None:
        self.caps = caps
        self.spending = Spending()
        self.times_hit: Counter[CapName] = Counter()
        self._most_output = most_output_tokens
        self._account = account
        self._clock = clock
        self._sleep = sleep
        self._now = now

    def hold(self, call_id: str, occasion: Occasion, hold: Hold, deadline: float) -> None:
        """Returns once the amount is held for the call. What calls under way hold is waited for: most give change.

        Raises ModelUnavailable over a cap that lifts within a day, ModelRefused over one that does not.
        """
        caps = self._caps_on(occasion)
        if caps == Caps():
            return
        while True:
            spending = self._reserve(call_id, occasion, hold, caps, deadline)
            cap = spending.passed(caps, hold)
            if cap is None:
                return
            if spending.passed_for_good(caps, hold) or self._clock() + _LOOK_AGAIN_S >= deadline:
                raise self._over(cap, spending, caps, hold)
            self._sleep(_LOOK_AGAIN_S)

    def affordable(
        self, occasion: Occasion, profile: Profile, tokens: Mapping[Profile, int], price: Price | None
    ) -> Afforded:
        """The dearest profile, not dearer than the wanted one, whose review is expected to pass no cap."""
        caps = self._caps_on(occasion)
        if caps == Caps():
            return Afforded(profile=profile)
        try:
            spending = self.spending = self._account.spending(occasion)
        except LedgerError:
            return Afforded(profile=profile)  # each call asks again before it is made, and says what is wrong
        chosen: Profile | None = profile
        wanted = self._expected(tokens.get(profile, 0), price)
        while chosen is not None and spending.passed(caps, self._expected(tokens.get(chosen, 0), price)):
            chosen = chosen.cheaper
        if chosen is profile:
            return Afforded(profile=profile)
        cap = spending.passed(caps, wanted)
        assert cap is not None, "only a cap lowers a profile"
        self.times_hit[cap] += 1
        name, setting = _NAMES[cap]
        left = f"leaves {chosen.value}" if chosen else "leaves nothing for a model"
        amounts = f"{_said(cap, _spent(spending, cap))} of {_said(cap, caps.of(cap))} is spent"
        need = f"{profile.value} may come to {_said(cap, wanted.tokens if cap == 'review-tokens' else wanted.cost_usd)}"
        return Afforded(profile=chosen, reason=f"{name} {left}: {amounts}, {need} ({setting})")

    def _expected(self, tokens: int, price: Price | None) -> Hold:
        """What a review is expected to come to; the last call must be able to hold its longest answer."""
        output = int(tokens * OUTPUT_SHARE)
        worst = ModelUse(input_tokens=tokens, output_tokens=output + self._most_output)
        return Hold(cost_usd=price.of(worst) if price else 0.0, tokens=tokens + output + self._most_output)

    def _caps_on(self, occasion: Occasion) -> Caps:
        """A review's own caps bind reviews alone, and what belongs to no repository passes by a repository's."""
        free: list[str] = []
        if not occasion.is_review:
            free += ["review_usd", "review_tokens"]
        if occasion.repository_id is None:
            free += ["repository_day_usd", "organisation_month_usd"]
        return self.caps.model_copy(update=dict.fromkeys(free, 0))

    def _reserve(self, call_id: str, occasion: Occasion, hold: Hold, caps: Caps, deadline: float) -> Spending:
        longest_s = max(0.0, deadline - self._clock()) + _GRACE_S
        try:
            self.spending = self._account.reserve(call_id, occasion, hold, caps, longest_s)
        except LedgerError as unread:
            raise ModelUnavailable(
                f"what models have cost cannot be read ({unread}); nothing is spent until it can", retry_after_s=60.0
            ) from unread
        return self.spending

    def _over(self, cap: CapName, spending: Spending, caps: Caps, hold: Hold) -> ModelUnavailable | ModelRefused:
        self.times_hit[cap] += 1
        name, setting = _NAMES[cap]
        spent, most = _spent(spending, cap), caps.of(cap)
        need = hold.tokens if cap == "review-tokens" else hold.cost_usd
        more = f" and the next answer may cost {_said(cap, need)}" if spent < most else ""
        said = f"{name}: {_said(cap, spent)} of {_said(cap, most)} for models is spent{more}; "
        if cap in _DAILY:
            said += f"reviews go on with rules only until midnight UTC, or raise {setting}"
            return ModelUnavailable(said, retry_after_s=self._until_midnight())
        until = "for the rest of this month (UTC)" if cap == "organisation-month" else "for this head"
        return ModelRefused(f"{said}the rules alone go on {until}, or raise {setting}")

    def _until_midnight(self) -> float:
        now = self._now().astimezone(UTC)
        midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        return (midnight - now).total_seconds()


def _spent(spending: Spending, cap: CapName) -> float:
    return spending.paid.of(cap) + spending.held.of(cap)


def _said(cap: CapName, amount: float) -> str:
    """Tokens, or dollars to the cent; finer where cents would show nothing."""
    if cap == "review-tokens":
        return f"{amount:,.0f} tokens"
    return f"${amount:.2f}" if amount == 0 or amount >= 0.01 else f"${amount:.4f}"
