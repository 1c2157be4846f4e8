"""The hops of a fleet: which service calls which other, and how patiently."""

from collections.abc import Mapping, Sequence

from bot.domain.fleet import Hop
from bot.domain.posture import Dependency, PostureMap, State

_CALLED = ("http", "rpc", "database", "cache", "queue", "object-store", "mail", "socket", "lookup")
_SUFFIXES = ("-service", "-svc", "-api", "-server", "_service")


def hops_of(maps: Sequence[PostureMap]) -> tuple[Hop, ...]:
    """One hop for each pair of caller and callee. A callee that no map is of ends its chain."""
    names = Names(maps)
    pairs: dict[tuple[str, str], list[Dependency]] = {}
    for posture in maps:
        for one in posture.dependencies:
            callee = names.of(one, posture.service)
            if one.kind in _CALLED and callee and callee != posture.service:
                pairs.setdefault((posture.service, callee), []).append(one)
    return tuple(_hop(*pair, callee_known=names.has(pair[1]), calls=calls) for pair, calls in sorted(pairs.items()))


class Names:
    """What a dependency is in the fleet: a service by its name or host, or something of its own."""

    def __init__(self, maps: Sequence[PostureMap]) -> None:
        self._services = {_plain(posture.service): posture.service for posture in maps}
        self._hosts: Mapping[str, str] = {host: posture.service for posture in maps for host in posture.hosts}

    def has(self, name: str) -> bool:
        return name in self._services.values()

    def of(self, one: Dependency, caller: str) -> str:
        """Empty where nothing tells what is called."""
        host = one.target.partition("/")[0].lower()
        if service := self._hosts.get(host) or self._hosts.get(host.partition(":")[0]):
            return service
        if service := self._services.get(_plain(one.name)):
            return service
        if one.name != one.library:
            return one.name
        return f"{one.library} of {caller}" if one.kind not in ("http", "rpc", "socket") else ""


def _plain(name: str) -> str:
    name = name.lower()
    for suffix in _SUFFIXES:
        name = name.removesuffix(suffix)
    return name


def _hop(caller: str, callee: str, callee_known: bool, calls: Sequence[Dependency]) -> Hop:
    longest = max(calls, key=_patience)
    timeout, most = longest.protections.timeout, max(calls, key=_eagerness).protections.retry
    tries: int | None = 1
    if most.state is State.YES:
        tries = most.tries
    elif most.state is State.UNKNOWN:
        tries = None
    is_limited = timeout.state is State.YES
    return Hop(
        caller=caller,
        callee=callee,
        is_service=callee_known,
        timeout=State.UNKNOWN if is_limited and timeout.seconds is None else timeout.state,
        seconds=timeout.seconds if is_limited else None,
        retry=most.state,
        tries=tries,
        site=longest.sites[0],
        calls=sum(len(one.sites) for one in calls),
    )


def _patience(one: Dependency) -> tuple[int, float]:
    """Without limit is the longest wait, an unknown one the least to speak of."""
    timeout = one.protections.timeout
    if timeout.state is State.NO:
        return 2, 0.0
    return (1, timeout.seconds) if timeout.state is State.YES and timeout.seconds is not None else (0, 0.0)


def _eagerness(one: Dependency) -> tuple[int, float]:
    retry = one.protections.retry
    if retry.state is State.YES:
        return 2, float("inf") if retry.tries is None else float(retry.tries)
    return (1, 0.0) if retry.state is State.UNKNOWN else (0, 0.0)
