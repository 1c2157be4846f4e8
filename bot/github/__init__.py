"""The only room that knows PyGithub: reading pull requests, publishing reviews, and what the reconciler asks."""

from bot.github.checks import conclude_merge_group
from bot.github.commits import SuggestionCommit, suggestion_commits
from bot.github.contents import file_at
from bot.github.conversation import Conversation, GitHubPermissions, Level
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
from bot.github.resolving import resolve
from bot.github.source import GitHubSource
from bot.github.threads import Reaction, Thread, ThreadComment, read_threads

__all__ = [
    "AppDelivery",
    "Conversation",
    "GitHubHost",
    "GitHubPermissions",
    "GitHubPublisher",
    "GitHubSource",
    "Granted",
    "Level",
    "Reaction",
    "SuggestionCommit",
    "Thread",
    "ThreadComment",
    "app_deliveries",
    "conclude_merge_group",
    "fetch_pull_request",
    "fetch_repository",
    "file_at",
    "installation_repositories",
    "open_pull_requests",
    "pull_requests_for_commit",
    "read_threads",
    "redeliver",
    "resolve",
    "suggestion_commits",
    "token_permissions",
]
