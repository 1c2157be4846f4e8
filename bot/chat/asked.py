"""A command that is understood, and everything it may use."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from typing import Literal, Protocol

from bot.chat.command import Command, Declined, Use
from bot.domain import CommandGiven, Model, Point, Posted, PullRequest, Repository, ReviewDraft
from bot.errors import NotFound, RetryableError
from bot.ledger import Ledger
from bot.review.drafting.case import ReadAt
from bot.review.filter import literal
from bot.review.pipeline import Desk
from bot.settings import Policy, PolicyInForce, Settings

Granted = Literal["none", "read", "write", "admin"]
"""What a login may do in a repository, least first."""


class Permissions(Protocol):
    def of(self, repository: Repository, login: str) -> Granted:
        """Asked of the host anew. Raises SeawallError where it cannot be known; then nobody may anything."""


class PullRequests(Protocol):
    def of(self, repository: Repository, number: int) -> PullRequest:
        """As the host describes it now. Raises NotFound, or RetryableError where the host is away."""


class Policies(Protocol):
    def of(self, repository: Repository, pull_request: PullRequest | None) -> PolicyInForce:
        """On the pull request's base branch, else on the default branch. Raises SeawallError."""


@dataclass(frozen=True)
class ChatDesk:
    """What commands work with."""

    settings: Settings
    ledger: Ledger
    permissions: Permissions
    pull_requests: PullRequests
    policies: Policies
    readings: Callable[[PullRequest], Desk]
    """Reads the change at the pull request's head; slow. Raises SeawallError."""
    model: Model | None
    clock: Callable[[], datetime]
    under_way: Callable[[str], Sequence[str]] = lambda key: ()
    """Pull request's key → ids of its reviews that wait or run."""
    own_host: str = "github.com"
    """The host that links in answers may lead to."""
    read_at: ReadAt = lambda pull_request, commit, path: None
    """A file of an earlier head; None where it is not there."""
    post: Callable[[PullRequest, ReviewDraft], Posted] | None = None
    """Posts beside the answer what belongs to lines of its own, once for its marker. None: nowhere to."""
    draw_code: Callable[[], str] = lambda: secrets.token_hex(8)

    def now(self) -> datetime:
        return self.clock().astimezone(UTC)


@dataclass(frozen=True)
class Asked:
    """One command, with form, subject and permission settled."""

    given: CommandGiven
    desk: ChatDesk
    command: Command
    use: Use
    values: Mapping[str, str]
    """What fills the slots of the form; its plain words as keys of themselves."""
    login: str
    """The GitHub login that is asking; empty for a chat identity that is not linked, and at the operator's terminal."""
    repository_or_none: Repository | None = None
    number: int | None = None
    thread_point: Point | None = None
    """The finding in whose thread this was said."""

    def __contains__(self, word: str) -> bool:
        return word in self.values

    def value(self, slot: str) -> str:
        """What was said for that slot; empty where it was left out."""
        return self.values.get(slot, "")

    @property
    def who(self) -> str:
        """For the record: the login, or the terminal's user."""
        return self.login or self.given.person.id

    @property
    def repository(self) -> Repository:
        assert self.repository_or_none is not None, f"{self.use.form} is about a repository"
        return self.repository_or_none

    @property
    def subject(self) -> str:
        """`acme/shop#12` or `acme/shop`."""
        return f"{self.repository.full_name}{f'#{self.number}' if self.number else ''}"

    @cached_property
    def pull_request(self) -> PullRequest:
        """As the host describes it now. Raises Declined."""
        assert self.number is not None, f"{self.use.form} is about a pull request"
        try:
            return self.desk.pull_requests.of(self.repository, self.number)
        except NotFound as nowhere:
            raise Declined(f"There is no pull request {self.subject}", state="misunderstood") from nowhere
        except RetryableError as away:
            raise Declined(
                "GitHub does not answer", f"{literal(str(away))} Try again in a minute.", state="failed"
            ) from away

    @cached_property
    def in_force(self) -> PolicyInForce:
        return self.desk.policies.of(self.repository, self.pull_request if self.number else None)

    @property
    def policy(self) -> Policy:
        return self.in_force.policy

    def id(self, letter: str) -> str:
        """`w-3f9a2b1`: the same each time this command is carried out, so that a repetition keeps nothing twice."""
        return f"{letter}-{sha256(f'{letter}:{self.given.id}'.encode()).hexdigest()[:7]}"

    def point(self) -> Point:
        """The finding that is meant. Raises Declined where there is none, or more than one."""
        wanted = self.value("finding") or self.value("rule|finding")
        if not wanted:
            assert self.thread_point is not None, f"{self.use.form} needs a finding"
            return self.thread_point
        assert self.number is not None, f"{self.use.form} is about a pull request"
        found = self.desk.ledger.point(self.repository.id, self.number, wanted.lower())
        if len(found) == 1:
            return found[0]
        known = found or self.desk.ledger.points(self.repository.id, self.number)
        listed = ", ".join(f"`{point.handle}` {point.finding.title}" for point in known[:10])
        title = "More than one finding begins so" if found else f"No finding of {self.subject} begins with {wanted}"
        raise Declined(title, f"There are: {listed}." if listed else "Nothing was found there.", state="misunderstood")
