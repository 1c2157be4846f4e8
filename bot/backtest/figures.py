"""Figures of a backtest, made of its records."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import groupby
from statistics import median

from bot.backtest.report import Backtest, ClassCount, Judged, RuleCount, Said
from bot.domain import Finding, Severity
from bot.review.rank import weight
from bot.review.receipt import counted
from bot.review.together import told_together

MOST_TELLING = 10
FIXES_SHOWN = 20
_BINS = (
    (0, 0, "no comment"),
    (1, 1, "1 comment"),
    (2, 2, "2 comments"),
    (3, 5, "3 to 5 comments"),
    (6, 1 << 30, "6 or more comments"),
)


def classes_of(said: Sequence[Said]) -> tuple[ClassCount, ...]:
    """Most findings first, classes and the rules in them."""
    rules = sorted(said, key=lambda one: one.finding.rule)
    counts = [_rule_count(list(members)) for _, members in groupby(rules, key=lambda one: one.finding.rule)]
    classes = []
    for class_, of_class in groupby(counts, key=lambda count: count.rule.split("/")[0]):
        members = sorted(of_class, key=lambda count: -count.findings)
        found, fixed = sum(count.findings for count in members), sum(count.fixed for count in members)
        classes.append(ClassCount(class_=class_, findings=found, fixed=fixed, rules=tuple(members)))
    return tuple(sorted(classes, key=lambda count: (-count.findings, count.class_)))


def _rule_count(said: Sequence[Said]) -> RuleCount:
    return RuleCount(
        rule=said[0].finding.rule,
        severity=max((one.finding.severity for one in said), key=lambda severity: severity.rank),
        findings=len(said),
        commits=len({one.sha for one in said}),
        fixed=sum(one.fix is not None for one in said),
    )


def telling(said: Sequence[Said], most: int = MOST_TELLING) -> tuple[Said, ...]:
    """The heaviest (severity × confidence), one of each comment; other rules and files come before more of the same."""
    left = sorted(_first_of_each(said), key=lambda one: weight(one.finding))
    chosen: list[Said] = []
    while left and len(chosen) < most:
        rules = {one.finding.rule for one in chosen}
        files = {one.finding.path for one in chosen}
        best = min(left, key=lambda one: (one.finding.rule in rules, one.finding.path in files))
        chosen.append(best)
        left.remove(best)
    return tuple(sorted(chosen, key=lambda one: weight(one.finding)))


def comments(report: Backtest) -> Counter[str]:
    """Commit → comments: findings of one cause in a file are one, as in a review."""
    return Counter(one.sha for one in _first_of_each(report.said))


def _first_of_each(said: Sequence[Said]) -> list[Said]:
    """Those whose findings a comment would begin with."""
    of_commit: dict[str, list[Said]] = {}
    for one in said:
        of_commit.setdefault(one.sha, []).append(one)
    first = {id(finding) for ones in of_commit.values() for finding, _ in told_together(one.finding for one in ones)}
    return [one for one in said if id(one.finding) in first]


def per_commit(report: Backtest) -> float:
    """Comments."""
    return comments(report).total() / len(report.commits) if report.commits else 0.0


def quiet_share(report: Backtest) -> float:
    """Share of the commits that nothing would have been said of."""
    return sum(not commit.findings for commit in report.commits) / len(report.commits) if report.commits else 1.0


def spread(report: Backtest) -> list[tuple[str, int]]:
    """How many commits would have seen no, one, two … comments."""
    found = comments(report)
    seen = [found[commit.sha] for commit in report.commits]
    return [(name, sum(low <= number <= high for number in seen)) for low, high, name in _BINS]


def by_severity(said: Sequence[Said]) -> list[tuple[Severity, int]]:
    """Worst first; severities without a finding too."""
    return [(severity, sum(one.finding.severity is severity for one in said)) for severity in reversed(Severity)]


def span(commits: Sequence[Judged]) -> str:
    """Such as `3 March to 9 August 2026`."""
    if not commits:
        return ""
    days = [date.fromisoformat(commit.committed_at[:10]) for commit in commits]
    first, last = min(days), max(days)
    year = "" if first.year == last.year else f" {first.year}"
    return f"{first.day} {first:%B}{year} to {last.day} {last:%B} {last.year}"


def counted_pull_requests(report: Backtest) -> str:
    """`1 merge`, `200 commits`, with when they were made."""
    number = _noun(report, len(report.commits))
    return f"{number} from {span(report.commits)}" if report.commits else number


def headline(report: Backtest) -> str:
    """The answer in a sentence."""
    found, read = comments(report).total(), len(report.commits)
    if not read:
        return "Nothing was read."
    if not found:
        return f"Seawall would have said nothing about the last {_noun(report, read)}."
    words = "One comment" if found == 1 else f"{found} comments"
    return (
        f"{words} over the last {_noun(report, read)}: {per_commit(report):.2f} a pull request, "
        f"and {percent(quiet_share(report))} of them without any."
    )


def _noun(report: Backtest, number: int) -> str:
    return counted(number, "merge" if report.taken == "merges" else "commit")


def fates(said: Sequence[Said]) -> dict[str, int]:
    """Fate → how many findings met it, commonest first."""
    found = [one.fate for one in said if one.fate]
    return {fate: found.count(fate) for fate in sorted(set(found), key=lambda fate: (-found.count(fate), fate))}


def mended(said: Sequence[Said]) -> list[Said]:
    """What a later commit fixed, quickest first."""
    return sorted((one for one in said if one.fix), key=lambda one: one.fix.days if one.fix else 0.0)


def median_days(fixed: Sequence[Said]) -> float:
    return median(one.fix.days for one in fixed if one.fix)


def point_of(finding: Finding) -> str:
    """What happens, without the fix: the first paragraph of what a comment would say."""
    return finding.body.split("\n\n")[0]


def lasted(days: float) -> str:
    """Such as `40 minutes`, `5 hours`, `12 days`."""
    for unit, size in (("day", 1.0), ("hour", 1 / 24)):
        if days >= size * 1.5:
            return counted(round(days / size), unit)
    return counted(max(round(days * 24 * 60), 1), "minute")


def percent(share: float) -> str:
    """Whole percents; 100 % and 0 % only where that is exact."""
    if 0 < share < 1:
        share = min(max(share, 0.01), 0.99)
    return f"{share:.0%}"


def half_read(report: Backtest) -> list[tuple[str, str]]:
    """Commit, and what of it should have been read and was not."""
    told = []
    for commit in report.commits:
        if commit.unread:
            first, more = commit.unread[0], len(commit.unread) - 1
            others = f" and {counted(more, 'other')}" if more else ""
            told.append((commit.sha[:10], f"{first.path}{others}: {first.reason}".removeprefix(": ")))
    return told
