"""Reads of a head what its points need: outlines, every alarm of the rules, and files renamed within the change."""

from collections.abc import Mapping, Sequence

from bot.domain import PatchStatus, Point
from bot.review.alignment import line_digest
from bot.review.head import Head
from bot.review.judging import scan_files
from bot.review.outline import Outline, outlines_of
from bot.review.stages import Desk, Examined
from bot.rules import ScanOptions, all_rules
from bot.syntax import is_test_path

_MOST_CANDIDATES = 30
"""Added files that are looked at for one that the pull request renamed."""
_SAME_FILE = 0.6
"""Of the lines remembered of a file, so many found again make another one its successor."""


def head_of(desk: Desk, points: Sequence[Point], examined: Examined) -> Head:
    """What was read at this head, as far as points and findings need it."""
    snapshot, review = desk.snapshot, examined.review
    contents, policy = snapshot.contents, snapshot.policy
    raised = [*review.findings, *(one.finding for one in review.dropped if one.finding)]
    skipped = {file.path: file for file in review.receipt.files.skipped}
    renames = _renames(desk, points)
    head = Head(snapshot.change.head_sha, snapshot.change, {}, {}, renames=renames)
    standing = {path for point in points if (path := head.path_of(point.finding.path))}
    readable = [
        pair
        for pair in snapshot.pairs
        if pair.path in standing and pair.path not in skipped and (policy.include_tests or not is_test_path(pair.path))
    ]
    options = ScanOptions(policy.rules_off, policy.include_tests, whole=True, today=desk.today)
    own = [rule for rule in desk.judging.own if rule.full_name in review.receipt.rules]
    scans = [scan for scan in scan_files(desk.guard, readable, options, own) if not scan.failure]
    return Head(
        sha=snapshot.change.head_sha,
        change=snapshot.change,
        outlines=outlines_of(desk.guard, contents, sorted(standing | {finding.path for finding in raised})),
        alarms={scan.path: (*scan.findings, *(one.finding for one in scan.dropped if one.finding)) for scan in scans},
        read_by_model=frozenset(examined.read_by_model),
        skipped=skipped,
        rules_off=policy.rules_off,
        judge_known_calls=frozenset(rule.name for rule in all_rules() if rule.sections and not rule.every_call_in),
        is_kept_from_model=not policy.llm,
        renames=renames,
    )


def _renames(desk: Desk, points: Sequence[Point]) -> dict[str, str]:
    """Files that the pull request brought and then renamed: the added file that holds the lines remembered of one."""
    change, contents = desk.snapshot.change, desk.snapshot.contents
    head = Head("", change, {}, {})
    lost: dict[str, set[str]] = {}
    for point in points:
        if head.path_of(point.finding.path) is None and point.lines:
            lost.setdefault(point.finding.path, set()).update(point.lines)
    if not lost:
        return {}
    known = {point.finding.path for point in points}
    added = [
        patch.path
        for patch in change.patches
        if patch.status in (PatchStatus.ADDED, PatchStatus.RENAMED)
        and patch.path in contents
        and patch.path not in known
    ]
    outlines = outlines_of(desk.guard, contents, added[:_MOST_CANDIDATES])
    found = {old: _successor(lines, outlines) for old, lines in lost.items()}
    return {old: new for old, new in found.items() if new}


def _successor(lines: set[str], outlines: Mapping[str, Outline]) -> str:
    """The file that holds most of these lines; empty where none holds enough, or two hold as many."""
    shares = {
        path: len(lines & {line_digest(line.text) for line in outline.lines}) / len(lines)
        for path, outline in outlines.items()
    }
    best = max(shares.values(), default=0.0)
    heirs = [path for path, share in shares.items() if share == best]
    return heirs[0] if len(heirs) == 1 and best >= _SAME_FILE else ""
