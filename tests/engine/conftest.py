"""The engine on a real SQLite file and on a real Postgres, with real worker processes."""

import itertools
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

import psycopg
import pytest
from dbos import DBOSClient, DBOSPortableJSONSerializer, WorkflowStatus

from bot.domain import Delivery, PullRequest, ReviewWanted
from bot.domain.jobs import Job, Trigger
from bot.engine import names
from bot.engine.client import EngineClient, prepare
from bot.engine.database import database_url, secret_url
from bot.engine.seat import host_name
from bot.errors import EngineUnavailable
from bot.settings import Settings, load_settings
from tests.engine.recording import Record, a_repository
from tests.engine.worker_main import forks, work

ENGINE = {
    "poll_s": 0.05,
    "quiet_s": 1.0,
    "quiet_cap_s": 4.0,
    "reap_after_s": 3.0,
    "drain_s": 10.0,
    "review_concurrency": 3,
    "review_timeout_s": 60.0,
    "reconcile_every_s": 3600,
}
PATIENCE_S = 120.0
"""How long anything may take: for a slow machine with much else to do. Where all is well nobody waits so long."""
_numbers = itertools.count(1000)


class Worker:
    """A worker process. `ready` is the line it printed."""

    def __init__(self, record: Path, overrides: dict[str, Any]) -> None:
        number = next(_numbers)
        self.log, self._said = (record.with_name(f"worker-{number}.{kind}") for kind in ("log", "out"))
        self.process = forks.Process(target=work, args=(record, overrides, self._said, self.log))
        self.process.start()
        self.ready: dict[str, Any] = {}

    def await_ready(self) -> "Worker":
        until(lambda: self.exit_code is not None or self._first_line(), "the worker")
        if not self._first_line():
            raise AssertionError(f"the worker died: {self.log.read_text()[-3000:]}")
        self.ready = json.loads(self._first_line())
        return self

    @property
    def exit_code(self) -> int | None:
        """None while it runs; below 0 where a signal ended it."""
        return self.process.exitcode

    def send(self, number: int) -> None:
        os.kill(self.process.pid or 0, number)

    def await_exit(self) -> int:
        self.process.join(PATIENCE_S)
        assert self.exit_code is not None, f"the worker runs on: {self.log.read_text()[-9000:]}"
        if self.exit_code:
            print(self.log.read_text()[-9000:])  # of one that hung: where each thread was
        return self.exit_code

    def stop(self, number: int = signal.SIGTERM) -> int:
        if self.exit_code is None:
            self.send(number)
        return self.await_exit()

    def _first_line(self) -> str:
        text = self._said.read_text() if self._said.exists() else ""
        return text.partition("\n")[0] if "\n" in text else ""


class House:
    """One engine's database, a record of what its story was asked to do, and workers."""

    def __init__(self, folder: Path, engine_url: str = "", **engine: Any) -> None:
        self.overrides: dict[str, Any] = {
            "data_dir": str(folder / "data"),
            "engine": {**ENGINE, "url": engine_url, **engine},
            "llm": {"calls_per_minute": 600},
        }
        self.settings: Settings = load_settings(environment={}, **self.overrides)
        prepare(self.settings)
        self.record_path = folder / "record.sqlite"
        self.record = Record(self.record_path)
        self.client = EngineClient(self.settings)
        self.rows = DBOSClient(
            system_database_url=secret_url(database_url(self.settings)),
            application_name="seawall",
            serializer=DBOSPortableJSONSerializer(),
        )
        self.workers: list[Worker] = []
        self._last_in: dict[str, Worker] = {}

    def begin_worker(self, slot: str = "1", **overrides: Any) -> Worker:
        """Starts one and does not wait until it is ready."""
        if slot in self._last_in and self._last_in[slot].exit_code is not None:
            until(lambda: self._is_free(slot), "the database to notice that the one before is dead")
        merged = {**self.overrides, **overrides}
        merged["engine"] = {**self.overrides["engine"], **overrides.get("engine", {}), "slot": slot}
        worker = self._last_in[slot] = Worker(self.record_path, merged)
        self.workers.append(worker)
        return worker

    def start_worker(self, slot: str = "1", **overrides: Any) -> Worker:
        return self.begin_worker(slot, **overrides).await_ready()

    def deliver(self, *jobs: Job, guid: str = "", sender: str = "", tries: int = 20) -> bool:
        """Again, as a sender does, where the engine was too busy to take it."""
        guid = guid or f"guid-{next(_numbers)}"
        delivery = Delivery(
            guid=guid, event="pull_request", received_at="2026-11-22T00:00:00Z", jobs=jobs, sender=sender
        )
        for _ in range(tries - 1):
            with suppress(EngineUnavailable):
                return self.client.submit(delivery)
        return self.client.submit(delivery)

    def want(self, pull_request: PullRequest, trigger: Trigger = "opened") -> str:
        """Gives the delivery's guid."""
        guid = f"guid-{next(_numbers)}"
        self.deliver(ReviewWanted(pull_request=pull_request, trigger=trigger), guid=guid)
        return guid

    def await_intake(self, guid: str) -> None:
        """Until all that the delivery calls for is placed."""
        self.await_success(names.delivery_id(guid))

    def await_success(self, work_id: str) -> None:
        def is_over() -> bool:
            return [work.status for work in self.rows.list_workflows(workflow_ids=[work_id])] == ["SUCCESS"]

        until(is_over, f"the end of {work_id}")

    def await_step(self, pull_request: PullRequest, step: str = "s1") -> None:
        until(lambda: step in self.record.told(pull_request.review_key), f"{step} of {pull_request.review_key}")

    def let_go(self, *pull_requests: PullRequest) -> None:
        """Nothing of theirs is held any more, see recording."""
        for pull_request in pull_requests:
            self.record.let_go(pull_request.review_key)

    def runs(self, pull_request: PullRequest, kind: str = "review") -> list[WorkflowStatus]:
        return self.rows.list_workflows(workflow_id_prefix=f"{kind}:{pull_request.key}@")

    def await_end(self, pull_request: PullRequest, kind: str = "review") -> dict[str, Any]:
        """How the last run of this head ended."""

        def ended() -> WorkflowStatus | None:
            prefix = f"{kind}:{pull_request.review_key}~"
            runs = self.rows.list_workflows(workflow_id_prefix=prefix)
            is_over = runs and all(run.status not in ("ENQUEUED", "DELAYED", "PENDING") for run in runs)
            return max(runs, key=lambda run: run.created_at or 0) if is_over else None

        run = until(ended, f"the {kind} of {pull_request.review_key} to end")
        return run.output or {"state": run.status}

    def _is_free(self, slot: str) -> bool:
        """Whether a worker may take this seat: the lock of a dead one's file is free at once, that of its session on
        Postgres as soon as the server has read to its end."""
        if not (url := self.settings.engine.url.get_secret_value()):
            return True
        with psycopg.connect(url) as connection:
            lock = "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))"
            (is_free,) = connection.execute(lock, [f"seawall worker {host_name()}-{slot}"]).fetchone() or (False,)
            return bool(is_free)

    def close(self) -> None:
        for worker in self.workers:
            worker.stop(signal.SIGKILL)
        self.client.close()
        self.rows.destroy()


