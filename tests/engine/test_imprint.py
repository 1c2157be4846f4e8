"""Deliveries are written just as the engine itself would write them."""

from typing import Any

import pytest
import sqlalchemy as sa
from dbos import DBOSClient

from bot.domain import Delivery, PullRequestNoted
from bot.engine import names
from bot.engine.client import intake_lane, queued_work
from bot.engine.imprint import Imprint
from tests.engine.conftest import Builds, House, a_pull_request

OWN = {"workflow_uuid", "creator_xid", "created_at", "updated_at", "priority", "retention_timestamp"}
"""What differs from row to row."""


def a_delivery(guid: str, body: str = "") -> Delivery:
    job = PullRequestNoted(
        pull_request=a_pull_request(number=7).model_copy(update={"body": body}), event="closed", at=""
    )
    return Delivery(guid=guid, event="pull_request", received_at="2026-11-22T00:00:00Z", jobs=(job,), payload=body)


def rows(house: House, table: str) -> dict[str, dict[str, Any]]:
    engine = house.client._engine
    schema = "" if engine.dialect.name == "sqlite" else "dbos."
    with engine.connect() as connection:
        found = connection.execute(sa.text(f"SELECT * FROM {schema}{table} WHERE workflow_uuid LIKE 'gh-%'")).mappings()
        return {row["workflow_uuid"]: dict(row) for row in found}


def test_a_delivery_is_written_as_the_engine_writes_it(house: Builds) -> None:
    asked = house()
    body = 'quotes " and \\ and\nlines, ünï¢ode, imprint:input'
    by_us, by_engine = a_delivery("by-us-00", body), a_delivery("by-engine", body)
    assert asked.client.submit(a_delivery("first-00"))
    assert asked.client.submit(by_us)
    asked.rows.enqueue(
        {
            "workflow_name": names.INTAKE,
            "queue_name": names.INTAKE,
            "workflow_id": names.delivery_id(by_engine.guid),
            "queue_partition_key": intake_lane(by_engine),
            "priority": 1,
        },
        by_engine.to_json() | {"guid": by_us.guid},
    )
    for table in ("workflow_status", "workflow_input"):
        found = rows(asked, table)
        ours, engines = found["gh-by-us-00"], found["gh-by-engine"]
        differing = {name for name in engines if ours[name] != engines[name]}
        assert differing <= OWN, {name: (ours[name], engines[name]) for name in differing - OWN}
    assert not [id for table in ("workflow_status", "workflow_input") for id in rows(asked, table) if "imprint" in id]


def test_a_known_delivery_takes_no_other_down_with_it(house: Builds) -> None:
    client = house().client
    assert client.submit(a_delivery("known-00"))
    works = [queued_work(a_delivery(guid)) for guid in ("new-0001", "known-00", "new-0002", "new-0001")]
    assert client._keep(works) == [True, False, True, False]
    assert client.backlog()["intake"] == 3


def test_an_engine_that_writes_otherwise_is_not_imitated(house: Builds, monkeypatch: pytest.MonkeyPatch) -> None:
    client = house().client
    monkeypatch.setattr(DBOSClient, "enqueue_in_transaction", lambda *_: None)
    with client._engine.begin() as connection, pytest.raises(LookupError, match="0 statements"):
        Imprint(client._client, connection, names.INTAKE, names.INTAKE)
