"""Reviews: what GitHub takes, what it refuses, and what becomes of comments when the code moves on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import github
import pytest
from github.PullRequest import PullRequest as Remote

from bot.demo.standin import PullRequest, Repository, StandIn

if TYPE_CHECKING:
    from tests.demo.conftest import Git


@pytest.fixture
def remote(as_app: github.Github, pull: PullRequest) -> Remote:
    return as_app.get_repo("acme/shop").get_pull(pull.number)


def test_a_review_with_comments_is_kept_whole(remote: Remote, pull: PullRequest) -> None:
    review = remote.create_review(
        body="Two things.",
        event="COMMENT",
        comments=[
            {"path": "app.py", "body": "one line", "line": 11, "side": "RIGHT"},
            {"path": "app.py", "body": "a range", "start_line": 9, "line": 11, "start_side": "RIGHT", "side": "RIGHT"},
            {"path": "app.py", "body": "what went", "line": 10, "side": "LEFT"},
        ],
    )
    assert (review.state, review.user.login, review.commit_id) == ("COMMENTED", "seawall[bot]", pull.head_sha)
    assert [one.body for one in remote.get_reviews()] == ["Two things."]
    comments = list(remote.get_review_comments())
    assert [(one.start_line, one.line, one.side) for one in comments] == [
        (None, 11, "RIGHT"),
        (9, 11, "RIGHT"),
        (None, 10, "LEFT"),
    ]
    assert comments[0].diff_hunk.split("\n")[-1] == "+added_11 = 11"
    assert [one.id for one in remote.get_single_review_comments(review.id)] == [one.id for one in comments]


@pytest.mark.parametrize(
    ("comment", "reason"),
    [
        ({"path": "app.py", "line": 40}, "Line could not be resolved"),
        ({"path": "app.py", "line": 0}, "Line could not be resolved"),
        ({"path": "app.py"}, "not an integer"),
        ({"path": "elsewhere.py", "line": 1}, "Path could not be resolved"),
        ({"path": "old.py", "line": 1}, "Path could not be resolved"),
        ({"path": "new.py", "line": 1}, "Line could not be resolved"),
        ({"path": "logo.png", "line": 1}, "Line could not be resolved"),
        ({"path": "gone.txt", "line": 1, "side": "RIGHT"}, "Line could not be resolved"),
        ({"path": "app.py", "start_line": 11, "line": 11}, "Start line must precede"),
        ({"path": "app.py", "start_line": 12, "line": 11}, "Start line must precede"),
        ({"path": "app.py", "start_line": 10, "line": 62}, "same hunk"),
        ({"path": "app.py", "start_line": 30, "line": 62}, "Start line could not be resolved"),
        ({"path": "app.py", "line": 11, "side": "MIDDLE"}, "must be LEFT or RIGHT"),
    ],
)
def test_a_comment_that_has_no_place_refuses_the_whole_review(
    remote: Remote, comment: dict[str, Any], reason: str
) -> None:
    good = {"path": "app.py", "body": "fine", "line": 11}
    with pytest.raises(github.GithubException) as refused:
        remote.create_review(body="x", event="COMMENT", comments=[good, comment | {"body": "lost"}])  # type: ignore[list-item]
    assert refused.value.status == 422
    assert reason in str(refused.value.data)
    assert not list(remote.get_reviews())
    assert not list(remote.get_review_comments())


@pytest.mark.parametrize(
    ("review", "reason"),
    [
        ({"event": "COMMENT"}, "empty review"),
        ({"event": "REQUEST_CHANGES", "body": "  "}, "empty review"),
        ({"event": "LGTM", "body": "x"}, "invalid value"),
        ({"event": "COMMENT", "body": "x" * 65_537}, "too long"),
        (
            {"event": "COMMENT", "body": "x", "comments": [{"path": "app.py", "line": 11, "body": "x" * 65_537}]},
            "too long",
        ),
        ({"event": "COMMENT", "body": "x", "comments": [{"path": "app.py", "line": 11, "body": " "}]}, "blank"),
        ({"event": "COMMENT", "body": "x", "commit_id": "0" * 40}, "not part of the pull request"),
        ({"event": "COMMENT", "body": "x", "comments": "none"}, "not a list"),
    ],
)
def test_what_is_no_review_is_refused(remote: Remote, review: dict[str, Any], reason: str) -> None:
    with pytest.raises(github.GithubException) as refused:
        remote.requester.requestJsonAndCheck("POST", f"{remote.url}/reviews", input=review)
    assert refused.value.status == 422
    assert reason in str(refused.value.data)
    assert not list(remote.get_reviews())


def test_the_longest_body_is_taken(remote: Remote) -> None:
    assert len(remote.create_review(body="x" * 65_536, event="COMMENT").body) == 65_536


def test_nobody_judges_his_own_work(host: StandIn, pull: PullRequest) -> None:
    client = github.Github(
        auth=github.Auth.Token(host.token_for("dana")), base_url=host.base_url, retry=None, seconds_between_writes=0
    )
    own = client.get_repo("acme/shop").get_pull(pull.number)
    with pytest.raises(github.GithubException, match="your own pull request"):
        own.create_review(body="No", event="REQUEST_CHANGES")
    assert own.create_review(body="A remark", event="COMMENT").state == "COMMENTED"


def test_only_verdicts_can_be_dismissed_and_only_pending_reviews_deleted(remote: Remote) -> None:
    verdict = remote.create_review(body="No", event="REQUEST_CHANGES")
    verdict.dismiss("Settled")
    assert remote.get_review(verdict.id).state == "DISMISSED"
    remark = remote.create_review(body="Hm", event="COMMENT")
    with pytest.raises(github.GithubException, match="Can not dismiss"):
        remark.dismiss("Away")
    with pytest.raises(github.GithubException, match="Can not delete"):
        remark.delete()
    draft = remote.create_review(body="Later", comments=[{"path": "app.py", "line": 11, "body": "draft"}])
    assert draft.state == "PENDING"
    with pytest.raises(github.GithubException, match="one pending review"):
        remote.create_review(body="Another")
    draft.delete()
    assert [one.id for one in remote.get_reviews()] == [verdict.id, remark.id]
    assert not list(remote.get_review_comments())


def test_a_pending_review_is_its_author_s_own_until_it_is_submitted(
    remote: Remote, pull: PullRequest, as_user: github.Github
) -> None:
    remote.create_review(body="Draft")
    other = as_user.get_repo("acme/shop").get_pull(pull.number)
    assert not list(other.get_reviews())
    (draft,) = remote.get_reviews()
    remote.requester.requestJsonAndCheck(
        "POST", f"{remote.url}/reviews/{draft.id}/events", input={"event": "COMMENT", "body": "Now"}
    )
    assert [(one.body, one.state) for one in other.get_reviews()] == [("Now", "COMMENTED")]


def test_comments_are_answered_changed_reacted_to_and_deleted(remote: Remote, as_app: github.Github) -> None:
    commit = as_app.get_repo("acme/shop").get_commit(remote.head.sha)
    comment = remote.create_review_comment("Look", commit, "app.py", line=11, side="RIGHT")
    reply = remote.create_review_comment_reply(comment.id, "I do")
    assert (reply.in_reply_to_id, reply.line) == (comment.id, 11)
    comment.edit("Look here")
    comment.create_reaction("eyes")
    comment.create_reaction("eyes")
    assert [one.content for one in comment.get_reactions()] == ["eyes"]
    assert remote.get_review_comment(comment.id).body == "Look here"
    reply.delete()
    assert [one.id for one in remote.get_review_comments()] == [comment.id]


def test_the_conversation_takes_comments_reactions_and_labels(remote: Remote) -> None:
    comment = remote.create_issue_comment("Hello")
    comment.create_reaction("+1")
    comment.edit("Hello again")
    assert [(one.body, one.user.login) for one in remote.get_issue_comments()] == [("Hello again", "seawall[bot]")]
    remote.as_issue().create_reaction("rocket")
    remote.requester.requestJsonAndCheck("POST", f"{remote.issue_url}/labels", input={"labels": ["risky"]})
    assert [one.name for one in remote.get_labels()] == ["risky"]
    comment.delete()
    assert not list(remote.get_issue_comments())


def test_a_push_moves_comments_with_their_lines_or_makes_them_outdated(
    host: StandIn, shop: Repository, git: Git, pull: PullRequest, remote: Remote
) -> None:
    comments = [{"path": "app.py", "body": str(line), "line": line} for line in (10, 11, 62)]
    remote.create_review(body="x", event="COMMENT", comments=comments)  # type: ignore[arg-type]
    text = (git.folder / "app.py").read_text().replace("changed_10 = 10\n", "first = 0\nrewritten_10 = 10\n")
    git.write("app.py", text)
    pushed = git.commit("Rewrite")
    host.push(shop, pull, pushed)
    told = [(one.body, one.line, one.original_line, one.position is None) for one in remote.get_review_comments()]
    assert told == [("10", None, 10, True), ("11", 12, 11, False), ("62", 63, 62, False)]
    assert [one.commit_id == pushed for one in remote.get_review_comments()] == [False, True, True]
    assert remote.get_reviews()[0].commit_id != pushed


def test_a_review_of_a_former_head_is_judged_by_that_head(
    host: StandIn, shop: Repository, git: Git, pull: PullRequest, remote: Remote
) -> None:
    before = pull.head_sha
    git.write("app.py", "all = 'new'\n")
    host.push(shop, pull, git.commit("Start over"))
    asked = {"body": "x", "event": "COMMENT", "comments": [{"path": "app.py", "line": 62, "body": "y"}]}
    with pytest.raises(github.GithubException, match="Line could not be resolved"):
        remote.requester.requestJsonAndCheck("POST", f"{remote.url}/reviews", input=asked)
    remote.requester.requestJsonAndCheck("POST", f"{remote.url}/reviews", input=asked | {"commit_id": before})
    assert [one.commit_id for one in remote.get_reviews()] == [before]
