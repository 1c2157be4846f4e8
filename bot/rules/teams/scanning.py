"""Own rules over a change: apart from ours, so that one that hangs or crashes takes nothing of ours along."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from bot.errors import GuardError
from bot.rules.scan import scan_pair
from bot.rules.scanned import FilePair, FileScan, ScanOptions
from bot.rules.teams.record import TeamRule
from bot.syntax.guard import Guard

TOGETHER_S = 60.0
"""All own rules may take so long in one review; what is left then is not run, and named."""
FILES_AT_ONCE = 4
"""A rule that hangs may do so on each of these before it is off."""


def with_own_rules(
    guard: Guard, pairs: Sequence[FilePair], scans: Iterable[FileScan], options: ScanOptions, rules: Sequence[TeamRule]
) -> Iterator[FileScan]:
    """The scans of these files, each with what own rules find there; those run first. Rules that fail are off from then
    on; `trouble` names them."""
    if not rules:
        yield from scans
        return
    own = _scan_own(guard, pairs, options, tuple(rules))
    for scan, more in zip(scans, own, strict=True):
        yield merged(scan, more)


def _scan_own(
    guard: Guard, pairs: Sequence[FilePair], options: ScanOptions, rules: tuple[TeamRule, ...]
) -> list[FileScan]:
    found: list[FileScan] = []
    gives_up_at = time.monotonic() + TOGETHER_S
    for first in range(0, len(pairs), FILES_AT_ONCE):
        some = pairs[first : first + FILES_AT_ONCE]
        if not rules or time.monotonic() > gives_up_at:
            left = {rule.full_name: f"all together took more than {TOGETHER_S:g} s" for rule in rules}
            found += [FileScan(pair.path, trouble=tuple(left.items())) for pair in some[:1]]
            found += [FileScan(pair.path) for pair in pairs[first + len(some[:1]) :]]
            return found
        together = rules
        scans = guard.map(partial(scan_pair, options=replace(options, own=together)), some)
        for pair, scan in zip(some, scans, strict=True):
            known = (
                scan
                if isinstance(scan, FileScan)
                else _one_by_one(guard, pair, rules, options, scan, len(together) == 1)
            )
            found.append(known)
            broken = {name for name, _ in known.trouble}
            rules = tuple(rule for rule in rules if rule.full_name not in broken)
    return found


def _one_by_one(
    guard: Guard,
    pair: FilePair,
    rules: tuple[TeamRule, ...],
    options: ScanOptions,
    failed: GuardError,
    is_sure: bool,
) -> FileScan:
    """A file on which the rules together broke their process: each by itself, to find the culprit. `is_sure`: there
    was only one."""
    whole = FileScan(pair.path)
    for rule in rules:
        scan: FileScan | GuardError = failed
        if not is_sure:
            (scan,) = guard.map(partial(scan_pair, options=replace(options, own=(rule,))), [pair])
        if isinstance(scan, GuardError):
            scan = FileScan(pair.path, trouble=((rule.full_name, f"on {pair.path} it {_in_short(scan)}"),))
        whole = merged(whole, scan)
    return whole


def _in_short(failed: GuardError) -> str:
    words = str(failed)
    return f"was {words}" if words.startswith("stopped") else f"broke off: {words}"


def merged(one: FileScan, other: FileScan) -> FileScan:
    """Both scans of a file as one, findings in the order of the lines."""
    findings = sorted((*one.findings, *other.findings), key=lambda found: (found.start_line, found.rule))
    return replace(
        one,
        findings=tuple(findings),
        dropped=(*one.dropped, *other.dropped),
        trouble=(*one.trouble, *other.trouble),
        language=one.language or other.language,
    )
