"""The reviewer behind the gateway: renders the prompt, asks a model or the one that stands in, reads the answer."""

import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from bot.domain import (
    Afforded,
    CallOutcome,
    CostAccount,
    ModelAnswer,
    ModelCall,
    ModelDoubts,
    ModelText,
    ModelUse,
    Profile,
)
from bot.errors import ModelRefused, ModelUnavailable, SeawallError
from bot.llm.account import Budget
from bot.llm.answer import Reading, read_answer
from bot.llm.client import ModelClient, Tally
from bot.llm.doubting import read_doubts
from bot.llm.endpoint import Endpoint
from bot.llm.prices import price_of
from bot.llm.prompts import Messages, Prompt, load_prompt
from bot.llm.speech import read_speech
from bot.llm.throttle import Throttle
from bot.settings.service import Llm

OnCall = Callable[[ModelCall], None]
"""Told of every call, failed ones included. Must not raise: an answer that is paid for would be lost."""
_AGAIN = "\n\nYour last answer could not be read. Answer again, with the JSON object alone."


def _ignore(call: ModelCall) -> None:
    return


T = TypeVar("T")
Read = Callable[[str], T | None]
"""What is made of a reply; None where it cannot be read."""


@dataclass
class _Paid:
    """What the calls for one question came to."""

    use: ModelUse = field(default_factory=ModelUse)


@dataclass(frozen=True)
class _Origin:
    """Where an answer comes from and what it cost, under the names of ModelAnswer and ModelText."""

    model: str
    prompt: str
    prompt_version: str
    use: ModelUse
    cost_usd: float | None
    latency_s: float
    attempts: int

    def fields(self) -> dict[str, Any]:
        return asdict(self) | {"use": self.use}


