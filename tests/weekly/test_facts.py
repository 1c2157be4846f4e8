"""The facts as a record: their schema, their words, and the drawer of metrics they come from."""

import json
from typing import get_args

import jsonschema_rs
import pytest

from bot.domain.timeline import DETAILS, PullRequestEvent, RepositoryEvent, TimelineEvent
from bot.settings import resource_text
from bot.weekly.facts import Facts
from bot.weekly.metrics import groups
from bot.weekly.saying import text_of
from bot.weekly.schema import SCHEMA_FILE, schema_text
from tests.weekly.rows import by_hand, facts

METRICS = [metric for group in groups() for metric in group.metrics]


def test_the_schema_is_that_of_the_records() -> None:
    assert resource_text(SCHEMA_FILE) == schema_text(), f"Run: python -m bot.weekly.schema > {SCHEMA_FILE}"


def test_a_week_fits_its_schema_and_comes_back_from_json() -> None:
    week = facts(by_hand())
    jsonschema_rs.validator_for(json.loads(resource_text(SCHEMA_FILE))).validate(week.to_json())
    assert Facts.from_json(json.loads(json.dumps(week.to_json()))) == week


def test_groups_are_told_in_the_order_of_their_questions() -> None:
    assert [group.name for group in groups()] == ["flow", "delivery", "value", "resilience"]


def test_each_figure_has_a_name_of_its_own_and_a_sentence_that_defines_it() -> None:
    assert len({metric.name for metric in METRICS}) == len(METRICS)
    for metric in METRICS:
        assert metric.definition.endswith("."), metric.name
        assert metric.definition[0].isupper(), metric.name
        assert metric.of, metric.name


def test_every_figure_is_told_with_its_definition_unit_n_and_number_missing() -> None:
    week = facts(by_hand())
    told = [figure for group in week.groups for figure in group.figures]
    assert [figure.name for figure in told] == [metric.name for metric in METRICS]
    for figure in told:
        assert (figure.value is None) == bool(figure.why), figure.name
        assert figure.text, figure.name
        assert figure.n >= 0, figure.name
        assert figure.missing >= 0, figure.name
        if figure.value is not None and figure.interval is not None:
            assert figure.interval[0] - 1e-4 <= figure.value <= figure.interval[1] + 1e-4, figure.name


def test_a_change_is_better_where_it_goes_the_good_way() -> None:
    pickup = facts(by_hand()).figure("pickup")
    assert pickup.is_good == "lower"
    assert [pickup.model_copy(update={"change": change}).is_better for change in ("lower", "higher")] == [True, False]
    assert pickup.model_copy(update={"change": "no clear change"}).is_better is None


def test_a_figure_that_nobody_defined_is_not_found() -> None:
    with pytest.raises(KeyError):
        facts(by_hand()).figure("commits-per-person")


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (4.25, "h", "4.2 h"), (4.0, "h", "4 h"), (152.6, "h", "153 h"), (99.96, "h", "100 h"), (0.634, "%", "63%"),
        (1.2, "US$", "US$ 1.20"), (0.0042, "US$", "US$ 0.0042"), (0.0134, "US$", "US$ 0.0134"), (0, "US$", "US$ 0.00"),
        (1234.5, "US$", "US$ 1,234.50"),
        (12345, "tokens", "12,345 tokens"), (12.5, "", "12.5"), (27, "", "27"), (0.04, "", "0"),
        (120, "lines", "120 lines"),
    ],
)  # fmt: skip
def test_values_are_told_with_their_unit(value: float, unit: str, text: str) -> None:
    assert text_of(value, unit) == text


def test_every_event_says_what_its_details_may_hold() -> None:
    assert {*get_args(PullRequestEvent), *get_args(RepositoryEvent)} == DETAILS.keys()


def test_an_event_travels_as_json() -> None:
    event = TimelineEvent(repository_id=7, number=1, event="reviewed", at="2026-10-26T08:00:00Z", actor="fay",
                          details={"state": "approved", "review_id": 9})  # fmt: skip
    assert TimelineEvent.from_json(json.loads(json.dumps(event.to_json()))) == event
