"""The demonstration: the real service reviews a pull request on a stand-in for GitHub, told scene by scene."""

import json
import os
import re
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bot.demo.checkout import SampleRepository, build_repository
from bot.demo.scenes import Advice, Doing, Done, Places, Rows, Scene, Title
from bot.demo.seen import review_seen
from bot.demo.standin import HookTarget, Repository, StandIn
from bot.errors import SeawallError
from bot.ledger import Ledger
from bot.settings import Settings

START_S = 45.0
REVIEW_S = 120.0
STOP_S = 40.0
SECRET = "known-to-the-stand-in-and-the-demo-only"  # noqa: S105 — both ends live on loopback, for a minute


def tour(settings: Settings) -> Iterator[Scene]:
    """The scenes, as they happen. Keeps its data in `demo/` under the data folder, made anew each time.

    Raises SeawallError when the service does not start or the review does not come.
    """
    folder = settings.data_dir / "demo"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    yield Title(
        "Seawall reviews a pull request",
        "The real service on this machine; only GitHub is a stand-in, on loopback. Nothing leaves this computer"
        + (f", but for what {settings.llm.model} is asked." if settings.llm.model else "."),
    )
    began = time.monotonic()
    yield Doing("Laying out a checkout service and a pull request to it")
    sample = build_repository(folder / "checkout")
    with StandIn() as github:
        repository = github.add_repository(sample.owner, sample.name, str(sample.git_dir))
        yield Done("A stand-in for GitHub hosts the sample service", github.base_url, _since(began))
        yield from _with_service(settings, folder, github, repository, sample)


def _with_service(
    settings: Settings, folder: Path, github: StandIn, repository: Repository, sample: SampleRepository
) -> Iterator[Scene]:
    began = time.monotonic()
    yield Doing("Starting the service: a web process and a worker, watched by a supervisor")
    log = folder / "service.log"
    with _Service(_environment(settings, folder, github), log) as service:
        address = f"http://127.0.0.1:{service.port}"
        yield Done("The service is up: web and worker", address, _since(began))
        github.courier.target = HookTarget(f"{address}/webhooks/github", SECRET)
        began = time.monotonic()
        yield Doing(f"{sample.author} opens “{sample.title}”; GitHub sends its signed webhook")
        pull = github.open_pull_request(
            repository, sample.base, sample.branch, sample.title, sample.body, author=sample.author
        )
        service.wait(lambda: bool(github.courier.deliveries()), START_S, "the delivery was not answered")
        delivery = github.courier.deliveries()[-1]
        if not delivery.is_delivered:
            raise SeawallError(f"The service did not take the delivery ({delivery.status}). Its log: {log}")
        yield Done("The delivery is verified, kept on disk and acknowledged", "202", _since(began))
        began = time.monotonic()
        yield Doing(f"Reviewing with {settings.llm.model or 'the rules'}")
        service.wait(lambda: _is_reviewed(repository, sample), REVIEW_S, "the review did not come")
        yield Done(f"Review posted on #{pull.number}, check concluded", seconds=_since(began))
        ledger = Ledger(folder / "ledger.sqlite")
        service.wait(lambda: ledger.counts()["reviews"] > 0, START_S, "the record was not written")
        yield from review_seen(github, repository, pull)
        yield from _what_is_kept(ledger, folder, github)
        ledger.close()
    yield from _what_next(settings)


def _what_is_kept(ledger: Ledger, folder: Path, github: StandIn) -> Iterator[Scene]:
    reviews = [
        {
            "pull request": f"{row['repository']}#{row['number']}",
            "coverage": row["coverage"],
            "result": row["result"],
            "findings": row["finding_count"],
            "dropped": row["dropped_count"],
            "model": row["model"] or "—",
            "seconds": row["duration_s"],
        }
        for row in ledger.recent_reviews()
    ]
    yield Rows("The ledger's reviews", reviews)
    counts = {table: rows for table, rows in ledger.counts().items() if rows}
    yield Rows("Rows kept", [{"table": table, "rows": rows} for table, rows in counts.items()])
    yield Rows("What it took of GitHub", [{"request": name, "times": times} for name, times in _calls(github)])
    yield Places(
        {
            "ledger": f"{folder / 'ledger.sqlite'}",
            "engine": f"{folder / 'engine.sqlite'}",
            "log": f"{folder / 'service.log'}",
            "sample": f"{folder / 'checkout'}",
        }
    )