class Gateway:
    """A domain.Model. Safe to share between threads; `clock` and `sleep` are in seconds, `now` is aware."""

    def __init__(
        self,
        settings: Llm,
        account: CostAccount,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        on_call: OnCall = _ignore,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        nonce: Callable[[], str] = lambda: secrets.token_hex(8),
        prompt: Prompt | None = None,
    ) -> None:
        """`prompt`: read with in place of each shipped one."""
        self._settings = settings
        self._clock = clock
        self._now = now
        self._nonce = nonce
        self._on_call = on_call
        self._prompt = prompt
        budget = Budget(account, settings.daily_cap_usd, now)
        throttle = Throttle(settings.calls_per_minute, clock, sleep)
        names = [name for name in (settings.model, settings.fallback_model) if name]
        self.clients = tuple(
            ModelClient(
                Endpoint(name, settings, is_ours=_provider(name) == _provider(settings.model), clock=clock),
                settings,
                price_of(name, settings),
                budget,
                throttle,
                clock,
                now,
            )
            for name in names
        )

    @property
    def name(self) -> str:
        return self._settings.model

    def prompt_versions(self) -> Mapping[str, str]:
        prompt = self._reading("review")
        return {prompt.name: prompt.version}

    @property
    def prompt_inputs(self) -> tuple[str, ...]:
        """The names that `review` takes."""
        return self._reading("review").inputs

    def _reading(self, name: str) -> Prompt:
        return self._prompt or load_prompt(name)

    def review(self, inputs: Mapping[str, str], prompt: str = "review") -> ModelAnswer:
        """Asks the model, and where it is away its stand-in. Raises ModelUnavailable or ModelRefused."""
        reading = self._reading(prompt)
        most = reading.reply.most_findings

        def read(text: str) -> Reading | None:
            found = read_answer(text, most)
            return found if found.is_readable else None

        found, origin = self._put(reading, inputs, read)
        return ModelAnswer(candidates=found.candidates, malformed=found.malformed, **origin.fields())

    def doubt(self, inputs: Mapping[str, str]) -> ModelDoubts:
        """Asks what refutes the findings in `inputs`. Raises as `review` does."""
        prompt = load_prompt("doubt")
        found, origin = self._put(prompt, inputs, lambda text: read_doubts(text, prompt.reply.most_findings))
        return ModelDoubts(doubts=found.doubts, malformed=found.malformed, **origin.fields())

    def affordable(self, profile: Profile, tokens: Mapping[Profile, int]) -> Afforded:
        """The profile as it was wanted."""
        return Afforded(profile=profile)

    def answer(self, prompt: str, inputs: Mapping[str, str]) -> ModelText:
        """Asks with the prompt of that name, whose reply is words (`answer`, `fix`). Raises as `review` does."""
        shipped = load_prompt(prompt)
        speech, origin = self._put(shipped, inputs, lambda text: read_speech(text, shipped.reply))
        return ModelText(**asdict(speech), **origin.fields())

    def _put(self, prompt: Prompt, inputs: Mapping[str, str], read: Read[T]) -> tuple[T, _Origin]:
        """The first client that answers. Raises ModelUnavailable or ModelRefused."""
        messages = prompt.render(inputs, self._nonce())
        away: ModelUnavailable | None = None
        for client in self.clients:
            try:
                return self._ask(client, prompt, messages, read)
            except ModelUnavailable as unavailable:
                away = _sooner(away, unavailable)
        raise away or ModelRefused("no model is configured: set SEAWALL_LLM__MODEL")

    @property
    def is_broken(self) -> bool:
        """True while no model would be asked: the breaker of each is open."""
        return all(client.breaker.state == "open" for client in self.clients)

    def warm_up(self) -> None:
        """Loads the libraries, which takes a second or two, before the first question does. Asks nothing."""
        for client in self.clients:
            with suppress(SeawallError):  # a missing key is told to whoever asks a question
                client.endpoint.open()

    def close(self) -> None:
        for client in self.clients:
            client.endpoint.close()

    def _ask(self, client: ModelClient, prompt: Prompt, messages: Messages, read: Read[T]) -> tuple[T, _Origin]:
        began, at, tally, paid = self._clock(), self._now(), Tally(), _Paid()
        outcome: CallOutcome = "answered"
        reason = ""
        try:
            found = self._until_readable(client, prompt, messages, read, began + self._settings.timeout_s, tally, paid)
        except SeawallError as ended:
            reason = str(ended)
            malformed = tally.requests and paid.use != ModelUse()
            outcome = "malformed" if malformed else "refused" if isinstance(ended, ModelRefused) else "unavailable"
            raise
        finally:
            origin = _Origin(
                model=client.name,
                prompt=prompt.name,
                prompt_version=prompt.version,
                use=paid.use,
                cost_usd=tally.cost_usd if client.price else None,
                latency_s=self._clock() - began,
                attempts=tally.requests,
            )
            when = at.astimezone(UTC).isoformat(timespec="seconds")
            self._on_call(ModelCall(**origin.fields(), outcome=outcome, reason=reason, at=when))
        return found, origin

    def _until_readable(
        self,
        client: ModelClient,
        prompt: Prompt,
        messages: Messages,
        read: Read[T],
        deadline: float,
        tally: Tally,
        paid: _Paid,
    ) -> T:
        """What can be read. Garbage is asked for once more; a second time it counts as no answer."""
        for asked in (messages, replace(messages, user=messages.user + _AGAIN)):
            reply = client.ask(asked, prompt.reply, deadline, tally)
            paid.use += reply.use
            found = read(reply.text)
            if found is not None:
                return found
            if reply.was_cut:
                raise ModelRefused(
                    f"{client.name} used up its output tokens before it said anything; raise llm.max_output_tokens"
                )
        raise ModelUnavailable(f"{client.name} answered twice with something that is not the JSON asked for")


def open_gateway(settings: Llm, account: CostAccount, on_call: OnCall = _ignore) -> Gateway | None:
    """The gateway by these settings, or None where no model is configured. Light: libraries load at the first call."""
    return Gateway(settings, account, on_call=on_call) if settings.model else None


def _provider(name: str) -> str:
    return name.partition(":")[0] if ":" in name else "openai"


def _sooner(first: ModelUnavailable | None, second: ModelUnavailable) -> ModelUnavailable:
    """The first model's reason, and the earlier of both times to come back."""
    if first is None:
        return second
    waits = [error.retry_after_s for error in (first, second) if error.retry_after_s is not None]
    return ModelUnavailable(str(first), min(waits, default=None))
