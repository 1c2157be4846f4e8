"""Findings, and the receipt that says how much was read to find them."""

from enum import StrEnum
from typing import Literal

from pydantic import Field

from bot.domain.change import Side
from bot.domain.posture import PostureChange
from bot.domain.record import Record


class Severity(StrEnum):
    """How much a finding can cost, mildest first.

    low: untidy, may hide a fault. medium: a fault that needs an unlucky day. high: an outage of this service when a
    peer is slow or fails. critical: data lost or doubled, or a failure that spreads to others.
    """

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        return list(Severity).index(self)

    def reaches(self, floor: "Severity | None") -> bool:
        """True if this is at or over the floor; no floor is never reached."""
        return floor is not None and self.rank >= floor.rank


class Suggestion(Record):
    """Replaces whole head lines `start_line..end_line` (inclusive, from 1) by `text` (no final newline)."""

    start_line: int = Field(ge=1)
    end_line: int = Field(ge=1)
    text: str


class Finding(Record):
    """One defect at one place, from a rule or from the model. Example: `config/schema/review.schema.json`."""

    path: str
    start_line: int = Field(ge=1)
    end_line: int = Field(ge=1)
    side: Side = "RIGHT"
    class_: str = Field(alias="class", description="The family of defects, such as missing-timeout")
    kind: str = Field(description="The member of the family, such as http-or-socket-call")
    rule: str = Field(description="class/kind")
    severity: Severity
    confidence: float = Field(ge=0, le=1)
    own_confidence: float = Field(
        default=0, ge=0, le=1, description="What its rule says of it, where only the lack of a record speaks against it"
    )
    source: Literal["rule", "model"]
    title: str = Field(max_length=80)
    body: str = Field(description="Markdown: what happens, when, what it costs; then the fix")
    evidence: str = Field(description="The code it stands on, quoted from the file")
    suggestion: Suggestion | None = None
    scope: str = Field(default="", description="Qualified name of the enclosing function or class")
    fingerprint: str = Field(description="Identity across pushes: no line number, no prose")


class Dropped(Record):
    """A candidate that was not kept, and why: `quote-mismatch`, `outside-change`, `suppressed`, `duplicate` …"""

    finding: Finding | None = None
    rule: str = ""
    path: str = ""
    reason: str
    detail: str = ""


class Refuted(Record):
    """A claim of the model that did not survive doubt, and why."""

    path: str
    start_line: int
    end_line: int
    rule: str
    title: str
    why: str = Field(description="What speaks against it, from the code")


class HeldBack(Record):
    """A finding that is counted and not said."""

    path: str
    start_line: int
    end_line: int
    rule: str
    severity: Severity
    confidence: float
    source: Literal["rule", "model"]
    title: str
    why: str = Field(
        description="below-severity, below-confidence, below-bar, left-to-linter, shadow, unchallenged; and more"
    )


class Coverage(StrEnum):
    FULL = "full"
    RULES_ONLY = "rules-only"
    PARTIAL = "partial"
    DEGRADED = "degraded"
    NONE = "none"


class Result(StrEnum):
    CLEAN = "clean"
    FINDINGS = "findings"


class SkippedFile(Record):
    path: str
    reason: str
    expected: bool = Field(default=True, description="True where nobody expects this file to be read (lock, binary …)")


class ReviewedFiles(Record):
    reviewed: tuple[str, ...] = ()
    skipped: tuple[SkippedFile, ...] = ()


class ModelUse(Record):
    """What the model's part cost."""

    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0

    def __add__(self, other: "ModelUse") -> "ModelUse":
        return ModelUse(
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            cached_tokens=self.cached_tokens + other.cached_tokens,
        )


class Receipt(Record):
    """What was read, by what, and what came of it. Every run ends in one."""

    coverage: Coverage
    result: Result
    reason: str = ""
    base_sha: str = ""
    head_sha: str = ""
    files: ReviewedFiles = ReviewedFiles()
    rules: tuple[str, ...] = ()
    model: str | None = None
    prompt_versions: dict[str, str] = Field(default_factory=dict)
    tokens: ModelUse = ModelUse()
    cost_usd: float | None = Field(default=None, description="null where the model's price is not known")
    duration_s: float = 0.0
    notes: tuple[str, ...] = ()
    model_missing_because: str = Field(default="", description="Why the model's part is not there, though wanted")
    doubted: int = Field(default=0, description="Claims of the model that somebody tried to refute")
    refuted: int = Field(default=0, description="Of these, how many did not survive it, and were not said")
    model_is_refused: bool = Field(default=False, description="True where the model will not come back by itself")


class Review(Record):
    """The whole answer: what `seawall review --format json` prints and what the ledger keeps."""

    receipt: Receipt
    findings: tuple[Finding, ...] = ()
    posture: PostureChange | None = Field(
        default=None, description="What becomes of the calls to others; null: nothing"
    )
    refuted: tuple[Refuted, ...] = ()
    held_back: tuple[HeldBack, ...] = Field(default=(), description="In reading order")
    dropped: tuple[Dropped, ...] = Field(default=(), exclude=True)
