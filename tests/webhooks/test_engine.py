"""The edge and the real engine's door: what is acknowledged is on disk, and only once."""

import sqlite3
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from bot.engine.client import prepare
from bot.settings import Settings
from tests.webhooks.edge import GUID, deliver, edge_settings
from tests.webhooks.payloads import pull_request
from webhooks.app import create_app


@pytest.fixture
def served(tmp_path: Path) -> Settings:
    return edge_settings(tmp_path)


@pytest.fixture
def client(served: Settings) -> FlaskClient:
    prepare(served)
    return create_app(served).test_client()


def test_an_acknowledged_delivery_lies_in_the_engines_file_once(client: FlaskClient, served: Settings) -> None:
    first, second = deliver(client, pull_request("opened")), deliver(client, pull_request("opened"))
    assert ((first.json or {})["reason"], (second.json or {})["reason"]) == ("", "known already")
    with sqlite3.connect(served.data_dir / "engine.sqlite") as engine:
        named = engine.execute("SELECT count(*) FROM workflow_status WHERE workflow_uuid LIKE ?", [f"%{GUID}"])
        assert named.fetchone() == (1,)
        assert "retry-payments" in "".join(engine.iterdump())


def test_it_is_ready_and_counts_what_waits(client: FlaskClient) -> None:
    deliver(client, pull_request("opened"))
    ready = client.get("/readyz")
    assert (ready.status_code, (ready.json or {})["engine"]) == (200, "ok")
    assert 'seawall_backlog{queue="intake"} 1.0' in client.get("/metrics").get_data(as_text=True)


def test_a_locked_engine_is_a_503_within_githubs_patience(client: FlaskClient, served: Settings) -> None:
    deliver(client, pull_request("opened"), guid="before-the-lock")
    with sqlite3.connect(served.data_dir / "engine.sqlite", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = deliver(client, pull_request("opened"))
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
        other.execute("ROLLBACK")
    assert (deliver(client, pull_request("opened")).json or {})["reason"] == ""


def test_an_engine_that_cannot_be_reached_is_a_503(tmp_path: Path) -> None:
    settings = edge_settings(tmp_path, engine={"url": "postgresql://seawall@127.0.0.1:9/none"})
    client = create_app(settings).test_client()
    assert deliver(client, pull_request("opened")).status_code == 503
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200
