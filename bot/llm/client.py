"""One model with its guards around it: breaker, buckets, caps, deadline, retries. The only owner of retries."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain import Hold, ModelUse, Occasion
from bot.errors import ModelRefused, ModelUnavailable
from bot.llm.breaker import Breaker
from bot.llm.endpoint import Endpoint
from bot.llm.failures import NoAnswer, judged
from bot.llm.limits import ToldLimits
from bot.llm.prices import Price, price_of
from bot.llm.prompts import Messages, ReplyLimits
from bot.llm.purse import Purse
from bot.llm.reply import Reply
from bot.llm.retries import LONGEST_WAIT_S, RetryBudget, wait_before
from bot.llm.throttle import Throttle, token_throttle
from bot.settings.service import Llm

_LEAST_S = 0.05
"""With less than this left a request is not worth sending."""


@dataclass(frozen=True)
class Guards:
    """What all models of a gateway share."""

    settings: Llm
    purse: Purse
    requests: Throttle
    retries: RetryBudget
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    now: Callable[[], datetime]
    dice: Callable[[], float]
    """Chance, from 0 to 1."""


@dataclass
class Tally:
    """What one call came to, as far as it has got."""

    call_id: str = ""
    occasion: Occasion = field(default_factory=Occasion)
    requests: int = 0
    use: ModelUse = field(default_factory=ModelUse)
    cost_usd: float | None = 0.0

    def pay(self, use: ModelUse, cost_usd: float | None) -> None:
        self.use += use
        self.cost_usd = None if cost_usd is None or self.cost_usd is None else self.cost_usd + cost_usd


class ModelClient:
    """`is_ours`: the settings' address and key are meant for this model's provider."""

    def __init__(self, name: str, guards: Guards, is_ours: bool) -> None:
        settings, clock = guards.settings, guards.clock
        self.name = name
        self.limits = ToldLimits(clock, guards.now)
        self.endpoint = Endpoint(name, settings, is_ours, clock, self.limits.note)
        self.price: Price | None = price_of(name, settings)
        self.breaker = Breaker(name, settings.breaker_failures, settings.breaker_reset_s, clock)
        self.tokens = token_throttle(settings.tokens_per_minute, clock, guards.sleep)
        self._guards = guards

    def ask(self, messages: Messages, limits: ReplyLimits, deadline: float, tally: Tally) -> Reply:
        """An answer before the deadline (of `clock`). Raises ModelUnavailable or ModelRefused."""
        retry = 0
        while True:
            try:
                return self._attempt(messages, limits, deadline, tally)
            except NoAnswer as ended:
                retry += 1
                wait_s = self._wait_before(retry, ended, deadline)
                if wait_s is None:
                    raise ended.error from ended.__cause__
            self._guards.sleep(wait_s)

    def _wait_before(self, retry: int, ended: NoAnswer, deadline: float) -> float | None:
        """Seconds before the next try; None where there is to be none."""
        guards = self._guards
        if not ended.may_retry or retry >= guards.settings.attempts:
            return None
        longest_s = guards.settings.max_wait_s
        told_s = ended.error.retry_after_s if isinstance(ended.error, ModelUnavailable) else None
        wait_s = wait_before(retry, told_s, min(LONGEST_WAIT_S, longest_s), guards.dice)
        left_s = deadline - guards.clock() - _LEAST_S
        if (told_s or 0.0) > longest_s or wait_s > left_s or not guards.retries.take():
            return None
        return wait_s

    def _attempt(self, messages: Messages, limits: ReplyLimits, deadline: float, tally: Tally) -> Reply:
        """One try: as many requests as it takes to find the form that a new endpoint understands."""
        while True:
            left = deadline - self._guards.clock()
            if left < _LEAST_S:
                raise ModelUnavailable(f"no time is left to ask {self.name}; raise llm.timeout_s")
            self.breaker.admit(left)
            try:
                return self._request(messages, limits, deadline, tally)
            except NoAnswer as ended:
                self._tell_breaker(ended)
                if not (ended.is_form and self.endpoint.dialect.simpler(str(ended).lower())):
                    raise

    def _request(self, messages: Messages, limits: ReplyLimits, deadline: float, tally: Tally) -> Reply:
        try:
            self._wait_for_turn(messages, deadline)
            self._hold(messages, deadline, tally)
            tally.requests += 1
            reply = self.endpoint.ask(messages, limits, max(_LEAST_S, deadline - self._guards.clock()))
            self._settle(messages, reply, tally)
            if reply.declined:
                raise NoAnswer(ModelRefused(f"{self.name} declined to answer: {reply.declined[:200]}"))
        except (NoAnswer, ModelUnavailable, ModelRefused):
            self.breaker.released()
            raise
        except Exception as error:
            raise judged(self.name, error, self._guards.now()) from error
        self.breaker.succeeded()
        return reply

    def _wait_for_turn(self, messages: Messages, deadline: float) -> None:
        """By the provider's word, then by our own buckets. Raises ModelUnavailable where it takes too long."""
        guards = self._guards
        told_s = self.limits.wait_s(messages.tokens)
        if told_s > min(guards.settings.max_wait_s, deadline - guards.clock()):
            raise ModelUnavailable(f"{self.name} says that its limits are used up for now", retry_after_s=told_s)
        if told_s > 0:
            guards.sleep(told_s)
        guards.requests.wait(deadline)
        if self.tokens:
            self.tokens.wait(deadline, messages.tokens)
        self.limits.use(messages.tokens)

    def _hold(self, messages: Messages, deadline: float, tally: Tally) -> None:
        """What this request may come to at most, and what earlier ones of the call have cost."""
        worst = ModelUse(input_tokens=messages.tokens, output_tokens=self._guards.settings.max_output_tokens)
        hold = Hold(
            cost_usd=(self.price.of(worst) if self.price else 0.0) + (tally.cost_usd or 0.0),
            tokens=sum((worst.input_tokens, worst.output_tokens, tally.use.input_tokens, tally.use.output_tokens)),
        )
        self._guards.purse.hold(tally.call_id, tally.occasion, hold, deadline)

    def _settle(self, messages: Messages, reply: Reply, tally: Tally) -> None:
        tally.pay(reply.use, self.price.of(reply.use) if self.price else None)
        if self.tokens and (used := reply.use.input_tokens + reply.use.output_tokens):
            self.tokens.correct(used - messages.tokens)

    def _tell_breaker(self, ended: NoAnswer) -> None:
        if ended.is_sick:
            self.breaker.failed()
        elif isinstance(ended.error, ModelRefused):
            self.breaker.succeeded()  # it is well enough to refuse
        else:
            self.breaker.released()
