"""What the engine runs for the conversation: commands, and what became of what was said. Told elsewhere."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from bot.domain import Answer, CommandGiven, PullRequest, ReplyNoted, ThreadNoted


class Talk(Protocol):
    """Every method may be repeated after a crash, and then changes nothing. Errors are raised as in `Story`."""

    def hear(self, given: CommandGiven) -> None:
        """Writes the command down and shows the asker that it was heard."""

    def answer(self, given: CommandGiven, under_way: Sequence[str]) -> Answer:
        """Understands, permits and carries out. `under_way`: ids of reviews that wait or run, at least those there."""

    def fetched_within_s(self, given: CommandGiven) -> float:
        """How long the edge may still fetch the answer itself; 0 where it does not, and it is to be delivered."""

    def deliver(self, given: CommandGiven, answer: Answer) -> None:
        """Says the answer where the command was given."""

    def listeners(self, pull_request: PullRequest) -> dict[str, dict[str, Any]]:
        """By name: who is to hear how the review of this head ended. Those who asked, and channels that subscribed."""

    def tell(self, listener: dict[str, Any], pull_request: PullRequest, state: str, reason: str) -> None:
        """Says to one of them how it ended."""

    def note(self, job: ReplyNoted | ThreadNoted) -> None:
        """Remembers what people did with what was said."""

    def has_spoken(self, pull_request: PullRequest) -> bool:
        """True if something was said there that a sweep would look at."""

    def to_sweep(self) -> list[PullRequest]:
        """Pull requests on which something we said may have been answered by a reaction, which nobody announces."""

    def summaries_due(self, now: str) -> dict[str, dict[str, Any]]:
        """By a name that holds week and destination: the weekly summaries whose time has come and that were not told.
        `now`: ISO 8601."""

    def tell_summary(self, errand: dict[str, Any], step: Callable[[str, Callable[[], Any]], Any]) -> None:
        """Tells one of them, such as by e-mail; again, it does nothing. What each `step` gave (JSON) is on disk: after
        a crash the ones that ended are not run again, the one under way is."""

    def drafts_due(self, now: str) -> dict[str, dict[str, Any]]:
        """By a name that holds finding and day: rules to be drafted of findings that turned out right. `now`: ISO
        8601."""

    def draft_rule(self, errand: dict[str, Any]) -> str:
        """Drafts one of them, for people to adopt; again, it keeps nothing twice. Says what came of it."""

    def sweep(self, pull_request: PullRequest) -> None:
        """Looks at our threads there and writes down what became of each point."""
