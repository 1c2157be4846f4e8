"""A change seen from the fleet: which chains of calls it makes worse."""

from collections.abc import Sequence

from bot.domain.posture import PostureChange, PostureMap, PostureOnRecord
from bot.domain.pull_request import Repository
from bot.posture.applying import applied, map_on_record
from bot.posture.budget import budget_of, worsened


def with_chains(change: PostureChange, repository: Repository, known: Sequence[PostureOnRecord]) -> PostureChange:
    """The change, with what gets worse along the chains of the services on record.

    Only services that their policy names take part, and only those of the same owner: who names a service shows its
    name and its waits to the services it is chained with.
    """
    if not change.service:
        return change
    owner = f"{repository.owner.lower()}/"
    maps = {
        one.repository_id: map_on_record(one)
        for one in known
        if one.repository.lower().startswith(owner) and one.is_named
    }
    if not maps.keys() - {repository.id}:
        return change
    own = maps.setdefault(repository.id, PostureMap(service=change.service))
    before = budget_of([*maps.values()])
    maps[repository.id] = applied(own, change)
    worse = worsened(before, budget_of([*maps.values()]), change.service)
    return change.model_copy(update={"chains": tuple(worse)})
