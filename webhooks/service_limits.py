"""What this service leaves alone: repositories that are not on its list, and everything while it is paused."""

from fnmatch import fnmatchcase

from bot.domain import (
    CheckRerequested,
    CommandGiven,
    InstallationChanged,
    Job,
    MergeGroupQueued,
    PullRequestNoted,
    ReplyNoted,
    Repository,
    RepositoryChanged,
    ReviewWanted,
    ThreadNoted,
    TimelineNoted,
)
from bot.settings import Settings

_RECORDS_ONLY = PullRequestNoted | ReplyNoted | ThreadNoted | TimelineNoted


def within_limits(jobs: tuple[Job, ...], settings: Settings) -> tuple[tuple[Job, ...], str]:
    """The jobs that remain, and why others do not; empty where all remain.

    Installations and new names are always recorded: a repository may be renamed away from the list. While paused, what
    only records goes on, so that the record has no hole.
    """
    kept: list[Job] = []
    reason = ""
    for job in jobs:
        if isinstance(job, InstallationChanged):
            added = tuple(repository for repository in job.added if is_served(repository, settings))
            kept.append(job.model_copy(update={"added": added}))
        elif isinstance(job, RepositoryChanged):
            kept.append(job)
        elif (repository := _repository(job)) is not None and not is_served(repository, settings):
            reason = f"{repository.full_name} is not among the `repositories` of this service"
        elif settings.paused and not isinstance(job, _RECORDS_ONLY):
            reason = "this service is paused (`paused = true`)"
        else:
            kept.append(job)
    return tuple(kept), reason


def is_served(repository: Repository, settings: Settings) -> bool:
    """True if the service's `repositories` patterns match its name, in any case."""
    name = repository.full_name.lower()
    return any(fnmatchcase(name, pattern.lower()) for pattern in settings.repositories)


def _repository(
    job: ReviewWanted
    | PullRequestNoted
    | CheckRerequested
    | MergeGroupQueued
    | CommandGiven
    | ReplyNoted
    | ThreadNoted
    | TimelineNoted,
) -> Repository | None:
    """None for a command that is about no repository."""
    if isinstance(job, ReviewWanted | PullRequestNoted):
        return job.pull_request.repository
    return job.place.repository if isinstance(job, CommandGiven) else job.repository
