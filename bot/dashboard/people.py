"""Who is signed in: sessions begun, looked up, checked again with GitHub, and ended."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from flask import session

from bot.dashboard.keys import Seal, digest_of, new_secret
from bot.dashboard.viewer import Viewer
from bot.errors import Forbidden, HostUnavailable
from bot.logs import logger
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.dashboard.github_accounts import Account, GitHubAccounts
    from bot.ledger import Ledger

log = logger(__name__)

SESSION: Final = "session"
CHECK_AFTER: Final = timedelta(minutes=10)
"""So long GitHub's word on what a person may see is believed."""
BELIEVED_WITHOUT_GITHUB: Final = timedelta(hours=1)
"""And so long while GitHub does not answer; pages then say so."""
ASK_AGAIN_AFTER: Final = timedelta(seconds=30)
LINK_MINUTES: Final = 5


class People:
    """`accounts()` gives GitHub's side, where signing in with it is set up."""

    def __init__(
        self,
        settings: Settings,
        ledger: "Callable[[], Ledger]",
        accounts: "Callable[[], GitHubAccounts]",
        seal: Callable[[], Seal],
        now: Callable[[], datetime],
    ) -> None:
        self._settings = settings.dashboard
        self._ledger = ledger
        self._accounts = accounts
        self._seal = seal
        self._now = now
        self._away_until: datetime | None = None

    def begin(self, account: "Account | None", token: str = "") -> None:
        """A new session under a new id, whatever the browser brought along; None: whoever opened a one-time link."""
        self.end()
        secret, at = new_secret(), self._now()
        self._ledger().begin_session(
            digest_of(secret),
            account.login if account else "",
            account.is_admin if account else True,
            list(account.repository_ids) if account else None,
            self._seal().close(token) if token else "",
            _iso(at),
            _iso(at + timedelta(hours=self._settings.session_hours)),
        )
        session[SESSION] = secret
        session.permanent = True
        log.info("signed in", login=account.login if account else "one-time link")

    def use_link(self, secret: str) -> bool:
        """True once for a link that is not five minutes old."""
        return self._ledger().use_login_link(digest_of(secret), _iso(self._now()))

    def end(self) -> None:
        secret = session.get(SESSION)
        session.clear()
        if isinstance(secret, str):
            self._ledger().end_session(digest_of(secret))

    def viewer(self) -> Viewer | None:
        """Whoever sent this request; None where nobody is signed in, or GitHub lets them see nothing any more."""
        secret = session.get(SESSION)
        if not isinstance(secret, str):
            return None
        digest, now = digest_of(secret), self._now()
        row = self._ledger().session(digest, _iso(now))
        if row is None:
            session.clear()
            return None
        if row["login"] and now - datetime.fromisoformat(row["checked_at"]) > CHECK_AFTER:
            return self._checked_again(digest, row, now)
        return _viewer(row)

    def _checked_again(self, digest: str, row: dict[str, Any], now: datetime) -> Viewer | None:
        checked_at = datetime.fromisoformat(row["checked_at"])
        token = self._seal().open(row["sealed_token"])
        try:
            if self._away_until and now < self._away_until:
                raise HostUnavailable("GitHub did not answer a moment ago.")
            if not token:
                raise Forbidden("The key of the dashboard has changed.")
            account = self._accounts().account(token)
        except HostUnavailable as away:
            if not self._away_until or now >= self._away_until:
                self._away_until = now + ASK_AGAIN_AFTER
                log.warning("what a person may see cannot be asked", reason=str(away))
            if now - checked_at > BELIEVED_WITHOUT_GITHUB:
                self.end()
                return None
            return _viewer(row, stale_since=row["checked_at"])
        except Forbidden as refused:
            log.info("signed out", login=row["login"], reason=str(refused))
            self.end()
            return None
        self._away_until = None
        self._ledger().check_session(digest, account.is_admin, list(account.repository_ids), _iso(now))
        return Viewer(account.login, account.is_admin, frozenset(account.repository_ids))


def new_link(ledger: "Ledger", address: str, now: datetime) -> str:
    """A link that signs one person in, once, within five minutes."""
    secret = new_secret()
    ledger.keep_login_link(digest_of(secret), _iso(now + timedelta(minutes=LINK_MINUTES)))
    return f"{address.rstrip('/')}/sign-in/link?code={secret}"


def _viewer(row: dict[str, Any], stale_since: str = "") -> Viewer:
    ids = row["repository_ids"]
    return Viewer(row["login"], row["is_admin"], None if ids is None else frozenset(ids), stale_since)


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
