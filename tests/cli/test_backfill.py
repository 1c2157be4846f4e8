"""`seawall backfill`: over real HTTP from a stand-in for GitHub into a ledger, stopped anywhere and gone on with."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result

from bot.cli import seawall as command
from bot.cli.backfill import _Bar
from bot.demo import standin
from bot.demo.standin import Broken, Latency, ServerError, StandIn, delivery
from bot.errors import HostUnavailable, RateLimited
from bot.github.repository_history import deployments_since
from bot.ledger import Ledger
from bot.weekly.making import facts_of, span_of
from bot.weekly.week import Week
from tests.cli.conftest import Seawall
from tests.github.conftest import _judged, git, made_shop, shop_there, started, there  # noqa: F401 — fixtures
from tests.github.past import Past
from tests.github.shop import Git

SINCE = "2026-09-01"
Step = Any


@pytest.fixture
def past(there: StandIn, shop_there: standin.Repository, git: Git) -> Past:  # noqa: F811
    """Five pull requests, opened on five days; two are read at once, and three listed on a page."""
    past = Past(there, shop_there, git)
    for day in range(1, 6):
        past.open(f"2026-09-0{day}T09:00:00Z")
    return past


@pytest.fixture
def here(past: Past, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The settings of a command that may ask the stand-in as dana."""
    variables = {
        "SEAWALL_DATA_DIR": str(tmp_path),
        "SEAWALL_GITHUB__BASE_URL": past.there.base_url,
        "SEAWALL_GITHUB__TOKEN": past.there.token_for("dana"),
        "SEAWALL_GITHUB__ATTEMPTS": "1",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("bot.weekly.backfilling.AT_ONCE", 2)
    monkeypatch.setattr("bot.github.api.PAGE", 3)
    return variables


@pytest.fixture
def ledger(here: dict[str, str]) -> Iterator[Ledger]:
    with Ledger(Path(here["SEAWALL_DATA_DIR"]) / "ledger.sqlite") as ledger:
        yield ledger


def run(*arguments: str, since: str = SINCE) -> Result:
    return CliRunner().invoke(command, ["backfill", "acme/shop", "--since", since, *arguments], catch_exceptions=False)


def at_step(monkeypatch: pytest.MonkeyPatch, number: int, deed: Callable[[], None]) -> None:
    """Something happens after so many batches are in the ledger."""
    seen: list[Step] = []

    def show(bar: _Bar, step: Step) -> None:
        seen.append(step)
        if len(seen) == number:
            deed()

    monkeypatch.setattr(_Bar, "show", show)


def rows_in(ledger: Ledger, past: Past) -> dict[str, list[dict[str, Any]]]:
    return ledger.week_rows([past.repository.id], "2026-08-01T00:00:00Z", "2999-01-01T00:00:00Z")


def opened(ledger: Ledger, past: Past) -> list[int]:
    return [row["number"] for row in rows_in(ledger, past)["events"] if row["event"] == "opened"]


def stop() -> None:
    raise KeyboardInterrupt


def test_the_past_is_in_the_record_and_is_not_read_again(ledger: Ledger, past: Past) -> None:
    shown = run()
    assert shown.exit_code == 0
    assert shown.output.startswith("Read of acme/shop: 5 pull requests, ")
    assert shown.output.endswith("The record goes back to 2026-09-01.\n")
    rows = rows_in(ledger, past)
    assert opened(ledger, past) == [1, 2, 3, 4, 5]
    assert [row["recorded_since"] for row in rows["repositories"]] == ["2026-09-01T00:00:00Z"]
    assert [row["title"] for row in rows["pull_requests"]] == ["Pay"] * 5
    past.there.journal.clear()
    assert "acme/shop: 0 pull requests" in run().output
    assert "POST /graphql" not in past.there.journal.counts()


def test_only_what_is_new_is_read(ledger: Ledger, past: Past) -> None:
    run()
    past.say("2026-10-01T09:00:00Z", past.repository.pulls[2], "mona", "Any news?")
    past.open("2026-10-02T09:00:00Z")
    assert "acme/shop: 2 pull requests" in run().output
    assert [row["event"] for row in rows_in(ledger, past)["events"] if row["number"] == 2][-1] == "commented"


def test_further_back_only_what_is_older_is_read(ledger: Ledger, past: Past) -> None:
    assert "acme/shop: 2 pull requests" in run(since="2026-09-04").output
    shown = run().output
    assert "acme/shop: 3 pull requests" in shown
    assert "goes back to 2026-09-01" in shown
    assert "goes back to 2026-09-01" in run(since="2026-09-05").output, "what is there is not lost"


def test_a_week_of_the_past_has_its_figures(ledger: Ledger, past: Past) -> None:
    first, second = past.repository.pulls[1], past.repository.pulls[2]
    for author in ("ana", "ben", "cleo", "dev"):
        past.open("2026-09-02T08:00:00Z", author=author)
    past.review("2026-09-02T09:00:00Z", first, "mona", "APPROVE")
    for pull in (first, second):
        past.at("2026-09-03T09:00:00Z", lambda pull=pull: past.there.close_pull_request(past.repository, pull, "dana"))
    run()
    week = Week("2026-W36", ZoneInfo("UTC"))
    facts = facts_of(ledger.week_rows([past.repository.id], *span_of(week)), week, "acme/shop", week.ends)
    told = {name: facts.figure(name).value for name in ("opened", "throughput")}
    assert told == {"opened": 9, "throughput": 2}
    assert facts.figure("receipt-in-time").n == 0, "no head was announced to us"


@pytest.mark.parametrize("batches", [1, 2, 3])
def test_what_is_stopped_goes_on_where_it_stopped(
    ledger: Ledger, past: Past, monkeypatch: pytest.MonkeyPatch, batches: int
) -> None:
    at_step(monkeypatch, batches, stop)
    shown = run()
    assert (shown.exit_code, shown.output) == (
        130,
        "Stopped. Nothing is lost; the same command goes on where it stopped.\n",
    )
    was_read = set(opened(ledger, past))
    assert rows_in(ledger, past)["repositories"][0]["recorded_since"] is None, "the record is not whole yet"
    shown = run()
    assert opened(ledger, past) == [1, 2, 3, 4, 5]
    again = 1  # the last one: another may have changed in the same second
    assert f"acme/shop: {5 - len(was_read) + again} pull request" in shown.output


def test_a_process_that_is_killed_half_way_leaves_a_record_to_go_on_with(
    here: dict[str, str], ledger: Ledger, past: Past
) -> None:
    past.there.fail(Latency(20), "POST", "/graphql", after=1)
    program = "import bot.weekly.backfilling as b; b.AT_ONCE = 2; from bot.cli import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", program, "backfill", "acme/shop", "--since", SINCE], env=os.environ | here
    )
    try:
        until(lambda: ledger.backfill(past.repository.id) is not None)
    finally:
        process.kill()
        process.wait(timeout=60)
    assert opened(ledger, past) == [4, 5]
    past.there.faults.clear()
    assert "acme/shop: 4 pull requests" in run().output
    assert opened(ledger, past) == [1, 2, 3, 4, 5]


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_what_changes_meanwhile_is_read_too(ledger: Ledger, past: Past, monkeypatch: pytest.MonkeyPatch) -> None:
    oldest = past.repository.pulls[1]
    at_step(monkeypatch, 1, lambda: _ignored(past.say("2026-09-06T09:00:00Z", oldest, "mona", "Any news?")))
    assert "acme/shop: 5 pull requests" in run().output
    assert [row["event"] for row in rows_in(ledger, past)["events"] if row["number"] == 1] == [
        "first-commit",
        "opened",
        "size",
        "commented",
    ]


