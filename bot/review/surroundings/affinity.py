"""Which changed files belong together: those that call each other are read in one question. Pure."""

from collections.abc import Mapping, Sequence

from bot.review.surroundings.reading import Facts


def kin_of(facts: Sequence[Facts]) -> dict[str, frozenset[str]]:
    """Changed file → the changed files it calls, or that call it. A name that several of them define ties none."""
    homes: dict[str, set[str]] = {}
    for fact in facts:
        for scope in fact.scopes:
            homes.setdefault(scope.name, set()).add(fact.path)
    kin: dict[str, set[str]] = {fact.path: set() for fact in facts}
    for fact in facts:
        for use in fact.uses:
            for home in homes.get(use.name, ()) if len(homes.get(use.name, ())) == 1 else ():
                if home != fact.path:
                    kin[fact.path].add(home)
                    kin[home].add(fact.path)
    return {path: frozenset(others) for path, others in kin.items()}


def by_kinship(paths: Sequence[str], kin: Mapping[str, frozenset[str]]) -> list[str]:
    """The paths in an order in which kin follow each other; otherwise as given. Each begins with its nearest kin."""
    left = dict.fromkeys(paths)
    ordered: list[str] = []
    while left:
        waiting = [next(iter(left))]
        while waiting:
            path = waiting.pop(0)
            if path in left:
                del left[path]
                ordered.append(path)
                waiting += [other for other in left if other in kin.get(path, ())]
    return ordered
