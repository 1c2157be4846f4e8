"""What a proof stands on: the function, the fault, and how this repository writes its tests."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from posixpath import basename, dirname

from bot.domain import Finding
from bot.domain.searching import Search
from bot.errors import GuardError
from bot.review.proving.beside import files_imported
from bot.review.proving.imports import Had, had_of
from bot.review.proving.knowledge import (
    Fault,
    Framework,
    Tongue,
    family_of,
    fault_for,
    frameworks_of,
    tongue_of,
)
from bot.review.proving.naming import path_for
from bot.review.proving.record import NoProof
from bot.review.proving.target import Target, read_target
from bot.review.quote import HeadText
from bot.review.stages import Desk
from bot.review.surroundings.around import ChangedAlone
from bot.syntax import all_languages, is_test_path, language_of

MOST_TESTS_READ = 6
_MOST_FOLDERS = 6
_MOST_SHARED_CHARS = 3000
_MOST_HELPERS = 3
_MOST_PLACES = 60
"""Where one file may lie, of all that are looked for."""
_SHORTEST_WORD = 4


@dataclass(frozen=True)
class Ground:
    finding: Finding
    line: int
    """Where the finding stands in the head."""
    target: Target
    fault: Fault
    tongue: Tongue
    framework: Framework
    path: str
    """Where the test belongs."""
    model_path: str
    """A test of the repository to write like; empty where it has none."""
    model: str
    shared: str
    """What all tests of that folder share, such as conftest.py."""
    had: Had

    @property
    def callables(self) -> tuple[str, ...]:
        """A proof must call one of these."""
        return (self.target.name, *self.target.callers)


def ground_of(laid: Desk, finding: Finding) -> Ground | NoProof:
    """Reads what is needed from the head, as data. Raises SourceError where the head cannot be searched."""
    fault = fault_for(finding.class_, finding.kind)
    if isinstance(fault, str):
        return NoProof(reason=f"no fault test fits `{finding.rule}`: {fault}")
    language = language_of(finding.path)
    tongue = tongue_of(family_of(language.name)) if language else None
    content = laid.snapshot.contents.get(finding.path)
    if language is None or tongue is None:
        return NoProof(reason=f"nothing is known of how {finding.path} would be tested")
    if is_test_path(finding.path):
        return NoProof(reason="the finding stands in a test itself")
    places = HeadText(finding.path, content).places(finding.evidence) if content is not None else []
    if content is None or not places:
        return NoProof(reason="the code of this finding is not in the head any more")
    line = min(places, key=lambda place: abs(place.start_line - finding.start_line)).start_line
    (target,) = laid.guard.map(read_target, [(finding.path, content, line)])
    if isinstance(target, GuardError):
        return NoProof(reason=f"{finding.path} could not be parsed: {target}")
    if target is None:
        return NoProof(
            reason="it stands outside of any function", needs="A test must have something to call: say which function."
        )
    tests = _Tests(laid, tongue, language.name, finding.path, target)
    framework = _framework(tongue, tests)
    if framework is None:
        titles = ", ".join(one.title for one in frameworks_of(tongue.name))
        return NoProof(
            reason=f"no test framework of this repository could be told{tests.why_not}",
            needs=f"A first test or a manifest that names one of {titles} is enough.",
        )
    model_path, model = tests.model
    taken = {*laid.snapshot.contents, *tests.found}
    path = path_for(finding, fault, framework, model_path, tests.crate, taken)
    if path in tests.read([path]):
        path = path_for(finding, fault, framework, model_path, tests.crate, {*taken, path})
    return Ground(
        finding, line, target, fault, tongue, framework, path, model_path, model, tests.shared,
        had_of(finding.path, target.code, tests.texts.values(), tests.manifests, tongue).plus(framework.packages),
    )  # fmt: skip


def _framework(tongue: Tongue, tests: "_Tests") -> Framework | None:
    """Told by the tests themselves, else by a manifest; where a language has but one, it is that."""
    known = frameworks_of(tongue.name)
    for text in tests.texts.values():
        if found := next((one for one in known if one.marks.search(text)), None):
            return found
    manifests = "\n".join(tests.manifests)
    declared = next((one for one in known if one.declared.search(manifests)), None)
    return declared or (known[0] if len(known) == 1 else None)


class _Tests:
    """The tests of a repository that are most like one of that function, and its manifests."""

    def __init__(self, laid: Desk, tongue: Tongue, language: str, path: str, target: Target) -> None:
        self._laid, self._tongue, self._path = laid, tongue, path
        self.why_not = f" ({laid.search_missing})" if laid.search is None and laid.search_missing else ""
        self._search: Search = laid.search or ChangedAlone(laid.snapshot.contents)
        same = {suffix for one in all_languages() if family_of(one.name) == tongue.name for suffix in one.suffixes}
        self._suffixes = sorted(same)
        stem = basename(path).rsplit(".", 1)[0]
        words = {word for word in re.findall(r"[^\W\d]\w*", stem) if len(word) >= _SHORTEST_WORD}
        names = [name for name in (target.name, target.owner) if name.isidentifier()]
        self.found = self._ranked([*names, *words, stem] if stem.isidentifier() else [*names, *words], stem, names)
        self.found = self.found or self._ranked(tongue.test_words, stem, names)
        self.texts = self._texts(self.found[:MOST_TESTS_READ])
        self.manifests = self._manifests()

    @property
    def model(self) -> tuple[str, str]:
        """The most alike of them, path and text; both empty where there is none."""
        return next(iter(self.texts.items()), ("", ""))

    @property
    def shared(self) -> str:
        folders = _folders(self.model[0] or self._path)
        names = [name for name in self._tongue.models if "/" not in name]
        paths = [f"{folder}{name}" for folder in folders for name in names] + [
            name for name in self._tongue.models if "/" in name
        ]
        shared = self._shown(paths)[:2]
        texts = [(self.model[0], self.model[1]), *shared]
        return "\n\n".join(f"# {path}\n{text}" for path, text in [*shared, *self._imported_by(texts, paths)])

    def _imported_by(self, texts: Sequence[tuple[str, str]], but: Sequence[str]) -> list[tuple[str, str]]:
        """What those import of what lies among the tests: stand-ins, builders, servers of their own."""
        starts = [*_folders(self.model[0]), *_folders(self._path)]
        places = [files_imported(text, path, starts, self._tongue) for path, text in texts]
        found = [path for place in places for paths in place.values() for path in paths if is_test_path(path)]
        but = [*but, self._path, self.model[0]]
        wanted = [path for path in dict.fromkeys(found) if path not in but]
        return self._shown(wanted[:_MOST_PLACES])[:_MOST_HELPERS]

    def _shown(self, paths: Sequence[str]) -> list[tuple[str, str]]:
        """The beginning of those that are there and may be shown."""
        return [
            (path, text.decode("utf-8", "replace")[:_MOST_SHARED_CHARS])
            for path, text in self.read(paths).items()
            if text.strip() and self._laid.may_show(path, text)
        ]

    @property
    def crate(self) -> str:
        """The folder of the nearest Cargo.toml, with its slash."""
        paths = [f"{folder}Cargo.toml" for folder in _folders(self._path)]
        return next((path.removesuffix("Cargo.toml") for path in paths if path in self._manifest_paths), "")

    def read(self, paths: Sequence[str]) -> Mapping[str, bytes]:
        contents = self._laid.snapshot.contents
        there = {path: contents[path] for path in paths if path in contents}
        more = [path for path in paths if path not in contents]
        return there | dict(self._search.read(more) if more else {})

    def _ranked(self, words: Iterable[str], stem: str, names: Sequence[str]) -> list[str]:
        """Paths of tests that hold one of the words, the likeliest model first."""
        hits = [hit for hit in self._search.find(list(words), self._suffixes) if is_test_path(hit.path)]
        weights: dict[str, float] = {}
        for hit in hits:
            if any(name in hit.text for name in names):
                weights[hit.path] = weights.get(hit.path, 0.0) + 1.0
            weights.setdefault(hit.path, 0.0)
        plain = stem.lower().replace("_", "").replace("-", "")
        here = self._path.split("/")

        def weight(path: str) -> tuple[float, str]:
            name = basename(path).lower().replace("_", "").replace("-", "")
            shared = sum(1 for one, other in zip(here, path.split("/"), strict=False) if one == other)
            is_code = not name.startswith("conftest") and "helper" not in name
            return (-(min(weights[path], 3.0) + 4.0 * (plain in name) + 0.5 * shared + 2.0 * is_code), path)

        return [path for path in sorted(weights, key=weight) if self._laid.may_show(path, None)]

    def _texts(self, paths: Sequence[str]) -> dict[str, str]:
        read = self.read(paths)
        shown = [path for path in paths if path in read and self._laid.may_show(path, read[path])]
        return {path: read[path].decode("utf-8", "replace") for path in shown}

    def _manifests(self) -> list[str]:
        tongue = self._tongue
        paths = [f"{folder}{name}" for folder in _folders(self._path) for name in tongue.manifests]
        if tongue.manifest_suffix:
            hits = self._search.find(tongue.manifest_words, [tongue.manifest_suffix])
            paths += list(dict.fromkeys(hit.path for hit in hits))[:10]
        found = self.read(paths)
        self._manifest_paths = set(found)
        return [text.decode("utf-8", "replace") for text in found.values()]


def _folders(path: str) -> list[str]:
    """The folders around a path, innermost first, each with its slash; the top is the empty text."""
    folders: list[str] = []
    folder = dirname(path)
    while folder and len(folders) < _MOST_FOLDERS:
        folders.append(f"{folder}/")
        folder = dirname(folder)
    return [*folders, ""]
