"""Rule examples of something that broke: the code as it was, and as it is since it was mended."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bot.domain import Finding, Point
from bot.errors import GuardError
from bot.review.proving.reworked import Calling, Reworked, calling_at, reworked_functions
from bot.review.quote import HeadText
from bot.review.stages import Desk
from bot.rules import FilePair, ScanOptions, scan_all
from bot.syntax import is_test_path, language_of

MOST_EXAMPLES = 3
_MOST_LINES = 60


class RuleExample(NamedTuple):
    """`good` is empty where nobody knows how it was mended."""

    path: str
    scope: str
    language: str
    bad: str
    good: str = ""
    line: int = 0
    """Of the code as it was."""
    is_known: bool = False
    """True where our rules report the class in the code as it was, and no more in the mended one."""


def from_fix(fix: Desk, class_: str) -> list[RuleExample]:
    """Functions that a mending change rewrote, those first whose alarm of the class went away with it."""
    pairs = [
        pair
        for pair in fix.snapshot.pairs
        if pair.before is not None and pair.after is not None and not is_test_path(pair.path)
    ]
    found: list[RuleExample] = []
    changed = fix.guard.map(reworked_functions, [(pair.path, pair.before or b"", pair.after or b"") for pair in pairs])
    for pair, functions in zip(pairs, changed, strict=True):
        language = language_of(pair.path)
        if isinstance(functions, GuardError) or language is None or not functions:
            continue
        before, after = (alarms_in(fix, pair.path, text or b"", class_) for text in (pair.before, pair.after))
        still = {finding.scope for finding in after}
        for function in functions:
            gone = any(_stands_in(finding, function) for finding in before) and function.qualified not in still
            if max(function.before.count("\n"), function.after.count("\n")) < _MOST_LINES:
                example = (function.before, function.after, function.start_line, gone)
                found.append(RuleExample(pair.path, function.qualified, language.name, *example))
    return sorted(found, key=lambda one: not one.is_known)[:MOST_EXAMPLES]


def from_points(laid: Desk, points: Iterable[Point]) -> list[RuleExample]:
    """The functions in which findings stood, as they are in this head."""
    found: dict[tuple[str, str], RuleExample] = {}
    for point in points:
        finding = point.finding
        content, language = laid.snapshot.contents.get(finding.path), language_of(finding.path)
        places = HeadText(finding.path, content).places(finding.evidence) if content is not None else []
        if content is None or language is None or not places:
            continue
        line = min(places, key=lambda place: abs(place.start_line - finding.start_line)).start_line
        (calling,) = laid.guard.map(calling_at, [(finding.path, content, line)])
        if isinstance(calling, Calling) and calling.text.count("\n") < _MOST_LINES:
            key = (finding.path, calling.qualified)
            found.setdefault(key, RuleExample(*key, language.name, calling.text, line=line))
    return list(found.values())[:MOST_EXAMPLES]


def alarms_in(laid: Desk, path: str, content: bytes, class_: str) -> list[Finding]:
    """Every alarm of a class that the rules raise in a file, whoever brought it."""
    options = ScanOptions(include_tests=True, whole=True, today=laid.today)
    (scan,) = scan_all(laid.guard, [FilePair(path, None, None, content)], options)
    return [finding for finding in scan.findings if finding.class_ == class_]


def words_in(laid: Desk, examples: Sequence[tuple[str, bytes, int]]) -> list[str]:
    """By what functions like these are found: each is a path, its content and a line."""
    read = laid.guard.map(calling_at, examples)
    return list(dict.fromkeys(word for one in read if isinstance(one, Calling) for word in one.words))


def _stands_in(finding: Finding, function: Reworked) -> bool:
    return function.start_line <= finding.start_line <= function.end_line
