"""Answers in words: the schema they must fit, and what is made of what really comes.

`answer` is `{text}`; `fix` is `{text, path, start_line, end_line, replacement}`: words, and lines in place of others;
`test` is `{text, test}`: words, and a whole file; `rule` is `{text, looks_by, looks_for, …}`: words, and a rule.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from bot.domain import DraftedRule
from bot.llm.answer import DECODER, MOST_CHARS, findings_schema, plain
from bot.llm.doubting import doubts_schema
from bot.llm.drafted import read_rule, rule_schema
from bot.llm.prompts import ReplyLimits

_MOST_STARTS = 50


@dataclass(frozen=True)
class Speech:
    text: str
    path: str = ""
    start_line: int | None = None
    end_line: int | None = None
    replacement: str | None = None
    """None where the model offers none, or what it offers fits no lines."""
    rule: DraftedRule | None = None


def schema_for(limits: ReplyLimits, with_lengths: bool) -> dict[str, Any]:
    """The JSON schema that a prompt's reply must fit. Raises ValueError for a schema nobody knows."""
    if limits.schema == "findings":
        return findings_schema(limits, with_lengths)
    if limits.schema == "doubts":
        return doubts_schema(limits, with_lengths)
    if limits.schema == "rule":
        return rule_schema(limits, with_lengths)
    if limits.schema not in ("answer", "fix", "test"):
        raise ValueError(
            f"there is no reply schema named {limits.schema!r}; there are findings, doubts, answer, fix, test and rule"
        )

    def text(at_most: int) -> dict[str, Any]:
        return {"type": "string", "maxLength": at_most} if with_lengths else {"type": "string"}

    properties: dict[str, Any] = {"text": text(limits.body_chars) | {"description": "Markdown, for people"}}
    if limits.schema == "fix":
        line = {"type": ["integer", "null"], "description": "Number shown beside that line"}
        properties |= {
            "path": text(400) | {"description": "Of the file to change; empty where nothing is to be replaced"},
            "start_line": line,
            "end_line": line,
            "replacement": {**text(limits.quote_chars), "type": ["string", "null"]},
        }
    if limits.schema == "test":
        whole = {**text(limits.quote_chars), "type": ["string", "null"]}
        properties["test"] = whole | {"description": "The whole file; null where no such test can be written"}
    return {
        "title": limits.schema,
        "description": "The answer, and where it changes code, the lines that take their place",
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def read_speech(text: str, limits: ReplyLimits) -> Speech | None:
    """The answer in JSON, in JSON inside prose, or in a code fence; None where there is none.

    A replacement without its lines, or longer than the prompt allows, is left out; the words stay.
    """
    for document in _documents(text[:MOST_CHARS]):
        said = plain(document.get("text"))
        if isinstance(said, str) and said.strip():
            speech = Speech(_shortened(said.strip(), limits.body_chars))
            if limits.schema == "rule":
                return replace(speech, rule=read_rule(document, limits))
            if limits.schema == "test":
                return _with_test(speech, document, limits)
            return _with_replacement(speech, document, limits) if limits.schema == "fix" else speech
    return None


def _with_replacement(speech: Speech, document: dict[str, Any], limits: ReplyLimits) -> Speech:
    path, replacement = document.get("path"), document.get("replacement")
    start = _line(document.get("start_line"))
    end = _line(document.get("end_line")) or start
    if not isinstance(path, str) or not isinstance(replacement, str) or len(replacement) > limits.quote_chars:
        return speech
    if start is None or end is None or start > end:
        return speech
    return Speech(speech.text, plain(path).strip(), start, end, plain(replacement).rstrip("\n"))


def _with_test(speech: Speech, document: dict[str, Any], limits: ReplyLimits) -> Speech:
    test = document.get("test")
    if not isinstance(test, str) or not test.strip() or len(test) > limits.quote_chars:
        return speech
    return Speech(speech.text, replacement=plain(test).strip("\n"))


def _documents(text: str) -> Iterator[dict[str, Any]]:
    at = -1
    for _ in range(_MOST_STARTS):
        if (at := text.find("{", at + 1)) < 0:
            return
        try:
            document, _end = DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            continue
        if isinstance(document, dict):
            yield document


def _line(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 1 else None


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 2] + " …"
