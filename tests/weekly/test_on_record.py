"""The figures computed by hand once more, from a real ledger that heard of everything event by event."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain import PullRequest, Repository, TimelineEvent, Waiver
from bot.domain.timeline import WEEK_ROWS
from bot.ledger import Ledger
from bot.weekly.formats.sections import muted_told
from bot.weekly.making import span_of
from tests.weekly.by_hand import CASES, REPOSITORY, TEAM, events_of
from tests.weekly.rows import WEEK, facts
from tests.weekly.test_by_hand import FIGURES


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.sqlite") as opened:
        yield opened


def test_a_rule_that_muted_itself_is_named_from_the_ledger(ledger: Ledger) -> None:
    owner, _, name = REPOSITORY.partition("/")
    repository = Repository(id=TEAM, owner=owner, name=name)
    ledger.keep_repository(repository)
    for week, rule in ((WEEK, "lock-hazard/a"), (WEEK.back(1), "lock-hazard/b"), (WEEK.back(-1), "lock-hazard/c")):
        ledger.keep_waiver(
            Waiver(id=f"w-{rule}", kind="muted", repository_id=TEAM, rule=rule, owner="seawall",
                   reason="heeded 0 times of 9", at=week.starts.isoformat())
        )  # fmt: skip
    ledger.end_waiver("w-lock-hazard/a", "ana", (WEEK.ends + timedelta(hours=1)).isoformat())
    assert muted_told(facts(ledger.week_rows([TEAM], *span_of(WEEK)))) == (
        f"Muted this week: lock-hazard/a in {REPOSITORY}, by its record (heeded 0 times of 9). “unmute” lets one speak "
        "again."
    )


def test_the_figures_are_the_same_from_the_ledger(ledger: Ledger) -> None:
    owner, _, name = REPOSITORY.partition("/")
    repository = Repository(id=TEAM, owner=owner, name=name)
    for number, case in CASES.items():
        more = dict(case.row)
        ledger.keep_pull_request(
            PullRequest(
                repository=repository, number=number, base_ref="main", base_sha="a" * 40, head_ref="fix",
                head_sha="b" * 40, author=case.author, author_is_bot=bool(more.get("author_is_bot")),
                created_at=more.get("created_at", "2026-10-15T08:00:00Z"),
            )
        )  # fmt: skip
        events = [event | {"details": json.loads(event["details"])} for event in events_of(number, case.lines)]
        ledger.keep_timeline(repository, [TimelineEvent.from_json(event) for event in events])
    rows = ledger.week_rows([TEAM], *span_of(WEEK))
    assert rows.keys() == WEEK_ROWS.keys()
    week = facts(rows)
    for figure, (value, n, missing) in FIGURES.items():
        told = week.figure(figure)
        assert told.value == (None if value is None else pytest.approx(value, abs=0.0001)), figure
        assert (told.n, told.missing) == (n, missing), figure
