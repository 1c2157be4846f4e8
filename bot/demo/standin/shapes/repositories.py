"""Repositories."""

from bot.demo.standin.links import Links, node_id
from bot.demo.standin.records import Repository
from bot.demo.standin.shapes import JSON, iso
from bot.demo.standin.shapes.accounts import user

_PATHS = {
    "archive": "{archive_format}{/ref}",
    "assignees": "assignees{/user}",
    "blobs": "git/blobs{/sha}",
    "branches": "branches{/branch}",
    "collaborators": "collaborators{/collaborator}",
    "comments": "comments{/number}",
    "commits": "commits{/sha}",
    "compare": "compare/{base}...{head}",
    "contents": "contents/{+path}",
    "contributors": "contributors",
    "deployments": "deployments",
    "downloads": "downloads",
    "events": "events",
    "forks": "forks",
    "git_commits": "git/commits{/sha}",
    "git_refs": "git/refs{/sha}",
    "git_tags": "git/tags{/sha}",
    "hooks": "hooks",
    "issue_comment": "issues/comments{/number}",
    "issue_events": "issues/events{/number}",
    "issues": "issues{/number}",
    "keys": "keys{/key_id}",
    "labels": "labels{/name}",
    "languages": "languages",
    "merges": "merges",
    "milestones": "milestones{/number}",
    "notifications": "notifications{?since,all,participating}",
    "pulls": "pulls{/number}",
    "releases": "releases{/id}",
    "stargazers": "stargazers",
    "statuses": "statuses/{sha}",
    "subscribers": "subscribers",
    "subscription": "subscription",
    "tags": "tags",
    "teams": "teams",
    "trees": "git/trees{/sha}",
}


def repository(repository: Repository, links: Links) -> JSON:
    """As within pull requests and lists."""
    url, page = links.repository(repository), links.page(repository)
    open_pulls = sum(pull.is_open for pull in repository.pulls.values())
    host = links.site.split("//", 1)[-1]
    return {
        "id": repository.id,
        "node_id": node_id("R", repository.id),
        "name": repository.name,
        "full_name": repository.full_name,
        "private": repository.is_private,
        "owner": user(repository.owner, links),
        "html_url": page,
        "description": None,
        "fork": False,
        "url": url,
        **{f"{name}_url": f"{url}/{path}" for name, path in _PATHS.items()},
        "git_url": f"git://{host}/{repository.full_name}.git",
        "ssh_url": f"git@{host}:{repository.full_name}.git",
        "clone_url": f"{page}.git",
        "svn_url": page,
        "mirror_url": None,
        "homepage": None,
        "created_at": iso(repository.created_at),
        "updated_at": iso(repository.created_at),
        "pushed_at": iso(repository.created_at),
        "size": 120,
        "stargazers_count": 0,
        "watchers_count": 0,
        "language": None,
        "has_issues": True,
        "has_projects": True,
        "has_downloads": True,
        "has_wiki": True,
        "has_pages": False,
        "has_discussions": False,
        "forks_count": 0,
        "archived": False,
        "disabled": False,
        "open_issues_count": open_pulls,
        "license": None,
        "allow_forking": True,
        "is_template": False,
        "web_commit_signoff_required": False,
        "topics": [],
        "visibility": "private" if repository.is_private else "public",
        "forks": 0,
        "open_issues": open_pulls,
        "watchers": 0,
        "default_branch": repository.default_branch,
    }


def full_repository(record: Repository, links: Links) -> JSON:
    """As GET /repos/{owner}/{repo} answers."""
    return repository(record, links) | {
        "network_count": 0,
        "subscribers_count": 1,
        "organization": user(record.owner, links),
        "custom_properties": {},
    }


def hooked_repository(record: Repository, links: Links) -> JSON:
    """As webhooks carry it."""
    return repository(record, links) | {"custom_properties": {}}


def repository_ref(repository: Repository, links: Links) -> JSON:
    """As within check runs."""
    return {"id": repository.id, "name": repository.name, "url": links.repository(repository)}
