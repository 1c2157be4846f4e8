"""What the formats show."""

from collections.abc import Collection
from typing import Protocol

from bot.domain import Finding, HeldBack, PostureChange, Receipt, Refuted


class Shown(Protocol):
    """A `Review`, or what has more findings than memory should hold: they are gone through, more than once, and not
    kept."""

    @property
    def receipt(self) -> Receipt: ...
    @property
    def findings(self) -> Collection[Finding]: ...
    @property
    def posture(self) -> PostureChange | None: ...
    @property
    def refuted(self) -> tuple[Refuted, ...]: ...
    @property
    def held_back(self) -> tuple[HeldBack, ...]: ...
