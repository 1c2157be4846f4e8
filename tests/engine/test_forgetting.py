"""A repository or a person that is to be forgotten leaves nothing in the engine's database."""

import sqlalchemy as sa

from bot.domain import PullRequest
from bot.engine.database import database_url, open_engine
from bot.engine.forgetting import Forgotten, forget_repository, forget_user
from tests.engine.conftest import Builds, House, a_pull_request, until


def by(author: str, pull_request: PullRequest) -> PullRequest:
    return pull_request.model_copy(update={"author": author})


def all_texts(house: House) -> str:
    """Everything the database holds, as text."""
    engine = open_engine(database_url(house.settings), 1, 5)
    catalogue = sa.MetaData(schema=None if engine.dialect.name == "sqlite" else "dbos")
    catalogue.reflect(engine)
    with engine.connect() as connection:
        rows = [str(row) for table in catalogue.sorted_tables for row in connection.execute(sa.select(table))]
    engine.dispose()
    return "\n".join(rows)


def test_a_repository_is_forgotten_with_its_work_and_no_other_is(house: Builds) -> None:
    own = house()
    worker = own.start_worker()
    gone, kept = a_pull_request(questions=1), a_pull_request(questions=1)
    for pull_request in (gone, kept):
        own.want(pull_request)
        own.await_end(pull_request)
    worker.stop()
    own.want(gone.model_copy(update={"head_sha": "e" * 40}))  # still waits
    other = own.runs(kept)
    name, number = gone.repository.full_name, gone.repository.id
    assert name.split("/")[1] in all_texts(own)
    forgotten = forget_repository(own.settings, name.upper(), [])
    assert forgotten.deleted >= 4, "two deliveries, a review, a call of the model"
    assert forgotten.under_way == 0
    assert name.split("/")[1] not in all_texts(own)
    assert f"{number}#" not in all_texts(own)
    assert [run.workflow_id for run in own.runs(kept)] == [run.workflow_id for run in other]
    assert forget_repository(own.settings, name, [number]) == Forgotten(0, 0)


def test_a_repository_is_forgotten_under_its_former_name_too(embedded: Builds) -> None:
    own = embedded()
    pull_request = a_pull_request()
    own.want(pull_request)
    assert forget_repository(own.settings, "acme/renamed", [pull_request.repository.id]).deleted == 1
    assert pull_request.repository.name not in all_texts(own)


def test_a_person_is_forgotten_wherever_finished_work_names_him(house: Builds) -> None:
    own = house()
    own.start_worker()
    hers, others = by("mona-lisa", a_pull_request()), by("mona-lisa-2", a_pull_request())
    for pull_request in (hers, others):
        own.want(pull_request)
        own.await_end(pull_request)
    until(lambda: not any(own.client.backlog().values()), "the end of all work")
    running = by("mona-lisa", a_pull_request(holds=["s1"]))
    own.want(running)
    own.await_step(running)
    forgotten = forget_user(own.settings, "Mona-Lisa")
    assert forgotten.deleted >= 2
    assert forgotten.under_way >= 1
    assert own.runs(hers) == []
    assert len(own.runs(others)) == 1
    own.let_go(running)
    assert own.await_end(running)["state"] == "done", "what was under way came to its end"
    until(lambda: forget_user(own.settings, "mona-lisa").under_way == 0, "the end of the delivery's work")
    assert "'mona-lisa'" not in all_texts(own)
    assert '"mona-lisa"' not in all_texts(own)


def test_the_bytes_are_gone_from_the_file_and_its_log(embedded: Builds) -> None:
    own = embedded()
    hers = by("mona-lisa", a_pull_request())
    own.want(hers)
    path = own.settings.data_dir
    assert any(b"mona-lisa" in file.read_bytes() for file in path.iterdir() if file.is_file())
    worker = own.start_worker()
    own.await_end(hers)
    worker.stop()
    assert forget_user(own.settings, "mona-lisa").under_way == 0
    assert not [file.name for file in path.iterdir() if file.is_file() and b"mona-lisa" in file.read_bytes()]


def test_where_no_work_was_ever_kept_there_is_nothing_to_forget(embedded: Builds) -> None:
    own = embedded()
    for file in own.settings.data_dir.glob("engine*"):
        file.unlink()
    assert forget_user(own.settings, "mona") == Forgotten(0, 0)
