"""Code that a change moves from one file to another: what is said of it was there before."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from bot.domain import Finding
from bot.rules.findings import Look, look_of
from bot.rules.scan import left_behind
from bot.rules.scanned import FilePair, FileScan, ParsedPair, ScanOptions
from bot.syntax import is_test_path, language_of
from bot.syntax.guard import Guard

_CALLS = ("(", "<")
"""What follows the name of what is called; types may come before its arguments."""
_FEWEST_SIGNS = 6
"""Letters and digits that a line needs to tell one place from another."""


def without_moved(
    guard: Guard, pairs: Sequence[FilePair], scans: Sequence[FileScan], options: ScanOptions
) -> list[FileScan]:
    """The scans of a change, without the findings whose code stood in another of its files and has left it."""
    rules = [_left_by(pair, scans, options) for pair in pairs]
    asked = [(pair, names, options) for pair, names in zip(pairs, rules, strict=True) if names]
    if not asked:
        return list(scans)
    answers = guard.map(looks_lost, asked)
    left = [
        (pair.path, look)
        for (pair, _, _), answer in zip(asked, answers, strict=True)
        if isinstance(answer, tuple)  # a file that breaks its process tells nothing
        for look in answer
    ]
    found = list(scans)
    for alike in (_has_same_code, _is_same_call):  # the surest first: each that left stands for one
        found = [_without(scan, left, alike) for scan in found]
    return found


def looks_lost(asked: tuple[FilePair, frozenset[str], ScanOptions]) -> tuple[Look, ...]:
    """Runs in a guarded process: what these rules say of the base of a file, and no longer of its head."""
    pair, only, options = asked
    return tuple(look_of(one) for one in left_behind(ParsedPair(pair), options, only))


def _left_by(pair: FilePair, scans: Iterable[FileScan], options: ScanOptions) -> frozenset[str]:
    """The rules that say something of lines which have left this file for another."""
    if pair.before is None or (is_test_path(pair.path_at_first) and not options.include_tests):
        return frozenset()
    language = language_of(pair.path_at_first)
    said = [
        (finding, scan.looks[finding.fingerprint])
        for scan in scans
        if scan.path != pair.path and language is not None and scan.language == language.name
        for finding in scan.findings
        if finding.fingerprint in scan.looks
    ]
    if not said:
        return frozenset()
    gone = Counter(_lines(pair.before)) - Counter(_lines(pair.after or b""))
    return frozenset(finding.rule for finding, look in said if _has_left(finding, look, gone))


def _has_left(finding: Finding, look: Look, gone: Counter[str]) -> bool:
    """A line of its code is among those that are gone; of a call any line that calls the same."""
    return any(line in gone for line in _quoted(finding)) or (
        bool(look.subject) and any(f"{look.subject}{mark}" in line for line in gone for mark in _CALLS)
    )


def _lines(text: bytes) -> list[str]:
    return [line.strip() for line in text.decode("utf-8", "replace").split("\n")]


def _quoted(finding: Finding) -> list[str]:
    lines = (line.strip() for line in finding.evidence.split("\n"))
    return [line for line in lines if sum(map(str.isalnum, line)) >= _FEWEST_SIGNS]


def _without(scan: FileScan, left: list[tuple[str, Look]], alike: Callable[[Look, Look], bool]) -> FileScan:
    """Each that left another file stands for one finding, and is taken off `left`."""
    kept = []
    for finding in scan.findings:
        look = scan.looks.get(finding.fingerprint)
        former = next((one for one in left if look is not None and one[0] != scan.path and alike(one[1], look)), None)
        if former is not None:
            left.remove(former)
        else:
            kept.append(finding)
    return scan if len(kept) == len(scan.findings) else replace(scan, findings=tuple(kept))


def _has_same_code(one: Look, other: Look) -> bool:
    return (one.rule, one.code) == (other.rule, other.code)


def _is_same_call(one: Look, other: Look) -> bool:
    """The same call, with other arguments, in a function of the same name."""
    same = (one.rule, one.name, one.subject) == (other.rule, other.name, other.subject)
    return same and bool(one.name and one.subject)
