"""Those who wait for the database at the same moment share one transaction: one lock, one flush to disk, for all."""

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from bot.engine.turnstile import NoTurn, Turnstile

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")

Write = Callable[[Sequence[Item]], Sequence[Outcome]]
"""Keeps all of them, or raises and keeps none; gives an outcome for each, in order."""

MOST_AT_ONCE = 32


class _Entry(Generic[Item, Outcome]):
    def __init__(self, item: Item) -> None:
        self.item = item
        self.outcome: Outcome | None = None
        self.failure: Exception | None = None
        self.done = threading.Event()

    def result(self) -> Outcome:
        if self.failure is not None:
            raise self.failure
        assert self.outcome is not None, "what was written has an outcome"
        return self.outcome


class GroupCommit(Generic[Item, Outcome]):
    """`keep(item)` returns when the item's transaction is committed, and raises what its `write` raised."""

    def __init__(self, turnstile: Turnstile, write: Write[Item, Outcome], wait_s: float) -> None:
        self._turnstile = turnstile
        self._write = write
        self._wait_s = wait_s
        self._waiting: list[_Entry[Item, Outcome]] = []
        self._lock = threading.Lock()

    def keep(self, item: Item) -> Outcome:
        """Raises NoTurn where the wait was too long; the item may then have been kept by another all the same."""
        entry: _Entry[Item, Outcome] = _Entry(item)
        with self._lock:
            self._waiting.append(entry)
        try:
            with self._turnstile.turn():
                if group := self._group_of(entry):
                    self._keep(group)
        finally:
            with self._lock:
                if entry in self._waiting:
                    self._waiting.remove(entry)
        if not entry.done.wait(self._wait_s):  # another has taken it along, and is still at it
            raise NoTurn(f"not kept within {self._wait_s:g} s")
        return entry.result()

    def _group_of(self, entry: _Entry[Item, Outcome]) -> list[_Entry[Item, Outcome]]:
        """This one and those who wait behind it; empty where another has taken it along."""
        with self._lock:
            if entry not in self._waiting:
                return []
            self._waiting.remove(entry)
            group = [entry, *self._waiting[: MOST_AT_ONCE - 1]]
            del self._waiting[: len(group) - 1]
            return group

    def _keep(self, group: list[_Entry[Item, Outcome]]) -> None:
        try:
            for entry, outcome in zip(group, self._write([entry.item for entry in group]), strict=True):
                entry.outcome = outcome
        except Exception as failure:  # noqa: BLE001 — each of them is told, and raises it in its own thread
            for entry in group:
                entry.failure = failure
        for entry in group:
            entry.done.set()
