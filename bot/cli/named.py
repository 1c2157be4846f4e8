"""Repositories as people name them."""

from bot.errors import NotFound
from bot.ledger import Ledger
from bot.settings.nearest import did_you_mean


def repository_id(ledger: Ledger, full_name: str | None) -> int | None:
    """The id of a repository that the ledger knows; None where none is named. Raises NotFound with the nearest name."""
    if full_name is None:
        return None
    known = {repository.full_name.lower(): repository.id for repository in ledger.known_repositories()}
    if full_name.lower() in known:
        return known[full_name.lower()]
    raise NotFound(f"The ledger knows no repository {full_name}{did_you_mean(full_name.lower(), known)}.")
