"""A map in one line, and its rows in the order of reading."""

from bot.domain.posture import Dependency, PostureMap, ProtectionName, State

HEADINGS: dict[ProtectionName, str] = {
    "timeout": "Timeout",
    "retry": "Retry",
    "breaker": "Breaker",
    "bulkhead": "Bulkhead",
    "throttle": "Throttle",
    "fallback": "Fallback",
    "cancellation": "Cancel",
    "metrics": "Metrics",
}
_KINDS = ("http", "rpc", "database", "cache", "queue", "object-store", "mail", "socket", "lookup", "process")


def in_order(posture: PostureMap) -> list[Dependency]:
    """By kind, then by name."""
    return sorted(posture.dependencies, key=lambda one: (_KINDS.index(one.kind), one.name, one.method))


def nowhere(posture: PostureMap) -> list[ProtectionName]:
    """Protections that no call has: they take a line and no column."""
    return [
        name
        for name in HEADINGS
        if all(one.protections.by_name()[name].state is State.NO for one in posture.dependencies)
    ]


def summary(posture: PostureMap) -> str:
    """Such as `6 dependencies, 9 calls: 2 without a timeout, 1 where it cannot be told; 1 with a breaker`."""
    calls = posture.call_count
    names = {(one.kind, one.name) for one in posture.dependencies}
    said = f"{so_many(len(names), 'dependency', 'dependencies')}, {so_many(calls, 'call', 'calls')}"
    if not calls:
        return said
    parts = [f"{_with(posture, 'timeout', State.NO)} without a timeout"]
    if unknown := _with(posture, "timeout", State.UNKNOWN):
        parts.append(f"{unknown} where it cannot be told")
    parts.append(f"{_with(posture, 'retry', State.YES)} tried again")
    parts.append(f"{_with(posture, 'breaker', State.YES)} behind a breaker")
    return f"{said}: {', '.join(parts)}"


def _with(posture: PostureMap, name: ProtectionName, state: State) -> int:
    return sum(len(one.sites) for one in posture.dependencies if one.protections.by_name()[name].state is state)


def so_many(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"
