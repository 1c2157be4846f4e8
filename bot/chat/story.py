"""What the worker does with each command, and with what people did to our comments."""

from collections.abc import Sequence
from typing import Any

from bot.domain import Answer, CommandGiven, PullRequest, Reply, ReplyNoted, ThreadNoted
from bot.errors import SeawallError


class ChatStory:
    """Every method may be repeated after a crash and then changes nothing."""

    def hear(self, given: CommandGiven) -> None:
        return

    def answer(self, given: CommandGiven, under_way: Sequence[str]) -> Answer:
        return Answer(reply=Reply(state="misunderstood", title="Commands are not served here.", run_id=given.run_id))

    def fetched_within_s(self, given: CommandGiven) -> float:
        return 0.0

    def deliver(self, given: CommandGiven, answer: Answer) -> None:
        raise SeawallError("commands are not served here")

    def listeners(self, pull_request: PullRequest) -> dict[str, dict[str, Any]]:
        return {}

    def tell(self, listener: dict[str, Any], pull_request: PullRequest, state: str, reason: str) -> None:
        return

    def note(self, job: ReplyNoted | ThreadNoted) -> None:
        return

    def to_sweep(self) -> list[PullRequest]:
        return []

    def sweep(self, pull_request: PullRequest) -> None:
        return
