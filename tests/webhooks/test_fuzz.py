"""Whatever is sent: never a 5xx, and never a body accepted that the secret did not sign."""

import copy
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.webhooks.edge import GUID, MemoryInbox, edge_settings, signed
from tests.webhooks.payloads import comment, payload, pull_request, thread
from webhooks.app import create_app
from webhooks.events import BEHAVIOURS

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=2**63 - 2, max_value=2**64)
    | st.floats()
    | st.text()
    | st.sampled_from(["opened", "edited", "created", "a" * 40, "2026-11-20T09:30:00Z", "\ud83d"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
EVENTS = st.sampled_from([*BEHAVIOURS, "push"])
quickly = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@pytest.fixture(scope="module")
def edge(tmp_path_factory: pytest.TempPathFactory) -> tuple[FlaskClient, MemoryInbox]:
    inbox = MemoryInbox()
    return create_app(edge_settings(tmp_path_factory.mktemp("fuzz")), inbox).test_client(), inbox


@cache
def real_payloads() -> tuple[tuple[str, dict[str, Any]], ...]:
    return (
        ("pull_request", pull_request("opened")),
        ("pull_request", pull_request("closed")),
        ("pull_request", pull_request("edited", changes={"base": {"ref": {"from": "x"}, "sha": {"from": "y"}}})),
        ("check_run", payload("check_run", "rerequested", check_run={"name": "Seawall"})),
        ("check_suite", payload("check_suite", "rerequested")),
        ("merge_group", payload("merge_group", "checks_requested")),
        ("installation", payload("installation", "created")),
        ("installation_repositories", payload("installation_repositories", "added")),
        ("repository", payload("repository", "renamed")),
        ("issue_comment", comment("issue_comment", "/seawall help")),
        ("pull_request_review_comment", comment("pull_request_review_comment", "@seawall explain")),
        ("pull_request_review_comment", comment("pull_request_review_comment", "No.", in_reply_to_id=800)),
        ("pull_request_review_thread", thread("resolved")),
    )


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of a JSON value that could hold something else: container and key."""
    for key, part in list(value.items() if isinstance(value, dict) else enumerate(value)):
        yield value, key
        if isinstance(part, (dict, list)):
            yield from places(part)


@quickly
@given(body=st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()), event=EVENTS)
def test_any_signed_body_is_answered(edge: tuple[FlaskClient, MemoryInbox], body: bytes, event: str) -> None:
    answer = edge[0].post("/webhooks/github", data=body, headers=signed(body, event))
    assert answer.status_code in (202, 400)


@quickly
@given(choices=st.data(), value=JSON, goes=st.booleans())
def test_a_real_payload_with_one_thing_changed_is_answered(
    edge: tuple[FlaskClient, MemoryInbox], choices: st.DataObject, value: Any, goes: bool
) -> None:
    event, original = choices.draw(st.sampled_from(real_payloads()))
    changed = copy.deepcopy(original)
    container, key = choices.draw(st.sampled_from(list(places(changed))))
    if goes:
        del container[key]
    else:
        container[key] = value
    body = json.dumps(changed).encode()
    answer = edge[0].post("/webhooks/github", data=body, headers=signed(body, event))
    assert answer.status_code in (202, 400)
    assert answer.json is not None
    assert "\n" not in str(answer.json.get("error", ""))


@quickly
@given(
    headers=st.dictionaries(
        st.sampled_from(
            [
                "X-GitHub-Event",
                "X-GitHub-Delivery",
                "Content-Type",
                "X-Request-Id",
                "Content-Length",
                "Transfer-Encoding",
            ]
        ),
        st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=40),
    )
)
def test_any_headers_are_answered(edge: tuple[FlaskClient, MemoryInbox], headers: dict[str, str]) -> None:
    body = json.dumps(pull_request("opened")).encode()
    answer = edge[0].post("/webhooks/github", data=body, headers=signed(body) | headers)
    assert answer.status_code < 500


@quickly
@given(
    signature=st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=90)
    | st.binary(min_size=32, max_size=32).map(lambda digest: "sha256=" + digest.hex()),
    body=st.sampled_from([b"{}", json.dumps({"action": "opened"}).encode()]) | st.binary(max_size=50),
)
def test_nothing_unsigned_is_accepted(edge: tuple[FlaskClient, MemoryInbox], signature: str, body: bytes) -> None:
    client, inbox = edge
    kept = len(inbox.kept)
    headers = signed(body, "pull_request", GUID) | {"X-Hub-Signature-256": signature}
    assert client.post("/webhooks/github", data=body, headers=headers).status_code == 401
    assert len(inbox.kept) == kept
