"""Reviewers who know everything, nothing, or cannot stop; and what a second run pays."""

import json
from pathlib import Path

import pytest

from bot.domain import Afforded
from bot.errors import ModelUnavailable
from bot.evals.formats import FORMATS, Format, render
from bot.evals.reading import cases_in
from tests.evals.readers import CASES, Reader, babbling, evaluated, knowing

ALL = cases_in(CASES)
FEW = cases_in(CASES, ["refund-retry", "refund-retry-right", "usage-day", "usage-day-right"])

pytestmark = pytest.mark.usefixtures("remembered")


@pytest.fixture
def results(tmp_path: Path) -> Path:
    return tmp_path / "results.jsonl"


@pytest.mark.parametrize("profile", ["economy", "balanced"])
def test_who_knows_every_answer_scores_all(results: Path, profile: str) -> None:
    cases = ALL if profile == "economy" else FEW
    now = evaluated(cases, Reader(knowing(cases)), results, profile).figures[0]
    flawed = len(cases) // 2
    assert (now.recall.hits, now.recall.of) == (flawed, flawed)
    assert (now.precision.hits, now.precision.of) == (flawed, flawed)
    assert (now.quiet.hits, now.quiet.of) == (flawed, flawed)
    assert now.comments.mean == 0.5
    assert now.by_model == flawed


@pytest.mark.parametrize("format_", FORMATS)
def test_tokens_and_cost_are_told_for_each_profile_and_for_each_finding_that_survived(
    results: Path, format_: Format
) -> None:
    """Two readings of four changes and one doubt of two of them: ten calls of 1,000 tokens and a cent."""
    evaluated(FEW, Reader(knowing(FEW)), results, "economy")
    report = evaluated(FEW, Reader(knowing(FEW)), results, "balanced")
    now, earlier = report.figures
    assert (now.reviewer.profile, now.tokens.input_tokens, now.cost_usd) == ("balanced", 9_000, pytest.approx(0.10))
    assert (earlier.reviewer.profile, earlier.tokens.input_tokens) == ("economy", 3_600)
    assert now.by_model == earlier.by_model == 2
    if format_ != "json":
        shown = " ".join(render(report, format_).split())
        assert "findings that survived" in shown
        assert "5,000 tokens, $0.05" in shown
        assert "2,000 tokens, $0.02" in shown


def test_who_says_nothing_finds_nothing_and_is_never_wrong(results: Path) -> None:
    now = evaluated(FEW, Reader(), results).figures[0]
    assert (now.recall.hits, now.recall.of) == (0, 2)
    assert now.precision.share is None
    assert (now.quiet.share, now.comments.events) == (1.0, 0)


def test_who_cannot_stop_is_mostly_wrong(results: Path) -> None:
    now = evaluated(FEW, Reader(babbling), results).figures[0]
    assert now.precision.of >= 8
    assert now.precision.high < 0.5
    assert now.quiet.hits == 0
    assert now.comments.mean is not None
    assert now.comments.mean >= 2


def test_what_was_reviewed_is_neither_run_nor_paid_again(results: Path) -> None:
    first, second = Reader(knowing(FEW)), Reader(knowing(FEW))
    before = evaluated(FEW, first, results)
    after = evaluated(FEW, second, results)
    assert first.asked == 4
    assert second.asked == 0
    assert (after.ran, after.kept) == (0, 4)
    assert after.figures == before.figures
    assert before.figures[0].cost_usd == pytest.approx(0.04)
    assert before.figures[0].tokens.input_tokens == 3600


def test_one_more_case_is_all_that_is_paid(results: Path) -> None:
    evaluated(FEW[:3], Reader(), results)
    model = Reader()
    report = evaluated(FEW, model, results)
    assert (model.asked, report.ran, report.kept) == (1, 1, 3)


def test_a_review_that_was_killed_half_way_pays_no_answer_twice(results: Path) -> None:
    model = Reader(knowing(FEW))
    evaluated(FEW[:1], model, results, "balanced")
    asked = model.asked
    assert asked > 1
    lines = results.read_text().splitlines()
    answers = [line for line in lines if "answer" in json.loads(line)]
    assert len(answers) == asked
    results.write_text("\n".join(answers[:-1]) + "\n" + answers[-1][:40])
    evaluated(FEW[:1], model, results, "balanced")
    assert model.asked == asked + 1, "only the answer whose line was cut is asked for again"
    assert len([line for line in results.read_text().splitlines() if line.startswith('{"review"')]) == 1