def _ignored(_: object) -> None:
    return


def test_a_failure_half_way_loses_nothing(ledger: Ledger, past: Past) -> None:
    past.there.fail(ServerError(502), "GET", ".*/pulls$", after=1)
    with pytest.raises(HostUnavailable, match=r"does not answer.*Nothing is lost; the same command goes on"):
        run()
    assert opened(ledger, past) == [3, 4, 5]
    assert "acme/shop: 3 pull requests" in run().output
    assert opened(ledger, past) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("effect", [Broken("garbage"), ServerError(502)], ids=["refused", "down"])
def test_without_graphql_the_same_is_read(ledger: Ledger, past: Past, effect: Broken | ServerError) -> None:
    past.there.fail(effect, path="/graphql", times=None)
    assert "acme/shop: 5 pull requests" in run().output
    assert opened(ledger, past) == [1, 2, 3, 4, 5]


def test_at_the_rate_limit_one_line_says_when_to_come_back(
    here: dict[str, str], ledger: Ledger, past: Past, seawall: Seawall, tmp_path: Path
) -> None:
    past.there.world.tokens.rate_limit = 1
    told = seawall("backfill", "acme/shop", "--since", SINCE, cwd=tmp_path, **here)
    assert (told.code, told.out) == (3, "")
    (line,) = told.err.splitlines()
    assert line.startswith("seawall: GitHub leaves us 0 of 1 requests this hour, which reviews may need.")
    assert "goes on where it stopped. Try at " in line
    past.there.world.tokens.rate_limit = 5000
    assert "acme/shop: 5 pull requests" in run().output


