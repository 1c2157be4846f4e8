"""How much of GitHub's hourly limit is left, and how much of it is to be left to others."""

from typing import Final

from bot.domain import Repository
from bot.errors import NotFound, RateLimited
from bot.github.host import GitHubHost
from bot.github.routes import Route

FOR_OTHERS: Final = 0.2
"""The part of the limit that work without haste leaves to the reviews, which ask with the same credentials."""


def leave_some(host: GitHubHost, repository: Repository) -> None:
    """Raises RateLimited where only that part is left; `retry_after_s` is when the next hour begins. The question costs
    nothing of the limit; a host that has none is asked in vain."""
    try:
        resources = host.api(repository.installation_id).get(Route("/rate_limit"))["resources"]
    except NotFound:
        return
    for name in ("core", "graphql"):
        left = resources.get(name)
        if left and left["remaining"] < left["limit"] * FOR_OTHERS:
            wait_s = max(left["reset"] - host.clock(), 0.0) + 1.0
            said = f"{left['remaining']} of {left['limit']} requests"
            raise RateLimited(f"GitHub leaves us {said} this hour, which reviews may need.", wait_s)
