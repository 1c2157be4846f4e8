"""Where a review looks beyond the changed files: a copy of the host's repository, kept on this machine."""

import time
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from urllib.parse import urlsplit

from bot.domain import PullRequest, Repository
from bot.errors import SeawallError, SourceError
from bot.github import GitHubHost
from bot.github.linked import linked_issues
from bot.github.mirroring import clone_token, clone_url
from bot.review.beyond import Beyond
from bot.settings import Settings
from bot.source.fetching import FetchLimits, Remote
from bot.source.mirrors import Mirrors

NO_MIRRORS = "Callers and tests were looked for in the changed files alone: copies are off (reading.mirrors)."
NOT_HTTPS = "Callers and tests were looked for in the changed files alone: this host is not reached by https."


def mirrors_of(settings: Settings, clock: Callable[[], float] = time.time) -> Mirrors:
    """The copies of repositories on this machine, each called by the repository's id."""
    reading = settings.reading
    limits = FetchLimits(reading.mirror_timeout_s, reading.mirror_max_mb << 20, reading.max_file_bytes)
    return Mirrors(settings.data_dir / "mirrors", reading.mirrors, limits, clock)


class BeyondOnHost:
    """What lies beyond the changes of pull requests on one host. Nothing is fetched before somebody asks."""

    def __init__(self, settings: Settings, host: GitHubHost) -> None:
        self._host, self._base_url = host, settings.github.base_url
        self._mirrors = mirrors_of(settings, host.clock)
        is_https = urlsplit(self._base_url).scheme == "https"
        self._why_not = NO_MIRRORS if not settings.reading.mirrors else "" if is_https else NOT_HTTPS

    def of(self, pull_request: PullRequest) -> Beyond:
        """For a review of this head."""
        settles = cache(lambda: self._settles(pull_request))
        if self._why_not:
            return Beyond(None, self._why_not, settles)
        name = str(pull_request.repository.id)
        search = self._mirrors.search(name, pull_request.head_sha, self._remote(pull_request))
        return Beyond(search, settles=settles)

    def forget(self, repositories: Iterable[Repository]) -> None:
        """Removes the copies of repositories that are no longer ours to read."""
        for repository in repositories:
            self._mirrors.remove(str(repository.id))

    def tidy(self) -> None:
        """Removes the copies that nobody has used for long."""
        self._mirrors.tidy()

    def _settles(self, pull_request: PullRequest) -> Sequence[str]:
        return [line for issue in linked_issues(self._host, pull_request) for line in issue.split("\n")]

    def _remote(self, pull_request: PullRequest) -> Callable[[], Remote]:
        def remote() -> Remote:
            try:
                token = clone_token(self._host, pull_request.repository)
            except SeawallError as missing:
                raise SourceError(str(missing)) from missing
            return Remote(clone_url(self._base_url, pull_request.repository), token)

        return remote
