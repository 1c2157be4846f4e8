"""Files joined to the map of a service."""

from collections.abc import Iterable, Mapping

from bot.domain.posture import Dependency, PostureMap
from bot.posture.naming import name_in, service_of
from bot.posture.records import FileSurvey, FoundCall


def map_of(
    surveys: Iterable[FileSurvey],
    service: str = "",
    hosts: Mapping[str, str] | None = None,
    unread: Iterable[str] = (),
    own_hosts: Iterable[str] = (),
) -> PostureMap:
    """The map of a service. `hosts`: host → service, as policy says. Calls of the same kind to the same dependency
    stand together where they are protected alike."""
    calls = [dependency_of(found, hosts or {}) for survey in surveys for found in survey.calls]
    return PostureMap(
        service=service, hosts=tuple(own_hosts), dependencies=grouped(calls), unread=tuple(sorted(unread))
    )


def dependency_of(found: FoundCall, hosts: Mapping[str, str]) -> Dependency:
    """One call as a dependency of its own."""
    program = found.method if found.kind == "process" else ""
    name = (
        program
        or (service_of(found.host, hosts) if found.host else "")
        or name_in(found.setting)
        or (found.words if found.words not in ("", found.library) else "")
        or found.library
    )
    return Dependency(
        name=name,
        kind=found.kind,
        method="" if program else found.method,
        target=f"{found.host or found.setting}{found.path}",
        library=found.library,
        sites=(found.site,),
        protections=found.protections,
    )


def grouped(calls: Iterable[Dependency]) -> tuple[Dependency, ...]:
    """Dependencies by name and kind; calls that are protected alike share one entry."""
    entries: list[Dependency] = []
    for call in sorted(calls, key=lambda one: (one.key, one.sites[0].path, one.sites[0].line)):
        same = next(
            (
                index
                for index, other in enumerate(entries)
                if other.key == call.key and other.protections.say_as_much_as(call.protections)
            ),
            None,
        )
        if same is None:
            entries.append(call)
        else:
            other = entries[same]
            target = other.target if other.target == call.target else _shared(other.target, call.target)
            entries[same] = other.model_copy(update={"sites": (*other.sites, *call.sites), "target": target})
    return tuple(entries)


def _shared(one: str, other: str) -> str:
    """The whole segments that two targets begin with alike."""
    kept = []
    for mine, theirs in zip(one.split("/"), other.split("/"), strict=False):
        if mine != theirs:
            break
        kept.append(mine)
    return "/".join(kept)
