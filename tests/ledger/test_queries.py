"""The named queries: each answers, and the numbers are right."""

import re
from typing import Any

import pytest

from bot.domain import Coverage
from bot.ledger import QUERIES, Ledger
from bot.ledger.queries import NamedQuery
from tests.ledger.postures import a_change, a_map
from tests.ledger.records import a_delivery, a_pull_request, a_repository, a_review, a_run
from tests.ledger.talk import (
    FIRST,
    LATER,
    a_command,
    a_place,
    a_point,
    a_rule_draft,
    an_evidence,
    an_incident,
    keep_a_conversation,
)

EVERYTHING = {
    "limit": 5,
    "review_id": a_run()["key"] + "~1",
    "since": "2026-11-01",
    "repository_id": 71,
    "repositories": "[71]",
    "review_key": "k",
    "rule": "missing-timeout/http-or-socket-call",
    "unbound": 1,
    "guid": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
    "number": 12,
    "words": "stuck",
    "at": "2026-11-21T10:00:00+00:00",
    "now": "2026-11-22T23:59:59+00:00",
}


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_every_named_query_answers_about_what_was_kept(ledger: Ledger, query: NamedQuery) -> None:
    keep_a_conversation(ledger)
    review = a_review(coverage=Coverage.PARTIAL).model_copy(update={"posture": a_change()})
    ledger.keep_review(**a_run(generation=2, review=review))
    ledger.keep_event(71, 12, "merged", "2026-11-22T10:00:00Z", "mona")
    ledger.keep_posture(71, a_map(), "2026-11-21T10:00:00+00:00")
    ledger.keep_delivery(a_delivery())
    ledger.keep_incident(an_incident(id="i-1111111", title="Orders were stuck", broke_at="2026-11-20"))
    ledger.keep_backfill(71, "2026-10-01T00:00:00Z", "", 12, is_done=True)
    ledger.keep_rule_draft(a_rule_draft())
    assert ledger.ask(query.name, **asked(query))
    assert query.description


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_a_query_for_one_repository_or_all_answers_for_all(ledger: Ledger, query: NamedQuery) -> None:
    keep_a_conversation(ledger)
    here = ledger.ask(query.name, **asked(query) | ({"repository_id": 71} if "repository_id" in asked(query) else {}))
    if ":repository_id IS NULL" in query.sql:
        assert ledger.ask(query.name, **asked(query) | {"repository_id": None}) == here
    else:
        assert "of one repository or all" not in query.description


def test_no_two_queries_share_a_name() -> None:
    assert len({query.name for query in QUERIES}) == len(QUERIES)


def test_no_query_writes(ledger: Ledger) -> None:
    keep_a_conversation(ledger)
    with ledger._connection.reading() as database:
        database.conn.execute("PRAGMA query_only = ON")
    for query in QUERIES:
        ledger.ask(query.name, **asked(query))


def test_numbers_of_an_empty_ledger_are_noughts_and_not_nothing(ledger: Ledger) -> None:
    nothing = {"since": "2026-11-01", "repository_id": None}
    assert set(ledger.ask("stats-findings", **nothing)[0].values()) == {0}
    assert set(ledger.ask("stats-cost", **nothing)[0].values()) == {0}
    assert ledger.ask("stats-reviews", **nothing) == ledger.ask("rules-record", **nothing) == []
    weeks = ledger.ask("weekly", now="2026-11-22T10:00:00Z", repository_id=None)
    assert [row.pop("week") for row in weeks] == ["2026-11-16", "2026-11-09", "2026-11-02", "2026-10-26"]
    assert {value for row in weeks for value in row.values()} == {0}