def until(look: Callable[[], Any], what: str, timeout_s: float = PATIENCE_S) -> Any:
    """What `look` gives, as soon as it is something."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited {timeout_s:.0f} s in vain for {what}")


def a_pull_request(head: str = "1", number: int = 0, repository: int = 0, **script: Any) -> PullRequest:
    """Its own repository and number unless told; `script` is how its review goes, see recording."""
    number = number or next(_numbers)
    return PullRequest(
        repository=a_repository(repository or number),
        number=number,
        base_ref="main",
        base_sha="b" * 40,
        head_ref="topic",
        head_sha=(head * 40)[:40],
        title=json.dumps(script),
    )


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A Postgres of our own on a free port of loopback."""
    bins = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    initdb = str(bins[-1]) if bins else shutil.which("initdb")
    if initdb is None:
        pytest.skip("there is no Postgres on this machine (no initdb)")
    binaries = Path(initdb).parent
    as_user: dict[str, Any] = {}
    folder = Path(tempfile.mkdtemp(prefix="seawall-postgres-"))  # pytest's own folders are closed to other users
    if os.geteuid() == 0:  # Postgres refuses to run as root
        try:
            account = pwd.getpwnam("postgres")
        except KeyError:
            pytest.skip("Postgres refuses to run as root, and there is no user postgres")
        as_user = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        os.chown(folder, account.pw_uid, account.pw_gid)
    data = folder / "data"
    subprocess.run(
        [initdb, "-D", data, "-U", "seawall", "-A", "trust", "--no-sync"],
        check=True, capture_output=True, timeout=PATIENCE_S, cwd=folder, **as_user,
    )  # fmt: skip
    server, port = _started_postgres(binaries, data, as_user)
    try:
        yield f"postgresql://seawall@127.0.0.1:{port}"
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=PATIENCE_S)
        shutil.rmtree(folder, ignore_errors=True)


def _started_postgres(binaries: Path, data: Path, as_user: dict[str, Any]) -> tuple[subprocess.Popen[bytes], int]:
    """It answers, at its port of loopback. A port that somebody else takes before it does is left to him."""
    folder = data.parent
    for _ in range(9):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        server = subprocess.Popen(
            [binaries / "postgres", "-D", data, "-p", str(port), "-k", folder, "-c", "listen_addresses=127.0.0.1",
             "-c", "fsync=off", "-c", "max_connections=200"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder, **as_user,
        )  # fmt: skip
        ready = [binaries / "pg_isready", "-h", folder, "-p", str(port)]  # through its own folder it is surely this one

        def has_begun_or_ended(server: subprocess.Popen[bytes] = server, ready: list[Any] = ready) -> bool:
            return server.poll() is not None or subprocess.run(ready, capture_output=True).returncode == 0

        until(has_begun_or_ended, "Postgres")
        if server.poll() is None:
            return server, port
    raise AssertionError("Postgres ended nine times as soon as it was started")


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def backend(request: pytest.FixtureRequest) -> Callable[[str], str]:
    """Gives the engine.url of a new database of that name."""
    if request.param == "sqlite":
        return lambda name: ""
    url = request.getfixturevalue("postgres_url")
    return lambda name: f"{url}/{name}"


@pytest.fixture(scope="session")
def shared(backend: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with one worker that nobody may kill; each test brings its own pull requests."""
    house = House(tmp_path_factory.mktemp("shared"), backend("shared"))
    house.start_worker()
    yield house
    house.close()


class Builds(Protocol):
    def __call__(self, **engine: Any) -> House: ...


@pytest.fixture
def house(backend: Callable[[str], str], tmp_path: Path) -> Iterator[Builds]:
    """Makes a house of this test's own, without workers, on each kind of database."""
    yield from _houses(tmp_path, lambda: backend(f"own_{next(_numbers)}"))


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Builds]:
    """The same on SQLite alone, for what does not depend on the database."""
    yield from _houses(tmp_path, lambda: "")


def _houses(tmp_path: Path, new_url: Callable[[], str]) -> Iterator[Builds]:
    houses: list[House] = []

    def build(**engine: Any) -> House:
        folder = tmp_path / str(len(houses))
        folder.mkdir()
        houses.append(House(folder, new_url(), **engine))
        return houses[-1]

    yield build
    for each in houses:
        each.close()
