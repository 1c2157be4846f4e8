"""The only threads that may be resolved are ours, and only where GitHub lets us."""

from collections.abc import Callable

import pytest
from structlog.testing import capture_logs

from bot.demo import standin
from bot.demo.standin import Person, ServerError, StandIn
from bot.demo.standin.links import node_id
from bot.domain import Comment, PullRequest, Repository, ReviewDraft
from bot.errors import Forbidden, NotFound
from bot.github import Conversation, GitHubHost, GitHubPublisher, read_threads, resolve
from tests.github.conftest import Calls, HostFactory, Time

SUGGESTION = "Better:\n```suggestion\nbetter_11 = 11\n```"


def without_graphql(there: StandIn) -> None:
    there.fail(ServerError(501), "POST", ".*/graphql", times=None)


with_and_without_graphql = pytest.mark.parametrize(
    "spoil", [lambda there: None, without_graphql], ids=["graphql", "rest"]
)


@pytest.fixture
def dana(there: StandIn, shop_there: standin.Repository) -> Person:
    return there.person(shop_there, "dana", "write")


@pytest.fixture
def ours(host: GitHubHost, pull: PullRequest) -> int:
    """Our inline comment."""
    comment = Comment(path="app.py", start_line=11, end_line=11, body=SUGGESTION, fingerprint="f")
    marker = "<!-- seawall:1 -->"
    draft = ReviewDraft(marker=marker, body=f"One thing.\n{marker}", comments=(comment,), body_alone=marker)
    return GitHubPublisher(host, pull).post(draft).comment_ids["f"]


@pytest.fixture
def may_resolve(there: StandIn) -> None:
    there.app.permissions["contents"] = "write"


@with_and_without_graphql
@pytest.mark.usefixtures("may_resolve")
def test_a_thread_whose_first_comment_is_gone_is_nobody_s(
    there: StandIn,
    host: GitHubHost,
    shop: Repository,
    pull: PullRequest,
    pull_there: standin.PullRequest,
    dana: Person,
    spoil: Callable[[StandIn], None],
) -> None:
    first = dana.comment_on_line(pull_there, "app.py", 11, "Slow?").id
    ours = Conversation(host, shop).reply_in_thread(1, first, "Noted", "k")
    dana.delete(pull_there, first)
    spoil(there)
    [thread] = read_threads(host, pull)
    assert (thread.comments[0].id, thread.comments[0].login, thread.is_ours) == (ours, "seawall[bot]", False)
    if thread.id:
        with pytest.raises(Forbidden, match="its first comment is gone"):
            resolve(host, shop, thread.id)
    assert not pull_there.review_comments[ours].is_resolved


@pytest.mark.usefixtures("may_resolve")
def test_our_own_thread_is_resolved_and_stays_so(
    there: StandIn,
    host: GitHubHost,
    shop: Repository,
    pull: PullRequest,
    pull_there: standin.PullRequest,
    ours: int,
    calls: Calls,
) -> None:
    [thread] = read_threads(host, pull)
    assert thread.may_resolve
    assert resolve(host, shop, thread.id)
    assert pull_there.review_comments[ours].is_resolved
    before = len(calls)
    assert resolve(host, shop, thread.id)
    assert len(calls) == before + 1, "it is resolved: a look is enough"
    [thread] = read_threads(host, pull)
    assert (thread.is_resolved, thread.resolved_by) == (True, "")


@pytest.mark.usefixtures("may_resolve")
def test_a_person_s_thread_is_never_resolved(
    host: GitHubHost, shop: Repository, pull: PullRequest, pull_there: standin.PullRequest, dana: Person
) -> None:
    first = dana.comment_on_line(pull_there, "app.py", 11, "Slow?").id
    Conversation(host, shop).reply_in_thread(1, first, "Noted", "k")
    with pytest.raises(Forbidden, match="begun by dana and not by us"):
        resolve(host, shop, node_id("PRRT", first))
    assert not pull_there.review_comments[first].is_resolved
    with pytest.raises(NotFound):
        resolve(host, shop, "PRRT_nothing")


def test_where_github_does_not_let_us_resolve_the_log_says_so_once_an_hour(
    host: GitHubHost, shop: Repository, pull_there: standin.PullRequest, ours: int, times: Time
) -> None:
    with capture_logs() as logged:
        assert [resolve(host, shop, node_id("PRRT", ours)) for _ in "abc"] == [False] * 3
        assert len(logged) == 1
        assert "contents: write" in logged[0]["reason"]
        times.sleep(3601)
        resolve(host, shop, node_id("PRRT", ours))
        assert len(logged) == 2
    assert not pull_there.review_comments[ours].is_resolved


def test_without_graphql_nothing_can_be_resolved(
    there: StandIn, host: GitHubHost, shop: Repository, pull_there: standin.PullRequest, ours: int
) -> None:
    without_graphql(there)
    with capture_logs() as logged:
        assert not resolve(host, shop, node_id("PRRT", ours))
        assert not resolve(host, shop, node_id("PRRT", ours))
    assert [("GraphQL" in entry["reason"]) for entry in logged] == [True]


@pytest.mark.usefixtures("may_resolve")
@pytest.mark.parametrize("after_write", [True, False])
def test_a_resolution_whose_answer_was_lost_is_looked_for(
    there: StandIn,
    host: GitHubHost,
    shop: Repository,
    pull_there: standin.PullRequest,
    ours: int,
    after_write: bool,
    calls: Calls,
) -> None:
    there.fail(ServerError(502, after_write=after_write), "POST", ".*/graphql$", after=1)
    before = len(calls.of("POST", "/graphql"))
    assert resolve(host, shop, node_id("PRRT", ours))
    assert pull_there.review_comments[ours].is_resolved
    asked = calls.of("POST", "/graphql")[before:]
    assert asked == [200, 502, 200] + ([] if after_write else [200]), (
        "a look, the lost one, a look, and once more if need be"
    )


@pytest.mark.usefixtures("may_resolve")
def test_with_a_token_the_owner_s_threads_are_ours(
    there: StandIn,
    a_host: HostFactory,
    shop: Repository,
    pull: PullRequest,
    pull_there: standin.PullRequest,
    dana: Person,
) -> None:
    robin = a_host(token=there.token_for("robin"))
    GitHubPublisher(robin, pull).post(
        ReviewDraft(
            marker="<!-- seawall:1 -->",
            body="x <!-- seawall:1 -->",
            comments=(Comment(path="app.py", start_line=11, end_line=11, body="x", fingerprint="f"),),
            body_alone="x <!-- seawall:1 -->",
        )
    )
    [thread] = read_threads(robin, pull)
    assert (thread.comments[0].login, thread.is_ours) == ("robin", True)
    assert resolve(robin, shop, thread.id)
