"""A question on its way: remembered, being asked already, or put to the models in turn until one can be read."""

import logging
import uuid
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from bot.domain import CallOutcome, CostAccount, ModelCall, ModelUse, Occasion, RememberedAnswer
from bot.errors import LedgerError, ModelRefused, ModelUnavailable, SeawallError
from bot.llm.bulkhead import Bulkhead
from bot.llm.client import Guards, ModelClient, Tally
from bot.llm.fencing import without_number
from bot.llm.occasion import current_occasion
from bot.llm.prompts import Messages, Prompt
from bot.llm.remembered import Remembered, SingleFlight, key_of, question_of, said_in
from bot.llm.repair import repair_of

log = logging.getLogger(__name__)

T = TypeVar("T")
Read = Callable[[str], T | None]
"""What is made of a reply; None where it cannot be read."""
REMEMBERED = "An answer of the model was remembered from earlier, not asked for and not paid again."


@dataclass(frozen=True)
class Origin:
    """Where an answer comes from and what it cost, under the names of ModelAnswer and ModelText."""

    model: str
    prompt: str
    prompt_version: str
    use: ModelUse = ModelUse()  # noqa: RUF009  frozen
    cost_usd: float | None = 0.0
    latency_s: float = 0.0
    attempts: int = 0
    notes: tuple[str, ...] = ()

    def fields(self) -> dict[str, Any]:
        return asdict(self) | {"use": self.use}


@dataclass(frozen=True)
class _Question:
    """One question, as all models of the chain are asked it."""

    prompt: Prompt
    digest: str
    messages: Messages
    nonce: str
    occasion: Occasion


