"""Installing the App, or waking it after a suspension, adds its repositories; removing or suspending it takes them
away. What was recorded about them stays until somebody asks Seawall to forget it.
"""

from typing import Any

from bot.domain import InstallationChanged, Repository
from webhooks.behaviour import Example, Ignored, Wanted
from webhooks.payload import Payload
from webhooks.reading import repositories_in

_ADDS, _REMOVES = ("created", "unsuspend", "new_permissions_accepted"), ("deleted", "suspend")


def jobs(payload: Payload) -> Wanted:
    action = payload.text("action")
    if action not in _ADDS + _REMOVES:
        return Ignored(f"an installation that is {action} asks for nothing")
    installation = payload.part("installation")
    listed = repositories_in(payload, "repositories", installation.number("id"))
    account = installation.part_or_none("account")
    return (
        InstallationChanged(
            installation_id=installation.number("id"),
            action=action,
            account=account.text_or_empty("login") if account else "",
            added=listed if action in _ADDS else (),
            removed=listed if action in _REMOVES else (),
        ),
    )


_CHECKOUT = Repository(id=71, owner="acme", name="checkout", installation_id=5)


def _installation(action: str) -> dict[str, Any]:
    return {
        "action": action,
        "installation": {"id": 5, "account": {"login": "acme"}},
        "repositories": [{"id": 71, "name": "checkout", "full_name": "acme/checkout"}],
    }


examples = (
    Example(
        "installed on one repository",
        _installation("created"),
        (InstallationChanged(installation_id=5, action="created", account="acme", added=(_CHECKOUT,)),),
    ),
    Example(
        "uninstalled",
        _installation("deleted"),
        (InstallationChanged(installation_id=5, action="deleted", account="acme", removed=(_CHECKOUT,)),),
    ),
    Example(
        "suspended, with no list of repositories",
        {"action": "suspend", "installation": {"id": 5, "account": None}},
        (InstallationChanged(installation_id=5, action="suspend"),),
    ),
    Example(
        "an action nobody has heard of",
        _installation("repainted"),
        Ignored("an installation that is repainted asks for nothing"),
    ),
)
