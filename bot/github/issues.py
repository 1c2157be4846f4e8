"""Issues by which Seawall tells something again and again: one for each telling, the former ones closed."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from bot.domain import marker_of
from bot.errors import Forbidden, NotFound, SeawallError, SettingsError
from bot.github.api import Api
from bot.github.host import GitHubHost
from bot.github.routes import Route, repository_named
from bot.logs import logger

LONGEST_BODY: Final = 65_536
LONGEST_TITLE: Final = 256
MOST_PAGES: Final = 20
_CUT: Final = "\n\n… (shortened)"
_log = logger(__name__)


class Telling(NamedTuple):
    """One issue to be. `series` is what it goes on with (the subject), `key` names this one for ever."""

    series: str
    key: str
    title: str
    body: str
    label: str = ""


class Issues:
    """In one repository, as our App or our token. Raises as `bot.github.failures`, Forbidden where the App was not
    granted `issues: write`, SettingsError for a name that is no `owner/name`."""

    def __init__(self, host: GitHubHost, full_name: str) -> None:
        owner, _, name = full_name.partition("/")
        if not owner or not name or "/" in name:
            raise SettingsError(f"{full_name!r} names no repository. Write owner/name.")
        self._host = host
        self._name = full_name
        self._route = repository_named(owner, name)

    def tell(self, telling: Telling, since: str) -> int:
        """The number of the issue that tells it: opened, or brought up to date where it is there. Those of its series
        before it are closed. `since` (ISO 8601, UTC): nothing of ours that matters is older.

        Ours are known by a hidden marker, in our own login's issues alone. After a crash it may be asked for again.
        """
        api = self._api()
        marker, series = (marker_of("issue", self._name, name) for name in (telling.key, telling.series))
        ours = list(self._ours(api, series, since))
        there = next((one for one in reversed(ours) if marker in one["body"]), None)
        former = [one for one in ours if marker not in one["body"] and not (there and one["number"] > there["number"])]
        links = f"Before: #{former[0]['number']}\n\n" if former else ""
        sent = {"title": telling.title[:LONGEST_TITLE], "body": _signed(telling.body, f"{links}{series}\n{marker}")}

        def stands() -> dict[str, Any] | None:
            return next((one for one in self._ours(api, series, since) if marker in one["body"]), None)

        def opens() -> dict[str, Any]:
            labels = {"labels": [telling.label]} if telling.label else {}
            return dict(api.write("POST", self._route.below("/issues"), sent | labels))

        issue = there or api.retries.once(stands, opens)[0]
        if there and not _is_same(there, sent):
            api.write("PATCH", self._one(issue["number"]), sent)
        for one in ours:
            if one["number"] < issue["number"] and one["state"] == "open":
                self._close(api, one["number"])
        return int(issue["number"])

    def missing(self) -> str:
        """What keeps issues from being written there, in words; empty where nothing does that can be known."""
        try:
            self._api()
        except (Forbidden, NotFound) as missing:
            return str(missing)
        return ""

    def _api(self) -> Api:
        if not self._host.settings.is_app:
            return self._host.api(None)
        try:
            installation = self._host.app_api().get(self._route.below("/installation"))
        except NotFound as nowhere:
            raise NotFound(f"The App is not installed in {self._name}. Install it there, or name another.") from nowhere
        if installation["permissions"].get("issues") != "write":
            raise Forbidden(f"No issue can be opened in {self._name}: grant the App issues: write.")
        return self._host.api(installation["id"])

    def _ours(self, api: Api, series: str, since: str) -> Iterator[dict[str, Any]]:
        """Of that series, newest first."""
        query = {"state": "all", "sort": "created", "direction": "desc", "since": since}
        own = self._host.own_login().lower()
        for page in api.chain(self._route.below("/issues"), query, limit=MOST_PAGES):
            for one in page:
                if one["created_at"] < since:
                    return
                login = str((one.get("user") or {}).get("login", "")).lower()
                if "pull_request" not in one and login == own and series in (one.get("body") or ""):
                    yield one

    def _close(self, api: Api, number: int) -> None:
        try:
            api.write("PATCH", self._one(number), {"state": "closed", "state_reason": "completed"})
        except SeawallError as failure:
            _log.warning("the summary before could not be closed", issue=number, reason=str(failure))

    def _one(self, number: int) -> Route:
        return self._route.below("/issues/{number}", number=number)


def _is_same(there: dict[str, Any], sent: dict[str, str]) -> bool:
    return all((there[name] or "").replace("\r\n", "\n") == text for name, text in sent.items())


def _signed(body: str, end: str) -> str:
    room = LONGEST_BODY - len(end) - 2
    return f"{body if len(body) <= room else body[: room - len(_CUT)] + _CUT}\n\n{end}"
