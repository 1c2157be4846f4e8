"""The drawer of rules tells names and languages without running a file, and runs only what is needed."""

import subprocess
import sys

import pytest

from bot.errors import NotFound
from bot.rules import all_rules, listed_rules, rule_named, rule_names_for
from bot.rules.registry import rule_or_class_exists, rules_for


def _loaded_after(program: str) -> set[str]:
    """Names of the rules whose files a fresh process has run."""
    show = "import sys\nprint(*(name for name in sys.modules if name.startswith('bot.rules.catalog.')))"
    run = subprocess.run(
        [sys.executable, "-c", f"{program}\n{show}"], capture_output=True, text=True, check=True, timeout=60
    )
    return {f"{name.split('.')[-2]}/{name.split('.')[-1]}".replace("_", "-") for name in run.stdout.split()}


def test_what_a_file_tells_unrun_is_what_its_rule_says():
    told = [(listed.name, listed.class_, listed.languages) for listed in listed_rules()]
    assert told == [(rule.name, rule.class_, rule.languages) for rule in all_rules()]
    assert len(told) > 100


def test_a_rule_is_made_once():
    assert rule_named("missing-timeout/http-or-socket-call") in all_rules()
    assert set(rules_for("go")) <= set(all_rules())


def test_a_language_has_the_rules_that_name_it():
    assert rules_for("hcl") == tuple(rule for rule in all_rules() if "hcl" in rule.languages)
    assert rules_for("cobol") == ()


def test_names_alone_run_no_rule():
    program = "from bot.rules import listed_rules, rule_names_for\nlisted_rules(), rule_names_for(['go'])"
    assert not _loaded_after(program) & {listed.name for listed in listed_rules()}


def test_a_file_is_judged_without_the_rules_of_other_languages():
    program = "from bot.rules import FilePair, ScanOptions, scan_pair\n"
    program += "scan_pair(FilePair('a.tf', None, None, b'variable \"x\" {}'), ScanOptions())"
    ran = _loaded_after(program) & {listed.name for listed in listed_rules()}
    assert ran == set(rule_names_for(["hcl"]))


def test_a_rule_and_a_class_exist_and_a_slip_is_told_the_nearest():
    assert rule_or_class_exists("missing-timeout")
    assert rule_or_class_exists("missing-timeout/http-or-socket-call")
    assert not rule_or_class_exists("missing-timeouts")
    with pytest.raises(NotFound, match="missing-timeout/http-or-socket-call"):
        rule_named("missing-timeout/http-or-socket-cal")
