"""Users, organisations, the App and its installations."""

from bot.demo.standin.credentials import Token
from bot.demo.standin.links import Links, node_id
from bot.demo.standin.records import Account
from bot.demo.standin.shapes import JSON, iso
from bot.demo.standin.world import App, Installation

_USER_PATHS = {
    "followers": "followers",
    "following": "following{/other_user}",
    "gists": "gists{/gist_id}",
    "starred": "starred{/owner}{/repo}",
    "subscriptions": "subscriptions",
    "organizations": "orgs",
    "repos": "repos",
    "events": "events{/privacy}",
    "received_events": "received_events",
}


def user(account: Account, links: Links) -> JSON:
    url = links.user(account.login)
    return {
        "login": account.login,
        "id": account.id,
        "node_id": node_id("U", account.id),
        "avatar_url": f"{links.site}/avatars/u/{account.id}",
        "gravatar_id": "",
        "url": url,
        "html_url": links.profile(account.login),
        **{f"{name}_url": f"{url}/{path}" for name, path in _USER_PATHS.items()},
        "type": account.kind,
        "site_admin": False,
    }


def own_user(account: Account, links: Links) -> JSON:
    """What GET /user answers: the public profile of whoever asks."""
    return user(account, links) | {
        "name": account.login.title(),
        "company": None,
        "blog": "",
        "location": None,
        "email": None,
        "hireable": None,
        "bio": None,
        "twitter_username": None,
        "public_repos": 1,
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "created_at": "2020-01-06T09:00:00Z",
        "updated_at": "2026-01-05T09:00:00Z",
    }


def collaborator(account: Account, permission: str, links: Links) -> JSON:
    """A person's permission on a repository. GitHub folds `maintain` into write and `triage` into read."""
    folded = {"maintain": "write", "triage": "read"}.get(permission, permission)
    levels = ["pull", "triage", "push", "maintain", "admin"]
    reached = {"none": 0, "read": 1, "triage": 2, "write": 3, "maintain": 4, "admin": 5}[permission]
    return {
        "permission": folded,
        "role_name": permission,
        "user": user(account, links)
        | {"role_name": permission, "permissions": {level: at < reached for at, level in enumerate(levels)}},
    }


def organization(account: Account, links: Links) -> JSON:
    """An organisation, as webhooks name it."""
    url = f"{links.api}/orgs/{account.login}"
    return {
        "login": account.login,
        "id": account.id,
        "node_id": node_id("O", account.id),
        "url": url,
        **{f"{name}_url": f"{url}/{name}" for name in ("repos", "events", "hooks", "issues")},
        "members_url": f"{url}/members{{/member}}",
        "public_members_url": f"{url}/public_members{{/member}}",
        "avatar_url": f"{links.site}/avatars/u/{account.id}",
        "description": None,
    }


def app(app: App, links: Links) -> JSON:
    return {
        "id": app.id,
        "slug": app.slug,
        "node_id": node_id("A", app.id),
        "owner": user(app.owner, links),
        "name": app.name,
        "description": None,
        "external_url": "https://seawall.example",
        "html_url": f"{links.site}/apps/{app.slug}",
        "created_at": iso(app.created_at),
        "updated_at": iso(app.created_at),
        "permissions": app.permissions,
        "events": app.events,
    }


def installation(installation: Installation, app: App, links: Links) -> JSON:
    owner = installation.account
    return {
        "id": installation.id,
        "account": user(owner, links),
        "repository_selection": "all",
        "access_tokens_url": f"{links.api}/app/installations/{installation.id}/access_tokens",
        "repositories_url": f"{links.api}/installation/repositories",
        "html_url": f"{links.site}/organizations/{owner.login}/settings/installations/{installation.id}",
        "app_id": app.id,
        "app_slug": app.slug,
        "target_id": owner.id,
        "target_type": "Organization" if owner.kind == "Organization" else "User",
        "permissions": app.permissions,
        "events": app.events,
        "created_at": iso(installation.created_at),
        "updated_at": iso(installation.created_at),
        "single_file_name": None,
        "has_multiple_single_files": False,
        "single_file_paths": [],
        "suspended_by": None,
        "suspended_at": None,
    }


def access_token(token: Token) -> JSON:
    assert token.expires_at
    return {
        "token": token.text,
        "expires_at": iso(token.expires_at),
        "permissions": token.permissions,
        "repository_selection": "all",
    }