def test_asked_again_it_is_reviewed_anew_by_the_answers_there_are(results: Path) -> None:
    model = Reader(knowing(FEW))
    evaluated(FEW, model, results)
    report = evaluated(FEW, model, results, again=True)
    assert (model.asked, report.ran) == (4, 4)


def test_another_prompt_is_another_reviewer_and_the_earlier_one_stays_for_comparison(results: Path) -> None:
    evaluated(FEW, Reader(), results)
    better = Reader(knowing(FEW))
    better.versions = better.versions | {"review": "2+cccc"}
    report = evaluated(FEW, better, results)
    assert better.asked == 4
    now, earlier = report.figures
    assert (now.is_now, now.recall.hits, earlier.is_now, earlier.recall.hits) == (True, 2, False, 0)
    assert earlier.reviewer.prompts["review"] == "1+aaaa"


def test_a_prompt_that_another_profile_uses_changes_nothing(results: Path) -> None:
    evaluated(FEW[:1], Reader(), results)
    model = Reader()
    model.versions = model.versions | {"doubt": "2+dddd"}
    assert evaluated(FEW[:1], model, results).kept == 1


def test_an_answer_to_an_earlier_prompt_is_no_measurement_of_this_one(results: Path) -> None:
    model = Reader()
    model.prompt_versions = lambda: model.versions | {"review": "2+eeee"}
    report = evaluated(FEW[:1], model, results)
    assert "measures nothing" in report.judged[0].troubled
    assert not results.exists()


def test_another_profile_or_model_is_another_reviewer(results: Path) -> None:
    evaluated(FEW[:1], Reader(), results)
    evaluated(FEW[:1], Reader(name="other"), results)
    report = evaluated(FEW[:1], Reader(), results, "thorough")
    assert [(figures.reviewer.profile, figures.reviewer.model) for figures in report.figures] == [
        ("thorough", "reader"),
        ("economy", "reader"),
        ("economy", "other"),
    ]


def test_a_model_that_is_away_is_told_and_asked_again_next_time(results: Path) -> None:
    def away(code: str) -> list:
        raise ModelUnavailable("it is down")

    report = evaluated(FEW[:2], Reader(away), results)
    assert all("it is down" in judged.troubled for judged in report.judged)
    assert (report.figures[0].cases, len(report.notes)) == (0, 2)
    model = Reader()
    assert evaluated(FEW[:2], model, results).ran == 2
    assert model.asked == 2


def test_a_cap_that_lowers_the_profile_is_no_measurement_of_it(results: Path) -> None:
    model = Reader()
    model.affordable = lambda profile, tokens: Afforded(profile="economy", reason="the day's cap is near")
    report = evaluated(FEW[:1], model, results, "balanced")
    assert "the day's cap is near" in report.judged[0].troubled
    assert model.asked == 0


def test_ctrl_c_shows_what_there_is_and_keeps_it(results: Path) -> None:
    def stop_at_two(stage: str, done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    report = evaluated(FEW, Reader(), results, watch=stop_at_two)
    assert report.is_interrupted
    assert report.ran == 2
    model = Reader()
    evaluated(FEW, model, results)
    assert model.asked <= 2


def test_cases_side_by_side_come_to_the_same(results: Path, tmp_path: Path) -> None:
    one = evaluated(FEW, Reader(knowing(FEW)), results)
    many = evaluated(FEW, Reader(knowing(FEW)), tmp_path / "more.jsonl", jobs=4)
    assert many.figures[0].model_copy(update={"duration_s": 0}) == one.figures[0].model_copy(update={"duration_s": 0})


@pytest.mark.parametrize("format_", FORMATS)
def test_every_format_tells_the_figures_and_the_misses(results: Path, format_: str) -> None:
    evaluated(FEW, Reader(), results)
    better = Reader(babbling)
    better.versions = better.versions | {"review": "2+cccc"}
    shown = " ".join(render(evaluated(FEW, better, results), format_).split())
    for word in ("refund-retry", "2+cccc", "billed twice in spring"):
        assert word in shown
    if format_ == "json":
        assert json.loads(shown)["figures"][1]["recall"]["of"] == 2
    else:
        assert "0/2" in shown
        assert "could be" in shown
        assert "$0.01" in shown
        assert "1,000" in shown


def test_a_file_of_something_else_is_not_written_over(results: Path) -> None:
    from bot.errors import UsageError
    from bot.evals.results import Results

    results.write_text("shopping list\n")
    with pytest.raises(UsageError, match="no file of results"):
        Results(results)
