"""What people say to Seawall and what it answers: the same on the pull request, in chat and in the terminal."""

from hashlib import sha256
from typing import Annotated, Literal

from pydantic import Field

from bot.domain.pull_request import PullRequest, Repository
from bot.domain.record import Record

Transport = Literal["github", "slack", "teams", "signed", "terminal"]


class Person(Record):
    """Who speaks, as the transport proved it."""

    transport: Transport
    id: str = Field(description="The login on GitHub; the user's id elsewhere")
    workspace: str = Field(default="", description="Slack team, Teams tenant; empty on GitHub")
    name: str = Field(default="", description="As shown to people; never a proof of anything")

    @property
    def key(self) -> str:
        """`slack:T1:U7`, `github::octocat`: for links, limits and the record."""
        return f"{self.transport}:{self.workspace}:{self.id}"


class Place(Record):
    """Where a command was given; its answers go there."""

    transport: Transport
    workspace: str = ""
    channel: str = Field(default="", description="Slack or Teams channel; empty on GitHub")
    thread: str = Field(default="", description="Slack's thread timestamp; on GitHub a review thread's first comment")
    message: str = Field(default="", description="What to react to: the comment's id, the message's timestamp")
    answer_url: str = Field(
        default="", repr=False, description="Slack's response_url and its like: a secret of 30 minutes"
    )
    repository: Repository | None = Field(default=None, description="Implied on a pull request")
    number: int | None = None


class CommandGiven(Record):
    """A command, as it was heard: verified, secrets masked, not yet understood."""

    kind: Literal["command"] = "command"
    id: str = Field(description="Names it for ever: heard twice, it is carried out once. `github-issue-comment-123` …")
    text: str = Field(max_length=4000, description="What follows `/seawall`, one line; `dismiss a1b2c3d by design`")
    person: Person
    place: Place
    at: str = Field(description="ISO 8601, UTC")

    @property
    def run_id(self) -> str:
        """Short, for people to type: `c-` and seven hex digits of the id's digest."""
        return f"c-{sha256(self.id.encode()).hexdigest()[:7]}"


class Button(Record):
    """Gives a command when pressed, or opens a page."""

    label: str = Field(max_length=40)
    command: str = Field(default="", description="As a person would type it")
    url: str = ""
    is_danger: bool = False


class Words(Record):
    """Markdown: bold, italics, inline code, links, lists. No headings, images or HTML."""

    part: Literal["words"] = "words"
    text: str
    begins: bool = Field(default=False, description="A chapter of a long answer begins here; set apart from before")


class Facts(Record):
    part: Literal["facts"] = "facts"
    rows: tuple[tuple[str, str], ...]


class Table(Record):
    part: Literal["table"] = "table"
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Code(Record):
    part: Literal["code"] = "code"
    text: str
    language: str = Field(default="", description="As after a Markdown fence; `suggestion` where it can be committed")


class Buttons(Record):
    part: Literal["buttons"] = "buttons"
    buttons: tuple[Button, ...]


Part = Annotated[Words | Facts | Table | Code | Buttons, Field(discriminator="part")]

ReplyState = Literal["done", "started", "refused", "misunderstood", "failed"]


class Reply(Record):
    """An answer, before any transport dresses it."""

    state: ReplyState
    title: str = Field(default="", description="One line of plain text")
    parts: tuple[Part, ...] = ()
    run_id: str = ""
    is_public: bool = Field(default=False, description="For the whole channel, not for the asker alone")


class StartReview(Record):
    """`is_full`: reads everything again, also what was read at an earlier head."""

    want: Literal["review"] = "review"
    pull_request: PullRequest
    is_full: bool = False


class CancelReviews(Record):
    """Stops what waits or runs for a pull request."""

    want: Literal["cancel"] = "cancel"
    pull_request: PullRequest


Want = Annotated[StartReview | CancelReviews, Field(discriminator="want")]


class Answer(Record):
    """What a command came to: what to say, and what the engine is to do once it is written down."""

    reply: Reply
    wants: tuple[Want, ...] = ()
    awaits: str = Field(default="", description="Key of the review whose end is to be told in the same thread")


class ReplyNoted(Record):
    """Somebody answered in the thread of one of our comments; it is no command."""

    kind: Literal["reply"] = "reply"
    repository: Repository
    number: int
    comment_id: int
    in_reply_to: int
    author: str
    body: str = Field(max_length=4000)
    at: str


class ThreadNoted(Record):
    """A review thread was resolved, or opened again."""

    kind: Literal["thread"] = "thread"
    repository: Repository
    number: int
    comment_ids: tuple[int, ...]
    is_resolved: bool
    actor: str
    at: str
