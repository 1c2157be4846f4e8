"""Where deliveries and commands go: the durable engine, reached by a light client."""

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from bot.domain import CommandGiven, Delivery, Reply
from bot.domain.workers import WorkerSeen
from bot.errors import EngineUnavailable
from bot.logs import logger
from bot.settings import Settings

log = logger(__name__)


class Inbox(Protocol):
    """What the edge needs of the engine. Each raises errors.EngineUnavailable when it does not answer."""

    def submit(self, delivery: Delivery) -> bool:
        """Returns once the delivery is on disk. False where it was known already."""

    def command(self, given: CommandGiven) -> bool:
        """Returns once the command is on disk. False where it was known already, by its id."""

    def await_answer(self, command_id: str, timeout_s: float) -> Reply | None:
        """The answer, once it is there: then it is the caller's to show, and nobody else delivers it. None where it
        is not there in time: then it is delivered as any other, and the caller says only that it follows.
        """

    def backlog(self) -> Mapping[str, int]:
        """Jobs waiting, by queue."""

    def alive(self) -> bool:
        """True if the engine answers."""

    def ledger_is_served(self, silence_s: float) -> bool:
        """True if a host that has the ledger's file gave a sign of life within so many seconds."""

    def workers(self) -> Sequence[WorkerSeen]:
        """Those heard of within a day, with what they told of their circuit breakers."""


class EngineInbox:
    """The engine's client, made in the process that uses it: connections do not survive a fork."""

    def __init__(self, make: Callable[[], Inbox]) -> None:
        self._make = make
        self._made: Inbox | None = None
        self._process = 0
        self._lock = threading.Lock()

    def submit(self, delivery: Delivery) -> bool:
        return self._client().submit(delivery)

    def command(self, given: CommandGiven) -> bool:
        return self._client().command(given)

    def await_answer(self, command_id: str, timeout_s: float) -> Reply | None:
        return self._client().await_answer(command_id, timeout_s)

    def backlog(self) -> Mapping[str, int]:
        return self._client().backlog()

    def alive(self) -> bool:
        return self._client().alive()

    def ledger_is_served(self, silence_s: float) -> bool:
        return self._client().ledger_is_served(silence_s)

    def workers(self) -> Sequence[WorkerSeen]:
        return self._client().workers()

    def warm_up(self) -> None:
        """Connects ahead of the first delivery; where the engine is away, the first delivery tries again."""
        try:
            self._client()
        except EngineUnavailable as away:
            log.warning("the engine does not answer yet", reason=str(away))

    def _client(self) -> Inbox:
        with self._lock:
            if self._made is None or self._process != os.getpid():
                self._made, self._process = self._make(), os.getpid()
            return self._made


def engine_inbox(settings: Settings) -> EngineInbox:
    def make() -> Inbox:
        from bot.engine.client import EngineClient

        return EngineClient(settings)

    return EngineInbox(make)
