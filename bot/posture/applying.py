"""A map brought up to date by a change, without reading the code again."""

from bot.domain.posture import Dependency, PostureChange, PostureMap, PostureOnRecord, ProtectionChange
from bot.posture.comparing import single_calls
from bot.posture.joining import grouped


def applied(posture: PostureMap, change: PostureChange) -> PostureMap:
    """The map after the change. What the change takes away and the map never had is passed over."""
    calls = single_calls(posture.dependencies)
    for gone in single_calls(change.removed):
        found = next((call for call in calls if _is_same(call, gone)), None)
        if found is not None:
            calls.remove(found)
    for new in single_calls(change.added):
        if not any(_is_same(call, new) and call.sites == new.sites for call in calls):
            calls.append(new)
    for one in change.changed:
        index = next((index for index, call in enumerate(calls) if _is_meant(call, one)), None)
        if index is not None:
            calls[index] = _protected(calls[index], one)
    service = change.service or posture.service
    return posture.model_copy(update={"service": service, "dependencies": grouped(calls)})


def map_on_record(known: PostureOnRecord) -> PostureMap:
    """The map kept, with every change merged since."""
    posture = known.posture
    for change in known.merged:
        posture = applied(posture, change)
    return posture.model_copy(update={"service": posture.service or known.repository.rpartition("/")[2]})


def _is_same(call: Dependency, other: Dependency) -> bool:
    mine, theirs = call.sites[0], other.sites[0]
    return (call.key, mine.path, mine.scope) == (other.key, theirs.path, theirs.scope)


def _is_meant(call: Dependency, one: ProtectionChange) -> bool:
    site = call.sites[0]
    return (call.name, call.kind, call.method, site.path, site.scope) == (
        one.name, one.kind, one.method, one.site.path, one.site.scope,
    ) and call.protections.by_name()[one.protection].says_as_much_as(one.before)  # fmt: skip


def _protected(call: Dependency, one: ProtectionChange) -> Dependency:
    protections = call.protections.model_copy(update={one.protection: one.after})
    return call.model_copy(update={"sites": (one.site,), "protections": protections})
