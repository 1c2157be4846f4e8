"""What the review pipeline is handed: where to read, whom to ask, where to publish, how to run a step."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, Protocol

from pydantic import Field

from bot.domain.change import Change, FileRef, Side
from bot.domain.finding import ModelUse, Severity
from bot.domain.profile import Afforded, ModelDoubts, Profile
from bot.domain.record import Record
from bot.domain.rule_draft import DraftedRule


class FoundText(Record):
    """A file that was found where it was looked for."""

    path: str
    text: str


class FoundFolder(Record):
    """A folder at the root, and the names of files and folders in it."""

    path: str
    names: tuple[str, ...] = ()


class PolicyTexts(Record):
    """Policy files as found, unparsed: the organisation's, and the repository's on the base branch."""

    organisation: str | None = None
    repository: str | None = None
    repository_sha: str = ""
    organisation_rules: tuple[FoundText, ...] = ()
    rules: tuple[FoundText, ...] = ()
    """Rules that people wrote for themselves, one a file."""
    linters: tuple[FoundText, ...] = ()
    """The configuration of the repository's own linters."""
    libraries: tuple[FoundFolder, ...] = ()
    """Folders that may hold copies of others' libraries, such as `lib`."""
    notes: tuple[str, ...] = ()
    """What a reader must know of how they were found, such as that a text comes from a cache."""


class Source(Protocol):
    """Where code is read. Raises errors.SourceError when it cannot be read at all."""

    def change(self) -> Change:
        """Base, head and every patch between them."""

    def read(self, wanted: Sequence[FileRef]) -> Mapping[FileRef, bytes]:
        """The files' bytes, many in one go. What does not exist or is not a regular file is left out."""

    def policy(self) -> PolicyTexts:
        """The policy in force, never read from the head."""

    @property
    def unread(self) -> Mapping[FileRef, str]:
        """Files that `read` left out though they are there, each with the reason."""


class Candidate(Record):
    """What the model claims, before anything of it is believed. Lines are of the head."""

    path: str
    start_line: int
    end_line: int
    quote: str
    class_: str = Field(alias="class")
    kind: str
    severity: Severity
    confidence: float = Field(ge=0, le=1)
    title: str
    body: str
    replacement: str | None = None


class ModelAnswer(Record):
    candidates: tuple[Candidate, ...] = ()
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


class ModelText(Record):
    """What the model says to a question put in words; nothing of it is believed yet, and it can do nothing."""

    text: str
    path: str = ""
    start_line: int | None = None
    end_line: int | None = None
    replacement: str | None = None
    """Whole head lines that would take the place of `start_line..end_line`, where the prompt asks for a fix."""
    rule: DraftedRule | None = None
    """Where the prompt asks for one."""
    model: str
    prompt: str
    prompt_version: str
    use: ModelUse = ModelUse()
    cost_usd: float | None = None
    latency_s: float = 0.0
    attempts: int = 1
    notes: tuple[str, ...] = ()
    """What a reader must know of where this comes from: remembered, by a stand-in, by an older prompt."""


class Model(Protocol):
    """A reviewer behind the gateway. Raises errors.ModelUnavailable (retry later) or errors.ModelRefused (do not)."""

    @property
    def name(self) -> str:
        """Such as `openai:gpt-5.2`."""

    def review(self, inputs: Mapping[str, str], prompt: str = "review") -> ModelAnswer:
        """Asks with a reading prompt. `inputs` are the prompt's declared inputs, untrusted, not yet fenced."""

    def doubt(self, inputs: Mapping[str, str]) -> ModelDoubts:
        """Asks what refutes the findings in `inputs`. Raises as `review` does."""

    def affordable(self, profile: Profile, tokens: Mapping[Profile, int]) -> Afforded:
        """What the caps leave of this profile. `tokens`: what the prompts of the whole review come to under each."""

    def answer(self, prompt: str, inputs: Mapping[str, str]) -> ModelText:
        """Asks with the prompt of that name, whose reply is words. `inputs` are untrusted, not yet fenced."""

    def prompt_versions(self) -> Mapping[str, str]:
        """Prompt name → version in use."""


class Comment(Record):
    """One inline comment, ready to post. `start_line` equals `end_line` for a single line."""

    path: str
    start_line: int
    end_line: int
    side: Side = "RIGHT"
    body: str
    fingerprint: str


class ReviewDraft(Record):
    """A whole review, rendered and filtered."""

    marker: str
    """The hidden text by which a review is known as ours and as this one; part of both bodies."""
    body: str
    comments: tuple[Comment, ...] = ()
    body_alone: str
    """What to post where the host refuses the inline comments: everything in one text."""
    event: Literal["COMMENT", "REQUEST_CHANGES"] = "COMMENT"


class CheckDraft(Record):
    """The check on a head, or the commit status that stands in for it."""

    conclusion: Literal["success", "neutral", "failure"] | None = None
    """None while the review is under way."""
    title: str
    summary: str = ""


class Standing(Record):
    """How a pull request stands on the host right now."""

    is_open: bool
    is_draft: bool
    base_sha: str
    head_sha: str
    review_id: int | None = None
    """Our review that carries the marker asked for, if it is there."""


class Posted(Record):
    """What the host keeps of a review."""

    review_id: int
    url: str = ""
    comment_ids: dict[str, int] = Field(default_factory=dict)
    """Fingerprint → id of the inline comment, where the host told it."""
    inline_refused: bool = False
    was_there: bool = False
    """True where an earlier run had posted it already."""


class Publisher(Protocol):
    """Where a review goes out. Each call may be repeated after a crash and then changes nothing."""

    def begin(self, check: CheckDraft) -> None:
        """Shows that a review of this head is under way."""

    def standing(self, marker: str) -> Standing:
        """The pull request now, and whether our review with this marker is there."""

    def post(self, draft: ReviewDraft) -> Posted:
        """Posts the review once: looks for its marker first, and after a lost answer again."""

    def conclude(self, check: CheckDraft) -> None:
        """The check, with its conclusion and the receipt."""


class Threads(Protocol):
    """The threads that our own inline comments began. Each call may be repeated and then changes nothing.

    Raises errors.NotFound where the comment is gone, errors.Forbidden where the credentials do not allow it.
    """

    def reply(self, comment_id: int, body: str, key: str) -> None:
        """Answers in the thread of that comment, once for each key."""

    def resolve(self, comment_id: int) -> None:
        """Marks the thread of that comment as resolved."""


class ReviewEnd(Record):
    """How a run ended. `later`: run it again after `retry_after_s`. `degraded`: done, the model's part may follow."""

    state: Literal["done", "superseded", "later", "degraded"]
    retry_after_s: float | None = None
    reason: str = ""


Ask = Callable[[Sequence[dict[str, Any]]], Sequence[dict[str, Any]]]
"""Puts questions to the model, each as plain JSON, and gives the answers in the same order, as plain JSON."""

Step = Callable[..., Any]
"""`step(name, function, *args)`: runs the function, once for all time where the runner is durable.

Arguments stay in the process; what the function returns must be plain JSON values.
"""


def plain_step(name: str, function: Callable[..., Any], *args: Any) -> Any:
    """The runner of a laptop: just a call."""
    return function(*args)
