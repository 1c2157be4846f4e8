"""Teams' own rules: data that is checked, tried on its own examples, and run apart from ours."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from bot.domain import FoundText, PolicyTexts
from bot.errors import GuardError
from bot.rules import FilePair, FileScan, ScanOptions, scan_pair
from bot.rules.teams import TeamRule, read_rules, vetted
from bot.rules.teams.scanning import with_own_rules
from bot.syntax import patterns
from bot.syntax.guard import Guard

RULE = """
title = "The old gateway has no deadline"
body = "It waits for ever when the partner is slow, and a worker is gone."
fix = "Call `gateway.send` with `timeout=`."
languages = "python"
query = '((call function: (attribute object: (identifier) @o)) @finding (#eq? @o "legacy"))'
class = "missing-timeout"
severity = "high"
bad = "legacy.send(order)"
good = ["gateway.send(order, timeout=2)"]
"""
HEAD = b"def pay(order):\n    legacy.send(order)\n"


class Here:
    """Stands in for the guarded processes: the same functions, in this one. `breaks` makes a task fail there."""

    def __init__(self, breaks: Callable[[Any, Any], bool] = lambda *_: False) -> None:
        self.breaks = breaks
        self.tasks = 0

    def map(self, function: Callable[[Any], Any], items: Iterable[Any], progress: object = None) -> list[Any]:
        self.tasks += 1
        return [
            GuardError("stopped after 10 s, the limit for one file") if self.breaks(function, item) else function(item)
            for item in items
        ]

    def stream(self, function: Callable[[Any], Any], items: Iterable[Any], progress: object = None) -> Iterator[Any]:
        yield from self.map(function, items, progress)


def found(text: str, name: str = "old-gateway", whose: str = "rules") -> PolicyTexts:
    return PolicyTexts(**{whose: (FoundText(path=f".github/seawall/rules/{name}.toml", text=text),)})


def rule(text: str = RULE, name: str = "old-gateway") -> TeamRule:
    read = read_rules(found(text, name))
    assert read.problems == ()
    return read.rules[0]


def scanned(
    code: bytes, *rules: TeamRule, path: str = "service/pay.py", before: bytes | None = None, **more: Any
) -> FileScan:
    return scan_pair(FilePair(path, None, before, code), ScanOptions(own=rules, **more))


def test_a_finding_of_an_own_rule_carries_its_words_and_its_class() -> None:
    (finding,) = scanned(HEAD, rule()).findings
    assert (finding.rule, finding.class_, finding.kind, finding.severity) == (
        "own/old-gateway", "missing-timeout", "old-gateway", "high",
    )  # fmt: skip
    assert (finding.start_line, finding.scope, finding.evidence) == (2, "pay", "    legacy.send(order)")
    assert finding.body.endswith("**Fix:** Call `gateway.send` with `timeout=`.")


def test_what_the_base_has_too_is_not_brought_by_the_change() -> None:
    assert scanned(b"import x\n" + HEAD, rule(), before=HEAD).findings == ()


@pytest.mark.parametrize("name", ["own/old-gateway", "own", "missing-timeout"])
def test_an_own_rule_is_silenced_as_ours_are(name: str) -> None:
    scan = scanned(b"def pay(order):\n    legacy.send(order)  # seawall: ignore[%s] is local\n" % name.encode(), rule())
    assert scan.findings == ()
    assert [dropped.reason for dropped in scan.dropped] == ["suppressed"]


def test_policy_switches_own_rules_off() -> None:
    assert scanned(HEAD, rule(), rules_off=("own/old-gateway",)).findings == ()
    assert scanned(HEAD, rule(), rules_off=("own",)).findings == ()


def test_a_rule_for_some_paths_says_nothing_elsewhere() -> None:
    narrow = rule(RULE + 'paths = ["services/**"]\n')
    assert scanned(HEAD, narrow).findings == ()
    assert len(scanned(HEAD, narrow, path="services/a/pay.py").findings) == 1


def test_a_pattern_finds_the_same_in_characters_beyond_ascii_and_in_bytes_that_are_no_text() -> None:
    pytest.importorskip("ast_grep_py")
    text = RULE.replace(RULE[RULE.index("query") : RULE.index("class")], 'pattern = "legacy.send($$$ARGS)"\n')
    code = "# ééé ∑\n".encode() + b"# \xff\xfe\n" + HEAD
    (finding,) = scanned(code, rule(text)).findings
    assert (finding.start_line, finding.evidence) == (4, "    legacy.send(order)")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("severity", "severty"), "old-gateway.toml: `severty` is no key (did you mean severity?)"),
        (('"python"', '"pyton"'), "`languages.0` pyton is no language (did you mean python?)"),
        (('"missing-timeout"', '"mising-timeout"'), "`class` mising-timeout is no class (did you mean"),
        (('"high"', '"huge"'), "`severity` Input should be 'low', 'medium', 'high' or 'critical'"),
        (("title =", "title = 'a'\n#"), "`title` String should have at least 5 characters"),
        (("bad =", "good_too ="), "`bad` is missing"),
        (("query =", "pattern = 'x'\nquery ="), "either a `pattern` (ast-grep) or a `query`"),
        (("title =", "title ="), ""),
        (('title = "', "title = "), "is not valid TOML"),
    ],
)  # fmt: skip
def test_a_file_that_is_wrong_is_named_with_its_key_and_what_to_do(change: tuple[str, str], said: str) -> None:
    read = read_rules(found(RULE.replace(*change, 1)))
    assert bool(read.rules) is not bool(said)
    assert said in "".join(read.problems)
    assert len(read.problems) == bool(said)


def test_one_wrong_file_leaves_the_others_alone() -> None:
    files = (*found("x =", "a").rules, *found(RULE, "b").rules)
    read = read_rules(PolicyTexts(rules=files))
    assert [one.full_name for one in read.rules] == ["own/b"]
    assert len(read.problems) == 1


def test_a_repository_cannot_take_the_place_of_its_organisations_rule() -> None:
    both = found(RULE, whose="organisation_rules").model_copy(
        update={"rules": found(RULE.replace("high", "low")).rules}
    )
    read = read_rules(both)
    assert [one.severity.value for one in read.rules] == ["high"]
    assert "rename this one" in read.problems[0]


def test_more_rules_than_are_read_and_files_too_long_are_told() -> None:
    many = PolicyTexts(rules=tuple(found(RULE, f"r{number:03}").rules[0] for number in range(51)))
    read = read_rules(many)
    assert len(read.rules) == 50
    assert "the first 50 are run" in read.problems[0]
    assert "longer than 64 KB" in read_rules(found(RULE + "#" * 70_000)).problems[0]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('bad = "legacy', 'bad = "modern'), "its bad example 1 raises nothing"),
        (('good = ["gateway', 'good = ["legacy'), "its good example 1 is reported on line 1"),
        (("#eq?", "#set!"), "#set! is no predicate here"),
        (("#eq?", "#not-any-of?"), "#not-any-of? is no predicate here (write #not-match?"),
        (("(call function", "(cal function"), "Invalid node type"),
        (("@finding", "@found"), "it captures nothing as @finding"),
    ],
)
def test_a_rule_that_fails_its_own_examples_is_not_run(change: tuple[str, str], said: str) -> None:
    fit = vetted(Here(), [rule(RULE.replace(*change, 1)), rule(name="good-one")])  # type: ignore[arg-type]
    assert [one.full_name for one in fit.rules] == ["own/good-one"]
    assert said in fit.problems[0]
    assert fit.problems[0].startswith("Own rule own/old-gateway is not run: ")


def test_a_predicate_inside_a_text_is_no_predicate() -> None:
    assert (
        vetted(Here(), [rule(RULE.replace('"legacy"', '"legacy" "#set!"').replace("#eq?", "#any-of?"))]).problems == ()
    )  # type: ignore[arg-type]


def test_without_the_engine_a_pattern_is_named_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.rules.teams.vetting.is_installed", lambda: False)
    text = RULE.replace(RULE[RULE.index("query") : RULE.index("class")], 'pattern = "legacy.send($A, 9)"\n')
    fit = vetted(Here(), [rule(text)])  # type: ignore[arg-type]
    assert patterns.INSTALL in fit.problems[0]


def test_examples_that_break_their_process_cost_only_their_own_rule() -> None:
    def breaks(function: Any, item: Any) -> bool:
        return "laggard" in repr(item)

    fit = vetted(Here(breaks), [rule(name="laggard"), rule(name="quick")])  # type: ignore[arg-type]
    assert [one.name for one in fit.rules] == ["quick"]
    assert "own/laggard is not run: its examples cannot be tried: stopped after 10 s" in fit.problems[0]


def test_a_rule_that_hangs_is_named_and_off_from_then_on_and_the_others_go_on() -> None:
    def breaks(function: Any, item: Any) -> bool:
        return any(one.name == "slow" for one in function.keywords["options"].own)

    pairs = [FilePair(f"service/a{number}.py", None, None, HEAD) for number in range(20)]
    there, plain = Here(breaks), [FileScan(pair.path, language="python") for pair in pairs]
    scans = list(with_own_rules(there, pairs, plain, ScanOptions(), [rule(name="slow"), rule(name="quick")]))  # type: ignore[arg-type]
    assert {finding.rule for scan in scans for finding in scan.findings} == {"own/quick"}
    assert sum(len(scan.findings) for scan in scans) == 20
    assert {name for scan in scans for name, _ in scan.trouble} == {"own/slow"}
    assert "was stopped after 10 s" in scans[0].trouble[0][1]


def test_a_rule_that_takes_too_long_but_ends_is_off_for_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.rules.teams.running.LONGEST_S", -1.0)
    pairs = [FilePair(f"service/a{number}.py", None, None, HEAD) for number in range(5)]
    plain = [FileScan(pair.path) for pair in pairs]
    scans = list(with_own_rules(Here(), pairs, plain, ScanOptions(), [rule()]))  # type: ignore[arg-type]
    assert scans[4].findings == ()
    assert "is the most" in scans[0].trouble[0][1]


def test_a_rule_that_matches_everything_is_named() -> None:
    everything = rule(
        RULE.replace(RULE[RULE.index("query") : RULE.index("class")], "query = '(identifier) @finding'\n")
    )
    scan = scanned(b"x = [" + b"a, " * 3000 + b"]\n", everything)
    assert "make it narrower" in scan.trouble[0][1]


def test_a_regular_expression_that_explodes_takes_nothing_of_ours_along() -> None:
    """In real guarded processes: the one that hangs is ended from outside."""
    bomb = rule(
        RULE.replace(
            RULE[RULE.index("query") : RULE.index("class")],
            "query = '((identifier) @finding (#match? @finding \"^(a+)+$\"))'\n",
        ).replace("legacy.send(order)", "aaa")
        .replace("gateway.send(order, timeout=2)", "b"),
        name="bomb",
    )  # fmt: skip
    code = b"import requests\nrequests.get(url)\nlegacy.send(" + b"a" * 40 + b"b)\n"
    pairs = [FilePair("service/pay.py", None, None, code)]
    with Guard(1, timeout_s=1.0, memory_mb=1024) as guard:
        ours = [scan_pair(pair, ScanOptions()) for pair in pairs]
        scans = list(with_own_rules(guard, pairs, ours, ScanOptions(), [bomb]))
    assert {finding.rule for finding in scans[0].findings} == {"missing-timeout/http-or-socket-call"}
    assert [name for name, _ in scans[0].trouble] == ["own/bomb"]
