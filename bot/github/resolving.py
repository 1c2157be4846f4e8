"""Resolving review threads: our own only, and only where GitHub lets us."""

from collections.abc import Mapping
from typing import Any

from bot.domain import Repository
from bot.errors import Forbidden, NotFound, Rejected
from bot.github.api import Api
from bot.github.graphql import ask
from bot.github.host import GitHubHost
from bot.github.routes import of_repository
from bot.github.thread_queries import RESOLVE, THREAD_NOW
from bot.github.threads import begins_ours, login_of
from bot.logs import logger

TOLD_AGAIN_AFTER_S = 3600.0
_log = logger(__name__)


def resolve(host: GitHubHost, repository: Repository, thread_id: str) -> bool:
    """True once the thread is resolved, now or before; False where it cannot be done here: that is logged once an hour.

    Raises Forbidden for a thread that somebody else began, whatever the caller believes of it; NotFound where there is
    no such thread. An App may resolve only with `contents: write`.
    """
    thread = _Thread(host, repository, thread_id)
    now = thread.look()
    if now is None:
        return _cannot(host, repository, "GitHub's GraphQL, which alone can do it, does not answer here")
    if now["isResolved"]:
        return True
    if not now["viewerCanResolve"]:
        return _cannot(host, repository, "GitHub wants `contents: write` of an App for it")
    try:
        host.api(repository.installation_id).retries.once(thread.find_resolved, thread.send)
    except Rejected as refusal:
        if "not accessible" in str(refusal):
            return _cannot(host, repository, str(refusal))
        raise
    return True


class _Thread:
    def __init__(self, host: GitHubHost, repository: Repository, thread_id: str) -> None:
        self._host = host
        self._api: Api = host.api(repository.installation_id)
        self._asked = of_repository(repository).values | {"id": thread_id}
        self._id = thread_id
        self._is_looked_at = False

    def look(self) -> Mapping[str, Any] | None:
        """The thread as it is now, if it is ours; None where GraphQL cannot be had."""
        reply = ask(self._host, self._api, THREAD_NOW, self._asked)
        if reply is None or reply.failed:
            return None
        node: Mapping[str, Any] | None = reply.data.get("node")
        if not node or not node.get("comments", {}).get("nodes"):
            raise NotFound(f"Review thread {self._id} is not there, or holds nothing. Read the threads again.")
        first = node["comments"]["nodes"][0]
        login = login_of(first["author"])
        if not begins_ours(self._host, login, first["body"]):
            raise Forbidden(
                f"Review thread {self._id} was begun by {login or 'somebody'} and not by us, or its first comment is "
                "gone. People's threads stay theirs."
            )
        return node

    def find_resolved(self) -> bool | None:
        """True where it is resolved; None where it is open or nobody knows. Looks only after something was sent."""
        if not self._is_looked_at:
            self._is_looked_at = True  # `resolve` has just looked
            return None
        now = self.look()
        return True if now and now["isResolved"] else None

    def send(self) -> bool:
        self._api.mutate(RESOLVE, {"id": self._id})
        return True


def _cannot(host: GitHubHost, repository: Repository, reason: str) -> bool:
    name = f"resolve:{repository.installation_id}"
    told = host.told.get(name)
    if told is None or told.age_s > TOLD_AGAIN_AFTER_S:
        host.told.put(name, reason)
        _log.warning("our review threads cannot be resolved here", repository=repository.full_name, reason=reason)
    return False
