"""Which rules are left to which linter, for which files."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain import Finding, FoundText
from bot.errors import GuardError
from bot.regex import regex
from bot.rules.linters.eslint import ESLint
from bot.rules.linters.golangci import GolangciLint
from bot.rules.linters.linter import Linter
from bot.rules.linters.others import Clippy, Detekt, DotNet, RuboCop, Sonar
from bot.rules.linters.ruff import Ruff
from bot.rules.registry import all_rules
from bot.rules.rule import Rule
from bot.syntax import language_of
from bot.syntax.guard import Guard

LINTERS: tuple[type[Linter], ...] = (Ruff, ESLint, GolangciLint, Sonar, DotNet, RuboCop, Detekt, Clippy)
_COVER = regex(r"^(?P<prefix>[a-z-]+):(?P<codes>[^\[]+)(?:\[(?P<where>.+)\])?$")


@dataclass(frozen=True)
class Left:
    """`ways`: rule → path → the linters' rules that find the same there, each with the text that the quoted code must
    hold (empty: any)."""

    ways: Mapping[str, Mapping[str, tuple[tuple[str, str], ...]]] = field(default_factory=dict)
    problem: str = ""

    def to(self, finding: Finding) -> str:
        """The linter's rule that a finding is left to, such as `ruff B006`; empty where it is ours to say."""
        for code, where in self.ways.get(finding.rule, {}).get(finding.path, ()):
            if where in finding.evidence:
                return code
        return ""

    def whole(self, rule: str, paths: Iterable[str]) -> bool:
        """True where the rule has nothing to say in any of these files."""
        ways = self.ways.get(rule)
        return bool(ways) and all(any(not where for _, where in (ways or {}).get(path, ())) for path in paths)

    @property
    def told(self) -> tuple[str, ...]:
        """A line that names them all, for the receipt; none where nothing is left."""
        if self.problem:
            return (self.problem,)
        named = []
        for rule, paths in sorted(self.ways.items()):
            codes = sorted({code for ways in paths.values() for code, _ in ways})
            named.append(f"{rule} ({', '.join(codes)})")
        return (f"Left to this repository's own linters: {', '.join(named)}.",) if named else ()


def left_to_linters(guard: Guard, files: Sequence[FoundText], paths: Sequence[str]) -> Left:
    """For the files of a change or scan. The linters' settings are others' texts: a guarded process reads them."""
    if not files or not paths:
        return Left()
    (found,) = guard.map(_left, [({file.path: file.text for file in files}, tuple(paths))])
    if isinstance(found, GuardError):
        return Left(problem=f"The linters' settings could not be read, so no rule is left to them: {found}")
    return found


def covers(rule: Rule) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """(prefix, codes that are needed together, text that the quoted code must hold) of each entry of `covered_by`."""
    for entry in rule.covered_by:
        found = _COVER.match(entry)
        assert found is not None, f"{rule.name}: covered_by holds {entry!r}"
        yield found["prefix"], tuple(found["codes"].split("+")), found["where"] or ""


def _left(asked: tuple[dict[str, str], tuple[str, ...]]) -> Left:
    """Runs in a guarded process."""
    texts, paths = asked
    linters = [linter for linter in (kind(texts) for kind in LINTERS) if linter.is_configured]
    by_language: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        if known := language_of(path):
            by_language[known.name].append(path)
    ways: dict[str, dict[str, tuple[tuple[str, str], ...]]] = {}
    for rule in all_rules() if linters else ():
        found: dict[str, tuple[tuple[str, str], ...]] = {}
        for prefix, codes, where in covers(rule):
            for linter in linters:
                if prefix not in linter.prefixes:
                    continue
                shown = f"{prefix} {'+'.join(codes)}"
                asked_for = _asked_for(linter, prefix, codes)
                for language in {*linter.languages} & {*rule.languages}:
                    for path in by_language.get(language, ()):
                        if all(linter.enables(code, path) for code in asked_for):
                            found[path] = (*found.get(path, ()), (shown, where))
        if found:
            ways[rule.name] = found
    return Left(ways)


def _asked_for(linter: Linter, prefix: str, codes: tuple[str, ...]) -> tuple[str, ...]:
    """Codes as the linter knows them; `sonar:python:S1+S2` names the language once."""
    if prefix == "sonar":
        language, _, first = codes[0].partition(":")
        return tuple(f"{language}:{code}" for code in (first, *codes[1:]))
    return tuple(f"{prefix}:{code}" for code in codes) if len(linter.prefixes) > 1 else codes
