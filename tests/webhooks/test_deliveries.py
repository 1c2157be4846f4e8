"""What is answered to whom, and what reaches the engine."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from bot.domain import PullRequestNoted, RepositoryChanged, ReviewWanted
from bot.errors import EngineUnavailable
from tests.webhooks.edge import GUID, SECRET, MemoryInbox, deliver, edge_settings, signed
from tests.webhooks.payloads import comment, payload, pull_request
from webhooks.app import create_app

TOKEN = "ghp_" + "a1B2c3D4e5" * 4


def test_a_signed_delivery_is_kept_before_it_is_acknowledged(client: FlaskClient, inbox: MemoryInbox) -> None:
    answer = deliver(client, pull_request("opened"))
    assert answer.status_code == 202
    assert answer.json == {"delivery": GUID, "jobs": 2, "reason": ""}
    kept = inbox.kept[GUID]
    assert (kept.event, kept.action, kept.repository and kept.repository.id) == ("pull_request", "opened", 71)
    assert isinstance(kept.jobs[0], PullRequestNoted)
    assert isinstance(kept.jobs[1], ReviewWanted)
    assert json.loads(kept.payload)["pull_request"]["number"] == 12
    assert kept.received_at.endswith("+00:00")


def test_the_same_delivery_again_is_known_already(client: FlaskClient, inbox: MemoryInbox) -> None:
    deliver(client, pull_request("opened"))
    answer = deliver(client, pull_request("opened"))
    assert answer.status_code == 202
    assert answer.json is not None
    assert answer.json["reason"] == "known already"
    assert len(inbox.kept) == 1


def test_an_engine_that_is_away_is_a_503_that_says_when_to_come_back(client: FlaskClient, inbox: MemoryInbox) -> None:
    inbox.away = EngineUnavailable("no Postgres", retry_after_s=7)
    answer = deliver(client, pull_request("opened"))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "7")
    assert b"Postgres" not in answer.data
    inbox.away = None
    assert deliver(client, pull_request("opened")).status_code == 202


@pytest.mark.parametrize(
    "changed",
    [
        {"X-Hub-Signature-256": None},
        {"X-Hub-Signature-256": ""},
        {"X-Hub-Signature-256": "sha256="},
        {"X-Hub-Signature-256": "sha256=" + "0" * 64},
        {"X-Hub-Signature-256": "sha1=" + "0" * 40},
        {"X-Hub-Signature-256": "größer"},
    ],
)
def test_an_unsigned_body_is_refused_whatever_it_holds(
    client: FlaskClient, inbox: MemoryInbox, changed: dict[str, Any]
) -> None:
    for body in (json.dumps(pull_request("opened")).encode(), b"[", b"\xff"):
        headers = {name: value for name, value in (signed(body) | changed).items() if value is not None}
        assert client.post("/webhooks/github", data=body, headers=headers).status_code == 401
    assert not inbox.kept


def test_another_secret_or_one_changed_byte_is_refused(client: FlaskClient) -> None:
    body = json.dumps(pull_request("opened")).encode()
    forged = signed(body, secret=SECRET + " ")
    assert client.post("/webhooks/github", data=body, headers=forged).status_code == 401
    assert client.post("/webhooks/github", data=body + b" ", headers=signed(body)).status_code == 401


def test_without_a_secret_nothing_is_taken_and_the_answer_says_how_to_set_one(
    tmp_path: Path, inbox: MemoryInbox
) -> None:
    bare = create_app(edge_settings(tmp_path, github={"webhook_secret": ""}), inbox).test_client()
    body = json.dumps(pull_request("opened")).encode()
    answer = bare.post("/webhooks/github", data=body, headers=signed(body, secret=""))
    assert answer.status_code == 503
    assert b"SEAWALL_GITHUB__WEBHOOK_SECRET" in answer.data
    assert answer.data.count(b"\n") <= 1
    assert not inbox.kept


DEEP = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
LESS_DEEP = b'{"a":' * 60 + b"1" + b"}" * 60


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"7",
        b'"text"',
        b"{",
        b'{"action": NaN}',
        b'{"action": "opened", "action": "closed"}',
        b'{"action": "\xe4"}',
        b"\xff\xfe{\0}\0",
        b"\xef\xbb\xbf{}",
        b'{"number": ' + b"9" * 5000 + b"}",
        DEEP,
        LESS_DEEP,
        b"[" * 100_000,
        b"{}",
        b'{"action": 7}',
        b'{"action": "opened"}',
        b'{"action": "opened", "pull_request": {"number": 1}}',
    ],
    ids=lambda body: repr(body[:30]),
)
def test_an_odd_body_is_a_400_with_one_line(client: FlaskClient, inbox: MemoryInbox, body: bytes) -> None:
    answer = deliver(client, body)
    assert answer.status_code == 400
    assert answer.json is not None
    assert len(answer.json["error"]) < 200
    assert "\n" not in answer.json["error"]
    assert not inbox.kept


@pytest.mark.parametrize("name", ["X-GitHub-Event", "X-GitHub-Delivery"])
@pytest.mark.parametrize("value", [None, "", "a b", "../x", "x" * 200])
def test_a_missing_or_misshapen_header_is_named(client: FlaskClient, name: str, value: str | None) -> None:
    body = json.dumps(pull_request("opened")).encode()
    headers = {known: given for known, given in (signed(body) | {name: value}).items() if given is not None}
    answer = client.post("/webhooks/github", data=body, headers=headers)
    assert answer.status_code == 400
    assert name.encode() in answer.data


def test_a_form_body_says_which_content_type_to_choose(client: FlaskClient) -> None:
    answer = deliver(client, b"payload=%7B%7D", Content_Type="application/x-www-form-urlencoded")
    assert answer.status_code == 415
    assert b"application/json" in answer.data


def test_a_body_over_the_limit_is_refused(tmp_path: Path, inbox: MemoryInbox) -> None:
    small = create_app(edge_settings(tmp_path, web={"body_limit_bytes": 20_000}), inbox).test_client()
    assert deliver(small, pull_request("opened")).status_code == 202
    answer = deliver(small, pull_request("opened", body="x" * 20_000))
    assert answer.status_code == 413
    assert len(inbox.kept) == 1


@pytest.mark.parametrize("event", ["push", "gollum", "star", "workflow_run"])
def test_other_events_are_acknowledged_with_a_reason_and_not_kept(
    client: FlaskClient, inbox: MemoryInbox, event: str
) -> None:
    answer = deliver(client, {"action": "created"}, event)
    assert answer.status_code == 202
    assert answer.json == {
        "delivery": GUID,
        "jobs": 0,
        "reason": f"ignored: Seawall does nothing about {event} events",
    }
    assert not inbox.kept


def test_a_ping_is_answered(client: FlaskClient) -> None:
    assert deliver(client, payload("ping"), "ping").status_code == 202


def test_repositories_off_the_list_are_kept_with_the_reason_and_nothing_else(
    tmp_path: Path, inbox: MemoryInbox
) -> None:
    choosy = create_app(edge_settings(tmp_path, repositories=["Acme/pay*", "acme/till"]), inbox).test_client()
    answer = deliver(choosy, pull_request("opened"))
    assert answer.status_code == 202
    kept = inbox.kept[GUID]
    assert (kept.jobs, kept.repository) == ((), None)
    assert kept.ignored_because == "acme/checkout is not among the `repositories` of this service"
    renamed = pull_request("opened", repository={"name": "PayPage"})
    assert (deliver(choosy, renamed, guid="served-guid").json or {})["jobs"] == 2


def test_a_repository_renamed_off_the_list_is_still_recorded(tmp_path: Path, inbox: MemoryInbox) -> None:
    choosy = create_app(edge_settings(tmp_path, repositories=["acme/till"]), inbox).test_client()
    values = payload("repository", "renamed", repository={"id": 71, "name": "tills", "owner": {"login": "acme"}})
    deliver(choosy, values, "repository")
    assert isinstance(inbox.kept[GUID].jobs[0], RepositoryChanged)
    assert inbox.kept[GUID].repository is None


def test_an_installation_adds_only_repositories_on_the_list(tmp_path: Path, inbox: MemoryInbox) -> None:
    choosy = create_app(edge_settings(tmp_path, repositories=["acme/till"]), inbox).test_client()
    listed = [
        {"id": number, "node_id": "x", "name": name, "full_name": f"acme/{name}", "private": True}
        for number, name in ((71, "checkout"), (72, "till"))
    ]
    deliver(choosy, payload("installation", "created", repositories=listed), "installation")
    (job,) = inbox.kept[GUID].jobs
    assert job.kind == "installation"
    assert [repository.name for repository in job.added] == ["till"]


def test_while_paused_the_record_goes_on_and_nothing_is_reviewed(tmp_path: Path, inbox: MemoryInbox) -> None:
    paused = create_app(edge_settings(tmp_path, paused=True), inbox).test_client()
    answer = deliver(paused, pull_request("opened"))
    assert answer.status_code == 202
    assert "paused" in (answer.json or {})["reason"]
    assert [job.kind for job in inbox.kept[GUID].jobs] == ["noted"]
    answer = deliver(paused, comment("issue_comment", "Looks good"), "issue_comment", guid="a" * 36)
    assert (answer.json or {})["reason"] == ""
    assert [job.kind for job in inbox.kept["a" * 36].jobs] == ["timeline"]


@pytest.mark.parametrize(
    ("event", "values"),
    [
        ("issue_comment", comment("issue_comment", "In confidence")),
        ("pull_request_review", payload("pull_request_review", "submitted", review={"body": "In confidence"})),
    ],
)
def test_of_a_mere_moment_no_word_is_kept(
    client: FlaskClient, inbox: MemoryInbox, event: str, values: dict[str, Any]
) -> None:
    assert deliver(client, values, event).status_code == 202
    kept = inbox.kept[GUID]
    assert [job.kind for job in kept.jobs] == ["timeline"]
    assert "In confidence" in json.dumps(values)
    assert "In confidence" not in kept.model_dump_json()


def test_no_secret_of_a_payload_reaches_the_engine(client: FlaskClient, inbox: MemoryInbox) -> None:
    hidden = f'use {TOKEN} and password="hunter2hunter2"'
    deliver(client, pull_request("opened", title=f"t {TOKEN}", body=hidden, head={"ref": TOKEN}))
    kept = inbox.kept[GUID].model_dump_json()
    assert TOKEN not in kept
    assert "hunter2hunter2" not in kept
    assert "[secret masked]" in kept


def test_text_that_no_database_keeps_is_made_harmless(client: FlaskClient, inbox: MemoryInbox) -> None:
    answer = deliver(client, pull_request("opened", title="half \ud83d a smile\0", labels=[]))
    assert answer.status_code == 202
    job = inbox.kept[GUID].jobs[0]
    assert job.kind == "noted"
    assert job.pull_request.title == "half ? a smile"
    inbox.kept[GUID].model_dump_json().encode()


def test_a_large_payload_is_kept_in_part(client: FlaskClient, inbox: MemoryInbox) -> None:
    deliver(client, pull_request("opened", body="word " * 40_000))
    assert len(inbox.kept[GUID].payload.encode()) <= 65_536
    assert json.loads(inbox.kept[GUID].payload)["pull_request"]["number"] == 12
    assert len(inbox.kept[GUID].model_dump_json()) < 120_000
    crowd = pull_request("opened")
    crowd["crowd"] = [{"login": f"user-{number}"} for number in range(9000)]
    deliver(client, crowd, guid="crowded-guid")
    assert json.loads(inbox.kept["crowded-guid"].payload)["action"] == "opened"
    assert len(inbox.kept["crowded-guid"].payload) <= 65_536


def test_the_text_is_kept_as_received_where_it_holds_no_secret(client: FlaskClient, inbox: MemoryInbox) -> None:
    body = json.dumps(pull_request("opened", title="Größe\n"), indent=1, ensure_ascii=False).encode()
    deliver(client, body)
    assert inbox.kept[GUID].payload.encode() == body


@pytest.mark.parametrize(
    "hidden",
    [
        "\\u0067hp_" + TOKEN[4:],
        "postgres:\\/\\/u:hunter2hunter2@db",
        'password = \\"hunter2hunter2\\"',
        "-----BEGIN RSA " + "PRIVATE KEY-----\\nhunter2hunter2",
    ],
)
def test_a_secret_behind_an_escape_is_found(client: FlaskClient, inbox: MemoryInbox, hidden: str) -> None:
    body = json.dumps(pull_request("opened", title="TITLE")).replace("TITLE", f"see {hidden}").encode()
    assert deliver(client, body).status_code == 202
    kept = inbox.kept[GUID].model_dump_json()
    assert "hunter2" not in kept
    assert TOKEN[4:] not in kept
    assert "[secret masked]" in kept


@pytest.mark.parametrize("large", [False, True])
def test_depth_beside_the_fields_that_are_read_harms_nothing(client: FlaskClient, large: bool) -> None:
    whole = json.dumps(pull_request("opened", body="x" * 90_000 if large else "x"))
    for depth in (30, 60, 500, 5_000, 100_000):
        for opens, closes in (("[", "]"), ('{"a":', "}")):
            body = f'{{"junk": {opens * depth}1{closes * depth}, {whole[1:]}'.encode()
            assert deliver(client, body, guid=f"{depth:08}").status_code in (202, 400)
            escaped = body.replace(b"Retry payments", b"Retry \\u0070ayments")
            assert deliver(client, escaped, guid=f"{depth:08}").status_code in (202, 400)
