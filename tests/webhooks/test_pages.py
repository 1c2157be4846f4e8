"""What the other addresses answer, and what every answer carries."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from bot.domain.workers import LimitSeen, WorkerSeen
from bot.errors import EngineUnavailable
from tests.webhooks.edge import MemoryInbox, deliver, edge_settings
from tests.webhooks.payloads import pull_request
from webhooks.app import create_app
from webhooks.inbox import EngineInbox


def test_it_is_alive_even_when_the_engine_is_not(client: FlaskClient, inbox: MemoryInbox) -> None:
    inbox.away = EngineUnavailable("gone")
    assert client.get("/healthz").json == {"status": "alive"}


def test_it_is_ready_when_every_part_is(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {"status": "ready", "engine": "ok", "backlog": "ok", "ledger": "ok", "webhook_secret": "ok"}


def test_it_is_not_ready_while_the_engine_is_away(client: FlaskClient, inbox: MemoryInbox) -> None:
    inbox.away = EngineUnavailable("the file is locked")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["engine"] == "does not answer: the file is locked"


def test_it_is_not_ready_with_too_much_waiting(tmp_path: Path, inbox: MemoryInbox) -> None:
    client = create_app(edge_settings(tmp_path, web={"backlog_limit": 10}), inbox).test_client()
    inbox.waiting = {"intake": 6, "review": 4}
    assert client.get("/readyz").status_code == 200
    inbox.waiting = {"intake": 6, "review": 5}
    assert client.get("/readyz").status_code == 503


def test_it_is_not_ready_without_a_place_for_the_ledger_or_a_secret(tmp_path: Path, inbox: MemoryInbox) -> None:
    nowhere = create_app(edge_settings(tmp_path / "none"), inbox).test_client().get("/readyz")
    assert nowhere.status_code == 503
    assert "start the worker" in (nowhere.json or {})["ledger"]
    bare = create_app(edge_settings(tmp_path, github={"webhook_secret": ""}), inbox).test_client().get("/readyz")
    assert (bare.status_code, (bare.json or {})["webhook_secret"]) == (503, "not set")


def test_the_ledger_is_not_asked_for_where_another_host_owns_it(tmp_path: Path, inbox: MemoryInbox) -> None:
    settings = edge_settings(tmp_path / "none", ledger={"access": "queue"})
    client = create_app(settings, inbox).test_client()
    assert client.get("/readyz").status_code == 200
    inbox.ledger_has_owner = False
    away = client.get("/readyz")
    assert away.status_code == 200, "what is delivered waits for the owner; turned away, it would be lost"
    assert "reviews wait" in (away.json or {})["ledger"]


def test_metrics_count_deliveries_without_letting_a_sender_choose_labels(
    client: FlaskClient, inbox: MemoryInbox
) -> None:
    def counted(event: str, answer: str) -> float:
        text = client.get("/metrics").get_data(as_text=True)
        found = re.search(rf'seawall_deliveries_total{{answer="{answer}",event="{event}"}} (\S+)', text)
        return float(found[1]) if found else 0

    before = counted("pull_request", "accepted"), counted("other", "ignored"), counted("pull_request", "known")
    deliver(client, pull_request("opened"))
    deliver(client, pull_request("opened"))
    deliver(client, {}, "made_up_event")
    after = counted("pull_request", "accepted"), counted("other", "ignored"), counted("pull_request", "known")
    assert [late - early for late, early in zip(after, before, strict=True)] == [1, 1, 1]
    inbox.waiting = {"review": 3}
    text = client.get("/metrics").get_data(as_text=True)
    assert 'seawall_backlog{queue="review"} 3.0' in text
    assert "seawall_acknowledgement_seconds_bucket" in text
    assert "made_up_event" not in text


def test_metrics_tell_of_the_hours_that_github_grants_until_they_end(client: FlaskClient, inbox: MemoryInbox) -> None:
    granted = LimitSeen(
        installation="7", resource="core", limit=5000, remaining=4321, resets_at="2999-01-01T00:00:00+00:00"
    )
    over = LimitSeen(installation="8", resource="core", limit=5000, remaining=1, resets_at="2026-01-01T00:00:00+00:00")
    inbox.heard_of = [WorkerSeen(name="host-1", silent_s=1, limits=(granted, over))]
    text = client.get("/metrics").get_data(as_text=True)
    assert 'seawall_github_remaining{installation="7",resource="core"} 4321.0' in text
    assert 'seawall_github_limit{installation="7",resource="core"} 5000.0' in text
    assert 'seawall_github_reset_timestamp_seconds{installation="7",resource="core"} 3.2472144e+10' in text
    assert 'installation="8"' not in text


def test_metrics_stay_when_the_engine_is_away(client: FlaskClient, inbox: MemoryInbox) -> None:
    inbox.away = EngineUnavailable("gone")
    assert client.get("/metrics").status_code == 200


@pytest.mark.parametrize("path", ["/", "/healthz", "/readyz", "/metrics", "/nowhere", "/webhooks/github"])
def test_every_answer_is_guarded_and_carries_an_id(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"X-Request-Id": "abc-123"})
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Request-Id"] == "abc-123"
    odd = client.get(path, headers={"X-Request-Id": "<script>"})
    assert re.fullmatch("[0-9a-f]{32}", odd.headers["X-Request-Id"])


def test_the_front_page_says_where_the_webhook_is(client: FlaskClient) -> None:
    page = client.get("/", base_url="https://seawall.test").get_data(as_text=True)
    assert "https://seawall.test/webhooks/github" in page
    assert "<script" not in client.get("/", headers={"Host": "a<script>b"}).get_data(as_text=True)


def test_a_get_on_the_webhook_says_what_is_allowed(client: FlaskClient) -> None:
    answer = client.get("/webhooks/github")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_a_fault_of_ours_shows_an_id_and_no_trace(tmp_path: Path) -> None:
    class Broken(MemoryInbox):
        def submit(self, delivery: object) -> bool:
            raise RuntimeError("a path /srv/private and more")

    answer = deliver(create_app(edge_settings(tmp_path), Broken()).test_client(), pull_request("opened"))
    assert answer.status_code == 500
    assert b"private" not in answer.data
    assert b"Traceback" not in answer.data
    assert answer.headers["X-Request-Id"].encode() in answer.data


def test_the_engine_is_tried_again_when_it_was_away_at_the_start() -> None:
    tries = []

    def make() -> MemoryInbox:
        tries.append(1)
        if len(tries) == 1:
            raise EngineUnavailable("not yet")
        return MemoryInbox()

    inbox = EngineInbox(make)
    inbox.warm_up()
    assert inbox.alive()
    assert inbox.alive()
    assert len(tries) == 2
