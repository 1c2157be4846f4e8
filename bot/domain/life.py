"""The life of a finding: what became of what was said, and how anybody knows."""

from typing import Literal

from pydantic import Field

from bot.domain.finding import Finding
from bot.domain.record import Record

PointState = Literal["open", "fixed", "accepted", "disputed", "dismissed", "stale"]
"""fixed: the code shows it. accepted: somebody agreed, the code does not show it yet. disputed: somebody objected.
dismissed: taken off by a person who may. stale: the code it stood in is gone, or nobody can judge it any more."""

Fate = Literal["fixed", "accepted", "disputed", "dismissed", "ignored", "stale", "unknown"]
"""What the record says in the end; ignored: merged untouched."""


class Point(Record):
    """One finding as said on a pull request, followed across pushes, rebases and renames."""

    fingerprint: str = Field(description="As first said; the finding's own may have changed since")
    finding: Finding = Field(description="As last seen")
    state: PointState = "open"
    said: Literal["inline", "listed", "held"] = "held"
    first_head: str = Field(description="Head at which it was first said")
    last_head: str = Field(description="Head at which its state was last judged")
    comment_id: int | None = Field(default=None, description="Our inline comment, where there is one")
    prompt_version: str = ""
    model: str = ""
    code_digest: str = Field(default="", description="Of its scope's code when last seen; a dismissal copies it")
    lines: tuple[str, ...] = Field(default=(), description="Digests of its scope's lines when last seen, in order")
    line_at: int = Field(default=0, description="Where in `lines` its own code begins, from 0")

    @property
    def handle(self) -> str:
        """What people type: the first seven digits of the fingerprint."""
        return self.fingerprint[:7]


EvidenceKind = Literal["code", "suggestion-committed", "reaction", "reply", "thread", "command", "merged", "closed"]


class Evidence(Record):
    """One thing that was seen to happen to a point. Kept for ever; the fate is computed from all of them."""

    kind: EvidenceKind
    says: PointState | Literal["ignored"]
    actor: str = Field(default="", description="Login; empty where the code speaks")
    detail: str = Field(default="", description="A commit, a reaction's name, the first 500 characters of a reply")
    at: str = Field(description="ISO 8601, UTC")


WaiverKind = Literal["inline", "muted", "dismissed"]


class Waiver(Record):
    """Why something is not said: a comment in the code, a rule muted here, a point dismissed."""

    id: str = Field(description="Short, for people to type: `w-` and seven hex digits")
    kind: WaiverKind
    repository_id: int
    rule: str = ""
    fingerprint: str = Field(default="", description="Of the point, where one point is meant")
    code_digest: str = Field(default="", description="Of the scope's code when dismissed; other code, no waiver")
    path: str = ""
    number: int | None = None
    owner: str = Field(description="Login, or `seawall` where a rule muted itself")
    reason: str = ""
    at: str
    expires_at: str = Field(default="", description="ISO 8601, UTC; empty: until it is taken back")


class Guidance(Record):
    """What a dispute taught: told to the model in this repository, visible and deletable."""

    id: str = Field(description="`g-` and seven hex digits")
    repository_id: int
    rule: str = ""
    text: str = Field(max_length=600)
    author: str
    number: int | None = None
    at: str


IncidentVerdict = Literal["fired", "dismissed", "missing", "unknown"]


class Incident(Record):
    """Something that broke in production, and whether a rule had said so."""

    id: str = Field(description="`i-` and seven hex digits")
    repository_id: int | None = None
    number: int | None = Field(default=None, description="The pull request that brought it")
    title: str = Field(max_length=200)
    text: str = ""
    url: str = ""
    broke_at: str = ""
    class_: str = Field(default="", alias="class", description="Failure mode, as in the taxonomy")
    rule: str = ""
    paths: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    verdict: IncidentVerdict = "unknown"
    author: str
    at: str


class RuleRecord(Record):
    """How often a rule, class, prompt or model was right, here and in the organisation."""

    rule: str
    posted: int
    fixed: int
    accepted: int
    disputed: int = Field(description="Dismissed ones included")
    ignored: int
    precision: float | None = Field(description="(fixed + accepted) / judged; null where nothing was judged")
    low: float = Field(description="Wilson interval, 95 %")
    high: float
