"""What befalls a repository beyond its pull requests: deployments, releases, issues. Hold the world's lock around."""

from collections.abc import Sequence

from bot.demo.standin.records import Deployment, DeploymentStatus, Issue, Label, Release, Repository
from bot.demo.standin.refusals import not_found
from bot.demo.standin.world import World


def deploy(world: World, repository: Repository, revision: str, environment: str, by: str, *states: str) -> Deployment:
    """A deployment with its states so far, oldest first: `in_progress`, `success`, `failure` …"""
    sha = repository.git.resolve(revision)
    if sha is None:
        raise not_found()
    creator, now = world.account(by), world.clock()
    made = Deployment(world.next_id(), sha, environment, creator, now)
    made.statuses = [DeploymentStatus(world.next_id(), state, creator, now) for state in states]
    repository.deployments.append(made)
    return made


def release(world: World, repository: Repository, tag: str, by: str, is_draft: bool = False) -> Release:
    now = world.clock()
    made = Release(world.next_id(), tag, world.account(by), now, None if is_draft else now, "-" in tag)
    repository.releases.append(made)
    return made


def open_issue(world: World, repository: Repository, title: str, by: str, labels: Sequence[str] = ()) -> Issue:
    now, tags = world.clock(), [Label(world.next_id(), name) for name in labels]
    made = Issue(world.next_id(), repository.next_number, world.account(by), title, tags, now, now)
    repository.issues[made.number] = made
    return made


def close_issue(world: World, issue: Issue, by: str) -> None:
    issue.closed_at = issue.updated_at = world.clock()
    issue.closed_by = world.account(by)
