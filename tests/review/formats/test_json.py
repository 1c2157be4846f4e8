import json

import jsonschema_rs
import pytest

from bot.domain import Dropped, Review
from bot.review.formats import FORMATS
from bot.review.formats.schema import SCHEMA_FILE, schema_text
from bot.settings import resource_text
from tests.review.formats import samples
from tests.review.formats.samples import render


def test_the_committed_schema_is_the_one_the_records_give():
    told = f"Run: python -m bot.review.formats.schema > {SCHEMA_FILE}"
    assert resource_text(SCHEMA_FILE) == schema_text(), told


@pytest.mark.parametrize("number", range(len(samples.ALL)))
def test_every_output_fits_the_schema_and_reads_back_as_the_same_review(number):
    review = samples.ALL[number]
    answer = json.loads(render(review, "json"))
    jsonschema_rs.validator_for(json.loads(resource_text(SCHEMA_FILE))).validate(answer)
    assert answer == review.to_json()
    assert Review.from_json(answer) == review


def test_the_keys_people_script_against_are_there():
    answer = json.loads(render(samples.FULL, "json"))
    assert answer["receipt"].keys() >= {
        "coverage", "result", "reason", "base_sha", "head_sha", "files", "rules", "model", "prompt_versions", "tokens",
        "cost_usd", "duration_s",
    }  # fmt: skip
    assert answer["receipt"]["files"]["skipped"][0] == {
        "path": "package-lock.json",
        "reason": "lock file",
        "expected": True,
    }
    assert answer["findings"][0].keys() >= {
        "path", "start_line", "end_line", "side", "class", "kind", "rule", "severity", "confidence", "source", "title",
        "body", "evidence", "suggestion", "fingerprint",
    }  # fmt: skip
    assert answer["findings"][1]["suggestion"] is None
    assert answer["posture"] is None


def test_what_was_dropped_is_not_said():
    review = samples.CLEAN.model_copy(update={"dropped": (Dropped(reason="quote-mismatch"),)})
    assert "dropped" not in json.loads(render(review, "json"))


def test_the_schema_refuses_what_is_not_a_review():
    check = jsonschema_rs.validator_for(json.loads(resource_text(SCHEMA_FILE)))
    for break_it in (
        lambda answer: answer.pop("receipt"),
        lambda answer: answer["receipt"].update(coverage="green"),
        lambda answer: answer["findings"][0].update(start_line=0),
        lambda answer: answer["findings"][0].pop("fingerprint"),
        lambda answer: answer.update(more=1),
    ):
        answer = json.loads(render(samples.FULL, "json"))
        break_it(answer)
        assert not check.is_valid(answer)


def test_another_format_is_refused_by_name():
    with pytest.raises(ValueError, match="yaml is none of"):
        render(samples.CLEAN, "yaml")
    assert FORMATS == ("text", "markdown", "json", "sarif", "github")
