"""One check a head, from the first second to its conclusion."""

import pytest

from bot.demo import standin
from bot.demo.standin import ConnectionReset, ServerError, StandIn
from bot.demo.standin.faults import Effect
from bot.domain import CheckDraft, PullRequest, Repository
from bot.errors import Forbidden
from bot.github import GitHubHost, GitHubPublisher, conclude_merge_group
from tests.github.conftest import Calls, HostFactory

BEGUN = CheckDraft(title="Reading …", summary="Under way.")
DONE = CheckDraft(conclusion="neutral", title="2 findings", summary="The receipt.")


@pytest.fixture
def publisher(host: GitHubHost, pull: PullRequest) -> GitHubPublisher:
    return GitHubPublisher(host, pull)


def test_a_check_runs_from_in_progress_to_its_conclusion(
    publisher: GitHubPublisher, shop_there: standin.Repository, pull: PullRequest
) -> None:
    publisher.begin(BEGUN)
    [run] = shop_there.checks.values()
    assert (run.name, run.status, run.external_id, run.head_sha) == (
        "Seawall",
        "in_progress",
        pull.review_key,
        pull.head_sha,
    )
    publisher.conclude(DONE)
    [run] = shop_there.checks.values()
    assert (run.status, run.conclusion, run.title, run.summary) == (
        "completed",
        "neutral",
        "2 findings",
        "The receipt.",
    )


def test_after_a_crash_the_check_of_this_head_is_found_again(
    a_host: HostFactory, pull: PullRequest, shop_there: standin.Repository
) -> None:
    GitHubPublisher(a_host(), pull).begin(BEGUN)
    GitHubPublisher(a_host(), pull).begin(BEGUN)
    GitHubPublisher(a_host(), pull).conclude(DONE)
    [run] = shop_there.checks.values()
    assert run.conclusion == "neutral"


def test_a_later_step_of_the_same_process_need_not_look_for_the_check(
    host: GitHubHost, pull: PullRequest, calls: Calls
) -> None:
    GitHubPublisher(host, pull).begin(BEGUN)
    GitHubPublisher(host, pull).conclude(DONE)
    assert calls.of("GET", "/check-runs") == [200]


@pytest.mark.parametrize(
    "lost", [ServerError(502, after_write=True), ConnectionReset(after_write=True), ServerError(500)]
)
def test_a_check_whose_answer_is_lost_is_there_once(
    there: StandIn, publisher: GitHubPublisher, shop_there: standin.Repository, lost: Effect
) -> None:
    there.fail(lost, "POST", ".*/check-runs$")
    publisher.begin(BEGUN)
    publisher.conclude(DONE)
    assert [run.conclusion for run in shop_there.checks.values()] == ["neutral"]


def test_the_check_of_a_former_base_is_taken_over_but_not_that_of_another_pull_request(
    host: GitHubHost, pull: PullRequest, shop_there: standin.Repository
) -> None:
    GitHubPublisher(host, pull).begin(BEGUN)
    GitHubPublisher(host, pull.model_copy(update={"base_sha": "b" * 40})).begin(BEGUN)
    assert len(shop_there.checks) == 1
    GitHubPublisher(host, pull.model_copy(update={"number": pull.number + 10})).begin(BEGUN)
    assert len(shop_there.checks) == 2


def test_a_check_that_cannot_be_there_is_made_without_a_look(
    publisher: GitHubPublisher, shop_there: standin.Repository, calls: Calls
) -> None:
    publisher.expect_no_check()
    publisher.begin(BEGUN)
    publisher.conclude(DONE)
    assert calls.of("GET", "/check-runs") == []
    assert [run.conclusion for run in shop_there.checks.values()] == ["neutral"]


@pytest.mark.parametrize("lost", [ServerError(502, after_write=True), ServerError(500)])
def test_after_a_lost_answer_even_a_check_that_could_not_be_there_is_looked_for(
    there: StandIn, publisher: GitHubPublisher, shop_there: standin.Repository, lost: Effect
) -> None:
    there.fail(lost, "POST", ".*/check-runs$")
    publisher.expect_no_check()
    publisher.begin(BEGUN)
    assert len(shop_there.checks) == 1