def test_it_waits_for_the_limit_where_it_may(ledger: Ledger, past: Past, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        past.there.world.tokens.rate_limit = 5000

    monkeypatch.setattr("bot.cli.backfill.time", SimpleNamespace(sleep=sleep))
    past.there.world.tokens.rate_limit = 9
    with pytest.raises(RateLimited, match=r"GitHub leaves us 1 of 9 requests this hour, .* Try at \d\d:\d\d UTC\."):
        run()
    was_read = opened(ledger, past)
    assert was_read == [3, 4, 5]
    shown = run("--wait").output
    assert shown.startswith("GitHub's limit is reached; going on at ")
    assert "acme/shop: 3 pull requests" in shown
    assert [3000 < seconds < 3701 for seconds in waits] == [True]


def test_deployments_and_incidents_are_read_and_a_refusal_is_named(
    past: Past, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, at = past.there.world, "2026-09-02T09:00:00Z"
    past.at(at, lambda: delivery.deploy(world, past.repository, "main", "production", "dana", "success"))
    past.at(at, lambda: delivery.open_issue(world, past.repository, "Down", "mona", ["incident"]))
    run()
    of_repository = [row["event"] for row in rows_in(ledger, past)["events"] if row["number"] == 0]
    assert of_repository == ["deployed", "incident-opened"]
    past.there.journal.clear()
    run()
    assert not any("statuses" in asked for asked in past.there.journal.counts()), "what has ended is not asked again"
    monkeypatch.setenv("SEAWALL_GITHUB__TOKEN", "")
    monkeypatch.setenv("SEAWALL_GITHUB__APP_ID", str(past.there.app.id))
    monkeypatch.setenv("SEAWALL_GITHUB__PRIVATE_KEY", past.there.app.private_key)
    assert "Passed over: deployments (deployments: read) is not granted." in run().output


def deploy(past: Past, *days: int) -> list[int]:
    """Ids of one on each of those days of September."""

    def once() -> int:
        return delivery.deploy(past.there.world, past.repository, "main", "production", "dana", "success").id

    return [past.at(f"2026-09-{day:02}T09:00:00Z", once) for day in days]


def deployed(ledger: Ledger, past: Past) -> list[int]:
    return [json.loads(row["details"])["id"] for row in rows_in(ledger, past)["events"] if row["event"] == "deployed"]


def test_deployments_beyond_an_hours_limit_are_gone_on_with_where_they_stopped(
    ledger: Ledger, past: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = deploy(past, *range(1, 11))  # three on a page: four pages, and ten requests for what became of them
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("bot.weekly.backfilling.deployments_since", stopped_after(2))
        assert run().exit_code == 130
    assert deployed(ledger, past) == made[4:]
    late = delivery.deploy(past.there.world, past.repository, "main", "production", "dana", "success").id
    past.there.journal.clear()
    assert run().exit_code == 0
    assert deployed(ledger, past) == [*made, late], "what was made meanwhile, too"
    asked = past.there.journal.counts()
    assert sum(count for route, count in asked.items() if "statuses" in route) == 6, "five that were left, and the new"
    past.there.journal.clear()
    assert run().exit_code == 0
    asked = past.there.journal.counts()
    assert sum(count for route, count in asked.items() if "statuses" in route) == 1, "it may not have come to its end"


def test_deployments_are_read_once_also_where_issues_are_refused(
    ledger: Ledger, past: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEAWALL_GITHUB__TOKEN", "")
    monkeypatch.setenv("SEAWALL_GITHUB__APP_ID", str(past.there.app.id))
    monkeypatch.setenv("SEAWALL_GITHUB__PRIVATE_KEY", past.there.app.private_key)
    past.there.app.permissions["deployments"] = "read"
    past.there.app.permissions.pop("issues", None)
    deploy(past, 1, 2)
    assert "issues (issues: read) is not granted" in run().output
    past.there.journal.clear()
    run()
    assert not any("statuses" in asked for asked in past.there.journal.counts())


def stopped_after(pages: int) -> Any:
    def since(*arguments: Any) -> Iterator[Any]:
        for page in deployments_since(*arguments):
            yield page
            if page.number == pages:
                raise KeyboardInterrupt

    return since


@pytest.mark.parametrize("arguments", [("shop",), ("acme/shop/x",), ("acme/shop", "--since", "yesterday")])
def test_nonsense_is_refused_before_anything_is_asked(here: dict[str, str], past: Past, arguments: list[str]) -> None:
    past.there.journal.clear()
    assert CliRunner().invoke(command, ["backfill", *arguments]).exit_code == 2
    assert not past.there.journal.counts()
