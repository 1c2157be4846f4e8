"""The only room that knows PyGithub: reading pull requests, publishing reviews, and what the reconciler asks."""

from bot.github.checks import conclude_merge_group
from bot.github.deliveries import AppDelivery, app_deliveries, redeliver
from bot.github.host import GitHubHost
from bot.github.permissions import Granted, token_permissions
from bot.github.publish import GitHubPublisher
from bot.github.pulls import (
    fetch_pull_request,
    fetch_repository,
    installation_repositories,
    open_pull_requests,
    pull_requests_for_commit,
)
from bot.github.source import GitHubSource

__all__ = [
    "AppDelivery",
    "GitHubHost",
    "GitHubPublisher",
    "GitHubSource",
    "Granted",
    "app_deliveries",
    "conclude_merge_group",
    "fetch_pull_request",
    "fetch_repository",
    "installation_repositories",
    "open_pull_requests",
    "pull_requests_for_commit",
    "redeliver",
    "token_permissions",
]
