"""Pull requests with a past: deeds on the stand-in for GitHub at times of one's own choosing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.demo import standin
from bot.demo.standin import StandIn, moves, reviewing
from bot.demo.standin.records import Review
from tests.github.shop import Git

OPENED = "2026-09-01T09:00:00Z"


@dataclass
class Past:
    """`past.at("2026-09-01T10:00:00Z", deed)` does it then; the present goes on afterwards, for tokens' sake."""

    there: StandIn
    repository: standin.Repository
    git: Git

    def at(self, moment: str, deed: Callable[[], Any]) -> Any:
        with self._clock_at(moment):
            return deed()

    def open(self, moment: str = OPENED, head: str = "feature", **more: Any) -> standin.PullRequest:
        """By dana, unless another author is named."""
        return self.at(moment, lambda: self.there.open_pull_request(self.repository, "main", head, "Pay", **more))

    def review(self, moment: str, pull: standin.PullRequest, by: str, event: str) -> Review:
        """`event` as REST names it: APPROVE, REQUEST_CHANGES or COMMENT."""
        asked = {"event": event, "body": "As discussed"}
        world = self.there.world
        return self.at(moment, lambda: reviewing.create_review(world, self.repository, pull, world.account(by), asked))

    def dismiss(self, moment: str, pull: standin.PullRequest, review: Review, by: str) -> None:
        world = self.there.world
        self.at(moment, lambda: reviewing.dismiss(world, pull, review, "Outdated", world.account(by)))

    def say(self, moment: str, pull: standin.PullRequest, by: str, text: str) -> int:
        return int(self.at(moment, lambda: self.there.person(self.repository, by).comment(pull, text)).id)

    def say_in_code(self, moment: str, pull: standin.PullRequest, by: str) -> int:
        person = self.there.person(self.repository, by)
        return int(self.at(moment, lambda: person.comment_on_line(pull, "app.py", 11, "Why?")).id)

    def ask_for_review(self, moment: str, pull: standin.PullRequest, is_asked: bool = True) -> None:
        world = self.there.world
        self.at(moment, lambda: moves.ask_for_review(world, pull, world.account("mona"), is_asked))

    def push(self, moment: str, pull: standin.PullRequest, onto: str = "") -> None:
        """The same files in a new commit on top of the head; on top of something else it is a forced push."""
        with self.git.at(moment):
            tree = self.git("rev-parse", f"{pull.head_sha}^{{tree}}").strip()
            made = self.git("commit-tree", tree, "-p", onto or pull.head_sha, "-m", f"At {moment}").strip()
        self.at(moment, lambda: self.there.push(self.repository, pull, made))

    @contextmanager
    def _clock_at(self, moment: str) -> Iterator[None]:
        now = self.there.world.clock
        self.there.world.clock = lambda: datetime.fromisoformat(moment)
        try:
            yield
        finally:
            self.there.world.clock = now
