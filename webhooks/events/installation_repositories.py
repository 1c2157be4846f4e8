"""The App was given repositories, or some were taken from it: the first are served from now on, the others no more."""

from bot.domain import InstallationChanged, Repository
from webhooks.behaviour import Example, Wanted
from webhooks.payload import Payload
from webhooks.reading import repositories_in


def jobs(payload: Payload) -> Wanted:
    installation = payload.part("installation")
    installation_id = installation.number("id")
    account = installation.part_or_none("account")
    return (
        InstallationChanged(
            installation_id=installation_id,
            action=payload.text("action"),
            account=account.text_or_empty("login") if account else "",
            added=repositories_in(payload, "repositories_added", installation_id),
            removed=repositories_in(payload, "repositories_removed", installation_id),
        ),
    )


examples = (
    Example(
        "one is added, one is taken away",
        {
            "action": "added",
            "installation": {"id": 5, "account": {"login": "acme"}},
            "repositories_added": [{"id": 71, "full_name": "acme/checkout"}],
            "repositories_removed": [{"id": 72, "full_name": "acme/basket"}],
        },
        (
            InstallationChanged(
                installation_id=5,
                action="added",
                account="acme",
                added=(Repository(id=71, owner="acme", name="checkout", installation_id=5),),
                removed=(Repository(id=72, owner="acme", name="basket", installation_id=5),),
            ),
        ),
    ),
)
