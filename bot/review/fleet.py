"""What a change does to the services around: asked of the record while a review is made."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.errors import LedgerError
from bot.posture import with_chains

if TYPE_CHECKING:
    from bot.domain import PostureChange, Repository
    from bot.ledger import Ledger  # what it brings is not for those who only say `alone`

InFleet = Callable[["PostureChange"], "PostureChange"]
"""Adds to a change what gets worse along the chains of calls."""


def alone(change: "PostureChange") -> "PostureChange":
    """For a review without a record: no other service is known."""
    return change


def fleet_of(ledger: "Ledger") -> "Callable[[Repository], InFleet]":
    """A record that cannot be read costs the word on the chains, and no review."""

    def of(repository: "Repository") -> InFleet:
        def in_fleet(change: "PostureChange") -> "PostureChange":
            try:
                return with_chains(change, repository, ledger.postures())
            except LedgerError:
                return change

        return in_fleet

    return of
