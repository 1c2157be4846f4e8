"""The demonstration: the real service reviews a pull request on a stand-in for GitHub, told scene by scene."""

import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from pydantic import SecretStr

from bot.demo.checkout import SampleRepository, build_repository
from bot.demo.scenes import Advice, Doing, Done, Places, Rows, Scene, Title
from bot.demo.seen import review_seen, talk_seen
from bot.demo.service import START_S, DemoService
from bot.demo.standin import HookTarget, PullRequest, Repository, StandIn
from bot.errors import SeawallError
from bot.ledger import Ledger
from bot.settings import Settings
from bot.settings.environment import environment_for_child

REVIEW_S = 120.0
TALKED_OF = "`http.Post` can wait for ever"
REASON = "our mesh ends every call to payments after two seconds"
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
    with DemoService(_environment(settings, folder, github), log) as service:
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
        yield from _a_word(github, repository, pull, sample, service)
        yield from _what_is_kept(ledger, folder, github)
        ledger.close()
    yield from _what_next(settings)


def _a_word(
    github: StandIn, repository: Repository, pull: PullRequest, sample: SampleRepository, service: DemoService
) -> Iterator[Scene]:
    """The author answers one comment, and is answered."""
    with github.world.lock:
        comments = [each for each in pull.review_comments.values() if TALKED_OF in each.body]
    if not comments:
        return  # a model's review may be another one
    began = time.monotonic()
    yield Doing(f"{sample.author} answers the comment on {comments[-1].path}")
    author = github.person(repository, sample.author, "write")
    said = author.reply(pull, comments[-1].id, f"/seawall dismiss {REASON}")
    service.wait(lambda: len(list(said.reactions)) > 1, START_S, "the command was not answered")
    yield Done("The command is read, permitted, carried out and answered", seconds=_since(began))
    yield talk_seen(github, pull, comments[-1])


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
        ("seawall chat help", "what can be said on a pull request, in Slack, in Teams, or here"),
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
    file = folder / "seawall.toml"
    file.write_text("# The demonstration's settings are in the environment of its service.\n")
    direct = ",".join((*environment_for_child(lambda name: name.upper() == "NO_PROXY").values(), "127.0.0.1"))
    own = {
        "SEAWALL_CONFIG": str(file),
        "SEAWALL_DATA_DIR": str(folder),
        "SEAWALL_WEB__HOST": "127.0.0.1",
        "SEAWALL_WEB__PORT": "0",
        "SEAWALL_GITHUB__BASE_URL": github.base_url,
        "SEAWALL_GITHUB__APP_ID": str(github.app.id),
        "SEAWALL_GITHUB__PRIVATE_KEY": github.app.private_key,
        "SEAWALL_GITHUB__WEBHOOK_SECRET": SECRET,
        "SEAWALL_LOG__FORMAT": "json",
        "NO_PROXY": direct,
        "no_proxy": direct,
    }
    model = {
        f"SEAWALL_LLM__{name.upper()}": value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        for name, value in settings.llm
    }
    machine = environment_for_child(lambda name: name != "GITHUB_TOKEN" and not name.upper().startswith("SEAWALL_"))
    return machine | model | own


def _since(began: float) -> float:
    return time.monotonic() - began
