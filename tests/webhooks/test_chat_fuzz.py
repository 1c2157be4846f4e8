"""Whatever a chat system sends: never a 5xx, and nothing kept that its secret did not sign."""

import copy
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.transports.signing import (
    event,
    press,
    signed_command,
    signed_headers,
    slack_headers,
    slash_command,
    teams_headers,
    teams_message,
)  # fmt: skip
from tests.webhooks.chat import FORM, chat_client
from tests.webhooks.edge import MemoryInbox
from tests.webhooks.test_fuzz import JSON, places

Edge = tuple[FlaskClient, MemoryInbox]
SIGNED_BY: dict[str, Callable[[bytes], dict[str, str]]] = {
    "slack/commands": slack_headers,
    "slack/events": slack_headers,
    "slack/actions": slack_headers,
    "teams": teams_headers,
    "signed": signed_headers,
}
GOOD: dict[str, bytes] = {"slack/events": event(), "teams": teams_message(), "signed": signed_command()}
PATHS = st.sampled_from(sorted(SIGNED_BY))
quickly = settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
ANSWERED = {200, 400, 401, 413}
"""401: a timestamp inside the signed body may be changed to an old one."""


@pytest.fixture(scope="module")
def edge(tmp_path_factory: pytest.TempPathFactory) -> Edge:
    inbox = MemoryInbox()
    return chat_client(tmp_path_factory.mktemp("fuzz"), inbox), inbox


def send(edge: Edge, path: str, body: bytes) -> int:
    kind = FORM if path in ("slack/commands", "slack/actions") else {"Content-Type": "application/json"}
    return edge[0].post(f"/chat/{path}", data=body, headers=kind | SIGNED_BY[path](body)).status_code


@quickly
@given(path=PATHS, body=st.binary(max_size=300) | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_signed_body_is_answered(edge: Edge, path: str, body: bytes) -> None:
    if path.startswith("slack"):
        body = body.decode("utf-8", "replace").encode()
    assert send(edge, path, body) in ANSWERED


@quickly
@given(body=st.binary(min_size=1, max_size=50))
def test_bytes_that_are_no_text_are_never_heard(edge: Edge, body: bytes) -> None:
    kept = len(edge[1].commands)
    assert send(edge, "slack/commands", b"text=" + body) in ANSWERED
    assert len(edge[1].commands) == kept


@quickly
@given(path=st.sampled_from(sorted(GOOD)), choices=st.data(), value=JSON, goes=st.booleans())
def test_a_real_request_with_one_thing_changed_is_answered(
    edge: Edge, path: str, choices: st.DataObject, value: Any, goes: bool
) -> None:
    assert send(edge, path, changed(GOOD[path], choices, value, goes)) in ANSWERED


@quickly
@given(choices=st.data(), value=JSON, goes=st.booleans())
def test_a_pressed_button_with_one_thing_changed_is_answered(
    edge: Edge, choices: st.DataObject, value: Any, goes: bool
) -> None:
    payload = dict(parse_qsl(press().decode()))["payload"].encode()
    body = urlencode({"payload": changed(payload, choices, value, goes).decode()}).encode()
    assert send(edge, "slack/actions", body) in ANSWERED


@quickly
@given(name=st.sampled_from(["team_id", "user_id", "text", "response_url", "trigger_id", "payload"]), value=st.text())
def test_a_slash_command_with_any_field_is_answered(edge: Edge, name: str, value: str) -> None:
    body = slash_command(**{name: value.encode("utf-8", "replace").decode()})
    assert send(edge, "slack/commands", body) in ANSWERED


@quickly
@given(path=PATHS, forged=st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=80))
def test_nothing_unsigned_is_kept(edge: Edge, path: str, forged: str) -> None:
    client, inbox = edge
    kept = len(inbox.commands)
    body = {"slack/commands": slash_command(), "slack/actions": press()}.get(path) or GOOD[path]
    true = SIGNED_BY[path](body)
    headers = {name: forged if "ignature" in name or name == "Authorization" else value for name, value in true.items()}
    assert client.post(f"/chat/{path}", data=body, headers=headers).status_code == 401
    assert len(inbox.commands) == kept


def changed(body: bytes, choices: st.DataObject, value: Any, goes: bool) -> bytes:
    values = copy.deepcopy(json.loads(body))
    container, key = choices.draw(st.sampled_from(list(places(values))))
    if goes:
        del container[key]
    else:
        container[key] = value
    return json.dumps(values).encode()
