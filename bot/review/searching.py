"""Where a review looks beyond the changed files: a copy of the host's repository, kept on this machine."""

from collections.abc import Callable
from urllib.parse import urlsplit

from bot.domain import PullRequest
from bot.domain.searching import Search
from bot.errors import SeawallError, SourceError
from bot.github import GitHubHost
from bot.github.mirroring import clone_token, clone_url
from bot.settings import Settings
from bot.source.fetching import FetchLimits, Remote
from bot.source.mirrors import Mirrors

NO_MIRRORS = "Callers and tests were looked for in the changed files alone: copies are off (reading.mirrors)."
NOT_HTTPS = "Callers and tests were looked for in the changed files alone: this host is not reached by https."


class Elsewhere:
    """Finds the search of a pull request's head. `why_not` says why there is none."""

    def __init__(self, settings: Settings, host: GitHubHost) -> None:
        reading = settings.reading
        self._host = host
        self._base_url = settings.github.base_url
        limits = FetchLimits(reading.mirror_timeout_s, reading.mirror_max_mb << 20, reading.max_file_bytes)
        self._mirrors = Mirrors(settings.data_dir / "mirrors", reading.mirrors, limits, host.clock)
        self.why_not = NO_MIRRORS if not reading.mirrors else ""
        if urlsplit(self._base_url).scheme != "https":
            self.why_not = self.why_not or NOT_HTTPS

    def search_of(self, pull_request: PullRequest) -> Search | None:
        """None where there is nothing but the changed files."""
        if self.why_not:
            return None
        repository = pull_request.repository
        return self._mirrors.search(str(repository.id), pull_request.head_sha, self._remote(pull_request))

    def _remote(self, pull_request: PullRequest) -> Callable[[], Remote]:
        def remote() -> Remote:
            try:
                token = clone_token(self._host, pull_request.repository)
            except SeawallError as missing:
                raise SourceError(str(missing)) from missing
            return Remote(clone_url(self._base_url, pull_request.repository), token)

        return remote
