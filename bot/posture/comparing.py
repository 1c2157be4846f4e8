"""What a change does to the posture: calls that came and went, and protections that calls gained and lost."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from bot.domain.posture import (
    CallSite,
    Dependency,
    PostureChange,
    PostureMap,
    Protection,
    ProtectionChange,
    Protections,
    State,
)
from bot.posture.joining import grouped


def change_of(base: PostureMap, head: PostureMap) -> PostureChange | None:
    """None where nothing changed. Calls that only moved are the same calls; what cannot be told on either side is no
    change."""
    before, after = single_calls(base.dependencies), single_calls(head.dependencies)
    pairs: list[tuple[Dependency, Dependency]] = []
    for alike in _LIKENESSES:
        pairs += _taken(before, after, alike)
    changed = [change for old, new in pairs for change in _changes(old, new)]
    change = PostureChange(service=head.service, added=grouped(after), removed=grouped(before), changed=tuple(changed))
    return None if change.is_none else change


def single_calls(dependencies: Iterable[Dependency]) -> list[Dependency]:
    """Each call as a dependency of its own."""
    return [one.model_copy(update={"sites": (site,)}) for one in dependencies for site in one.sites]


def _place(one: Dependency) -> tuple[str, str]:
    return one.sites[0].path, one.sites[0].scope


def _states(protections: Protections) -> tuple[tuple[str, str], ...]:
    return tuple((p.state.value, p.value) for p in protections.by_name().values())


_LIKENESSES: tuple[Callable[[Dependency], Any], ...] = (
    lambda one: (one.key, one.target, _place(one), _states(one.protections)),
    lambda one: (one.key, _place(one), _states(one.protections)),
    lambda one: (one.key, one.target, _states(one.protections)),
    lambda one: (one.key, one.target, _place(one)),
    lambda one: (one.key, _place(one)),
    lambda one: one.key,
    lambda one: (one.kind, one.target if one.target.strip("/") else one.sites[0], _place(one)),
)
"""How a call of the base is found again in the head, the surest likeness first."""


def _taken(
    before: list[Dependency], after: list[Dependency], alike: Callable[[Dependency], Any]
) -> Iterator[tuple[Dependency, Dependency]]:
    """Takes out of both lists what is alike, in order."""
    waiting: dict[Any, list[Dependency]] = {}
    for old in before:
        waiting.setdefault(alike(old), []).append(old)
    found = []
    for new in after:
        if olds := waiting.get(alike(new)):
            found.append((olds.pop(0), new))
    for old, new in found:
        before.remove(old)
        after.remove(new)
    yield from found


def _changes(old: Dependency, new: Dependency) -> Iterator[ProtectionChange]:
    theirs = old.protections.by_name()
    for name, mine in new.protections.by_name().items():
        if _is_change(theirs[name], mine):
            site: CallSite = new.sites[0]
            yield ProtectionChange(
                name=new.name, kind=new.kind, method=new.method, protection=name, site=site,
                before=theirs[name], after=mine,
            )  # fmt: skip


def _is_change(before: Protection, after: Protection) -> bool:
    """Only what both sides tell: to `unknown` and from it nothing is known to have changed."""
    if State.UNKNOWN in (before.state, after.state):
        return False
    if before.state is not after.state:
        return True
    return before.is_there and bool(before.value and after.value) and before.value != after.value