def _calls(github: StandIn) -> list[tuple[str, int]]:
    counts = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route): times for route, times in github.journal.counts().items()}
    return sorted(counts.items(), key=lambda call: (-call[1], call[0]))


def _what_next(settings: Settings) -> Iterator[Scene]:
    steps = [
        ("seawall review", "in any git repository: review the current branch"),
        ("seawall rules", "what the rules know; `seawall explain NAME` shows one"),
        ("seawall doctor", "what is missing for your own GitHub App"),
    ]
    if not settings.llm.model:
        how = "this was rules-only: no model is configured. SEAWALL_LLM__MODEL and SEAWALL_LLM__BASE_URL name any other"
        steps.insert(0, ("OPENAI_API_KEY=… make demo", how))
    yield Advice(steps)


def _is_reviewed(repository: Repository, sample: SampleRepository) -> bool:
    checks = [check for check in list(repository.checks.values()) if check.head_sha == sample.head_sha]
    return any(check.conclusion for check in checks)


def _environment(settings: Settings, folder: Path, github: StandIn) -> dict[str, str]:
    """The service's settings: the user's own for the model, and the demonstration's for everything else."""
    own = {
        "SEAWALL_DATA_DIR": str(folder),
        "SEAWALL_WEB__HOST": "127.0.0.1",
        "SEAWALL_WEB__PORT": "0",
        "SEAWALL_PAUSED": "false",
        "SEAWALL_REPOSITORIES": '["*"]',
        "SEAWALL_GITHUB__BASE_URL": github.base_url,
        "SEAWALL_GITHUB__APP_ID": str(github.app.id),
        "SEAWALL_GITHUB__PRIVATE_KEY": github.app.private_key,
        "SEAWALL_GITHUB__WEBHOOK_SECRET": SECRET,
        "SEAWALL_GITHUB__TOKEN": "",
        "SEAWALL_ENGINE__URL": "",
        "SEAWALL_LOG__FORMAT": "json",
        "NO_PROXY": "127.0.0.1",
    }
    return {name: value for name, value in os.environ.items() if name != "GITHUB_TOKEN"} | own


def _since(began: float) -> float:
    return time.monotonic() - began


class _Service:
    """`seawall serve` as a child process; its log goes to a file."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self._environment = environment
        self._log = log
        self.port = 0

    def __enter__(self) -> "_Service":
        command = [sys.executable, "-c", "from bot.cli import main; main()", "serve"]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 — our own command
                command, env=self._environment, stdout=subprocess.PIPE, stderr=log
            )
        self.port = self._await_ready()
        return self

    def __exit__(self, *failure: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(STOP_S)

    def wait(self, is_true: Callable[[], bool], timeout_s: float, otherwise: str) -> None:
        """Waits for it. Raises SeawallError, with the way to the log, when it takes too long or the service ends."""
        ends = time.monotonic() + timeout_s
        while not is_true():
            if self._process.poll() is not None or time.monotonic() > ends:
                raise SeawallError(f"Something is wrong: {otherwise}. The service's log: {self._log}")
            time.sleep(0.05)

    def _await_ready(self) -> int:
        assert self._process.stdout is not None, "it was opened as a pipe"
        ends = time.monotonic() + START_S
        buffer = b""
        while time.monotonic() < ends and self._process.poll() is None:
            readable, _, _ = select.select([self._process.stdout], [], [], 0.2)
            if not readable:
                continue
            buffer += os.read(self._process.stdout.fileno(), 65536)
            for line in buffer.split(b"\n"):
                if b'"ready": "serve"' in line:
                    return int(json.loads(line)["port"])
        self.__exit__()
        raise SeawallError(f"The service did not start within {START_S:.0f} s. Its log: {self._log}")
