"""What a year of 50 repositories and 20,000 pull requests costs: the facts of a week, and pages of the dashboard."""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.ledger import Ledger
from bot.weekly.making import facts_of, span_of
from bot.weekly.week import Week
from tests.bench.figures import Figures
from tests.bench.year import PULL_REQUESTS, REPOSITORIES, write_year
from tests.bench.year_of_pull_requests import ENDS, OWNER

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


def test_the_facts_of_a_week(figures: Figures, ledger: Ledger) -> None:
    week, now = Week.last_over(ENDS, BERLIN), ENDS + timedelta(days=1)
    asked, whole = [], []
    for _ in range(ROUNDS):
        began = time.monotonic()
        rows = ledger.week_rows(list(range(1, REPOSITORIES + 1)), *span_of(week))
        asked.append(time.monotonic() - began)
        facts = facts_of(rows, week, OWNER, now)
        whole.append(time.monotonic() - began)
    assert facts.figure("throughput").n > 200
    note = f"{len(rows['pull_requests'])} pull requests and {len(rows['events'])} events of twelve weeks"
    figures.add(GROUP, "rows of a week, all repositories", "s wall", asked, note=note)
    figures.add(GROUP, "facts of a week, all repositories", "s wall", whole, aim=2.0, aim_at="most")
