"""What a reader of changed code will ask for: the names to look for, and why. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.regex import regex
from bot.review.surroundings.common_names import EVERYWHERE, ROOTS
from bot.review.surroundings.reading import Facts, Scope, Used
from bot.syntax import is_test_path

MOST_CALLEES, MOST_CALLED, MOST_CONSTANTS = 60, 24, 24
_SHORTEST = 3
_SECRET = regex(r"passw|secret|token|credential|api_?key|private_?key|access_?key|auth", re.IGNORECASE)


@dataclass(frozen=True)
class Callee:
    """Something that changed code calls."""

    use: Used
    path: str
    is_on_change: bool


@dataclass(frozen=True)
class Called:
    """Something whose callers may care for the change."""

    name: str
    owner: str
    path: str
    has_new_signature: bool = False
    is_gone: bool = False


@dataclass(frozen=True)
class Method:
    """A method that changed, whose siblings do the same for others."""

    scope: Scope
    path: str
    bases: tuple[str, ...]


@dataclass(frozen=True)
class Wanted:
    callees: tuple[Callee, ...] = ()
    called: tuple[Called, ...] = ()
    methods: tuple[Method, ...] = ()
    constants: tuple[Callee, ...] = ()
    defined: Mapping[str, tuple[tuple[str, Scope], ...]] = field(default_factory=dict)
    """Name → where the changed files themselves define it."""

    @property
    def names(self) -> frozenset[str]:
        """What is to be searched for in the whole tree."""
        found = {callee.use.name for callee in self.callees} | {one.name for one in self.called}
        found |= {one.owner for one in self.called if one.owner} | {one.use.name for one in self.constants}
        return frozenset(found | {base for method in self.methods for base in method.bases})


def wanted_of(
    facts: Sequence[Facts], changed: Mapping[str, frozenset[int]], gone: Mapping[str, Sequence[str]]
) -> Wanted:
    """`changed`: path → lines the change wrote, or stands at; `gone`: path → names whose definition it took away."""
    callees: dict[tuple[str, str, str], Callee] = {}
    constants: dict[tuple[str, str], Callee] = {}
    called: dict[tuple[str, str], Called] = {}
    methods: list[Method] = []
    defined: dict[str, tuple[tuple[str, Scope], ...]] = {}
    for fact in facts:
        lines = changed.get(fact.path, frozenset())
        for scope in fact.scopes:
            defined[scope.name] = (*defined.get(scope.name, ()), (fact.path, scope))
        for use in sorted(fact.uses, key=lambda use: (use.line not in lines, use.line, use.name)):
            one = Callee(use, fact.path, use.line in lines)
            if use.is_constant and _SECRET.search(use.name):
                continue  # nobody is shown what it is set to
            if use.is_constant:
                constants.setdefault((use.name, fact.path), one)
            elif len(use.name) >= _SHORTEST and not use.name.startswith("__"):
                callees.setdefault((use.name, use.receiver, fact.path), one)
        if is_test_path(fact.path):
            continue
        classes = {scope.name: scope for scope in fact.scopes if scope.is_class}
        for scope in (fact.scopes[at] for at in fact.touched):
            is_new = any(scope.start <= line <= scope.signature_end for line in lines)
            if (name := _called_by(scope)) and not _is_common(name):
                called.setdefault((name, fact.path), Called(name, _owner(scope, name), fact.path, is_new))
            if scope.owner and not scope.is_class and not scope.name.startswith("__"):
                own = classes.get(scope.owner)
                bases = tuple(base for base in own.bases if base not in ROOTS) if own else ()
                methods.append(Method(scope, fact.path, (*bases, scope.owner)))
    here = {name for name, _ in called}
    for path, names in gone.items():
        for name in names:
            if name not in here and name not in defined and not _is_common(name):
                called[(name, path)] = Called(name, "", path, has_new_signature=True, is_gone=True)
    return Wanted(
        callees=_most(callees.values(), MOST_CALLEES),
        called=tuple(sorted(called.values(), key=lambda one: not one.has_new_signature)[:MOST_CALLED]),
        methods=tuple(methods[:MOST_CALLED]),
        constants=_most(constants.values(), MOST_CONSTANTS),
        defined=defined,
    )


def _most(found: Iterable[Callee], most: int) -> tuple[Callee, ...]:
    worth = (one for one in found if not (_is_common(one.use.name) and one.use.receiver in ("", "?")))
    return tuple(sorted(worth, key=lambda one: (is_test_path(one.path), not one.is_on_change))[:most])


def _called_by(scope: Scope) -> str:
    """The name that callers write: of what makes an object that is its class."""
    if scope.name in ("__init__", "__new__", "constructor", "initialize"):
        return scope.owner
    return "" if scope.name.startswith("__") else scope.name


def _owner(scope: Scope, name: str) -> str:
    return scope.owner if scope.owner != name else ""


def _is_common(name: str) -> bool:
    return len(name) < _SHORTEST or name in EVERYWHERE
