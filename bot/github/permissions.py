"""What our credentials may do, against what Seawall needs."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.github.host import GitHubHost
from bot.github.routes import Route

NEEDED = {
    "checks": "write",
    "contents": "read",
    "issues": "read",
    "merge_queues": "read",
    "metadata": "read",
    "pull_requests": "write",
}
"""GitHub takes no subscription to `issue_comment` without `issues: read`. Comments on pull requests and reactions to
them are written with `pull_requests: write`."""
NEEDED_EVENTS = (
    "issue_comment",
    "issues",
    "merge_group",
    "pull_request",
    "pull_request_review",
    "pull_request_review_comment",
    "pull_request_review_thread",
    "release",
    "repository",
)
_LEVELS = ("read", "write", "admin")
_SCOPES = {"repo", "public_repo"}


@dataclass(frozen=True)
class Granted:
    login: str
    permissions: dict[str, str]
    """Permission → level of an App; empty for a token, whose permissions GitHub does not list."""
    scopes: tuple[str, ...] = ()
    """Of a classic token; fine-grained ones name none."""
    missing: tuple[str, ...] = ()
    """What to grant, such as `checks: write`."""
    missing_events: tuple[str, ...] = ()
    """What to subscribe to, such as `merge_group`."""


def token_permissions(host: GitHubHost) -> Granted:
    """One request. Raises Forbidden where the credentials are refused, SettingsError where there are none."""
    if host.settings.is_app:
        return _of_app(host)
    headers, login = host.api(None).headers(Route("/user")), host.own_login()
    listed = headers.get("x-oauth-scopes")
    scopes = tuple(scope.strip() for scope in (listed or "").split(",") if scope.strip())
    is_short = listed is not None and not _SCOPES & set(scopes)
    return Granted(login, {}, scopes, ("scope repo",) if is_short else ())


def _of_app(host: GitHubHost) -> Granted:
    app = host.app_api().get(Route("/app"))
    permissions = {name: str(level) for name, level in app["permissions"].items()}
    missing = {f"{name}: {level}" for name, level in NEEDED.items() if not _reaches(permissions.get(name), level)}
    missing_events = set(NEEDED_EVENTS) - set(app["events"])
    if _has_no_queue(host, permissions):
        missing.discard(f"merge_queues: {NEEDED['merge_queues']}")
        missing_events.discard("merge_group")
    return Granted(f"{app['slug']}[bot]", permissions, (), tuple(sorted(missing)), tuple(sorted(missing_events)))


def _has_no_queue(host: GitHubHost, permissions: dict[str, str]) -> bool:
    """Older servers know no merge queue, so that an App there cannot ask for it."""
    return urlsplit(host.settings.base_url).hostname != "api.github.com" and "merge_queues" not in permissions


def _reaches(level: str | None, needed: str) -> bool:
    return level in _LEVELS and _LEVELS.index(level) >= _LEVELS.index(needed)
