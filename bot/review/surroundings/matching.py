"""Which of the places where a name was found are the ones that are meant. Pure: judged by text and by nearness."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from posixpath import dirname

from bot.domain.searching import Hit
from bot.regex import regex
from bot.review.surroundings.common_names import NO_TYPE, OWN
from bot.review.surroundings.wanted import Called, Callee, Method, Wanted
from bot.syntax import is_generated, is_test_path

_WORD = regex(r"[^\W\d]\w*")
_IMPORT = regex(r"^\s*(?:import\b|from\b|using\b|use\b|require|export\b.*\bfrom\b|.*\brequire\()|^\s*\"[\w./-]+\"$")
_COMMENT = ("//", "#", "*", "/*", "--", '"""')
_MOST_AMBIGUOUS = 3
_MOST_CALL_LINES = 14
"""A name that is called in more places, with nothing to tell whose it is, is left alone."""


@dataclass(frozen=True)
class Candidate:
    """A place worth a look. `nearness` is 1 (nothing speaks against it) to 4 (the same file)."""

    name: str
    path: str
    line: int
    nearness: float


class Hits:
    """What a search found, by name."""

    def __init__(self, hits: Iterable[Hit], names: frozenset[str]) -> None:
        self.by_name: dict[str, list[Hit]] = defaultdict(list)
        self.paths_of: dict[str, set[str]] = defaultdict(set)
        self._definitions: dict[str, list[Hit]] = {}
        self._classes: dict[str, list[Hit]] = {}
        passed_over: dict[str, bool] = {}
        for hit in hits:
            if hit.path not in passed_over:
                passed_over[hit.path] = is_generated(hit.path)
            if passed_over[hit.path]:
                continue
            for name in dict.fromkeys(_WORD.findall(hit.text)):
                if name in names:
                    self.by_name[name].append(hit)
                    self.paths_of[name].add(hit.path)

    def definitions(self, name: str) -> list[Hit]:
        if name not in self._definitions:
            self._definitions[name] = [hit for hit in self.by_name.get(name, ()) if _defines(name, hit.text)]
        return self._definitions[name]

    def classes_on(self, base: str) -> list[Hit]:
        """Lines that may head a class which extends or implements `base`."""
        if base not in self._classes:
            self._classes[base] = [hit for hit in self.by_name.get(base, ()) if _heads_class_on(base, hit.text)]
        return self._classes[base]


def definitions_of(callee: Callee, hits: Hits, wanted: Wanted) -> list[Candidate]:
    """Where what is called may be defined, outside of the changed files or in them, the likeliest first."""
    use, is_in_test = callee.use, _is_test(callee.path)
    own = [(path, scope) for path, scope in wanted.defined.get(use.name, ()) if _may_be(callee, path, scope.owner)]
    found = [
        Candidate(use.name, path, scope.start, _nearness(callee, path, scope.owner)) for path, scope in own
    ]  # the changed files say for certain
    known = {path for path, _ in own}
    for hit in hits.definitions(use.name):
        if hit.path not in known and (is_in_test or not _is_test(hit.path)):
            found.append(Candidate(use.name, hit.path, hit.line, _nearness(callee, hit.path, "")))
    if len(found) == 1 and found[0].nearness >= 1.0:
        found = [replace(found[0], nearness=max(3.0, found[0].nearness))]  # nobody else can be meant
    best = max((one.nearness for one in found), default=0.0)
    likely = [one for one in found if one.nearness >= max(1.0, best - 0.5)]
    if best <= 1.0 and len(likely) > _MOST_AMBIGUOUS:
        return []
    return sorted(likely, key=lambda one: (-one.nearness, one.path, one.line))[:2]


def callers_of(called: Called, hits: Hits, changed: Mapping[str, frozenset[int]]) -> list[Candidate]:
    """Lines outside of what changed that call it, or hand it on; tests among them."""
    everywhere = hits.by_name.get(called.name, ())
    lines = [hit for hit in everywhere if _uses(called.name, hit.text)]
    lines = [hit for hit in lines if hit.line not in changed.get(hit.path, frozenset())]
    imports = {hit.path for hit in everywhere if _IMPORT.match(hit.text)}
    definitions = {hit.path for hit in hits.definitions(called.name)}
    if called.is_gone and definitions:
        return []
    is_known_there = imports | (hits.paths_of.get(called.owner, set()) if called.owner else set())
    receiver = re.compile(rf"(\w+)(?:\(\))?\s*(?:\?\.|!?\.|->|::)\s*{re.escape(called.name)}\b")
    found = []
    for hit in lines:
        on = receiver.search(hit.text)
        is_near = dirname(hit.path) == dirname(called.path)
        if (on and called.owner and _is_like(on[1], called.owner)) or hit.path == called.path:
            nearness = 3.5
        elif hit.path in is_known_there:
            nearness = 3.0
        elif definitions <= {called.path} or (is_near and not on):
            nearness = 2.0
        else:
            nearness = 1.0 if is_near or len(lines) <= _MOST_CALL_LINES else 0.0
        if on and called.owner and on[1] in OWN and hit.path != called.path and not is_near:
            nearness -= 1.0
        if nearness >= 1.0:
            found.append(Candidate(called.name, hit.path, hit.line, nearness))
    return sorted(found, key=lambda one: (-one.nearness, one.path, one.line))


