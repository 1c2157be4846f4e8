"""The past of pull requests, as GitHub tells it afterwards: by GraphQL and by REST, and as webhooks would have told."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

import pytest

from bot.demo import standin
from bot.demo.standin import Broken, ServerError, StandIn, talk_payloads
from bot.demo.standin.links import Links
from bot.demo.standin.records import CheckRun
from bot.domain import PullRequestNoted, Repository, TimelineEvent, TimelineNoted
from bot.github import GitHubHost
from bot.github.api import Api
from bot.github.history import changed_since, past_of
from tests.github.conftest import Calls
from tests.github.past import OPENED, Past
from tests.github.shop import Git
from webhooks.behaviour import Wanted
from webhooks.events import BEHAVIOURS
from webhooks.payload import Payload

LONG_AGO = "2026-01-01T00:00:00Z"
Row = tuple[str, str, str, dict[str, Any]]


@pytest.fixture
def past(there: StandIn, shop_there: standin.Repository, git: Git) -> Past:
    return Past(there, shop_there, git)


@pytest.fixture(params=["graphql", "rest"])
def told_by(request: pytest.FixtureRequest, host: GitHubHost) -> str:
    """Both ways tell the same."""
    if request.param == "rest":
        host.no_graphql.avoid(3600)
    return str(request.param)


def rows_of(events: Sequence[TimelineEvent]) -> list[Row]:
    return [(one.event, one.at, one.actor, one.details) for one in events]


def read(host: GitHubHost, shop: Repository) -> list[Row]:
    """What happened in the only pull request there is."""
    ((_, events),) = [past for page in changed_since(host, shop, LONG_AGO) for past in past_of(host, shop, page.listed)]
    return rows_of(events)


def of(rows: list[Row], *events: str) -> list[tuple[str, str, str]]:
    return [(event, at, actor) for event, at, actor, _ in rows if event in events]


def test_a_pull_request_is_opened_reviewed_and_merged(
    past: Past, host: GitHubHost, shop: Repository, told_by: str, calls: Calls
) -> None:
    pull = past.open(author="dana")
    review = past.review("2026-09-01T10:00:00Z", pull, "mona", "APPROVE")
    said = past.say("2026-09-01T10:05:00Z", pull, "mona", "Well done")
    past.at("2026-09-01T11:00:00Z", lambda: past.there.close_pull_request(past.repository, pull, merged_by="dana"))
    size = {"additions": 12, "deletions": 5, "files": 7, "commits": 1}
    rows = read(host, shop)
    merged = rows.pop()
    assert rows == [
        ("first-commit", "2026-03-02T10:00:00Z", "", {}),
        ("opened", OPENED, "dana", {"author": "dana"}),
        ("reviewed", "2026-09-01T10:00:00Z", "mona", {"review_id": review.id, "state": "approved"}),
        ("commented", "2026-09-01T10:05:00Z", "mona", {"id": said, "place": "conversation"}),
    ]
    assert merged[:3] == ("merged", "2026-09-01T11:00:00Z", "dana")
    assert merged[3].keys() == {"merged_by", *size}
    assert merged[3]["files"] == len(past.repository.git.changes(pull.base_sha, pull.head_sha))
    assert bool(calls.of("POST", "/graphql")) == (told_by == "graphql")
    assert bool(calls.of("GET", "/timeline")) == (told_by == "rest")


def test_drafts_and_reopenings_are_told_in_their_order(
    past: Past, host: GitHubHost, shop: Repository, told_by: str
) -> None:
    pull = past.open(is_draft=True)
    there, repository = past.there, past.repository
    past.at("2026-09-01T10:00:00Z", lambda: there.mark_ready(repository, pull))
    past.at("2026-09-01T11:00:00Z", lambda: there.convert_to_draft(repository, pull))
    past.at("2026-09-01T12:00:00Z", lambda: there.close_pull_request(repository, pull))
    past.at("2026-09-01T13:00:00Z", lambda: there.reopen(repository, pull))
    past.at("2026-09-01T14:00:00Z", lambda: there.retarget(repository, pull, "main"))
    rows = read(host, shop)
    assert ("opened", OPENED, "dana", {"author": "dana", "is_draft": True}) in rows
    assert of(rows, "ready", "drafted", "closed", "reopened", "base-changed", "merged") == [
        ("ready", "2026-09-01T10:00:00Z", "dana"),
        ("drafted", "2026-09-01T11:00:00Z", "dana"),
        ("closed", "2026-09-01T12:00:00Z", "dana"),
        ("reopened", "2026-09-01T13:00:00Z", "dana"),
        ("base-changed", "2026-09-01T14:00:00Z", "dana"),
    ]


def test_one_that_was_turned_into_a_draft_was_none_when_it_began(
    past: Past, host: GitHubHost, shop: Repository
) -> None:
    pull = past.open()
    past.at("2026-09-01T10:00:00Z", lambda: past.there.convert_to_draft(past.repository, pull))
    assert ("opened", OPENED, "dana", {"author": "dana"}) in read(host, shop)


def test_bots_are_told_by_name_and_mark(past: Past, host: GitHubHost, shop: Repository, told_by: str) -> None:
    pull = past.open(author="dependabot[bot]")
    review = past.review("2026-09-01T10:00:00Z", pull, "linter[bot]", "COMMENT")
    past.say("2026-09-01T10:01:00Z", pull, "linter[bot]", "Coverage is 80 %")
    past.at("2026-09-01T11:00:00Z", lambda: past.there.close_pull_request(past.repository, pull, "merger[bot]"))
    rows = read(host, shop)
    assert ("opened", OPENED, "dependabot[bot]", {"author": "dependabot[bot]", "is_bot": True}) in rows
    details = {"review_id": review.id, "state": "commented", "is_bot": True}
    assert ("reviewed", "2026-09-01T10:00:00Z", "linter[bot]", details) in rows
    assert (rows[-1][2], rows[-1][3]["merged_by"], rows[-1][3]["is_bot"]) == ("merger[bot]", "merger[bot]", True)
    assert not of(rows, "commented"), "the edge notes no comments of programs either"


def test_what_is_said_to_seawall_or_by_it_is_no_comment(
    past: Past, host: GitHubHost, shop: Repository, told_by: str
) -> None:
    pull = past.open()
    past.say("2026-09-01T10:00:00Z", pull, "mona", "/seawall help")
    past.say("2026-09-01T10:01:00Z", pull, "mona", "Clean.\n\n<!-- seawall:9f86d081884c7d659a2f -->")
    in_code = past.say_in_code("2026-09-01T10:02:00Z", pull, "mona")
    comments = [row for row in read(host, shop) if row[0] == "commented"]
    assert comments == [("commented", "2026-09-01T10:02:00Z", "mona", {"id": in_code, "place": "code"})]


def test_a_dismissed_review_was_given_and_then_taken_back(
    past: Past, host: GitHubHost, shop: Repository, told_by: str
) -> None:
    pull = past.open()
    review = past.review("2026-09-01T10:00:00Z", pull, "mona", "APPROVE")
    past.dismiss("2026-09-01T11:00:00Z", pull, review, by="dana")
    assert [row for row in read(host, shop) if row[0] == "reviewed"] == [
        ("reviewed", "2026-09-01T10:00:00Z", "mona", {"review_id": review.id, "state": "approved"}),
        ("reviewed", "2026-09-01T11:00:00Z", "mona", {"review_id": review.id, "state": "dismissed"}),
    ]


def test_somebody_is_asked_for_a_review_and_is_asked_no_longer(
    past: Past, host: GitHubHost, shop: Repository, told_by: str
) -> None:
    pull = past.open()
    past.ask_for_review("2026-09-01T10:00:00Z", pull)
    past.ask_for_review("2026-09-01T11:00:00Z", pull, is_asked=False)
    assert of(read(host, shop), "review-requested", "review-request-removed") == [
        ("review-requested", "2026-09-01T10:00:00Z", "dana"),
        ("review-request-removed", "2026-09-01T11:00:00Z", "dana"),
    ]


def test_commits_of_one_hour_are_one_push_and_no_head_was_announced(
    past: Past, host: GitHubHost, shop: Repository, told_by: str
) -> None:
    pull = past.open()
    for moment in ("2026-09-01T10:00:00Z", "2026-09-01T10:20:00Z", "2026-09-01T15:00:00Z"):
        past.push(moment, pull)
    rows = read(host, shop)
    assert [(at, details) for event, at, _, details in rows if event == "pushed"] == [
        ("2026-09-01T10:20:00Z", {}),
        ("2026-09-01T15:00:00Z", {}),
    ]
    assert not any("head_sha" in details for *_, details in rows), "such heads would wait for receipts"


def test_a_forced_push_is_one_push_with_its_commits(
    past: Past, host: GitHubHost, shop: Repository, told_by: str
) -> None:
    pull = past.open()
    past.push("2026-09-01T10:00:00Z", pull, onto=pull.base_sha)
    pushes = [row for row in read(host, shop) if row[0] == "pushed"]
    assert pushes == [("pushed", "2026-09-01T10:00:00Z", "dana", {"is_forced": True})]


def test_a_revert_names_what_it_takes_back(past: Past, host: GitHubHost, shop: Repository) -> None:
    there, repository = past.there, past.repository
    opens = partial(there.open_pull_request, repository, "main", "feature", 'Revert "Pay"', "Reverts acme/shop#12")
    heard = Payload(there.payload("opened", repository, past.at(OPENED, opens)))
    assert ("reverts", OPENED, "dana", {"number": 12}) in read(host, shop)
    assert ("reverts", OPENED, "dana") in noted(BEHAVIOURS["pull_request"].jobs(heard)), "and webhooks tell it too"


def noted(wanted: Wanted) -> list[tuple[str, str, str]]:
    """What the timeline learns of a webhook."""
    assert isinstance(wanted, tuple)
    rows = [(job.event, job.at, job.actor) for job in wanted if isinstance(job, PullRequestNoted)]
    return rows + [
        (one.event, one.at, one.actor) for job in wanted if isinstance(job, TimelineNoted) for one in job.events
    ]


def test_webhooks_tell_the_same_moments(past: Past, host: GitHubHost, shop: Repository, told_by: str) -> None:
    there, repository = past.there, past.repository
    links, told = Links(there.base_url, there.base_url), []

    def heard(action: str) -> None:
        told.extend(noted(BEHAVIOURS["pull_request"].jobs(Payload(there.payload(action, repository, pull)))))

    pull = past.open(is_draft=True)
    heard("opened")
    past.at("2026-09-01T10:00:00Z", lambda: there.mark_ready(repository, pull))
    heard("ready_for_review")
    past.at("2026-09-01T11:00:00Z", lambda: there.close_pull_request(repository, pull))
    heard("closed")
    past.at("2026-09-01T12:00:00Z", lambda: there.reopen(repository, pull))
    heard("reopened")
    said = past.say("2026-09-01T13:00:00Z", pull, "mona", "Well done")
    payload = talk_payloads.issue_comment(
        "created", repository, pull, pull.comments[said], pull.comments[said].user, links
    )
    told.extend(noted(BEHAVIOURS["issue_comment"].jobs(Payload(payload))))
    past.at("2026-09-01T14:00:00Z", lambda: there.close_pull_request(repository, pull, merged_by="dana"))
    heard("closed")
    rows = read(host, shop)
    assert of(rows, *{event for event, *_ in told}) == told


def test_what_graphql_has_not_whole_is_read_by_rest(
    monkeypatch: pytest.MonkeyPatch, past: Past, host: GitHubHost, shop: Repository, calls: Calls
) -> None:
    monkeypatch.setattr("bot.github.history_queries._PAST", _short_pages())
    pull = past.open()
    said = [past.say(f"2026-09-01T10:0{minute}:00Z", pull, "mona", "More") for minute in range(3)]
    assert [row[3]["id"] for row in read(host, shop) if row[0] == "commented"] == said
    assert calls.of("POST", "/graphql") == [200]
    assert calls.of("GET", "/timeline") == [200]
    assert not host.no_graphql


def _short_pages() -> str:
    from bot.github import history_queries

    return history_queries._PAST.replace(f"timelineItems(first: {history_queries.ITEMS}", "timelineItems(first: 2")


@pytest.mark.parametrize("page", ["timelineItems", "reviewThreads"])
def test_what_graphql_would_not_show_is_read_by_rest(
    monkeypatch: pytest.MonkeyPatch, past: Past, host: GitHubHost, shop: Repository, calls: Calls, page: str
) -> None:
    pull, ask = past.open(), Api.query
    said = past.say_in_code("2026-09-01T10:00:00Z", pull, "mona")

    def asked(api: Api, *question: Any) -> dict[str, Any]:
        answer = ask(api, *question)
        answer["data"]["repository"]["p0"][page]["nodes"].append(None)
        return answer

    monkeypatch.setattr(Api, "query", asked)
    assert [row[3]["id"] for row in read(host, shop) if row[0] == "commented"] == [said]
    assert calls.of("GET", "/timeline") == [200]


@pytest.mark.parametrize("effect", [Broken("garbage"), ServerError(502)], ids=["refused", "down"])
def test_where_graphql_cannot_be_had_rest_is_asked(
    there: StandIn, past: Past, host: GitHubHost, shop: Repository, effect: Broken | ServerError
) -> None:
    past.open()
    there.fail(effect, path="/graphql", times=None)
    assert of(read(host, shop), "opened") == [("opened", OPENED, "dana")]
    assert host.no_graphql


def checked(past: Past, pull: standin.PullRequest, *ended: tuple[str, str]) -> None:
    """Runs of one suite on that head, each with how and when it ended; one without a time goes on."""
    for number, (conclusion, at) in enumerate(ended):
        begun, moment = datetime.fromisoformat(OPENED), datetime.fromisoformat(at) if at else None
        state = "completed" if moment else "in_progress"
        run = CheckRun(900 + number, 801, f"job {number}", pull.head_sha, state, begun, conclusion or None, moment)
        past.repository.checks[run.id] = run


def test_of_an_open_pull_request_it_is_known_how_the_checks_of_its_head_ended(
    past: Past, host: GitHubHost, shop: Repository, told_by: str
) -> None:
    pull = past.open()
    checked(past, pull, ("failure", "2026-09-01T10:00:00Z"), ("success", "2026-09-01T10:05:00Z"))
    (row,) = [row for row in read(host, shop) if row[0] == "checked"]
    assert row[:3] == ("checked", "2026-09-01T10:05:00Z", "")
    assert row[3] == {"conclusion": "failure", "sha": pull.head_sha, "app": past.there.app.slug, "is_head": True}


def test_checks_that_go_on_and_those_of_what_is_closed_are_not_told(
    past: Past, host: GitHubHost, shop: Repository, there: StandIn, calls: Calls
) -> None:
    pull = past.open()
    checked(past, pull, ("failure", "2026-09-01T10:00:00Z"), ("", ""))
    assert of(read(host, shop), "checked") == []
    checked(past, pull, ("failure", "2026-09-01T10:00:00Z"), ("success", "2026-09-01T10:05:00Z"))
    past.at("2026-09-01T11:00:00Z", lambda: there.close_pull_request(past.repository, pull, "dana"))
    before = len(calls.of("GET", "/check-runs"))
    assert of(read(host, shop), "checked") == []
    assert len(calls.of("GET", "/check-runs")) == before


def test_checks_that_are_not_ours_to_see_cost_nothing_else(
    past: Past, host: GitHubHost, shop: Repository, there: StandIn
) -> None:
    past.open()
    there.fail(ServerError(403), path=".*/check-runs$", times=None)
    assert of(read(host, shop), "checked", "opened") == [("opened", OPENED, "dana")]


def test_one_that_is_gone_meanwhile_is_left_out(past: Past, host: GitHubHost, shop: Repository, told_by: str) -> None:
    past.open()
    (page,) = changed_since(host, shop, LONG_AGO)
    past.repository.pulls.clear()
    assert past_of(host, shop, page.listed) == []


def test_what_changed_last_comes_first_and_what_is_older_not_at_all(
    past: Past, host: GitHubHost, shop: Repository
) -> None:
    for day in range(1, 6):
        past.open(f"2026-09-0{day}T09:00:00Z")
    (page,) = changed_since(host, shop, "2026-09-03T00:00:00Z")
    assert [one.pull_request.number for one in page.listed] == [5, 4, 3]
    assert (page.number, page.listed[0].updated_at) == (1, "2026-09-05T09:00:00Z")
