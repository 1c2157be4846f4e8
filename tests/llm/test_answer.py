"""Answers as they really come."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.llm import answer
from bot.llm.answer import findings_schema
from bot.llm.prompts import ReplyLimits

MOST_FINDINGS = 8
LIMITS = ReplyLimits("findings", MOST_FINDINGS, 600, 1200)


def read_answer(text):
    return answer.read_answer(text, MOST_FINDINGS)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    "wrapping",
    ["%s", "```json\n%s\n```", "Here is my answer:\n%s\nI hope it helps!", "\n\n  %s", "I use {braces} freely. %s"],
)
def test_an_answer_is_found_in_its_wrapping(finding, wrapping):
    read = read_answer(wrapping % json.dumps({"findings": [finding]}))
    assert [candidate.quote for candidate in read.candidates] == [finding["quote"]]


def test_a_bare_list_is_taken_too(finding):
    assert len(read_answer(json.dumps([finding])).candidates) == 1


@pytest.mark.parametrize("text", ["", "no", "{", "null", '{"answer": 42}', '{"findings": "none"}', "[" * 100_000])
def test_what_is_no_answer_is_said_to_be_none(text):
    assert not read_answer(text).is_readable


def test_what_nothing_hangs_on_may_be_missing(finding):
    for name in ("end_line", "confidence", "kind", "replacement"):
        del finding[name]
    (candidate,) = read_answer(json.dumps({"findings": [finding | {"severity": "HIGH", "mood": "good"}]})).candidates
    assert candidate.end_line == candidate.start_line
    assert candidate.confidence == 0.5


@pytest.mark.parametrize(
    "fault",
    [
        {"quote": None},
        {"start_line": "third"},
        {"confidence": 700},
        {"confidence": "sure"},
        {"confidence": float("nan")},
        {"path": 3},
    ],
)
def test_what_a_finding_stands_on_must_fit(finding, fault):
    read = read_answer(json.dumps({"findings": [finding | fault]}))
    assert (read.candidates, read.malformed) == ((), 1)


@pytest.mark.parametrize(("said", "meant"), [(0.8, 0.8), (1, 1.0), (8, 0.8), (80, 0.8)])
def test_confidence_of_ten_or_of_a_hundred_is_understood(finding, said, meant):
    (candidate,) = read_answer(json.dumps({"findings": [finding | {"confidence": said}]})).candidates
    assert candidate.confidence == meant


def test_more_than_anyone_asked_for_is_counted_not_kept(finding):
    read = read_answer(json.dumps({"findings": [finding] * (MOST_FINDINGS + 5)}))
    assert len(read.candidates) == MOST_FINDINGS
    assert read.malformed == 5


def test_half_characters_and_zero_bytes_are_taken_out(finding):
    text = json.dumps({"findings": [finding | {"body": "a\x00b\ud800c"}]})
    assert read_answer(text).candidates[0].body == "ab\ufffdc"


@given(JSON)
def test_no_answer_breaks_the_reader(document):
    text = json.dumps({"findings": document})
    for cut in (text, text[: len(text) // 2]):
        read = read_answer(cut)
        assert read.malformed >= 0


def test_every_object_of_the_schema_is_closed_and_complete():
    """What OpenAI's strict mode asks of a schema."""
    schema = findings_schema(LIMITS, with_lengths=False)
    item = schema["properties"]["findings"]["items"]
    for part in (schema, item):
        assert part["additionalProperties"] is False
        assert part["required"] == list(part["properties"])
    assert "maxLength" not in json.dumps(schema)
    assert "maxLength" in json.dumps(findings_schema(LIMITS, with_lengths=True))
