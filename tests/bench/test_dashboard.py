"""What a year of 50 repositories and 20,000 pull requests costs: the facts of a week, and pages of the dashboard."""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.ledger import Ledger
from bot.settings import load_settings
from bot.weekly.formats import render
from bot.weekly.making import facts_of, span_of
from bot.weekly.reading import read_summary
from bot.weekly.week import Week
from tests.bench.figures import Figures
from tests.bench.year import PULL_REQUESTS, REPOSITORIES, write_year
from tests.bench.year_of_pull_requests import ENDS, OWNER
from tests.dashboard.two_teams import HERE, a_board

pytestmark = pytest.mark.timeout(600)
BERLIN = ZoneInfo("Europe/Berlin")
ROUNDS = 5
GROUP = f"a year of {REPOSITORIES} repositories and {PULL_REQUESTS} pull requests"


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("year") / "ledger.sqlite"
    write_year(path)
    return path


@pytest.fixture
def ledger(year: Path) -> Iterator[Ledger]:
    with Ledger(year) as opened:
        yield opened


def test_the_summary_of_a_week(figures: Figures, ledger: Ledger) -> None:
    """Read, computed, ranked and written as text, of all repositories together."""
    settings = load_settings(environment={}).weekly
    week, now, took, spent = Week.last_over(ENDS, BERLIN), ENDS + timedelta(days=1), [], []
    for _ in range(ROUNDS):
        began, before = time.monotonic(), time.process_time()
        text = render(read_summary(ledger, ledger.known_repositories(), OWNER, week, settings, now), "text")
        took.append(time.monotonic() - began)
        spent.append(time.process_time() - before)
    assert "pull requests were merged" in text
    figures.add(GROUP, "weekly summary, all repositories", "s wall", took, aim=2.0)
    figures.add(GROUP, "weekly summary, all repositories", "s CPU", spent, aim=2.0)


def test_the_facts_of_a_week(figures: Figures, ledger: Ledger) -> None:
    week, now = Week.last_over(ENDS, BERLIN), ENDS + timedelta(days=1)
    asked, whole, spent, told = [], [], [], []
    for _ in range(ROUNDS):
        began, before = time.monotonic(), time.process_time()
        rows = ledger.week_rows(list(range(1, REPOSITORIES + 1)), *span_of(week))
        asked.append(time.monotonic() - began)
        spent.append(time.process_time() - before)
        facts = facts_of(rows, week, OWNER, now)
        whole.append(time.monotonic() - began)
        told.append(time.process_time() - before - spent[-1])
    assert facts.figure("throughput").n > 200
    note = f"{len(rows['pull_requests'])} pull requests and {len(rows['events'])} events of twelve weeks"
    figures.add(GROUP, "rows of a week, all repositories", "s wall", asked, note=note)
    figures.add(GROUP, "rows of a week, all repositories", "s CPU", spent)
    figures.add(GROUP, "rows and facts, all repositories", "s wall", whole, aim=2.0)
    figures.add(GROUP, "facts alone, all repositories", "s CPU", told)


PAGES = (
    ("overview", "/", 0.15), ("one repository", "/repositories/harbour/service-08", 0.0), ("reviews", "/reviews", 0.0),
    ("rules", "/rules", 0.0), ("weeks", "/weeks", 0.0), ("one week", "/weeks/2026-W46", 0.0),
    ("incidents and waivers", "/incidents", 0.0), ("operations", "/operations", 0.0),
    ("search", "/search?q=send_order", 0.0),
)  # fmt: skip
REQUESTS = 100


def test_pages(figures: Figures, ledger: Ledger, tmp_path: Path) -> None:
    """As somebody who sees everything is answered, once a page's figures have been computed: they are kept a minute,
    and shown while newer ones are made."""
    board = a_board(tmp_path, ledger, now=ENDS)
    client = board.as_person(None, is_admin=True)
    for name, address, aim in PAGES:
        began, before = time.monotonic(), time.process_time()
        assert client.get(address, base_url=HERE).status_code == 200
        first = f"the first time {time.monotonic() - began:.1f} s wall, {time.process_time() - before:.1f} s CPU"
        took, spent = [], []
        for _ in range(REQUESTS):
            began, before = time.monotonic(), time.process_time()
            assert client.get(address, base_url=HERE).status_code == 200
            took.append(time.monotonic() - began)
            spent.append(1000 * (time.process_time() - before))
        figures.add(GROUP, f"page: {name}", "s wall", took, aim=aim, aim_at="p95", note=first)
        figures.add(GROUP, f"page: {name}", "ms CPU", spent, aim=1000 * aim, aim_at="p95")
