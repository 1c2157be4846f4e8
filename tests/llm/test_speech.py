"""Answers in words: what is asked for, and what is made of what comes."""

import json

import pytest

from bot.llm.prompts import ReplyLimits, load_prompt
from bot.llm.speech import Speech, read_speech, schema_for

ANSWER = ReplyLimits("answer", body_chars=40)
FIX = ReplyLimits("fix", quote_chars=60, body_chars=40)
WHOLE = {"text": "Adds it.", "path": "a.py", "start_line": 3, "end_line": 4, "replacement": "x = 1\ny = 2\n"}


@pytest.mark.parametrize(
    "text",
    ['{"text": "Yes."}', 'Sure:\n```json\n{"text": "Yes."}\n```', '{"other": 1} {"text": " Yes. ", "tool": "rm"}'],
)
def test_words_are_found_in_json_wherever_it_stands(text: str) -> None:
    assert read_speech(text, ANSWER) == Speech("Yes.")


@pytest.mark.parametrize("text", ["", "Yes.", '{"text": ""}', '{"text": 7}', '["text"]', '{"text": "Ye', "{" * 5000])
def test_what_is_no_answer_is_none(text: str) -> None:
    assert read_speech(text, ANSWER) is None


def test_a_long_answer_is_cut() -> None:
    read = read_speech(json.dumps({"text": "x" * 100}), ANSWER)
    assert read is not None
    assert len(read.text) == 40


def test_what_does_not_show_is_left_out() -> None:
    assert read_speech(json.dumps({"text": "a\u200bb\u202ec\ud800"}), ANSWER) == Speech("abc\ufffd")


def test_a_fix_has_lines_and_their_replacement() -> None:
    assert read_speech(json.dumps(WHOLE), FIX) == Speech("Adds it.", "a.py", 3, 4, "x = 1\ny = 2")


@pytest.mark.parametrize(
    "change",
    [
        {"replacement": None},
        {"replacement": "x" * 61},
        {"start_line": 0},
        {"start_line": "3"},
        {"start_line": True},
        {"start_line": 5},
        {"path": None},
    ],
)
def test_a_replacement_that_fits_no_lines_is_left_out_and_the_words_stay(change: dict[str, object]) -> None:
    assert read_speech(json.dumps(WHOLE | change), FIX) == Speech("Adds it.")


@pytest.mark.parametrize(
    ("test", "kept"),
    [
        ("\ndef test_a():\n    assert b\n", "def test_a():\n    assert b"),
        (None, None),
        ("", None),
        (7, None),
        ("x" * 61, None),
    ],
)
def test_a_test_is_a_whole_file_or_none(test: object, kept: str | None) -> None:
    limits = ReplyLimits("test", quote_chars=60, body_chars=40)
    assert read_speech(json.dumps({"text": "Check it.", "test": test}), limits) == Speech("Check it.", replacement=kept)


@pytest.mark.parametrize("name", ["ask", "describe", "explain", "fix", "prove", "review"])
@pytest.mark.parametrize("with_lengths", [True, False])
def test_a_schema_is_strict_and_has_lengths_only_where_they_are_taken(name: str, with_lengths: bool) -> None:
    schema = schema_for(load_prompt(name).reply, with_lengths)
    assert schema["additionalProperties"] is False
    assert schema["required"] == list(schema["properties"])
    assert ("maxLength" in json.dumps(schema)) is with_lengths


def test_a_schema_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="answer, fix, test and rule"):
        schema_for(ReplyLimits("poem"), with_lengths=True)
