"""The reviewer behind the gateway: puts each question to the chain of models, and reads what comes back."""

import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime

from bot.domain import (
    Afforded,
    AnswerRecord,
    CostAccount,
    ModelAnswer,
    ModelDoubts,
    ModelText,
    Occasion,
    Profile,
)
from bot.domain.gateway_state import GatewayState, ModelState
from bot.errors import SeawallError
from bot.llm.answer import Reading, read_answer
from bot.llm.chain import Chain
from bot.llm.client import Guards, ModelClient
from bot.llm.doubting import read_doubts
from bot.llm.occasion import current_occasion
from bot.llm.prompts import Prompt, load_prompt
from bot.llm.purse import Purse, caps_of
from bot.llm.remembered import Remembered
from bot.llm.retries import RetryBudget
from bot.llm.speech import read_speech
from bot.llm.throttle import request_throttle
from bot.settings.service import Llm

_BY_ITSELF = Occasion()
_DIGITS = 18
"""Of the number of a request's fences: digits cost half the tokens of as many chances in hexadecimal."""


class Gateway:
    """A domain.Model. Safe to share between threads; `clock` and `sleep` are in seconds, `now` is aware.

    Light to make: libraries load at the first question, or at `warm_up`.
    """

    def __init__(
        self,
        settings: Llm,
        account: CostAccount,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        nonce: Callable[[], str] = lambda: f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}",
        dice: Callable[[], float] = lambda: secrets.randbelow(1 << 30) / (1 << 30),
        prompt: Prompt | None = None,
        record: AnswerRecord | None = None,
        usual: Occasion = _BY_ITSELF,
    ) -> None:
        """`record`: where answers are remembered; None: nowhere. `usual`: what is asked for where nobody says."""
        self._usual = usual
        self._settings = settings
        self._prompt = prompt
        self._purse = Purse(caps_of(settings), settings.max_output_tokens, account, clock, sleep, now)
        self._requests = request_throttle(settings.calls_per_minute, clock, sleep)
        self._retries = RetryBudget(clock)
        guards = Guards(settings, self._purse, self._requests, self._retries, clock, sleep, now, dice)
        self.clients = tuple(
            ModelClient(name, guards, is_ours=_provider(name) == _provider(settings.model)) for name in settings.chain
        )
        self._chain = Chain(self.clients, guards, account, Remembered(record), nonce, usual)

    @property
    def name(self) -> str:
        return self._settings.model

    def prompt_versions(self) -> Mapping[str, str]:
        prompt = self._reading("review")
        return {prompt.name: prompt.version}

    def _reading(self, name: str) -> Prompt:
        return self._prompt or load_prompt(name)

    def review(self, inputs: Mapping[str, str], prompt: str = "review") -> ModelAnswer:
        """Asks the model, and where it is away its stand-in. Raises ModelUnavailable or ModelRefused."""
        reading = self._reading(prompt)
        most = reading.reply.most_findings

        def read(text: str) -> Reading | None:
            found = read_answer(text, most)
            return found if found.is_readable and (found.candidates or not found.malformed) else None

        found, origin = self._chain.put(reading, inputs, read)
        return ModelAnswer(candidates=found.candidates, malformed=found.malformed, **origin.fields())

    def doubt(self, inputs: Mapping[str, str]) -> ModelDoubts:
        """Asks what refutes the findings in `inputs`. Raises as `review` does."""
        prompt = load_prompt("doubt")
        found, origin = self._chain.put(prompt, inputs, lambda text: read_doubts(text, prompt.reply.most_findings))
        return ModelDoubts(doubts=found.doubts, malformed=found.malformed, **origin.fields())

    def affordable(self, profile: Profile, tokens: Mapping[Profile, int]) -> Afforded:
        """What the caps leave of the profile on this occasion. `tokens`: prompt tokens of the review under each."""
        price = self.clients[0].price if self.clients else None
        return self._purse.affordable(current_occasion() or self._usual, profile, tokens, price)

    def answer(self, prompt: str, inputs: Mapping[str, str]) -> ModelText:
        """Asks with the prompt of that name, whose reply is words (`answer`, `fix`). Raises as `review` does."""
        shipped = load_prompt(prompt)
        speech, origin = self._chain.put(shipped, inputs, lambda text: read_speech(text, shipped.reply))
        return ModelText(**asdict(speech), **origin.fields())

    def check(self, name: str) -> ModelAnswer:
        """Puts one short question to that model of the chain alone. Raises as `review` does."""
        reading = self._reading("review")
        inputs = dict.fromkeys(reading.inputs, "") | {"code": "   1 + total = 1 + 1"}

        def read(text: str) -> Reading | None:
            found = read_answer(text, reading.reply.most_findings)
            return found if found.is_readable else None

        found, origin = self._chain.only(name).put(reading, inputs, read)
        return ModelAnswer(candidates=found.candidates, malformed=found.malformed, **origin.fields())

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

    @property
    def state(self) -> GatewayState:
        """How breakers, buckets and caps are just now. Asks nobody."""
        models = tuple(
            ModelState(client.name, client.breaker.state, client.tokens.share if client.tokens else None)
            for client in self.clients
        )
        purse = self._purse
        return GatewayState(
            models, self._requests.share, self._retries.left, purse.caps, purse.spending, dict(purse.times_hit)
        )


def _provider(name: str) -> str:
    return name.partition(":")[0] if ":" in name else "openai"
