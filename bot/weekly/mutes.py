"""Rules kept silent: which of them were so at a moment, and which were muted in a week."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from bot.domain.timeline import Row
from bot.weekly.facts import MutedRule
from bot.weekly.history import parsed

_OWN: Final = "seawall"
"""Owner of a mute that no person asked for."""


def in_force(mutes: Iterable[Row], moment: datetime) -> list[Row]:
    """Of rows of `muted`, those that were made before that moment and had neither ended nor run out by then."""
    return [row for row in mutes if parsed(row["at"]) < moment and not _is_over(row, moment)]


def muted_rules(mutes: Iterable[Row], names: Mapping[int, str], as_of: datetime) -> tuple[MutedRule, ...]:
    """Rows of `muted` as they are told. `names`: repositories by id; what came after `as_of` is not known yet.

    People's own words for it stay where the mute is kept, and so do their names.
    """
    return tuple(
        MutedRule(
            repository=names[row["repository_id"]],
            rule=row["rule"],
            by="its record" if row["owner"] == _OWN else "a person",
            reason=row["reason"] if row["owner"] == _OWN else "",
            until=row["expires_at"] or "",
            is_over=_is_over(row, as_of),
        )
        for row in mutes
    )


def _is_over(row: Row, moment: datetime) -> bool:
    return any(row[key] and parsed(row[key]) <= moment for key in ("ended_at", "expires_at"))
