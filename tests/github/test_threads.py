"""Threads as they are read, by GraphQL and by REST, and the only ones that may be resolved."""

from collections.abc import Callable

import pytest
from structlog.testing import capture_logs

from bot.demo import standin
from bot.demo.standin import Person, ServerError, StandIn
from bot.demo.standin.links import node_id
from bot.demo.standin.records import Account
from bot.domain import Comment, PullRequest, Repository, ReviewDraft
from bot.errors import Forbidden, NotFound
from bot.github import Conversation, GitHubHost, GitHubPublisher, Thread, read_threads, resolve, suggestion_commits
from tests.github.conftest import Calls, HostFactory, Time
from tests.github.shop import Git

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


def threads_of(host: GitHubHost, pull: PullRequest) -> dict[str, Thread]:
    """By the login that began them."""
    return {thread.comments[0].login: thread for thread in read_threads(host, pull)}


@with_and_without_graphql
def test_threads_are_read_with_everything_said_in_them(
    there: StandIn,
    host: GitHubHost,
    pull: PullRequest,
    pull_there: standin.PullRequest,
    ours: int,
    dana: Person,
    shop: Repository,
    spoil: Callable[[StandIn], None],
) -> None:
    theirs = dana.comment_on_line(pull_there, "app.py", 62, "A newline?").id
    answer = dana.reply(pull_there, ours, "By design").id
    dana.react(pull_there, ours, "-1")
    dana.react(pull_there, ours, "eyes")
    dana.react(pull_there, answer, "+1")
    again = Conversation(host, shop).reply_in_thread(1, ours, "Noted", "k")
    spoil(there)
    found = threads_of(host, pull)
    thread = found["seawall[bot]"]
    assert (thread.path, thread.line, thread.is_ours, thread.is_outdated) == ("app.py", 11, True, False)
    assert [(one.id, one.login) for one in thread.comments] == [
        (ours, "seawall[bot]"),
        (answer, "dana"),
        (again, "seawall[bot]"),
    ]
    assert thread.comments[0].body == SUGGESTION
    assert [(one.content, one.login) for one in thread.comments[0].reactions] == [("-1", "dana"), ("eyes", "dana")]
    assert [one.content for one in thread.comments[1].reactions] == ["+1"]
    assert thread.comments[1].at.startswith("20")
    assert (found["dana"].comments[0].id, found["dana"].is_ours) == (theirs, False)


def test_graphql_knows_who_resolved_a_thread_and_whether_we_might(
    there: StandIn,
    host: GitHubHost,
    pull: PullRequest,
    pull_there: standin.PullRequest,
    ours: int,
    dana: Person,
) -> None:
    before = threads_of(host, pull)["seawall[bot]"]
    assert (before.is_resolved, before.resolved_by, before.may_resolve) == (False, "", False)
    dana.resolve(pull_there, ours)
    after = threads_of(host, pull)["seawall[bot]"]
    assert (after.id, after.is_resolved, after.resolved_by) == (node_id("PRRT", ours), True, "dana")


@pytest.mark.parametrize("login", ["seawall", "seawall[bot]"])
def test_what_we_resolved_is_told_as_ours_however_github_names_us(
    there: StandIn, host: GitHubHost, pull: PullRequest, pull_there: standin.PullRequest, ours: int, login: str
) -> None:
    pull_there.review_comments[ours].is_resolved = True
    pull_there.review_comments[ours].resolved_by = Account(9, login)
    assert threads_of(host, pull)["seawall[bot]"].resolved_by == host.own_login() == "seawall[bot]"


def test_one_query_reads_a_page_of_threads(host: GitHubHost, pull: PullRequest, ours: int, calls: Calls) -> None:
    read_threads(host, pull)
    before = len(calls)
    read_threads(host, pull)
    assert calls.seen[before:] == [("POST", "/graphql", 200)]


def test_many_threads_comments_and_reactions_are_all_read(
    there: StandIn,
    host: GitHubHost,
    pull: PullRequest,
    pull_there: standin.PullRequest,
    shop_there: standin.Repository,
    ours: int,
    dana: Person,
) -> None:
    for number in range(60):
        dana.comment_on_line(pull_there, "app.py", 11, f"Thread {number}")
    for number in range(130):
        dana.reply(pull_there, ours, f"Answer {number}")
    for number in range(25):
        there.person(shop_there, f"p{number}").react(pull_there, ours, "-1")
    threads = read_threads(host, pull)
    assert len(threads) == 61
    assert [one.body for one in threads[0].comments[1:]] == [f"Answer {number}" for number in range(130)]
    assert {one.login for one in threads[0].comments[0].reactions} == {f"p{number}" for number in range(25)}
    without_graphql(there)
    by_rest = read_threads(host, pull)
    assert [thread.comments for thread in by_rest] == [thread.comments for thread in threads]


def test_a_push_outdates_a_thread(
    there: StandIn,
    host: GitHubHost,
    pull: PullRequest,
    pull_there: standin.PullRequest,
    ours: int,
    dana: Person,
    git: Git,
) -> None:
    git.write("app.py", "all = 'new'\n")
    dana.push(pull_there, git.commit("Start over"))
    [thread] = read_threads(host, pull)
    assert (thread.line, thread.is_outdated) == (None, True)


@with_and_without_graphql
def test_a_host_that_stumbles_is_asked_again(
    there: StandIn, host: GitHubHost, pull: PullRequest, ours: int, spoil: Callable[[StandIn], None]
) -> None:
    spoil(there)
    there.fail(ServerError(502), ".*", ".*(/graphql|/comments)$", times=2)
    [thread] = read_threads(host, pull)
    assert thread.comments[0].id == ours


def test_a_pull_request_that_is_gone_is_not_found(host: GitHubHost, pull: PullRequest) -> None:
    with pytest.raises(NotFound):
        read_threads(host, pull.model_copy(update={"number": 99}))


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


def test_committed_suggestions_are_told_from_other_commits(
    host: GitHubHost,
    pull: PullRequest,
    pull_there: standin.PullRequest,
    there: StandIn,
    shop_there: standin.Repository,
    ours: int,
    dana: Person,
    git: Git,
) -> None:
    assert suggestion_commits(host, pull) == []
    robin = there.person(shop_there, "robin", "write")
    theirs = robin.comment_on_line(pull_there, "app.py", 10, "```suggestion\nten = 10\n```").id
    first = dana.commit_suggestion(pull_there, ours)
    second = dana.commit_suggestion(pull_there, theirs)
    git("reset", "-q", "--hard", second)
    batch = git.commit("Apply suggestions from code review\n\nCo-authored-by: Seawall[bot] <1+Seawall[bot]@users.ghes>")
    renamed = git.commit("Wait no longer\n\nco-authored-by: x <7+seawall[bot]@users.noreply.github.com>")
    dana.push(pull_there, git.commit("Co-authored-by: seawall[bot], by hand"))
    found = suggestion_commits(host, pull)
    told = [(commit.sha, commit.author, commit.credits_us) for commit in found]
    assert told == [
        (first, "dana", True),
        (second, "dana", False),
        (batch, "Dana", True),
        (renamed, "Dana", True),
    ]
    dana.rebase(pull_there)
    assert [commit.credits_us for commit in suggestion_commits(host, pull)] == [True, False, True, True]
