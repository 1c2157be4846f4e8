"""The budget of a fleet: along each chain, waits against the patience of those above, and retries multiplied."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.domain.fleet import Amplification, Cycle, FleetBudget, Hop, Inversion
from bot.domain.posture import PostureMap, State
from bot.posture.hops import hops_of

LONGEST_CHAIN = 10
MOST_CHAINS = 20_000
"""A fleet in which everybody calls everybody has more chains than anyone can follow."""


class Worse(NamedTuple):
    """One of them, as it is told, and what it is."""

    text: str
    what: Inversion | Amplification | Cycle


def budget_of(maps: Sequence[PostureMap]) -> FleetBudget:
    """Where a chain runs in a ring it is followed once round. What is unknown limits nothing and multiplies nothing."""
    hops = hops_of(maps)
    chains = _Chains(hops)
    inversions: dict[tuple[str, str], Inversion] = {}
    worst: dict[str, Amplification] = {}
    cycles: dict[frozenset[str], Cycle] = {}
    for chain in chains.all():
        if chain[-1].callee == chain[0].caller:
            cycles.setdefault(frozenset(hop.caller for hop in chain), _cycle(chain))
            continue
        _keep_inversion(chain, inversions)
        _keep_amplification(chain, worst)
    return FleetBudget(
        services=tuple(sorted({posture.service for posture in maps})),
        hops=hops,
        inversions=tuple(sorted(inversions.values(), key=lambda one: (one.inner.caller, one.inner.callee))),
        amplifications=tuple(sorted(worst.values(), key=lambda one: (-one.calls, one.callee))),
        cycles=tuple(sorted(cycles.values(), key=lambda one: one.services)),
        is_cut=chains.is_cut,
    )


def worsened(before: FleetBudget, after: FleetBudget, service: str = "") -> list[Worse]:
    """What the chains say after a change and did not before, or said of less; told to the people of that service."""
    old_waits = {(one.inner.caller, one.inner.callee): one for one in before.inversions}
    old_calls = {one.callee: one.calls for one in before.amplifications}
    old_rings = {frozenset(one.services) for one in before.cycles}
    worse: list[Worse] = [
        Worse(one.told_to(service), one)
        for one in after.inversions
        if _is_worse(one, old_waits.get((one.inner.caller, one.inner.callee)))
    ]
    worse += [Worse(one.text, one) for one in after.amplifications if one.calls > old_calls.get(one.callee, 1)]
    worse += [Worse(one.text, one) for one in after.cycles if frozenset(one.services) not in old_rings]
    return worse


class _Chains:
    """Every chain of hops that passes no service twice, and every one that ends where it began."""

    def __init__(self, hops: Sequence[Hop]) -> None:
        self._from: dict[str, list[Hop]] = {}
        for hop in hops:
            self._from.setdefault(hop.caller, []).append(hop)
        self._left = MOST_CHAINS
        self.is_cut = False

    def all(self) -> Iterator[tuple[Hop, ...]]:
        for caller in sorted(self._from):
            yield from self._on((), caller)

    def _on(self, so_far: tuple[Hop, ...], at: str) -> Iterator[tuple[Hop, ...]]:
        passed = {hop.caller for hop in so_far}
        for hop in self._from.get(at, ()):
            self._left -= 1
            if self._left < 0 or len(so_far) >= LONGEST_CHAIN:
                self.is_cut = True
                return
            chain = (*so_far, hop)
            if so_far and hop.callee == so_far[0].caller:
                yield chain
            elif hop.callee not in passed:
                yield chain
                yield from self._on(chain, hop.callee)


def _keep_inversion(chain: Sequence[Hop], found: dict[tuple[str, str], Inversion]) -> None:
    """Of all chains, the one whose patience ends first is told."""
    inner = chain[-1]
    limits = [hop for hop in chain[:-1] if hop.timeout is State.YES and hop.seconds is not None]
    if not limits or inner.wait_s is None:
        return
    outer = min(limits, key=lambda hop: hop.seconds or 0.0)
    assert outer.seconds is not None
    key = (inner.caller, inner.callee)
    if inner.wait_s <= outer.seconds:
        return
    known = found.get(key)
    if known is None or (known.outer.seconds or 0.0) > outer.seconds:
        found[key] = Inversion(outer=outer, inner=inner)


def _keep_amplification(chain: tuple[Hop, ...], worst: dict[str, Amplification]) -> None:
    if sum(1 for hop in chain if hop.tries is not None and hop.tries > 1) < 2:
        return
    first = next(index for index, hop in enumerate(chain) if hop.tries is None or hop.tries > 1)
    told = Amplification(chain=chain[first:])
    known = worst.get(told.callee)
    if known is None or (told.calls, len(known.chain)) > (known.calls, len(told.chain)):
        worst[told.callee] = told


def _cycle(chain: Sequence[Hop]) -> Cycle:
    """Told from its first service in the alphabet on."""
    names = [hop.caller for hop in chain]
    start = names.index(min(names))
    return Cycle(services=tuple(names[start:] + names[:start]))


def _is_worse(new: Inversion, old: Inversion | None) -> bool:
    if old is None:
        return True
    longer = (new.inner.wait_s or 0.0) > (old.inner.wait_s or 0.0)
    return longer or (new.outer.seconds or 0.0) < (old.outer.seconds or 0.0)
