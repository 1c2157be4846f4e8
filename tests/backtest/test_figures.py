"""The figures behind the report."""

from bot.backtest import figures
from bot.domain import Severity
from tests.backtest.made_up import report, said


def test_classes_and_rules_are_counted_with_the_most_frequent_first() -> None:
    classes = report().classes
    assert [(count.class_, count.findings, count.fixed) for count in classes][:2] == [
        ("missing-timeout", 3, 1),
        ("broad-catch", 1, 0),
    ]
    (rule,) = classes[0].rules
    assert (rule.rule, rule.severity, rule.commits) == ("missing-timeout/http-or-socket-call", "high", 3)


def test_other_rules_and_other_files_tell_more_than_more_of_the_same() -> None:
    same = [said(number, "missing-timeout/http-or-socket-call", Severity.CRITICAL) for number in range(1, 9)]
    mild = [said(20, "broad-catch/bare-or-base-except", Severity.LOW)]
    chosen = figures.telling([*same, *mild], most=3)
    assert [one.finding.path for one in chosen] == ["shop/pay_1.py", "shop/pay_2.py", "shop/pay_20.py"]


def test_the_headline_says_how_often_and_how_quiet() -> None:
    assert figures.headline(report()) == (
        "6 comments over the last 20 merges: 0.30 a pull request, and 75% of them without any."
    )
    assert figures.headline(report(commits=())) == "Nothing was read."


def test_findings_of_one_cause_in_a_file_are_one_comment() -> None:
    one = said(5, "resource-leak/never-closed", Severity.HIGH)
    heard = [one, one.model_copy(update={"finding": one.finding.model_copy(update={"start_line": 30})}), *report().said]
    told = report(said=heard, classes=figures.classes_of(heard))
    assert figures.comments(told) == {f"{number:040x}": 2 if number == 5 else 1 for number in range(1, 6)}
    assert figures.headline(told).startswith("6 comments over the last 20 merges: 0.30 a pull request")
    assert 30 not in [one.finding.start_line for one in figures.telling(heard)], "the comment begins with the other"


def test_a_share_that_is_not_all_is_never_shown_as_all() -> None:
    assert [figures.percent(share) for share in (0, 0.0001, 0.5, 0.9999, 1)] == ["0%", "1%", "50%", "99%", "100%"]


def test_times_are_told_in_the_unit_that_fits() -> None:
    told = [figures.lasted(days) for days in (0, 0.02, 0.1, 1.4, 12.2)]
    assert told == ["1 minute", "29 minutes", "2 hours", "34 hours", "12 days"]


def test_the_span_names_the_year_once_where_it_is_one() -> None:
    commits = report().commits
    assert figures.span(commits) == "1 March to 20 March 2026"
    older = commits[0].model_copy(update={"committed_at": "2024-12-31T00:00:00+00:00"})
    assert figures.span([*commits, older]) == "31 December 2024 to 20 March 2026"


def test_commits_are_spread_over_how_many_comments_they_would_have_had() -> None:
    assert [number for _, number in figures.spread(report())] == [15, 4, 1, 0, 0]
