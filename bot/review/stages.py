"""What goes from one stage of a review to the next. All but the desk may be stored: it holds no file."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pydantic import Field

from bot.domain import (
    Challenge,
    Dropped,
    Finding,
    Model,
    ModelUse,
    PostureChange,
    Profile,
    Record,
    Refuted,
    Review,
)
from bot.domain.searching import MayShow, Search, everything
from bot.review.excerpt import ScopeOf, no_scope
from bot.review.fleet import InFleet, alone
from bot.review.judging import NO_JUDGING, Judging
from bot.review.placeholders import Placeholders
from bot.review.proving.record import Proved
from bot.review.snapshot import Snapshot
from bot.syntax.guard import Guard

if TYPE_CHECKING:
    from bot.review.context import Packed
    from bot.review.surroundings.around import Around


class Scanned(Record):
    """What the rules said, and what is there to be asked of the model."""

    findings: tuple[Finding, ...]
    dropped: tuple[Dropped, ...]
    failed: dict[str, str]
    rules: tuple[str, ...]
    notes: tuple[str, ...] = ()
    questions: int = 0
    with_tests: tuple[int, ...] = ()
    """Of the parts, those that show a test."""
    left_out: tuple[str, ...] = ()
    posture: PostureChange | None = None
    profile: Profile = Profile.ECONOMY
    """How thoroughly the model is asked: as wanted, or what the caps leave of it."""
    capped: str = ""
    """Why it is asked less than was wanted, or, where there is no question, nothing."""


class Background(Record):
    """What the record tells a run before it reads: files the model has read as they are, and what people taught."""

    unchanged: tuple[str, ...] = ()
    """Paths that are not shown to the model again."""
    guidance: str = ""
    """Added to policy's guidelines."""
    about: tuple[str, ...] = ()
    """What is known of the change beside its code, in lines for the model, the dearest first."""
    record: dict[str, tuple[int, int]] = Field(default_factory=dict)
    """Class of defects → comments on it here that were heeded, and those that were judged at all."""

    @property
    def for_a_question(self) -> "Background":
        """What a question depends on, and no more: the same question later is one that was answered."""
        return self.model_copy(update={"record": {}})


class Answered(Record):
    """What became of one question to the model: findings already verified, or challenges of such."""

    index: int = 0
    """Of the packed question."""
    paths: tuple[str, ...] = ()
    """Files that the question showed, whole or in part."""
    findings: tuple[Finding, ...] = ()
    challenges: tuple[Challenge, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    model: str = ""
    prompt: str = ""
    prompt_version: str = ""
    use: ModelUse = ModelUse()
    cost_usd: float | None = None
    missing_because: str = ""
    retry_after_s: float | None = None
    is_final: bool = False
    """True where asking again would not help (wrong key, unknown model)."""
    notes: tuple[str, ...] = ()
    """Where the answer comes from, where that is not the model and the prompt of today."""
    proved: Proved | None = None
    """What came of the wish for a fault test."""


class Heard(NamedTuple):
    """What the model says of a change, after doubt."""

    readings: tuple[Answered, ...] = ()
    doubts: tuple[Answered, ...] = ()
    findings: tuple[Finding, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    unchallenged: int = 0
    """Findings that nobody tried to refute, and that are held back for it."""
    silent_because: str = ""
    """Why, where a challenge was put and the model was away."""
    waiting: int = 0
    """Findings of rules without a record that the model was asked about."""
    borne_out: tuple[Finding, ...] = ()
    """Those of them that it could not refute."""

    @property
    def refuted(self) -> tuple[Refuted, ...]:
        """What did not survive doubt, by place."""
        gone = [(one.finding, one.detail) for one in self.dropped if one.finding and one.reason == "refuted"]
        told = [
            Refuted(
                path=finding.path,
                start_line=finding.start_line,
                end_line=finding.end_line,
                rule=finding.rule,
                title=finding.title,
                why=why,
            )
            for finding, why in gone
        ]
        return tuple(sorted(told, key=lambda one: (one.path, one.start_line, one.rule, one.title)))

    @property
    def answers(self) -> tuple[Answered, ...]:
        """Of both rounds."""
        return (*self.readings, *self.doubts)


class Packing:
    """Questions packed once for all who ask of the same desk: a reading and its doubt see the same code."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.packed: dict[str, Packed] = {}


@dataclass(frozen=True)
class Desk:
    """What one run works with."""

    snapshot: Snapshot
    guard: Guard
    model: Model | None
    """The model to ask; None where none is configured, or policy keeps this code from it."""
    today: str
    input_budget: int
    scope_of: ScopeOf = no_scope
    judging: Judging = NO_JUDGING
    in_fleet: InFleet = alone
    has_model: bool = False
    """True where a model is configured, whether or not policy lets it see this code."""
    profile: Profile = Profile.BALANCED
    """How thoroughly the model is to be asked, before the caps."""
    around: "Around | None" = None
    """What stands around the change; only where a model is asked."""
    guidelines: str = ""
    """What the repository tells those who work on it, from the base branch."""
    settles: Callable[[], Sequence[str]] = tuple
    """The issues that the change says it settles, in lines."""
    search: Search | None = None
    """All files of the head, whether or not a model is asked; nothing is read before somebody looks."""
    search_missing: str = ""
    """Why there is none."""
    may_show: MayShow = everything
    packing: Packing = field(default_factory=Packing, compare=False, repr=False)
    secrets: Placeholders = field(default_factory=Placeholders, compare=False, repr=False)
    """What stands for the secrets of this change in all that a model is shown of it."""


class Examined(NamedTuple):
    """A review before anybody recalls what was said earlier."""

    review: Review
    read_by_model: tuple[str, ...]
    """Files that the model was shown whole, and answered."""