def test_a_check_without_conclusion_stays_in_progress_and_says_why(
    publisher: GitHubPublisher, shop_there: standin.Repository
) -> None:
    publisher.begin(BEGUN)
    publisher.conclude(CheckDraft(title="GitHub's limit is reached; this goes on at 14:05 UTC"))
    [run] = shop_there.checks.values()
    assert (run.status, run.title) == ("in_progress", "GitHub's limit is reached; this goes on at 14:05 UTC")


def test_a_summary_over_githubs_limit_is_cut_and_says_so(
    publisher: GitHubPublisher, shop_there: standin.Repository
) -> None:
    publisher.conclude(DONE.model_copy(update={"summary": "ü" * 60_000}))
    [run] = shop_there.checks.values()
    assert run.summary is not None
    assert len(run.summary.encode()) <= 65_535
    assert run.summary.endswith("in the ledger)")


def test_with_a_token_a_commit_status_stands_in_for_the_check(
    there: StandIn, a_host: HostFactory, pull: PullRequest, shop_there: standin.Repository, calls: Calls
) -> None:
    publisher = GitHubPublisher(a_host(token=there.token_for("robin")), pull)
    publisher.begin(BEGUN)
    publisher.conclude(DONE.model_copy(update={"title": "2 findings " + "x" * 200}))
    assert [(one.context, one.state) for one in shop_there.statuses] == [("seawall", "pending"), ("seawall", "success")]
    assert len(shop_there.statuses[-1].description or "") == 140
    assert calls.of("POST", "/check-runs") == [403], "asked once, then remembered"


def test_an_app_without_the_permission_is_told_which_one(
    there: StandIn, publisher: GitHubPublisher, shop_there: standin.Repository
) -> None:
    there.app.permissions["checks"] = "read"
    with pytest.raises(Forbidden, match="checks: write"):
        publisher.begin(BEGUN)
    assert not shop_there.statuses


def test_a_merge_group_gets_its_check_once(
    host: GitHubHost, shop: Repository, pull: PullRequest, shop_there: standin.Repository
) -> None:
    for _ in range(2):
        conclude_merge_group(host, shop, pull.head_sha, DONE.model_copy(update={"conclusion": "success"}))
    [run] = shop_there.checks.values()
    assert (run.head_sha, run.conclusion) == (pull.head_sha, "success")


STOPPED = CheckDraft(conclusion="neutral", title="Stopped: superseded")


def test_a_stopped_reviews_check_ends_where_it_stands_in_progress(
    a_host: HostFactory, pull: PullRequest, shop_there: standin.Repository
) -> None:
    GitHubPublisher(a_host(), pull).begin(BEGUN)
    for _ in range(2):
        GitHubPublisher(a_host(), pull).end(STOPPED, may_be_final=False)
    [run] = shop_there.checks.values()
    assert (run.status, run.conclusion, run.title) == ("completed", "neutral", STOPPED.title)


def test_ending_leaves_a_verdict_as_it_is_and_makes_no_check(
    publisher: GitHubPublisher, shop_there: standin.Repository
) -> None:
    publisher.end(STOPPED, may_be_final=False)
    assert not shop_there.checks
    publisher.conclude(DONE)
    publisher.end(STOPPED, may_be_final=True)
    [run] = shop_there.checks.values()
    assert run.title == DONE.title


def test_a_stopped_reviews_status_ends_unless_it_may_be_a_verdict(
    there: StandIn, a_host: HostFactory, pull: PullRequest, shop_there: standin.Repository
) -> None:
    publisher = GitHubPublisher(a_host(token=there.token_for("robin")), pull)
    publisher.begin(BEGUN)
    publisher.end(STOPPED, may_be_final=True)
    assert [one.state for one in shop_there.statuses] == ["pending"]
    publisher.end(STOPPED, may_be_final=False)
    assert [one.state for one in shop_there.statuses] == ["pending", "success"]
