"""What a repository adds to the rules, or takes from them: its own rules, and what its linters say already."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.domain import PolicyTexts
from bot.rules import FilePair, FileScan, ScanOptions, rule_names_for, scan_all
from bot.rules.teams import TeamRule, read_rules, vetted
from bot.rules.teams.scanning import with_own_rules
from bot.settings import Policy
from bot.syntax.guard import Guard


@dataclass(frozen=True)
class Judging:
    """`own`: the rules that are fit to run. `notes`: what a reader must know, such as rules that are not."""

    own: tuple[TeamRule, ...] = ()
    notes: tuple[str, ...] = ()


NO_JUDGING = Judging()


def judging_of(guard: Guard, texts: PolicyTexts, policy: Policy) -> Judging:
    """From the files of the base. What is wrong in one of them is a note, and the others count."""
    found = read_rules(texts)
    fit = vetted(guard, [rule for rule in found.rules if policy.allows_rule(rule.full_name)])
    problems = tuple(f"Own rules: {problem}" for problem in found.problems)
    return Judging(own=fit.rules, notes=(*problems, *fit.problems))


def scan_files(
    guard: Guard,
    pairs: Sequence[FilePair],
    options: ScanOptions,
    own: Sequence[TeamRule],
    progress: Callable[[], object] | None = None,
) -> list[FileScan]:
    """Our rules and the team's own over these files, in order."""
    return with_own_rules(guard, pairs, scan_all(guard, pairs, options, progress), options, own)


def rules_run(scans: Iterable[FileScan], policy: Policy, own: Sequence[TeamRule]) -> tuple[str, ...]:
    """Names of the rules that judged at least one of these files."""
    languages = {scan.language for scan in scans if scan.language}
    names = [name for name in rule_names_for(languages) if policy.allows_rule(name)]
    broken = {name for scan in scans for name, _ in scan.trouble}
    names += [rule.full_name for rule in own if languages & {*rule.languages} and rule.full_name not in broken]
    return tuple(names)


def troubles(scans: Iterable[FileScan]) -> tuple[str, ...]:
    """A line for each own rule that was switched off on the way."""
    told: dict[str, str] = {}
    for scan in scans:
        for name, reason in scan.trouble:
            told.setdefault(name, f"Own rule {name} was switched off for this review: {reason}.")
    return tuple(told.values())
