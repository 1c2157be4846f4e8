"""Everything that is known of one week, of one repository or of an organisation: what every summary, page and chart is
made from."""

from typing import Literal

from pydantic import Field

from bot.domain.record import Record
from bot.weekly.figure import Figure, Group, Series

Turn = Literal["author", "reviewer", "merge"]


class Waiting(Record):
    """An open pull request that is stale or blocked at the end of the week. It names a turn, never a person."""

    repository: str
    number: int
    title: str
    url: str
    turn: Turn = Field(description="Who can move it: its author, a reviewer, or whoever merges what is approved")
    since: str = Field(description="Since when it is that side's turn; ISO 8601, UTC")
    waited_h: float
    is_stale: bool = Field(description="No person has touched it for a week")
    blocked_by: str = Field(
        default="", description="`changes requested`, `failed checks`; empty where it is not blocked"
    )


class ReceiptReason(Record):
    coverage: str
    reason: str
    runs: int


class Receipts(Record):
    """Runs of reviews that finished in the week, by how much they read."""

    runs: int = 0
    by_coverage: dict[str, int] = Field(default_factory=dict, description="full, rules-only, partial, degraded, none")
    reasons: tuple[ReceiptReason, ...] = Field(
        default=(), description="Why less than all was read, the commonest first"
    )


class ClassRecord(Record):
    """What was said of one class of defects in the week, and what became of it."""

    class_: str = Field(alias="class")
    posted: int
    fixed: int
    accepted: int
    disputed: int = Field(description="Dismissed ones included")
    ignored: int
    open: int = Field(description="Nothing is known yet, or nobody can judge it any more")
    precision: float | None = Field(description="(fixed + accepted) / judged; null where nothing was judged")
    low: float = Field(description="Wilson interval, 95 %")
    high: float


class IncidentFact(Record):
    id: str
    title: str
    url: str = ""
    at: str
    class_: str = Field(default="", alias="class")
    verdict: str = Field(description="fired, dismissed, missing, unknown: whether a rule had said so")


class MutedRule(Record):
    """A rule, or a class of them, that was muted in the week. It says whether a person asked for it, never who."""

    repository: str
    rule: str
    by: Literal["its record", "a person"]
    reason: str = Field(default="", description="What its record came to; empty where a person muted it")
    until: str = Field(default="", description="ISO 8601; empty: until somebody takes it back")
    is_over: bool = Field(default=False, description="Taken back or run out before the week was over")


class WorthDoing(Record):
    """One thing worth doing next, with the reason and where to begin."""

    title: str
    reason: str
    url: str = ""
    value: float = Field(default=0, description="What it is ranked by: what one of it weighs, times how many there are")


class Facts(Record):
    subject: str = Field(description="`owner/name`, or the organisation")
    repositories: tuple[str, ...] = Field(description="What it is made of, by name")
    week: str = Field(description="Such as 2026-W47")
    zone: str = Field(description="Such as Europe/Berlin; the week begins and ends there")
    starts: str = Field(description="ISO 8601, UTC")
    ends: str
    made_at: str
    is_over: bool = Field(description="False where the week was not over when this was made")
    opening: tuple[str, ...] = Field(
        default=(), description="Three sentences that tell the week; filled by the summary"
    )
    opening_origin: str = Field(default="", description="Who wrote them, and whether all of this comes late")
    groups: tuple[Group, ...] = ()
    series: tuple[Series, ...] = ()
    classes: tuple[ClassRecord, ...] = ()
    receipts: Receipts = Receipts()
    stale: tuple[Waiting, ...] = Field(default=(), description="Stale or blocked, the longest wait first")
    incidents: tuple[IncidentFact, ...] = ()
    muted: tuple[MutedRule, ...] = Field(default=(), description="Muted in the week, the first one first")
    worth_doing: tuple[WorthDoing, ...] = ()
    notes: tuple[str, ...] = Field(default=(), description="How it was compared, and what is missing")

    def figure(self, name: str) -> Figure:
        """Raises KeyError where no group has it."""
        for group in self.groups:
            for figure in group.figures:
                if figure.name == name:
                    return figure
        raise KeyError(name)
