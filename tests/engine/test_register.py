"""The cheap questions get the answers that the engine's own listing gives."""

import pytest
import sqlalchemy as sa

from bot.engine import register
from tests.engine.conftest import Builds, House


@pytest.fixture
def asked(house: Builds, monkeypatch: pytest.MonkeyPatch) -> House:
    """A house with work in several states, asked through the connection that a worker would have."""
    built = house()
    monkeypatch.setattr(register, "_engine", lambda: built.client._engine)
    for work_id in ("review:1#2@a..b~0.1", "review:1#2@a..c~0.1", "review:1#20@a..b~0.1", "review:1#2@%_~0.1", "other"):
        built.rows.enqueue({"workflow_name": "review", "queue_name": "maintenance", "workflow_id": work_id}, {})
    built.rows.cancel_workflow("review:1#2@a..c~0.1")
    return built


@pytest.mark.parametrize(
    "prefix", ["review:1#2@", "review:1#2", "review:1#2@%", "review:1#2@a..b~", "REVIEW:", "nothing"]
)
@pytest.mark.parametrize("statuses", [["ENQUEUED"], ["ENQUEUED", "CANCELLED"], ["PENDING"]])
def test_work_is_found_by_how_its_id_begins(asked: House, prefix: str, statuses: list[str]) -> None:
    every = asked.rows.list_workflows()
    wanted = {(w.workflow_id, w.status) for w in every if w.workflow_id.startswith(prefix) and w.status in statuses}
    assert set(register.found_of((prefix, statuses))) == wanted


def test_several_kinds_of_work_are_found_at_once(asked: House) -> None:
    both = register.found_of(("review:1#2@a", ["ENQUEUED"]), ("other", ["ENQUEUED"]))
    assert set(both) == {("review:1#2@a..b~0.1", "ENQUEUED"), ("other", "ENQUEUED")}


def test_states_are_told_of_what_there_is(asked: House) -> None:
    ids = ["review:1#2@a..b~0.1", "review:1#2@a..c~0.1", "never-there"]
    assert register.statuses_of(ids) == {"review:1#2@a..b~0.1": "ENQUEUED", "review:1#2@a..c~0.1": "CANCELLED"}


def test_where_the_question_fails_the_engine_is_asked(asked: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register, "_engine", lambda: sa.create_engine("sqlite:////nowhere/at/all.sqlite"))
    monkeypatch.setattr(register.DBOS, "list_workflows", asked.rows.list_workflows)
    assert set(register.found_of(("review:1#20", ["ENQUEUED"]))) == {("review:1#20@a..b~0.1", "ENQUEUED")}
    assert register.statuses_of(["other"]) == {"other": "ENQUEUED"}


def test_on_sqlite_the_index_finds_them(embedded: Builds) -> None:
    engine = embedded().client._engine
    with engine.connect() as connection:
        query = f"EXPLAIN QUERY PLAN {register._BETWEEN}"
        plan = connection.exec_driver_sql(query, ("review:1#2@", "review:1#2A")).all()
    assert "SEARCH" in str(plan)
