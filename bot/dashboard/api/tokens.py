"""Tokens of programs: made once, shown once, kept as a digest, and each sees only what it was made for."""

import re
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from bot.dashboard.keys import digest_of, new_secret
from bot.dashboard.viewer import Viewer
from bot.errors import UsageError

if TYPE_CHECKING:
    from bot.dashboard.desk import Desk
    from bot.ledger import Ledger

PREFIX: Final = "swl_"
"""Tells people, and scanners of secrets, what it is that they found."""
_GIVEN: Final = re.compile(r"[Bb]earer +(swl_[A-Za-z0-9_-]{20,100})")


def make_token(
    ledger: "Ledger", name: str, made_by: str, repository_ids: Sequence[int] | None, now: datetime, days: int
) -> tuple[str, str]:
    """Its id, and the token itself, which nobody can tell again. `repository_ids`: None for everything. Raises
    UsageError where a token that is still good has that name."""
    token, token_id = f"{PREFIX}{new_secret()}", f"t-{secrets.token_hex(4)}"
    ends = now + timedelta(days=days)
    if not ledger.add_api_token(token_id, digest_of(token), name, made_by, repository_ids, _iso(now), _iso(ends)):
        raise UsageError(
            f"A token called {name} is there already. Take that one back with `seawall dashboard token revoke`, or "
            "choose another name."
        )
    return token_id, token


def viewer_of(desk: "Desk", authorization: str) -> Viewer | None:
    """Whoever sends that header; None where it carries no token, or one that ended. No token is an administrator."""
    given = _GIVEN.fullmatch(authorization.strip())
    if not given:
        return None
    ledger, at = desk.reader.ledger, _iso(desk.now())
    row = ledger.api_token(digest_of(given[1]), at)
    if row is None:
        return None
    if row["used_at"][:10] != at[:10]:
        ledger.note_api_token_used(row["id"], at)
    ids = row["repository_ids"]
    return Viewer(f"token {row['id']}", False, None if ids is None else frozenset(ids))


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
