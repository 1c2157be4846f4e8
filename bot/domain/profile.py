"""How thoroughly the model reads a change, and what became of each finding that was put in doubt."""

from enum import StrEnum

from pydantic import Field

from bot.domain.finding import ModelUse, Severity
from bot.domain.record import Record


class Profile(StrEnum):
    """How much is asked of the model, the cheapest first.

    economy: one reading. balanced: two readings, and what they find is put in doubt together. thorough: five readings,
    and each finding is put in doubt on its own.
    """

    ECONOMY = "economy"
    BALANCED = "balanced"
    THOROUGH = "thorough"

    @property
    def rank(self) -> int:
        return list(Profile).index(self)

    @property
    def cheaper(self) -> "Profile | None":
        """The next cheaper one; None for the cheapest."""
        return list(Profile)[self.rank - 1] if self.rank else None


class Afforded(Record):
    """What the caps leave of the profile that was wanted."""

    profile: Profile | None
    """None: rules only."""
    reason: str = ""
    """Why it is less than was wanted; empty where it is not."""


class Doubt(Record):
    """What the model says of one finding it was asked to refute; nothing of it is believed yet."""

    number: int = Field(ge=1, description="Of the finding among those challenged, from 1")
    stands: bool
    failure: str = Field(description="A concrete input or state, and the wrong outcome it leads to")
    path: str = ""
    quote: str = Field(description="Code of the head that proves it, from any file that was shown")
    severity: Severity
    confidence: float = Field(ge=0, le=1)
    why_not: str = ""
    """What refutes it, where it does not stand."""


class ModelDoubts(Record):
    """An answer to a challenge."""

    doubts: tuple[Doubt, ...] = ()
    malformed: int = 0
    """Items of the answer that did not fit the schema and were left out."""
    model: str
    prompt: str
    prompt_version: str
    use: ModelUse = ModelUse()
    cost_usd: float | None = None
    latency_s: float = 0.0
    attempts: int = 1
    notes: tuple[str, ...] = ()
    """What a reader must know of where this comes from: remembered, by a stand-in, by an older prompt."""


class Challenge(Record):
    """What became of one finding that was put in doubt, known by its fingerprint."""

    fingerprint: str
    stands: bool
    failure: str = ""
    quote: str = ""
    severity: Severity
    confidence: float = Field(ge=0, le=1)
    why_not: str = ""
