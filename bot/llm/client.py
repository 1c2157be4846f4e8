"""One model with its guards around it: throttle, cap, breaker, deadline, retries. The only owner of retries."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import stamina

from bot.domain import ModelUse
from bot.errors import ModelRefused, ModelUnavailable
from bot.llm.account import Budget
from bot.llm.breaker import Breaker
from bot.llm.endpoint import Endpoint
from bot.llm.failures import NoAnswer, judged
from bot.llm.prices import Price
from bot.llm.prompts import Messages, ReplyLimits
from bot.llm.reply import Reply
from bot.llm.throttle import Throttle
from bot.settings.service import Llm

_FIRST_WAIT_S = 0.5
_LEAST_S = 0.05
"""With less than this left a request is not worth sending."""


@dataclass
class Tally:
    """What one call came to, as far as it has got."""

    requests: int = 0
    cost_usd: float | None = 0.0

    def pay(self, cost_usd: float | None) -> None:
        self.cost_usd = None if cost_usd is None or self.cost_usd is None else self.cost_usd + cost_usd


class ModelClient:
    def __init__(
        self,
        endpoint: Endpoint,
        settings: Llm,
        price: Price | None,
        budget: Budget,
        throttle: Throttle,
        clock: Callable[[], float],
        now: Callable[[], datetime],
    ) -> None:
        self.name = endpoint.name
        self.endpoint = endpoint
        self.price = price
        self.breaker = Breaker(endpoint.name, settings.breaker_failures, settings.breaker_reset_s, clock)
        self._settings = settings
        self._budget = budget
        self._throttle = throttle
        self._clock = clock
        self._now = now

    def ask(self, messages: Messages, limits: ReplyLimits, deadline: float, tally: Tally) -> Reply:
        """An answer before the deadline (of `clock`). Raises ModelUnavailable or ModelRefused."""
        settings, waits = self._settings, 0
        longest_s = min(10.0, settings.max_wait_s)

        def wait_before_retry(error: Exception) -> bool | float:
            """How long to wait, by the other side's word where it gave one; False gives up."""
            nonlocal waits
            waits += 1
            if not isinstance(error, NoAnswer) or not error.may_retry:
                return False
            told = error.error.retry_after_s if isinstance(error.error, ModelUnavailable) else None
            left = deadline - self._clock()
            if told is None:
                return left > min(longest_s, _FIRST_WAIT_S * 2.0**waits) + _LEAST_S
            if told > min(settings.max_wait_s, left):
                return False
            return told + told * secrets.randbelow(100) / 1000

        retries = stamina.retry_context(
            on=wait_before_retry,
            attempts=settings.attempts,
            timeout=max(_LEAST_S, deadline - self._clock()),
            wait_initial=_FIRST_WAIT_S,
            wait_max=longest_s,
            wait_jitter=_FIRST_WAIT_S,
        )
        try:
            for attempt in retries:
                with attempt:
                    return self._attempt(messages, limits, deadline, tally)
        except NoAnswer as ended:
            raise ended.error from ended.__cause__
        raise AssertionError("stamina either returns or raises")

    def _attempt(self, messages: Messages, limits: ReplyLimits, deadline: float, tally: Tally) -> Reply:
        """One try: as many requests as it takes to find the form that a new endpoint understands."""
        while True:
            self._throttle.wait(deadline)
            left = deadline - self._clock()
            if left < _LEAST_S:
                raise ModelUnavailable(f"no time is left to ask {self.name}; raise llm.timeout_s")
            self.breaker.admit(left)
            try:
                return self._request(messages, limits, left, tally)
            except NoAnswer as ended:
                self._tell_breaker(ended)
                if not (ended.is_form and self.endpoint.dialect.simpler(str(ended).lower())):
                    raise

    def _request(self, messages: Messages, limits: ReplyLimits, timeout_s: float, tally: Tally) -> Reply:
        try:
            with self._budget.reserve(self._estimate(messages)):
                tally.requests += 1
                reply = self.endpoint.ask(messages, limits, timeout_s)
                cost = self.price.of(reply.use) if self.price else None
                tally.pay(cost)
                self._budget.settle(cost)
                if reply.declined:
                    raise NoAnswer(ModelRefused(f"{self.name} declined to answer: {reply.declined[:200]}"))
        except (NoAnswer, ModelUnavailable, ModelRefused):
            self.breaker.released()
            raise
        except Exception as error:
            raise judged(self.name, error, self._now()) from error
        self.breaker.succeeded()
        return reply

    def _tell_breaker(self, ended: NoAnswer) -> None:
        if ended.is_sick:
            self.breaker.failed()
        elif isinstance(ended.error, ModelRefused):
            self.breaker.succeeded()  # it is well enough to refuse
        else:
            self.breaker.released()

    def _estimate(self, messages: Messages) -> float | None:
        worst = ModelUse(input_tokens=messages.tokens, output_tokens=self._settings.max_output_tokens)
        return self.price.of(worst) if self.price else None
