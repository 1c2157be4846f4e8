"""What a repository adds to the rules, or takes from them: its own rules, and what its linters say already."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.domain import PolicyTexts
from bot.rules import FilePair, FileScan, ScanOptions, listed_rules, scan_each
from bot.rules.linters import Left, left_to_linters
from bot.rules.teams import TeamRule, read_rules, vetted
from bot.rules.teams.scanning import with_own_rules
from bot.settings import Policy
from bot.syntax.guard import Guard

SETTLED_SHOWN = 3
OURS = "seawall:"
"""How the comment begins that silences a finding of ours by name."""


@dataclass(frozen=True)
class Judging:
    """`own`: the rules that are fit to run. `notes`: what a reader must know, such as rules that are not."""

    own: tuple[TeamRule, ...] = ()
    left: Left = Left()  # noqa: RUF009  frozen
    notes: tuple[str, ...] = ()


NO_JUDGING = Judging()


def judging_of(guard: Guard, texts: PolicyTexts, policy: Policy, paths: Sequence[str]) -> Judging:
    """From the files of the base, for these paths. What is wrong in one file is a note, and the others count."""
    found = read_rules(texts)
    fit = vetted(guard, [rule for rule in found.rules if policy.allows_rule(rule.full_name)])
    problems = tuple(f"Own rules: {problem}" for problem in found.problems)
    respected = [path for path in paths if policy.at(path).linters == "respect"]
    left = left_to_linters(guard, texts.linters, respected)
    return Judging(own=fit.rules, left=left, notes=(*problems, *fit.problems, *left.told))


def scan_files(
    guard: Guard,
    pairs: Sequence[FilePair],
    options: ScanOptions,
    own: Sequence[TeamRule],
    progress: Callable[[], object] | None = None,
) -> Iterator[FileScan]:
    """Our rules and the team's own over these files, one after the other, in order."""
    return with_own_rules(guard, pairs, scan_each(guard, pairs, options, progress), options, own)


def rules_run(scans: Sequence[FileScan], policy: Policy, judging: Judging) -> tuple[str, ...]:
    """Names of the rules that judged at least one of these files."""
    read = {language: [scan.path for scan in scans if scan.language == language] for language in _languages(scans)}
    broken = {name for scan in scans for name, _ in scan.trouble}
    ours = [
        rule.name
        for rule in listed_rules()
        if (judged := [path for language in rule.languages for path in read.get(language, ())])
        and policy.allows_rule(rule.name)
        and not judging.left.whole(rule.name, judged)
    ]
    own = [rule.full_name for rule in judging.own if {*read} & {*rule.languages} and rule.full_name not in broken]
    return (*ours, *own)


def _languages(scans: Iterable[FileScan]) -> set[str]:
    return {scan.language for scan in scans if scan.language}


def troubles(scans: Iterable[FileScan]) -> tuple[str, ...]:
    """What a reader must know of a scan: a line for each own rule that was switched off on the way, and one for the
    findings that remarks to other linters have settled."""
    told: dict[str, str] = {}
    settled: list[str] = []
    for scan in scans:
        for name, reason in scan.trouble:
            told.setdefault(name, f"Own rule {name} was switched off for this review: {reason}.")
        settled += [
            f"{one.finding.rule} at {scan.path}:{one.finding.start_line} (`{one.detail.replace('`', '')}`)"
            for one in scan.dropped
            if one.finding is not None and one.reason == "suppressed" and not one.detail.startswith(OURS)
        ]
    return (*told.values(), *_settled(settled))


def _settled(places: list[str]) -> Iterator[str]:
    """One line, however many there are."""
    if places:
        more = f" and {len(places) - SETTLED_SHOWN} more" if len(places) > SETTLED_SHOWN else ""
        yield f"Settled by remarks to other linters: {', '.join(places[:SETTLED_SHOWN])}{more}."
