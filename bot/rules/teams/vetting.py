"""A rule's own examples are its tests: one that fails them is not run."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from bot.errors import GuardError
from bot.rules.teams.record import TeamExample, TeamRule
from bot.rules.teams.running import matches
from bot.syntax import language_named, parse
from bot.syntax.guard import Guard
from bot.syntax.patterns import INSTALL, flaw_of_pattern, is_installed
from bot.syntax.queries import flaw_of_query


@dataclass(frozen=True)
class Tried:
    """One example: whether it is as it should be, and what is wrong otherwise."""

    kind: Literal["bad", "good"]
    number: int
    language: str
    wrong: str = ""


@dataclass(frozen=True)
class Verdict:
    """What came of one rule. `flaw`: why it cannot run at all; empty where it can."""

    rule: TeamRule
    flaw: str = ""
    tried: tuple[Tried, ...] = ()

    @property
    def reason(self) -> str:
        """Why it is not to be run; empty where it is."""
        if self.flaw:
            return self.flaw
        failed = [one for one in self.tried if one.wrong]
        more = f" (and {len(failed) - 1} more)" if len(failed) > 1 else ""
        return f"its {failed[0].kind} example {failed[0].number} {failed[0].wrong}{more}" if failed else ""


@dataclass(frozen=True)
class Vetted:
    """`rules` are fit to run; `problems` name the others, a line each."""

    rules: tuple[TeamRule, ...] = ()
    problems: tuple[str, ...] = ()


def vetted(guard: Guard, rules: Sequence[TeamRule]) -> Vetted:
    """The rules that pass their own examples, tried in a guarded process."""
    found = verdicts(guard, rules)
    told = (f"Own rule {one.rule.full_name} is not run: {one.reason} ({one.rule.file})." for one in found if one.reason)
    return Vetted(tuple(one.rule for one in found if not one.reason), tuple(told))


def verdicts(guard: Guard, rules: Sequence[TeamRule]) -> list[Verdict]:
    """One for each rule. All in one go; where that breaks the process, each by itself."""
    if not rules:
        return []
    (together,) = guard.map(_judge_all, [tuple(rules)])
    if not isinstance(together, GuardError):
        return list(together)
    each = guard.map(judge, rules)
    return [
        Verdict(rule, flaw=f"its examples cannot be tried: {one}") if isinstance(one, GuardError) else one
        for rule, one in zip(rules, each, strict=True)
    ]


def _judge_all(rules: tuple[TeamRule, ...]) -> tuple[Verdict, ...]:
    return tuple(judge(rule) for rule in rules)


@lru_cache(maxsize=512)
def judge(rule: TeamRule) -> Verdict:
    """Runs in a guarded process."""
    if rule.pattern and not is_installed():
        return Verdict(rule, flaw=f"it is an ast-grep pattern, and that engine is not installed; {INSTALL}")
    if rule.pattern:
        flaw, key = flaw_of_pattern(rule.pattern, rule.selector, rule.languages), "pattern"
    else:
        flaw, key = flaw_of_query(rule.query, rule.languages), "query"
    if flaw:
        return Verdict(rule, flaw=f"its `{key}`: {flaw}")
    return Verdict(rule, tried=tuple(_examples(rule)))


def _examples(rule: TeamRule) -> Iterator[Tried]:
    for number, example in enumerate(rule.bad, 1):
        lines = _lines(rule, example)
        if not lines:
            wrong = "raises nothing"
        elif example.line is not None and example.line not in lines:
            wrong = f"is reported on line {lines[0]}, not on line {example.line}"
        else:
            wrong = ""
        yield Tried("bad", number, rule.language_of(example), wrong)
    for number, example in enumerate(rule.good, 1):
        lines = _lines(rule, example)
        yield Tried("good", number, rule.language_of(example), f"is reported on line {lines[0]}" if lines else "")


def _lines(rule: TeamRule, example: TeamExample) -> list[int]:
    language = language_named(rule.language_of(example))
    file = parse(f"example{language.suffixes[0]}", example.code.encode())
    assert file is not None, "the languages of examples are known ones"
    return [shape.start_line for shape in matches(rule, file)[0]]
