"""The threads that our inline comments began on one pull request."""

from functools import cached_property

from bot.domain import PullRequest
from bot.github import Conversation, GitHubHost, Thread, read_threads, resolve


class OwnThreads:
    """A domain.Threads on GitHub. Threads are read once, when the first is to be resolved."""

    def __init__(self, host: GitHubHost, pull_request: PullRequest) -> None:
        self._host = host
        self._pull_request = pull_request

    def reply(self, comment_id: int, body: str, key: str) -> None:
        Conversation(self._host, self._pull_request.repository).reply_in_thread(
            self._pull_request.number, comment_id, body, key
        )

    def resolve(self, comment_id: int) -> None:
        """Leaves alone what people began, what is resolved, and what GitHub does not let us resolve."""
        thread = self._begun.get(comment_id)
        if thread and thread.id and not thread.is_resolved:
            resolve(self._host, self._pull_request.repository, thread.id)

    @cached_property
    def _begun(self) -> dict[int, Thread]:
        """Our first comment's id → the thread it began."""
        threads = read_threads(self._host, self._pull_request)
        return {thread.comments[0].id: thread for thread in threads if thread.is_ours and thread.comments}
