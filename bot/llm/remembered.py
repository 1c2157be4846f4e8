"""No question is paid twice: answers on record, and one flight for all who ask the same at the same moment."""

import hashlib
import json
import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TookTooLong
from typing import Any, TypeVar

from bot.domain import AnswerRecord, Occasion, RememberedAnswer
from bot.errors import LedgerError, ModelRefused, ModelUnavailable
from bot.llm.answer import DECODER
from bot.llm.prompts import Prompt

log = logging.getLogger(__name__)

MOST_CHARS = 200_000
"""A longer answer is not remembered."""
T = TypeVar("T")


def question_of(prompt: Prompt, inputs: Mapping[str, str]) -> str:
    """A digest of what is asked, whatever the version of the prompt and the number of its fences."""
    return _digest([prompt.name, sorted(inputs.items())])


def key_of(question: str, version: str, model: str) -> str:
    """A digest of the question as this version of the prompt puts it to this model."""
    return _digest([question, version, model])


def _digest(parts: list[Any]) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=True).encode()).hexdigest()


class Remembered:
    """The answers on record; `record` None: there are none. A record that fails costs money, never an answer."""

    def __init__(self, record: AnswerRecord | None) -> None:
        self._record = record

    def find(self, key: str) -> RememberedAnswer | None:
        return self._asked(lambda record: record.find(key))

    def find_older(self, question: str) -> RememberedAnswer | None:
        return self._asked(lambda record: record.find_older(question))

    def keep(self, key: str, question: str, answer: RememberedAnswer, occasion: Occasion) -> None:
        if len(answer.text) <= MOST_CHARS:
            self._asked(lambda record: record.keep(key, question, answer, occasion))

    def _asked(self, ask: Callable[[AnswerRecord], T]) -> T | None:
        if self._record is None:
            return None
        try:
            return ask(self._record)
        except (LedgerError, RecursionError) as failed:  # a model may nest its answer deeper than masking follows
            log.warning("answers of models are not remembered just now: %s", failed)
            return None


def said_in(text: str) -> str | None:
    """The JSON object or list that an answer in full consists of, prose around it left away; None where it has none."""
    starts = sorted(at for at in (text.find("{"), text.find("[")) if at >= 0)
    for start in starts:
        try:
            document, _ = DECODER.raw_decode(text, start)
            if isinstance(document, (dict, list)):
                return json.dumps(document, ensure_ascii=False)
        except (ValueError, RecursionError):
            continue
    return None


class SingleFlight:
    """Who asks what is being asked already gets that answer, or that failure. Known to this process alone."""

    def __init__(self) -> None:
        self._flights: dict[str, Future[Any]] = {}
        self._lock = threading.Lock()

    def once(self, key: str, longest_s: float, ask: Callable[[], T]) -> tuple[T, bool]:
        """What `ask` gives, and True for the one who asked. Raises ModelUnavailable or ModelRefused."""
        with self._lock:
            flight = self._flights.get(key)
            is_first = flight is None
            if flight is None:
                flight = self._flights[key] = Future()
        if not is_first:
            return self._waited(flight, longest_s), False
        try:
            answer = ask()
        except BaseException as failed:
            flight.set_exception(failed)
            raise
        else:
            flight.set_result(answer)
            return answer, True
        finally:
            with self._lock:
                del self._flights[key]

    def _waited(self, flight: "Future[T]", longest_s: float) -> T:
        try:
            return flight.result(max(0.0, longest_s))
        except TookTooLong as late:
            raise ModelUnavailable("the same question is being asked, and its answer did not come in time") from late
        except ModelUnavailable as away:
            raise ModelUnavailable(str(away), away.retry_after_s) from away
        except ModelRefused as refused:
            raise ModelRefused(str(refused)) from refused