def siblings_of(method: Method, hits: Hits) -> list[Candidate]:
    """Definitions of the same method in files that hold another class on the same base."""
    name = method.scope.name
    related = {hit.path: hit for base in method.bases for hit in hits.classes_on(base)}
    found = [
        Candidate(name, hit.path, hit.line, 3.0 if dirname(hit.path) == dirname(method.path) else 2.0)
        for hit in hits.definitions(name)
        if hit.path in related
        and not _is_test(hit.path)
        and not (hit.path == method.path and method.scope.start <= hit.line <= method.scope.end)
    ]
    return sorted(found, key=lambda one: (-one.nearness, one.path, one.line))[:2]


def values_of(constant: Callee, hits: Hits) -> list[Candidate]:
    """Where a constant or a key of the configuration gets its value."""
    name = constant.use.name
    gives = re.compile(
        rf"(?<![\w.]){re.escape(name)}['\"]?\]?\s*(?::[^=:]*)?(?:=(?!=)|:\s|:=)|\b(?:define|const)\s+{re.escape(name)}\b"
    )
    found = [
        Candidate(name, hit.path, hit.line, 4.0 if hit.path == constant.path else 2.0)
        for hit in hits.by_name.get(name, ())
        if gives.search(hit.text)
        and not _is_test(hit.path)
        and not (hit.path == constant.path and hit.line == constant.use.line)
    ]
    return sorted(found, key=lambda one: (-one.nearness, one.path, one.line))[:2] if len(found) <= 6 else []


def _may_be(callee: Callee, path: str, owner: str) -> bool:
    return _nearness(callee, path, owner) >= 1.0


def _nearness(callee: Callee, path: str, owner: str) -> float:
    """How likely a definition in that file, and of that class where it is known, is what is called; below 1: not."""
    use = callee.use
    if use.is_own:
        return 4.0 if path == callee.path else 1.5
    modules = re.split(r"::|[./]", use.canonical)[:-1] if use.canonical else []
    if modules and use.is_imported:
        parts = {part.lower() for part in re.split(r"[/.]", path)}
        near = [part for part in modules if part.lower() in parts]
        return 3.5 if modules[-1].lower() in parts else 3.0 if near else 0.0
    if use.receiver and use.receiver != "?":
        home = owner or path.rsplit("/", 1)[-1].split(".")[0]
        is_like = _is_like(use.receiver, home) or (bool(modules) and _is_like(modules[-1], home))
        return 3.0 if is_like else 1.5 if path == callee.path else 1.0
    return 4.0 if path == callee.path else 2.0 if dirname(path) == dirname(callee.path) else 1.0


def _is_like(receiver: str, owner: str) -> bool:
    """Whether something called `payments` may be a `PaymentsClient`."""
    one, other = _squeezed(receiver), _squeezed(owner)
    return len(one) >= 4 and (one in other or (len(other) >= 4 and other in one))


def _squeezed(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()


@lru_cache(maxsize=4096)
def _is_test(path: str) -> bool:
    return is_test_path(path)


@lru_cache(maxsize=512)
def _patterns(name: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    word = re.escape(name)
    kinds = "def|class|func|fn|fun|function|interface|struct|trait|enum|record|type|object|protocol|module"
    return (
        re.compile(rf"\b(?:{kinds})\s+(?:\([^)]*\)\s*)?(?:\w+\.)?{word}\b"),
        re.compile(rf"\b(?:const|let|var|val)\s+{word}\s*[:=]|^\s*{word}\s*[:=]\s*(?:async\b|function\b|\()"),
        re.compile(rf"^(?P<before>[\w\s<>,?@*&\[\]]*?)\b{word}\s*(?:<[^<>]*>)?\("),
    )


def _defines(name: str, text: str) -> bool:
    by_word, by_value, by_shape = _patterns(name)
    before_it = text[: text.find(name)].rstrip()
    if before_it.endswith((".", "(", ",", "=", ">", "!")) or before_it.lstrip().startswith(_COMMENT):
        return False
    if by_word.search(text) or by_value.search(text):
        return True
    shape = by_shape.match(text)
    if shape is None:
        return False
    before = shape["before"].split()
    if before:
        return before[0] not in NO_TYPE and before[-1] not in NO_TYPE
    after = text[shape.end() :]  # a method of a language that writes no word before it, and no call with a block
    return after.rstrip().endswith("{") and "=>" not in after and "function" not in after


def _uses(name: str, text: str) -> bool:
    stripped = text.lstrip()
    return not stripped.startswith(_COMMENT) and not _IMPORT.match(text) and not _defines(name, text)


def _heads_class_on(base: str, text: str) -> bool:
    found = re.search(r"\b(?:class|struct|interface|impl|record|object)\b(?P<header>.*)", text)
    if found is None:
        return False
    names = _WORD.findall(found["header"])
    return base in names and (names[0] != base or " for " in found["header"])
