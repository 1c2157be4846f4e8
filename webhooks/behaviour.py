"""What one file of `events/` is made of.

A module named after the event, whose docstring is the policy in the users' words, with
`jobs(payload) -> tuple[Job, ...] | Ignored`, a pure function, and `examples`, which are its tests.
"""

from dataclasses import dataclass
from typing import Any, Protocol

from bot.domain import Job
from webhooks.payload import Payload


@dataclass(frozen=True)
class Ignored:
    """Nothing is to be done, and why, in words that follow "ignored: "."""

    reason: str


Wanted = tuple[Job, ...] | Ignored


@dataclass(frozen=True)
class Example:
    """A payload, as small as it may be, and what is wanted of it."""

    says: str
    payload: dict[str, Any]
    wanted: Wanted


class Behaviour(Protocol):
    __doc__: str | None
    examples: tuple[Example, ...]

    @staticmethod
    def jobs(payload: Payload) -> Wanted: ...
