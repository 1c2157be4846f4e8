"""A repository keeps its record when it is renamed or handed to another owner. When it is deleted it is served no more.
Everything else that happens to a repository is passed over.
"""

from bot.domain import RepositoryChanged
from webhooks.behaviour import Example, Ignored, Wanted
from webhooks.events import _sample
from webhooks.payload import Payload
from webhooks.reading import repository_of


def jobs(payload: Payload) -> Wanted:
    action = payload.text("action")
    if action not in ("renamed", "transferred", "deleted"):
        return Ignored(f"a repository that is {action} changes nothing here")
    return (RepositoryChanged(repository=repository_of(payload), action=action),)


examples = (
    *(
        Example(
            f"it was {action}",
            _sample.payload(action),
            (RepositoryChanged(repository=_sample.REPOSITORY, action=action),),
        )
        for action in ("renamed", "transferred", "deleted")
    ),
    Example(
        "it was archived",
        _sample.payload("archived"),
        Ignored("a repository that is archived changes nothing here"),
    ),
)
