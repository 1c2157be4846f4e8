"""What a whole review costs in requests and in waiting."""

import time

from bot.demo import standin
from bot.demo.standin import Latency, StandIn
from bot.domain import CheckDraft, Comment, FileRef, PullRequest, ReviewDraft
from bot.github import GitHubHost, GitHubPublisher, GitHubSource, fetch_pull_request
from bot.settings import load_settings
from tests.github.conftest import Calls

MARKER = "<!-- seawall:review:1 -->"
DRAFT = ReviewDraft(
    marker=MARKER,
    body=f"One thing. {MARKER}",
    comments=(Comment(path="app.py", start_line=10, end_line=11, body="Here.", fingerprint="f"),),
    body_alone=f"One thing, at app.py. {MARKER}",
)


def review(host: GitHubHost, pull: PullRequest) -> None:
    """In the order of the pipeline, the first of this head. Six files are read on both sides, the policy too."""
    source, publisher = GitHubSource(host, pull, load_settings({}).reading), GitHubPublisher(host, pull)
    publisher.expect_no_check()
    publisher.begin(CheckDraft(title="Reading …"))
    change = source.change()
    source.policy()
    wanted = [FileRef(patch.path, "RIGHT") for patch in change.patches if not patch.is_binary]
    wanted += [FileRef(patch.path_at_base, "LEFT") for patch in change.patches if not patch.is_binary]
    assert len(source.read(wanted)) == 10
    publisher.standing(MARKER)
    assert publisher.post(DRAFT).comment_ids.keys() == {"f"}
    publisher.conclude(CheckDraft(conclusion="neutral", title="1 finding"))


def test_a_whole_review_takes_seven_requests(host: GitHubHost, pull: PullRequest, calls: Calls) -> None:
    fetch_pull_request(host, pull.repository, pull.number)  # once an hour the token is renewed, too
    calls.seen.clear()
    review(host, pull)
    assert [f"{method} {route.rsplit('}', 1)[-1] or route}" for method, route, _ in calls.seen] == [
        "POST /check-runs",
        "GET /files",
        "POST /graphql",
        "POST /graphql",
        "POST /reviews",
        "GET /comments",
        "PATCH /repos/{owner}/{name}/check-runs/{run_id}",
    ]


def test_without_graphql_it_takes_a_request_for_each_file_and_a_few_more(
    there: StandIn, host: GitHubHost, pull: PullRequest, calls: Calls
) -> None:
    """Two for the policy instead of none and three to see that nothing lies beside it, two for the standing instead of
    one, and who we are, once."""
    fetch_pull_request(host, pull.repository, pull.number)
    host.own_login()
    host.no_graphql.avoid(3600)
    calls.seen.clear()
    review(host, pull)
    assert sorted(calls.of("GET", "/contents/{path}")) == [200] * 6 + [404] * 3
    assert len(calls) == 17, calls.seen


def test_with_slow_answers_a_review_takes_its_seven_requests_and_little_more(
    there: StandIn, host: GitHubHost, pull: PullRequest, pull_there: standin.PullRequest
) -> None:
    fetch_pull_request(host, pull.repository, pull.number)  # once an hour the token is renewed, too
    there.fail(Latency(0.1), times=None)
    began = time.perf_counter()
    review(host, pull)
    assert len(pull_there.reviews) == 1
    assert time.perf_counter() - began < 7 * 0.1 + 30
