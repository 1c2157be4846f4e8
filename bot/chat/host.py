"""What commands ask of GitHub: who may what, how a pull request stands, which policy is in force."""

import threading
from collections import OrderedDict
from collections.abc import Callable

from bot.domain import PolicyTexts, PullRequest, Repository
from bot.github import GitHubHost, GitHubSource, fetch_pull_request
from bot.github.policy import default_policy
from bot.settings import PolicyInForce, Settings, resolve_policy

POLICY_FRESH_S = 60.0
_MOST_POLICIES = 200


class HostPullRequests:
    """`chat.asked.PullRequests`."""

    def __init__(self, host: GitHubHost) -> None:
        self._host = host

    def of(self, repository: Repository, number: int) -> PullRequest:
        return fetch_pull_request(self._host, repository, number)


class HostPolicies:
    """`chat.asked.Policies`; what was read is believed for a minute."""

    def __init__(self, host: GitHubHost, settings: Settings, clock: Callable[[], float]) -> None:
        self._host = host
        self._settings = settings
        self._clock = clock
        self._read: OrderedDict[str, tuple[float, PolicyInForce]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, repository: Repository, pull_request: PullRequest | None) -> PolicyInForce:
        key = f"{repository.id}@{pull_request.base_sha if pull_request else ''}"
        with self._lock:
            read_at, known = self._read.get(key, (float("-inf"), None))
        if known and self._clock() - read_at < POLICY_FRESH_S:
            return known
        in_force = resolve_policy(self._settings.policy, self._texts(repository, pull_request))
        with self._lock:
            self._read[key] = (self._clock(), in_force)
            while len(self._read) > _MOST_POLICIES:
                self._read.popitem(last=False)
        return in_force

    def _texts(self, repository: Repository, pull_request: PullRequest | None) -> PolicyTexts:
        if pull_request is None:
            return default_policy(self._host, repository)
        return GitHubSource(self._host, pull_request, self._settings.reading).policy()
