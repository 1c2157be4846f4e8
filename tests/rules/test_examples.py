"""Every rule's examples are its tests, and its docstring is its page."""

import re
from pathlib import Path

import pytest

from bot.rules import FilePair, ScanOptions, all_rules, catalog, explain, scan_pair
from bot.rules.pages import HEADINGS
from bot.rules.rule import Example, Rule
from bot.syntax import count_errors, parse, statements_of

ALL = ScanOptions(whole=True)
BAD = [(rule, example) for rule in all_rules() if not rule.joins_services for example in rule.bad]
"""What joins services is proven in tests/review/test_chains.py."""
GOOD = [(rule, example) for rule in all_rules() for example in rule.good]


def _name(value: Rule | Example) -> str:
    if isinstance(value, Rule):
        return value.name
    return f"{value.language}: {re.sub(r'[^ -~]+|::', ' ', value.code)[:60]}"


def _scan(example: Example):
    code = example.code.encode()
    before = example.before.encode() or None
    return scan_pair(FilePair(example.file_name, None, before, code, frozenset()), ALL)


@pytest.mark.parametrize(("rule", "example"), BAD, ids=_name)
def test_a_bad_example_raises_its_alarm_on_the_marked_line_and_says_what_to_do(rule: Rule, example: Example) -> None:
    """One scan for all that is asked of it: what is said of whatever it finds is held to the same."""
    assert_parses(example)
    findings = _scan(example).findings
    assert [one.start_line for one in findings if one.rule == rule.name] == [example.line, *example.also]
    lines = example.code.split("\n")
    for finding in findings:
        body, _, fix = finding.body.partition("\n\n**Fix:** ")
        assert len(finding.title) <= 80
        assert body.count(". ") in (1, 2, 3), "two or three sentences"
        assert fix.endswith(".")
        assert "consider" not in finding.body.lower()
        assert finding.evidence == "\n".join(lines[finding.start_line - 1 : finding.end_line]), "the lines it names"


@pytest.mark.parametrize(("rule", "example"), GOOD, ids=_name)
def test_a_good_example_is_left_alone(rule: Rule, example: Example) -> None:
    assert_parses(example)
    assert [finding for finding in _scan(example).findings if finding.rule == rule.name] == []


def assert_parses(example: Example) -> None:
    """An example is code."""
    if example.language == "sql":  # its dialects go beyond any grammar: statements are read word by word
        assert statements_of(parse(example.file_name, example.code.encode()))
    else:
        assert count_errors(example.file_name, example.code.encode()) == 0


@pytest.mark.parametrize("rule", all_rules(), ids=_name)
def test_a_rule_lies_where_its_name_says(rule: Rule) -> None:
    path = Path(catalog.__path__[0], rule.class_.replace("-", "_"), rule.kind.replace("-", "_") + ".py")
    assert path.is_file()


@pytest.mark.parametrize("rule", all_rules(), ids=_name)
def test_a_rule_has_examples_in_every_language_it_judges(rule: Rule) -> None:
    assert {example.language for example in rule.bad} == set(rule.languages)
    assert {example.language for example in rule.good} == set(rule.languages)


@pytest.mark.parametrize("rule", all_rules(), ids=_name)
def test_a_rule_explains_itself(rule: Rule) -> None:
    page = explain(rule.name)
    assert [heading for heading in HEADINGS if f"\n## {heading}\n" not in page] == []
    assert f"seawall: ignore[{rule.name}]" in page
