"""Payloads as GitHub sends them: built from its own description, so that each one fits it, with our values put in."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

_DESCRIPTION = Path(__file__).parent.parent / "contract" / "github-webhooks.json"
_FORMATS = {"uri": "https://github.test/x", "date-time": "2026-11-20T09:30:00Z", "email": "mona@github.test"}
_PATTERNS = {"^[0-9a-f]{40}$": "a" * 40}


@cache
def description() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_DESCRIPTION.read_text())
    return found


@cache
def judge(event: str) -> Any:
    """Says whether a payload of this event is one GitHub could send."""
    schema = {
        "$schema": description()["$schema"],
        "definitions": description()["definitions"],
        **description()["events"][event],
    }
    return jsonschema_rs.Draft7Validator(schema)


def payload(event: str, action: str | None = None, **ours: Any) -> dict[str, Any]:
    """The smallest whole payload of this event and action, with `ours` laid over it, checked."""
    built: dict[str, Any] = _least(_of_action(event, action))
    _lay_over(built, ours)
    faults = [fault.message for fault in judge(event).iter_errors(built)]
    assert not faults, faults
    return built


def pull_request(action: str, **ours: Any) -> dict[str, Any]:
    """A pull_request event of acme/checkout#12; `ours` are fields of the pull request."""
    around = {name: ours.pop(name) for name in ("changes", "repository", "sender", "installation") if name in ours}
    values = {
        "number": 12,
        "title": "Retry payments",
        "state": "open",
        "draft": False,
        "base": {"ref": "main", "sha": "b" * 40},
        "head": {"ref": "retry-payments", "sha": "a" * 40},
        "user": {"login": "mona", "type": "User"},
    }
    if action == "closed":
        values |= {"state": "closed", "merged": False, "closed_at": _FORMATS["date-time"]}
    if action == "converted_to_draft":
        values["draft"] = True
    _lay_over(values, ours)
    repository = {"id": 71, "name": "checkout", "full_name": "acme/checkout", "owner": {"login": "acme"}}
    changes = {} if action != "synchronize" else {"before": "c" * 40, "after": "a" * 40}
    values = {
        "repository": repository,
        "installation": {"id": 5, "node_id": "x"},
        "number": 12,
        "pull_request": values,
    } | changes
    _lay_over(values, around)
    return payload("pull_request", action, **values)


def comment(event: str, body: str, action: str = "created", **ours: Any) -> dict[str, Any]:
    """A comment by mona on acme/checkout#12; `ours` are fields of the comment."""
    values: dict[str, Any] = {"id": 900, "body": body, "user": {"login": "mona", "type": "User"}}
    _lay_over(values, ours)
    repository = {"id": 71, "name": "checkout", "full_name": "acme/checkout", "owner": {"login": "acme"}}
    about: dict[str, Any] = {"issue": {"number": 12, "pull_request": {"url": _FORMATS["uri"]}}}
    if event == "pull_request_review_comment":
        about = {"pull_request": {"number": 12}}
    return payload(
        event, action, comment=values, repository=repository, installation={"id": 5, "node_id": "x"}, **about
    )


def thread(action: str) -> dict[str, Any]:
    """Mona does something to a thread of two comments on acme/checkout#12."""
    first = comment("pull_request_review_comment", "Slow")["comment"]
    values: dict[str, Any] = {"comments": [first | {"id": 800}, first]}
    sender, repository = {"login": "mona", "type": "User"}, {"id": 71, "name": "checkout", "owner": {"login": "acme"}}
    return payload(
        "pull_request_review_thread",
        action,
        thread=values,
        sender=sender,
        repository=repository,
        pull_request={"number": 12},
    )


def _of_action(event: str, action: str | None) -> dict[str, Any]:
    schema = _resolved(description()["events"][event])
    if action is None or "oneOf" not in schema:
        return schema
    for choice in map(_resolved, schema["oneOf"]):
        if action in choice.get("properties", {}).get("action", {}).get("enum", ()):
            return choice
    raise LookupError(f"GitHub sends no {event}.{action}")


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = description()["definitions"][schema["$ref"].removeprefix("#/definitions/")]
    return schema


def _least(schema: dict[str, Any]) -> Any:
    """The least value that fits the schema."""
    schema = _resolved(schema)
    for choice in ("oneOf", "anyOf"):
        if choice in schema:
            return _least(schema[choice][0])
    if "allOf" in schema:
        whole: dict[str, Any] = {}
        for part in schema["allOf"]:
            _lay_over(whole, _least(part))
        return whole
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    kinds = schema.get("type", "object")
    kind = kinds if isinstance(kinds, str) else kinds[0]
    if kind == "object":
        return {name: _least(schema["properties"][name]) for name in schema.get("required", ())}
    if kind == "array":
        item = schema.get("items", {})
        return [_least(item)] * schema.get("minItems", 0) if isinstance(item, dict) else [_least(part) for part in item]
    if kind == "string":
        return _PATTERNS.get(schema.get("pattern", "")) or _FORMATS.get(schema.get("format", ""), "x")
    return {"integer": 1, "number": 1, "boolean": False, "null": None}[kind]


def _lay_over(values: dict[str, Any], ours: dict[str, Any]) -> None:
    for name, value in ours.items():
        if isinstance(value, dict) and isinstance(values.get(name), dict):
            _lay_over(values[name], value)
        elif value != "x" or not isinstance(values.get(name), str):  # a text of no form says less than one of some
            values[name] = value
