"""A change of posture in words: one line a point, as receipts tell it."""

from collections.abc import Iterator, Sequence

from bot.domain.posture import Dependency, PostureChange, ProtectionChange, ProtectionName, State

ALWAYS: Sequence[ProtectionName] = ("timeout", "retry", "breaker")
"""Told of every new call."""
WELCOME = ("bulkhead", "throttle", "fallback")
"""Told where they are there."""
MOST = 12


def change_lines(change: PostureChange) -> list[str]:
    """Such as ``+1 outbound call: `payments` HTTP POST, timeout 2 s, retry no, breaker no``. What gets worse along
    the chains of the fleet comes first."""
    lines = [*change.chains, *_lines(change)]
    return lines if len(lines) <= MOST else [*lines[: MOST - 1], f"and {len(lines) - MOST + 1} more"]


def _lines(change: PostureChange) -> Iterator[str]:
    for dependency in change.added:
        yield f"+{_calls(dependency)}: {_named(dependency)}, {protections_text(dependency)}"
    for dependency in change.removed:
        yield f"−{_calls(dependency)}: {_named(dependency)}"
    told: dict[str, int] = {}
    for one in change.changed:
        told[_changed(one)] = told.get(_changed(one), 0) + 1
    for line, times in told.items():
        yield line if times == 1 else f"{line} ({times} calls)"


def protections_text(dependency: Dependency) -> str:
    """Such as `timeout 2 s, retry no, breaker no`."""
    return ", ".join(
        f"{name} {protection.text}"
        for name, protection in dependency.protections.by_name().items()
        if name in ALWAYS or (protection.is_there and name in WELCOME)
    )


def _calls(dependency: Dependency) -> str:
    count = len(dependency.sites)
    return f"{count} outbound call{'s' if count != 1 else ''}"


def _named(dependency: Dependency) -> str:
    return f"`{dependency.name}` {dependency.words}"


def _changed(one: ProtectionChange) -> str:
    name = one.name.replace("`", "")
    if one.before.state is State.YES and one.after.state is State.YES:
        return f"{one.protection} on `{name}` {one.before.text} → {one.after.text}"
    sign, value = ("+1", one.after.value) if one.after.state is State.YES else ("−1", "")
    was = f" (was {one.before.value})" if one.before.state is State.YES and one.before.value else ""
    return f"{sign} {one.protection} on `{name}`" + (f" ({value})" if value else was)