class Chain:
    """The models in the order in which they are asked."""

    def __init__(
        self,
        clients: tuple[ModelClient, ...],
        guards: Guards,
        account: CostAccount,
        remembered: Remembered,
        nonce: Callable[[], str],
        usual: Occasion,
    ) -> None:
        self.clients = clients
        self._guards = guards
        self._account = account
        self._remembered = remembered
        self._nonce = nonce
        self._usual = usual
        self._flights = SingleFlight()
        self._bulkhead = Bulkhead(guards.settings.calls_per_repository)

    def only(self, name: str) -> "Chain":
        """The same, with that model alone."""
        alone = copy(self)
        alone.clients = tuple(client for client in self.clients if client.name == name)
        return alone

    def put(self, prompt: Prompt, inputs: Mapping[str, str], read: Read[T]) -> tuple[T, Origin]:
        """The first answer that can be read. Raises ModelUnavailable or ModelRefused."""
        if not self.clients:
            raise ModelRefused("no model is configured: set SEAWALL_LLM__MODEL")
        nonce, occasion = self._nonce(), current_occasion() or self._usual
        question = _Question(prompt, question_of(prompt, inputs), prompt.render(inputs, nonce), nonce, occasion)
        left_s = self._left_s(occasion, len(self.clients))
        if left_s <= 0:
            raise ModelUnavailable("the review has no time left in which this question could be asked")
        key = key_of(question.digest, prompt.version, ",".join(client.name for client in self.clients))
        (found, origin), is_first = self._flights.once(key, left_s, lambda: self._in_turn(question, read))
        if is_first or REMEMBERED in origin.notes:
            return found, origin
        return found, self._free(question, replace(origin, notes=(*origin.notes, REMEMBERED)))

    def _left_s(self, occasion: Occasion, turns: int) -> float:
        """Seconds until the review that asks is over; for others, until each model has had its time."""
        longest_s = self._guards.settings.timeout_s * turns
        if occasion.deadline is None:
            return longest_s
        return min(longest_s, occasion.deadline - self._guards.clock())

    def _in_turn(self, question: _Question, read: Read[T]) -> tuple[T, Origin]:
        away: ModelUnavailable | None = None
        for client in self.clients:
            if recalled := self._recalled(question, client, read):
                return recalled
            try:
                with self._bulkhead.place(question.occasion.repository_id, self._left_s(question.occasion, 1)):
                    found, origin = self._ask(client, question, read)
            except ModelUnavailable as unavailable:
                away = _sooner(away, unavailable)
            except ModelRefused:
                if away is None:
                    raise  # of a stand-in it is booked, no more: it must not end what an earlier one may answer later
            else:
                note = f"{client.name} answered in place of {self.clients[0].name}, which was away."
                return found, replace(origin, notes=(note,)) if away else origin
        assert away is not None, "each model was away"
        if older := self._recalled_older(question, read):
            return older
        raise away

    def _recalled(self, question: _Question, client: ModelClient, read: Read[T]) -> tuple[T, Origin] | None:
        answer = self._remembered.find(key_of(question.digest, question.prompt.version, client.name))
        return self._read_again(question, answer, read, REMEMBERED) if answer else None

    def _recalled_older(self, question: _Question, read: Read[T]) -> tuple[T, Origin] | None:
        answer = self._remembered.find_older(question.digest)
        if answer is None:
            return None
        note = (
            f"The model is away: what {answer.model} said on {answer.at[:10]} to the same question, "
            f"put by version {answer.prompt_version} of the prompt, stands in."
        )
        return self._read_again(question, answer, read, note)

    def _read_again(
        self, question: _Question, answer: RememberedAnswer, read: Read[T], note: str
    ) -> tuple[T, Origin] | None:
        found = read(answer.text)
        if found is None:
            return None
        origin = Origin(answer.model, answer.prompt, answer.prompt_version, notes=(note,))
        return found, self._free(question, origin)

    def _free(self, question: _Question, origin: Origin) -> Origin:
        """Booked as an answer that cost nothing."""
        free = Origin(origin.model, origin.prompt, origin.prompt_version, notes=origin.notes)
        self._book(Tally(uuid.uuid4().hex, question.occasion), free, "remembered", "", self._guards.now())
        return free

    def _ask(self, client: ModelClient, question: _Question, read: Read[T]) -> tuple[T, Origin]:
        guards = self._guards
        began, at, tally = guards.clock(), guards.now(), Tally(uuid.uuid4().hex, question.occasion)
        outcome: CallOutcome = "answered"
        reason = ""
        guards.retries.note_call()
        try:
            found = self._until_readable(client, question, read, began + self._left_s(question.occasion, 1), tally)
        except SeawallError as ended:
            reason = str(ended)
            malformed = tally.requests and tally.use != ModelUse()
            outcome = "malformed" if malformed else "refused" if isinstance(ended, ModelRefused) else "unavailable"
            raise
        finally:
            origin = Origin(
                model=client.name,
                prompt=question.prompt.name,
                prompt_version=question.prompt.version,
                use=tally.use,
                cost_usd=tally.cost_usd if client.price else None,
                latency_s=guards.clock() - began,
                attempts=tally.requests,
            )
            self._book(tally, origin, outcome, reason, at)
        return found, origin

    def _until_readable(
        self, client: ModelClient, question: _Question, read: Read[T], deadline: float, tally: Tally
    ) -> T:
        """What can be read. Garbage is sent back once for repair; a second time it counts as no answer."""
        messages, limits = question.messages, question.prompt.reply
        for is_repair in (False, True):
            reply = client.ask(messages, limits, deadline, tally)
            said = without_number(reply.text, question.nonce)
            found = read(said)
            if found is not None:
                if not reply.was_cut:
                    self._remember(client, question, said, read)
                return found
            if reply.was_cut:
                raise ModelRefused(
                    f"{client.name} used up its output tokens before it said anything; raise llm.max_output_tokens"
                )
            if not is_repair and not self._guards.retries.take():
                raise ModelUnavailable(
                    f"{client.name} answered with something that is not the JSON asked for, and too many calls "
                    "are being tried again to ask for its repair"
                )
            messages = repair_of(question.messages, reply.text, limits, question.nonce)
        raise ModelUnavailable(f"{client.name} answered twice with something that is not the JSON asked for")

    def _remember(self, client: ModelClient, question: _Question, text: str, read: Read[T]) -> None:
        said = said_in(text)
        if said is None or read(said) is None:
            return
        at = self._guards.now().astimezone(UTC).isoformat(timespec="seconds")
        prompt = question.prompt
        answer = RememberedAnswer(
            text=said, model=client.name, prompt=prompt.name, prompt_version=prompt.version, at=at
        )
        key = key_of(question.digest, prompt.version, client.name)
        self._remembered.keep(key, question.digest, answer, question.occasion)

    def _book(self, tally: Tally, origin: Origin, outcome: CallOutcome, reason: str, at: datetime) -> None:
        """An account that cannot be written does not cost us the answer."""
        fields = origin.fields()
        del fields["notes"]
        when = at.astimezone(UTC).isoformat(timespec="seconds")
        call = ModelCall(id=tally.call_id, **fields, outcome=outcome, reason=reason, at=when)
        try:
            self._account.keep(call, tally.occasion)
        except LedgerError as failed:
            log.warning("what a call to %s cost is not booked: %s", call.model, failed)


def _sooner(first: ModelUnavailable | None, second: ModelUnavailable) -> ModelUnavailable:
    """The first model's reason, and the earlier of both times to come back."""
    if first is None:
        return second
    waits = [error.retry_after_s for error in (first, second) if error.retry_after_s is not None]
    return ModelUnavailable(str(first), min(waits, default=None))
