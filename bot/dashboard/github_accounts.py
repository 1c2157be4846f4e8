"""What GitHub says of a person: who they are, whether they belong here, and which repositories they may see.

Asked with the person's own token, which the GitHub App's client id brings: it reaches what both the App and the person
reach, and nothing more. An App's permissions bound it, so no scope is asked for; the client of an OAuth App will not
do, since GitHub tells it of no installations.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session

from bot.errors import Forbidden, HostUnavailable
from bot.settings import Settings

MOST_PAGES: Final = 100
PER_PAGE: Final = 100
STRANGE: Final = (
    "GitHub's answer to {} is not what was expected. Try again in a minute; if it stays so, see that github.base_url "
    "is the address of GitHub's API."
)
CHECK_DEADLINE_S: Final = 20.0
"""For everything that is asked of a person together."""


@dataclass(frozen=True)
class Account:
    login: str
    is_admin: bool
    """An owner of the organisation."""
    repository_ids: tuple[int, ...]


@dataclass(frozen=True)
class Departure:
    """A way to GitHub's sign-in page, and what must come back from it."""

    url: str
    state: str
    verifier: str


class GitHubAccounts:
    """`Settings.dashboard` must name a client. Each method raises errors.HostUnavailable where GitHub does not answer,
    errors.Forbidden where it says no."""

    def __init__(self, settings: Settings) -> None:
        self._dashboard = settings.dashboard
        self._api = settings.github.base_url.rstrip("/")
        self._web = web_address(self._api)
        self._timeout_s = settings.github.timeout_s

    @property
    def came_back_to(self) -> str:
        return f"{self._dashboard.url}/sign-in/github/back"

    def depart(self, verifier: str) -> Departure:
        with self._client() as client:
            url, state = client.create_authorization_url(
                f"{self._web}/login/oauth/authorize", code_verifier=verifier, allow_signup="false"
            )
        return Departure(url, state, verifier)

    def token_for(self, code: str, verifier: str) -> str:
        """The person's token, for the code with which GitHub sent them back."""
        try:
            with self._client() as client:
                token = client.fetch_token(
                    f"{self._web}/login/oauth/access_token",
                    code=code,
                    code_verifier=verifier,
                    grant_type="authorization_code",
                    headers={"Accept": "application/json"},
                    timeout=self._timeout_s,
                )
        except AuthlibBaseError as refused:
            raise Forbidden(f"GitHub did not accept the sign-in: {refused.error}. Begin again.") from refused
        except requests.JSONDecodeError as strange:
            raise HostUnavailable(STRANGE.format("the sign-in")) from strange
        except (requests.RequestException, ValueError) as away:
            raise HostUnavailable("GitHub does not answer the sign-in. Try again in a minute.") from away
        except (AttributeError, TypeError, KeyError, RecursionError) as strange:  # authlib met no object
            raise HostUnavailable(STRANGE.format("the sign-in")) from strange
        return _text(token, "access_token", "the sign-in")

    def account(self, token: str) -> Account:
        """Raises Forbidden where the person does not belong to the organisation, or team, that may sign in."""
        ends = time.monotonic() + CHECK_DEADLINE_S
        with requests.Session() as session:
            session.headers.update({"Authorization": f"Bearer {token}", "Accept": "application/vnd.github+json"})
            asking = _Asking(session, self._api, self._timeout_s, ends)
            login = _text(asking.get("/user"), "login", "/user")
            role = self._role(asking, login)
            return Account(login, role == "admin", tuple(sorted(set(_repositories(asking)))))

    def _role(self, asking: "_Asking", login: str) -> str:
        organisation = quote(self._dashboard.organisation, safe="")
        member = asking.get(f"/user/memberships/orgs/{organisation}", allow_missing=True)
        if member.get("state") != "active":
            raise Forbidden(f"{login} is no member of {self._dashboard.organisation}, and may not sign in here.")
        if self._dashboard.team:
            team = quote(self._dashboard.team, safe="")
            path = f"/orgs/{organisation}/teams/{team}/memberships/{quote(login, safe='')}"
            if asking.get(path, allow_missing=True).get("state") != "active":
                raise Forbidden(f"{login} is not in the team {self._dashboard.team}, and may not sign in here.")
        return str(member.get("role", ""))

    def _client(self) -> OAuth2Session:
        return OAuth2Session(
            self._dashboard.client_id,
            self._dashboard.client_secret.get_secret_value(),
            redirect_uri=self.came_back_to,
            code_challenge_method="S256",
        )