def test_stats_count_runs_by_coverage_and_points_by_fate(ledger: Ledger) -> None:
    ledger.keep_review(**a_run())
    ledger.keep_review(**a_run(generation=2, review=a_review(coverage=Coverage.DEGRADED)))
    ledger.keep_review(**a_run(pull_request=a_pull_request(number=13), posted=None))
    states = ("fixed", "fixed", "accepted", "disputed", "dismissed", "open", "stale")
    points = [a_point(f"p{number}", state=state) for number, state in enumerate(states)]
    ledger.keep_points(71, 12, [*points, a_point("h", said="held")], at="2026-11-20T09:00:00+00:00")
    asked = {"since": "2026-11-20", "repository_id": 71}
    assert ledger.ask("stats-reviews", **asked) == [
        {"coverage": "full", "result": "findings", "runs": 2, "pull_requests": 2},
        {"coverage": "degraded", "result": "findings", "runs": 1, "pull_requests": 1},
    ]
    became = {"posted": 7, "fixed": 2, "accepted": 1, "disputed": 2, "ignored": 0, "open": 1, "stale": 1}
    assert ledger.ask("stats-findings", **asked) == [became]
    assert ledger.ask("rules-record", **asked) == [
        {"rule": "missing-timeout/http-or-socket-call", **became, "pull_requests": 1}
    ]
    assert ledger.ask("stats-findings", **asked | {"repository_id": 72})[0]["posted"] == 0
    assert ledger.ask("stats-findings", **asked | {"since": "2026-11-21"})[0]["posted"] == 0


def test_a_week_begins_on_monday_and_counts_each_thing_where_it_happened(ledger: Ledger) -> None:
    ledger.keep_review(**a_run(finished_at="2026-11-15T23:59:59.900+00:00"))  # a Sunday
    ledger.keep_review(
        **a_run(generation=2, finished_at="2026-11-16T00:00:00+00:00", review=a_review(coverage=Coverage.NONE))
    )
    ledger.keep_points(71, 12, [a_point("p1", state="fixed"), a_point("p2")], at="2026-11-16T00:00:01+00:00")
    ledger.keep_points(71, 12, [a_point("p3")], at="2026-10-19T00:00:01+00:00")  # five weeks ago
    for number, at in enumerate(("2026-11-09T10:00:00+00:00", "2026-11-10T10:00:00+00:00")):
        ledger.keep_model_call(
            f"c{number}", review_key="k", repository_id=71, model="m", prompt="review", prompt_version="1",
            outcome="answered", at=at, cost_usd=0.125,
        )  # fmt: skip
    this, last, *before = ledger.ask("weekly", now="2026-11-16T00:00:02+00:00", repository_id=71)
    assert this == {
        "week": "2026-11-16", "reviews": 1, "pull_requests": 1, "incomplete": 1, "posted": 2, "fixed": 1,
        "accepted": 0, "disputed": 0, "ignored": 0, "open": 1, "stale": 0, "cost_usd": 0,
    }  # fmt: skip
    assert (last["week"], last["reviews"], last["incomplete"], last["cost_usd"]) == ("2026-11-09", 1, 0, 0.25)
    assert [row["posted"] for row in before] == [0, 0]


def test_the_points_of_a_pull_request_show_the_last_thing_seen(ledger: Ledger) -> None:
    ledger.keep_review(**a_run())
    ledger.keep_points(71, 12, [a_point(now_known_as=LATER, state="disputed"), a_point("f9", comment_id=None)])
    ledger.keep_evidence(71, 12, FIRST, an_evidence())
    ledger.keep_evidence(71, 12, LATER, an_evidence(kind="code", says="fixed", actor="", at="2026-11-21"))
    first, other = ledger.ask("points-of-pull-request", repository_id=71, number=12)
    assert (first["handle"], first["state"], first["evidence"], first["last_seen"]) == (
        FIRST[:7],
        "disputed",
        2,
        "code fixed",
    )
    assert (other["handle"], other["evidence"], other["last_seen"]) == ("f9", 0, "")


def test_commands_by_name_tell_how_they_ended(ledger: Ledger) -> None:
    ledger.keep_repository(a_repository())
    for number, state in enumerate(("done", "refused", "failed", "")):
        ledger.keep_command(a_command(id=str(number), place=a_place()), "ask")
        if state:
            ledger.end_command(str(number), state, "", "2026-11-20T10:00:01+00:00")
    assert ledger.ask("commands-by-name", since="2026-11-01", repository_id=71) == [
        {"name": "ask", "given": 4, "people": 1, "done": 1, "refused": 1, "failed": 1}
    ]


def asked(query: NamedQuery) -> dict[str, Any]:
    return {name: EVERYTHING[name] for name in re.findall(r":(\w+)", query.sql) if name in EVERYTHING}
