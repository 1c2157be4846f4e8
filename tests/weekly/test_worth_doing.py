"""The five things worth doing: what they are made from, how they are ranked, and whom they never name."""

import json

import pytest

from bot.weekly.worth_doing import MOST, worth_doing
from tests.weekly.by_hand import CASES
from tests.weekly.rows import TEAM, at, by_hand, facts, no_rows, row
from tests.weekly.told import facts_of_all, rows_of_all

URL = "https://github.test/harbour/pier/pull/"


def test_what_weighs_most_comes_first_and_five_are_enough() -> None:
    found = facts_of_all().worth_doing
    assert [(one.title, one.value) for one in found] == [
        ("Learn from 1 incident that got through", 15),
        ("Tune or mute log-hygiene/secret-logged", 15),
        ("Review 1 pull request that stands still", 14),
        ("Fix 1 high or critical finding merged unfixed", 10),
        ("Move or close 2 pull requests that stand still", pytest.approx(9.2)),
    ]
    assert len(found) == MOST


def test_each_says_why_and_where_to_begin() -> None:
    found = {one.title: one for one in facts_of_all().worth_doing}
    assert found["Learn from 1 incident that got through"].url == "https://wiki.test/i/1"
    rule = found["Tune or mute log-hygiene/secret-logged"]
    assert rule.reason == "1 of 6 judged in twelve weeks were heeded, last not in harbour/pier#1"
    assert rule.url == f"{URL}1"
    assert found["Review 1 pull request that stands still"].url == f"{URL}30"
    unfixed = found["Fix 1 high or critical finding merged unfixed"]
    assert unfixed.reason == "high: missing-timeout/http-or-socket-call in harbour/pier#1"


def test_nobody_is_named() -> None:
    rows = rows_of_all()
    people = {row["author"] for row in rows["pull_requests"]} | {event["actor"] for event in rows["events"]} - {""}
    said = " ".join(f"{one.title} {one.reason} {one.url}" for one in facts_of_all().worth_doing).lower()
    assert len(people) > 4
    assert not people & set(said.replace("/", " ").split())


def test_calls_that_came_without_a_timeout_are_told_with_the_pull_request_of_the_most() -> None:
    rows = no_rows()
    rows["pull_requests"] = [
        {**by_hand()["pull_requests"][0], "number": number, "url": f"{URL}{number}"} for number in (1, 2)
    ]
    rows["posture_changes"] = [_change(1, 1), _change(2, 3)]
    rows["posture_maps"] = [row("posture_maps", repository_id=TEAM, at=at(100), map='{"dependencies": []}')]
    (found,) = worth_doing(facts(rows), rows)
    assert found.title == "Give 4 new calls a timeout"
    assert found.reason == "merged without a limit to the wait; 3 of them in harbour/pier#2"
    assert (found.url, found.value) == (f"{URL}2", 32)


def test_rules_that_were_drafted_are_told_in_their_week_and_once() -> None:
    rows = no_rows()
    rows["pull_requests"] = [{**by_hand()["pull_requests"][0], "number": 2, "url": f"{URL}2"}]
    rows["rule_drafts"] = [
        row("rule_drafts", repository_id=TEAM, number=2, title="Sent too early", at=at(hours))
        | {"name": f"own/rule-{index}"}
        for index, hours in enumerate((-50, 10, 20, 400))
    ]
    (found,) = worth_doing(facts(rows), rows)
    assert (found.title, found.url, found.value) == ("Adopt or drop 2 drafted rules", f"{URL}2", 8)
    assert found.reason == "own/rule-2: Sent too early, of harbour/pier#2, and 1 more"


@pytest.mark.parametrize(("heeded", "judged", "is_told"), [(2, 5, True), (3, 6, False), (0, 4, False)])
def test_a_rule_is_bad_when_of_five_or_more_less_than_half_were_heeded(heeded: int, judged: int, is_told: bool) -> None:
    rows = no_rows()
    point = rows_of_all()["points"][0]
    rows["points"] = [
        {**point, "severity": "low", "fate": "fixed" if n < heeded else "disputed"} for n in range(judged)
    ]
    assert bool(worth_doing(facts(rows), rows)) is is_told


@pytest.mark.parametrize(
    ("muted", "is_told"),
    [
        ({}, False),
        ({"rule": "log-hygiene"}, False),
        ({"expires_at": at(300)}, False),
        ({"ended_at": at(300)}, False),
        ({"repository_id": TEAM + 1}, True),
        ({"expires_at": at(9)}, True),
        ({"ended_at": at(9)}, True),
        ({"at": at(300)}, True),
    ],
)
def test_a_rule_that_is_muted_there_by_the_end_of_the_week_is_not_told_again(
    muted: dict[str, object], is_told: bool
) -> None:
    rows = rows_of_all()
    known = {"id": "w-1", "repository_id": TEAM, "rule": "log-hygiene/secret-logged", "owner": "seawall", "reason": ""}
    rows["muted"] = [row("muted", **known | {"at": at(1), "expires_at": "", "ended_at": ""} | muted)]
    rows["repositories"].append({"id": TEAM + 1, "repository": "harbour/quay", "recorded_since": None})
    assert any("secret-logged" in one.title for one in worth_doing(facts(rows), rows)) is is_told


def test_what_belongs_to_other_weeks_is_not_told() -> None:
    rows = no_rows()
    late = at(-2)
    rows["points"] = [{**rows_of_all()["points"][6], "said_at": late}]
    rows["reviews"] = [{**rows_of_all()["reviews"][8], "finished_at": late}]
    assert worth_doing(facts(rows), rows) == ()


def test_merges_without_review_lead_to_the_host_s_own_search() -> None:
    (found,) = [one for one in worth_doing(facts(by_hand()), by_hand()) if "unseen" in one.title]
    assert len(CASES) >= 30
    assert found.url.startswith("https://github.test/search?type=pullrequests&q=is%3Apr+is%3Amerged+review%3Anone")
    assert found.url.endswith("repo%3Aharbour%2Fpier")


def test_a_week_without_anything_has_nothing_to_do() -> None:
    assert worth_doing(facts(no_rows()), no_rows()) == ()


def _change(number: int, sites: int) -> dict[str, object]:
    added = [{"sites": [{}] * sites, "protections": {"timeout": {"state": "no"}}}]
    change = {"added": added, "removed": [], "changed": []}
    return row("posture_changes", repository_id=TEAM, number=number, merged_at=at(50 + number), calls_added=sites,
               calls_removed=0, gained=0, lost=0, chains="", change=json.dumps(change))  # fmt: skip