class _Asking:
    def __init__(self, session: requests.Session, api: str, timeout_s: float, ends: float) -> None:
        self._session = session
        self._api = api
        self._timeout_s = timeout_s
        self._ends = ends

    def get(self, path: str, allow_missing: bool = False) -> dict[str, Any]:
        left = self._ends - time.monotonic()
        if left <= 0:
            raise HostUnavailable("GitHub takes too long to say what you may see. Try again in a minute.")
        try:
            answer = self._session.get(f"{self._api}{path}", timeout=min(self._timeout_s, left), allow_redirects=False)
        except requests.RequestException as away:
            raise HostUnavailable("GitHub does not answer. Try again in a minute.") from away
        if answer.status_code == 404 and allow_missing:
            return {}
        if answer.status_code == 403 and allow_missing and not _is_limit(answer):
            return {}
        if answer.status_code >= 500 or answer.status_code == 429 or _is_limit(answer):
            raise HostUnavailable("GitHub is not able to say what you may see. Try again in a few minutes.")
        if answer.status_code == 403 and path.startswith("/user/installations?"):
            raise Forbidden(
                "GitHub tells this client of no installations: dashboard.client_id must be that of the GitHub App, "
                "not of an OAuth App."
            )
        if answer.status_code != 200:
            raise Forbidden(f"GitHub says {answer.status_code} to {path.partition('?')[0]}. Sign in again.")
        try:
            found = answer.json()
        except (ValueError, RecursionError) as strange:
            raise HostUnavailable(STRANGE.format(path.partition("?")[0])) from strange
        if not isinstance(found, dict):
            raise HostUnavailable(STRANGE.format(path.partition("?")[0]))
        return found


def web_address(api: str) -> str:
    """Where people meet the GitHub whose API is there: `https://api.github.com` → `https://github.com`, and
    `https://ghe.acme.example/api/v3` → `https://ghe.acme.example`."""
    parts = urlsplit(api)
    if not parts.path.strip("/"):
        return f"{parts.scheme}://{parts.netloc.removeprefix('api.')}"
    return api.removesuffix("/api/v3")


def _repositories(asking: _Asking) -> Iterator[int]:
    """Ids of what the App is installed on and the person may read."""
    for installation in _ids(asking, "/user/installations", "installations"):
        yield from _ids(asking, f"/user/installations/{installation}/repositories", "repositories")


def _ids(asking: _Asking, path: str, name: str) -> Iterator[int]:
    for page in range(1, MOST_PAGES + 1):
        try:
            found = [int(one["id"]) for one in asking.get(f"{path}?per_page={PER_PAGE}&page={page}")[name]]
        except (KeyError, TypeError, ValueError) as strange:
            raise HostUnavailable(STRANGE.format(path)) from strange
        yield from found
        if len(found) < PER_PAGE:
            return


def _text(answer: Any, name: str, whereto: str) -> str:
    found = answer.get(name) if isinstance(answer, dict) else None
    if not isinstance(found, str) or not found:
        raise HostUnavailable(STRANGE.format(whereto))
    return found


def _is_limit(answer: requests.Response) -> bool:
    return answer.status_code == 403 and (
        answer.headers.get("x-ratelimit-remaining") == "0" or "retry-after" in answer.headers
    )
