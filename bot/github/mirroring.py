"""Where git finds a repository, and the token it shows there."""

from urllib.parse import urlsplit

from bot.domain import Repository
from bot.github.host import GitHubHost
from bot.github.routes import of_repository


def clone_url(base_url: str, repository: Repository) -> str:
    """`https://github.com/acme/shop.git`, for an interface at `api.github.com`, `api.acme.ghe.com` or `HOST/api/v3`."""
    parts = urlsplit(base_url)
    host = parts.netloc.rpartition("@")[2].removeprefix("api.")
    path = of_repository(repository).path.removeprefix("/repos")
    return f"{parts.scheme}://{host}{path}.git"


def clone_token(host: GitHubHost, repository: Repository) -> str:
    """Of the App's installation there, or the one of the settings. Raises SettingsError where there is none."""
    return host.token(repository.installation_id)
