"""Never a false green: the table of the second promise, cell by cell."""

import pytest

from bot.domain import Coverage, PolicyTexts, ReviewedFiles, Severity, SkippedFile
from bot.review.receipt import conclusion_of, coverage_of, title_of
from bot.settings import Mode, load_settings, resolve_policy
from tests.review.builders import a_finding, a_receipt

ADVISORY = load_settings({}).policy
GATE = ADVISORY.model_copy(update={"mode": Mode.GATE})
STRICT = GATE.model_copy(update={"strict": True})


@pytest.mark.parametrize(
    ("coverage", "worst", "advisory", "gate", "strict"),
    [
        (Coverage.FULL, None, "success", "success", "success"),
        (Coverage.RULES_ONLY, None, "success", "success", "success"),
        (Coverage.FULL, Severity.MEDIUM, "neutral", "neutral", "neutral"),
        (Coverage.RULES_ONLY, Severity.HIGH, "neutral", "failure", "failure"),
        (Coverage.PARTIAL, None, "neutral", "neutral", "failure"),
        (Coverage.DEGRADED, None, "neutral", "neutral", "failure"),
        (Coverage.PARTIAL, Severity.CRITICAL, "neutral", "failure", "failure"),
        (Coverage.NONE, None, "neutral", "failure", "failure"),
    ],
)
def test_the_check_concludes_by_the_table(
    coverage: Coverage, worst: Severity | None, advisory: str, gate: str, strict: str
) -> None:
    receipt, found = a_receipt(coverage=coverage), {"pay.py": worst} if worst else {}
    assert conclusion_of(receipt, found, ADVISORY) == advisory
    assert conclusion_of(receipt, found, GATE) == gate
    assert conclusion_of(receipt, found, STRICT) == strict


def files(*skipped: SkippedFile) -> ReviewedFiles:
    return ReviewedFiles(reviewed=("a.py",), skipped=skipped)


LOCK = SkippedFile(path="poetry.lock", reason="a lock file")
HUGE = SkippedFile(path="big.py", reason="larger than 1 MiB", expected=False)


def test_files_nobody_expects_to_be_read_do_not_make_it_partial() -> None:
    assert coverage_of(files(LOCK), 0, model_wanted=True, model_missing="", left_out=()) == (Coverage.FULL, "")


def test_a_file_that_should_have_been_read_makes_it_partial_and_is_named() -> None:
    coverage, reason = coverage_of(files(LOCK, HUGE), 0, model_wanted=False, model_missing="", left_out=())
    assert coverage is Coverage.PARTIAL
    assert "big.py (larger than 1 MiB)" in reason
    assert "poetry.lock" not in reason


def test_files_the_host_did_not_list_make_it_partial() -> None:
    assert coverage_of(files(), 12, model_wanted=False, model_missing="", left_out=())[0] is Coverage.PARTIAL


def test_without_a_model_it_is_rules_only_and_with_one_that_is_away_degraded() -> None:
    assert coverage_of(files(), 0, model_wanted=False, model_missing="", left_out=())[0] is Coverage.RULES_ONLY
    coverage, reason = coverage_of(files(), 0, model_wanted=True, model_missing="timed out", left_out=())
    assert coverage is Coverage.DEGRADED
    assert "timed out" in reason


def test_the_title_never_says_clean_of_what_was_not_read() -> None:
    none = a_receipt(coverage=Coverage.NONE, reason="GitHub did not answer")
    assert title_of(none, ()) == "Not reviewed: GitHub did not answer"
    degraded = a_receipt(coverage=Coverage.DEGRADED, reason="the model's part is missing: timed out")
    assert title_of(degraded, ()) == "Nothing found · degraded: the model's part is missing: timed out"


def test_the_title_counts_by_severity() -> None:
    receipt = a_receipt(files=files())
    findings = [a_finding(), a_finding(severity=Severity.LOW), a_finding(severity=Severity.LOW)]
    assert title_of(receipt, findings) == "3 findings (1 high, 2 low) in 1 file"


PATHS = resolve_policy(
    ADVISORY,
    PolicyTexts(
        repository='[[paths]]\nmatch = "services/**"\nmode = "gate"\nfail_on = "medium"\n'
        '[[paths]]\nmatch = "scripts/**"\nfail_on = "critical"\n'
    ),
).policy


@pytest.mark.parametrize(
    ("worst", "concludes"),
    [
        ({"web/a.py": Severity.CRITICAL}, "neutral"),
        ({"web/a.py": Severity.CRITICAL, "services/a.py": Severity.LOW}, "neutral"),
        ({"web/a.py": Severity.LOW, "services/a.py": Severity.MEDIUM}, "failure"),
        ({}, "success"),
    ],
)
def test_each_finding_is_judged_by_the_policy_of_its_path(worst: dict[str, Severity], concludes: str) -> None:
    assert conclusion_of(a_receipt(coverage=Coverage.FULL), worst, PATHS) == concludes


def test_a_change_that_nobody_read_may_lie_under_any_gate() -> None:
    assert conclusion_of(a_receipt(coverage=Coverage.NONE), {}, PATHS) == "failure"
