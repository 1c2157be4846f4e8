"""Threads as they are read, by GraphQL and by REST, and the only ones that may be resolved."""

from collections.abc import Callable

import pytest

from bot.demo import standin
from bot.demo.standin import Person, ServerError, StandIn
from bot.demo.standin.links import node_id
from bot.demo.standin.records import Account
from bot.domain import Comment, PullRequest, Repository, ReviewDraft
from bot.errors import NotFound
from bot.github import Conversation, GitHubHost, GitHubPublisher, Thread, read_threads, suggestion_commits
from tests.github.conftest import Calls
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
