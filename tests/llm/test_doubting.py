"""What a model says of the claims it was to refute, read item by item."""

import json

from bot.domain import Severity
from bot.llm.doubting import doubts_schema, read_doubts
from bot.llm.prompts import load_prompt

DOUBT = {
    "number": 1, "why_not": "", "failure": "The bank never answers.", "path": "a.py", "quote": "get(url)",
    "stands": True, "severity": "HIGH", "confidence": 90,
}  # fmt: skip


def test_an_answer_is_read_leniently_where_nothing_hangs_on_it():
    found = read_doubts("Sure: " + json.dumps({"doubts": [DOUBT | {"more": 1}]}), 5)
    (doubt,) = found.doubts
    assert (doubt.severity, doubt.confidence, found.malformed) == (Severity.HIGH, 0.9, 0)


def test_what_does_not_fit_takes_nothing_with_it():
    found = read_doubts(json.dumps({"doubts": [DOUBT, DOUBT | {"number": 0}, "no", DOUBT | {"number": 2}]}), 5)
    assert [doubt.number for doubt in found.doubts] == [1, 2]
    assert found.malformed == 2


def test_of_two_on_one_claim_the_first_counts():
    found = read_doubts(json.dumps({"doubts": [DOUBT | {"stands": False}, DOUBT]}), 5)
    assert [doubt.stands for doubt in found.doubts] == [False]


def test_a_torn_answer_gives_what_is_whole():
    text = json.dumps({"doubts": [DOUBT, DOUBT | {"number": 2}]})
    found = read_doubts(text[:-30], 5)
    assert [doubt.number for doubt in found.doubts] == [1]
    assert found.malformed == 1


def test_no_answer_is_none():
    assert read_doubts("I would rather not.", 5) is None
    assert read_doubts('{"text": "yes"}', 5) is None


def test_the_schema_asks_for_what_refutes_before_what_proves():
    properties = doubts_schema(load_prompt("doubt").reply, with_lengths=True)["properties"]["doubts"]["items"][
        "properties"
    ]
    assert [*properties].index("why_not") < [*properties].index("failure") < [*properties].index("stands")
    assert set(properties) == set(DOUBT)
