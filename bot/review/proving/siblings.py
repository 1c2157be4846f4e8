"""Sibling places of something that broke: where the same failure mode stands in the head, as our rules see it."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from bot.domain.searching import Hit
from bot.errors import SourceError
from bot.review.stages import Desk
from bot.rules import FilePair, ScanOptions, scan_all
from bot.rules.teams.scanning import with_own_rules
from bot.settings.globs import is_among
from bot.syntax import is_test_path, language_named, language_of

MOST_FILES = 150
MOST_BYTES = 5_000_000
MOST_WORDS = 6
MOST_PLACES = 40


class Sibling(NamedTuple):
    path: str
    line: int
    title: str
    """What the rule says there; of a place that only looks alike, the line."""
    rule: str = ""
    """Empty where no rule judges it."""


class Siblings(NamedTuple):
    places: tuple[Sibling, ...] = ()
    alike: tuple[Sibling, ...] = ()
    """Lines with the same words, where no rule raises anything."""
    files: int = 0
    """How many were read."""
    note: str = ""
    """Why not all were."""


def siblings_of(
    laid: Desk, class_: str, languages: Collection[str], words: Sequence[str], own: Collection[tuple[str, str]]
) -> Siblings:
    """`words`: by which files are found; `own`: path and scope of what broke itself, which is no sibling."""
    files, hits, note = _files(laid, languages, words)
    off = laid.snapshot.policy.rules_off
    pairs = [FilePair(path, None, None, content) for path, content in files.items()]
    options = ScanOptions(rules_off=off, whole=True, today=laid.today)
    scans = with_own_rules(laid.guard, pairs, scan_all(laid.guard, pairs, options), options, laid.judging.own)
    found = [
        Sibling(finding.path, finding.start_line, finding.title, finding.rule)
        for scan in scans
        for finding in scan.findings
        if finding.class_ == class_ and (finding.path, finding.scope) not in own
    ]
    places = sorted(found)[:MOST_PLACES]
    here = {path for path, _ in own}
    alike = [
        Sibling(hit.path, hit.line, hit.text.strip()[:100])
        for hit in hits
        if not found and hit.path in files and hit.path not in here and not _is_import(hit.text)
    ]
    return Siblings(tuple(places), tuple(alike[:MOST_PLACES]), len(files), note)


def _files(laid: Desk, languages: Collection[str], words: Sequence[str]) -> tuple[dict[str, bytes], list[Hit], str]:
    """The changed files, and of the others those that hold one of the words, within limits."""
    ignored = (*laid.snapshot.policy.ignore_paths, *laid.snapshot.policy.generated_paths)

    def may_count(path: str) -> bool:
        language = language_of(path)
        return (
            language is not None
            and language.name in languages
            and not is_test_path(path)
            and not is_among(path, ignored)
        )

    files = {path: content for path, content in laid.snapshot.contents.items() if may_count(path)}
    wanted = [word for word in words if word.isidentifier()][:MOST_WORDS]
    if laid.search is None:
        return files, [], laid.search_missing or "Only the changed files could be looked at."
    if not wanted:
        return files, [], "What to look for elsewhere is not known: only the changed files were looked at."
    try:
        suffixes = [suffix for name in languages for suffix in language_named(name).suffixes]
        hits = [hit for hit in laid.search.find(wanted, suffixes) if may_count(hit.path)]
        paths = [path for path in dict.fromkeys(hit.path for hit in hits) if path not in files]
        left = MOST_BYTES
        for path, content in laid.search.read(paths[:MOST_FILES]).items():
            if (left := left - len(content)) >= 0 and laid.may_show(path, content):
                files[path] = content
    except SourceError as failure:
        return files, [], f"The rest of the repository could not be searched: {failure}"
    note = (
        f"Of {len(paths)} files that may hold it the first {MOST_FILES} were read." if len(paths) > MOST_FILES else ""
    )
    return files, hits, note


def _is_import(line: str) -> bool:
    return line.lstrip().startswith(("import", "from", "using", "use ", "require", "#", "//", "*", "/*"))
