"""A change seen from the fleet: which chains of calls it makes worse."""

from collections.abc import Iterator, Sequence
from typing import Literal

from bot.domain.fleet import Amplification, Hop, Inversion
from bot.domain.posture import CallSite, PostureChange, PostureMap, PostureOnRecord, WorseChain
from bot.domain.pull_request import Repository
from bot.posture.applying import applied, map_on_record
from bot.posture.budget import Worse, budget_of, worsened
from bot.posture.hops import Names


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
    places = _Places(change, maps[repository.id], Names([*maps.values()]))
    told = [one for line in worse for one in _chains(line, change.service, places)]
    return change.model_copy(update={"chains": tuple(line.text for line in worse), "worse": tuple(told)})


class _Places:
    """Where a change touched the calls to one other service."""

    def __init__(self, change: PostureChange, own: PostureMap, names: Names) -> None:
        self._own, self._names = own, names
        sites = [site for dependency in change.added for site in dependency.sites]
        sites += [one.site for one in change.changed if one.protection in ("timeout", "retry")]
        self._touched = {(site.path, site.line): site for site in sites}

    def of(self, hop: Hop, kind: Literal["wait", "retries"]) -> tuple[CallSite, ...]:
        """What sets the limit or the tries of the worst call, then the call itself."""
        found: dict[str, CallSite] = {}
        for dependency in self._own.dependencies:
            timeout, retry = dependency.protections.timeout, dependency.protections.retry
            is_worst = timeout.seconds == hop.seconds if kind == "wait" else retry.state is hop.retry
            if not is_worst or self._names.of(dependency, hop.caller) != hop.callee:
                continue
            for site in dependency.sites:
                if (site.path, site.line) in self._touched:
                    setters = (retry, timeout) if kind == "retries" else (timeout, retry)
                    for one in (*(_site(setter.where) for setter in setters), site):
                        if one is not None:
                            found.setdefault(one.place, one)
        return tuple(found.values())


def _chains(worse: Worse, service: str, places: _Places) -> Iterator[WorseChain]:
    """At the first of our own hops that the change touched."""
    kind: Literal["wait", "retries"] = "wait" if isinstance(worse.what, Inversion) else "retries"
    for hop in _hops(worse):
        found = places.of(hop, kind) if hop.caller == service else ()
        if found and not (kind == "wait" and hop.is_endless):  # without a limit: its own rules say it
            yield WorseChain(
                kind=kind,
                text=worse.text,
                caller=hop.caller,
                callee=hop.callee,
                gives_up_first=isinstance(worse.what, Inversion) and hop is worse.what.outer,
                is_known=_is_known(worse),
                places=found,
            )
            return


def _hops(worse: Worse) -> Sequence[Hop]:
    if isinstance(worse.what, Inversion):
        return worse.what.inner, worse.what.outer
    return worse.what.chain if isinstance(worse.what, Amplification) else ()


def _is_known(worse: Worse) -> bool:
    """A wait is: tries that cannot be told only add to it."""
    return not (isinstance(worse.what, Amplification) and worse.what.is_at_least)


def _site(where: str) -> CallSite | None:
    path, _, line = where.rpartition(":")
    return CallSite(path=path, line=int(line)) if path and line.isdigit() and int(line) else None
