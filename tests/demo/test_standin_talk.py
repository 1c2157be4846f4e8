"""People and programs in conversation: what is kept, what is refused, what is announced."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import github
import pytest
import requests

from bot.demo.standin import HookTarget, PullRequest, Repository, StandIn
from bot.demo.standin.refusals import Refusal
from tests.demo.test_standin_hooks import SECRET, Receiver, receiver, valid

if TYPE_CHECKING:
    from tests.demo.conftest import Git

__all__ = ["receiver", "valid"]


@pytest.fixture
def heard(host: StandIn, pull: PullRequest, receiver: Receiver) -> Callable[[int], list[tuple[str, str]]]:
    """Events and actions of the deliveries since the pull request was opened, once so many are in."""
    host.courier.target = HookTarget(f"http://127.0.0.1:{receiver.server_port}/webhooks/github", SECRET)
    return receiver.events


def rest(host: StandIn, token: str, method: str, path: str, **sent: Any) -> requests.Response:
    url = f"{host.base_url}/repos/acme/shop{path}"
    return requests.request(method, url, headers={"Authorization": f"Bearer {token}"}, timeout=60, **sent)


def test_what_people_say_is_announced_and_every_payload_is_valid(
    host: StandIn,
    shop: Repository,
    pull: PullRequest,
    receiver: Receiver,
    heard: Callable[[int], list[tuple[str, str]]],
    valid: Callable[[str, bytes], None],
) -> None:
    dana, robin = host.person(shop, "dana", "write"), host.person(shop, "robin", "read")
    expected = []

    def then(event: str, action: str) -> None:
        expected.append((event, action))
        heard(len(expected))

    said = robin.comment(pull, "/seawall help")
    then("issue_comment", "created")
    robin.edit(pull, said.id, "/seawall status")
    then("issue_comment", "edited")
    robin.delete(pull, said.id)
    then("issue_comment", "deleted")
    first = robin.comment_on_line(pull, "app.py", 11, "Slow?")
    then("pull_request_review_comment", "created")
    answer = dana.reply(pull, first.id, "By design")
    then("pull_request_review_comment", "created")
    dana.react(pull, first.id, "-1")
    dana.resolve(pull, answer.id)
    then("pull_request_review_thread", "resolved")
    dana.resolve(pull, first.id)
    robin.resolve(pull, first.id, is_resolved=False)
    then("pull_request_review_thread", "unresolved")
    assert heard(len(expected)) == expected
    for headers, body in receiver.got:
        valid(headers["x-github-event"], body)
    told = [json.loads(body) for _, body in receiver.got]
    assert told[1]["changes"]["body"]["from"] == "/seawall help"
    assert (told[4]["comment"]["in_reply_to_id"], told[4]["sender"]["login"]) == (first.id, "dana")
    assert [one["id"] for one in told[5]["thread"]["comments"]] == [first.id, answer.id]
    assert told[5]["thread"]["comments"][0]["reactions"]["-1"] == 1
    assert told[0]["issue"]["pull_request"]
    assert told[0]["comment"]["author_association"] == "MEMBER"


def test_an_app_hears_itself_as_a_bot(
    host: StandIn,
    shop: Repository,
    pull: PullRequest,
    receiver: Receiver,
    heard: Callable[[int], list[tuple[str, str]]],
    valid: Callable[[str, bytes], None],
) -> None:
    token = host.installation_token(shop)
    review = {"event": "COMMENT", "body": "x", "comments": [{"path": "app.py", "line": 11, "body": "Slow"}]}
    rest(host, token, "POST", f"/pulls/{pull.number}/reviews", json=review)
    [inline] = pull.review_comments.values()
    heard(1)
    rest(host, token, "POST", f"/pulls/{pull.number}/comments/{inline.id}/replies", json={"body": "Fixed"})
    heard(2)
    rest(host, token, "POST", f"/issues/{pull.number}/comments", json={"body": "Here"})
    heard(3)
    for headers, body in receiver.got:
        valid(headers["x-github-event"], body)
        author = json.loads(body)["comment"]
        assert (author["user"]["login"], author["user"]["type"]) == ("seawall[bot]", "Bot")
        assert author["author_association"] == "NONE"


def test_an_app_that_is_not_subscribed_hears_nothing(
    host: StandIn, shop: Repository, pull: PullRequest, receiver: Receiver, heard: Callable[[int], Any]
) -> None:
    host.app.events[:] = ["pull_request"]
    host.person(shop, "dana").comment(pull, "Hello")
    host.edit(shop, pull, title="Another")
    assert heard(1) == [("pull_request", "edited")]


def test_comments_need_pull_requests_write_and_nothing_more(host: StandIn, shop: Repository, pull: PullRequest) -> None:
    first = host.person(shop, "dana").comment_on_line(pull, "app.py", 11, "Slow?")
    said = host.person(shop, "dana").comment(pull, "Hello")
    writes = [
        (f"/issues/{pull.number}/comments", {"body": "x"}),
        (f"/issues/comments/{said.id}/reactions", {"content": "eyes"}),
        (f"/pulls/comments/{first.id}/reactions", {"content": "eyes"}),
        (f"/pulls/{pull.number}/comments/{first.id}/replies", {"body": "x"}),
    ]
    enough = host.installation_token(shop, {"pull_requests": "write", "metadata": "read"})
    assert [rest(host, enough, "POST", path, json=body).status_code for path, body in writes] == [201] * 4
    too_little = host.installation_token(shop, {"issues": "write", "pull_requests": "read"})
    refused = [rest(host, too_little, "POST", path, json=body) for path, body in writes]
    assert {one.status_code for one in refused} == {403}
    assert {one.json()["message"] for one in refused} == {"Resource not accessible by integration"}


def test_only_the_first_comment_of_a_thread_is_replied_to(host: StandIn, shop: Repository, pull: PullRequest) -> None:
    dana, token = host.person(shop, "dana"), host.token_for("dana")
    first = dana.comment_on_line(pull, "app.py", 11, "Slow?")
    answer = dana.reply(pull, first.id, "No")
    statuses = [
        rest(host, token, "POST", f"/pulls/{number}/comments/{to}/replies", json={"body": text}).status_code
        for number, to, text in [
            (pull.number, first.id, "x"),
            (pull.number, answer.id, "x"),
            (pull.number, 5, "x"),
            (99, first.id, "x"),
            (pull.number, first.id, " "),
        ]
    ]
    assert statuses == [201, 422, 404, 404, 422]


def test_reactions_are_there_once_and_can_be_taken_back(host: StandIn, shop: Repository, pull: PullRequest) -> None:
    token = host.installation_token(shop)
    dana = host.person(shop, "dana")
    inline, said = dana.comment_on_line(pull, "app.py", 11, "Slow?"), dana.comment(pull, "Hello")
    dana.react(pull, inline.id, "+1")
    for path in (f"/pulls/comments/{inline.id}/reactions", f"/issues/comments/{said.id}/reactions"):
        assert [rest(host, token, "POST", path, json={"content": "eyes"}).status_code for _ in "ab"] == [201, 200]
        assert rest(host, token, "POST", path, json={"content": "shrug"}).status_code == 422
        [eyes] = rest(host, token, "GET", path, params={"content": "eyes"}).json()
        assert (eyes["user"]["login"], eyes["content"]) == ("seawall[bot]", "eyes")
        assert rest(host, token, "DELETE", f"{path}/{eyes['id']}").status_code == 204
        assert rest(host, token, "DELETE", f"{path}/{eyes['id']}").status_code == 404
    assert [one.content for one in inline.reactions] == ["+1"]
    assert said.reactions == []


def test_comments_are_listed_newest_first_or_since_a_time(
    host: StandIn, shop: Repository, pull: PullRequest, as_app: github.Github
) -> None:
    dana = host.person(shop, "dana")
    first = dana.comment_on_line(pull, "app.py", 11, "Slow?")
    answer = dana.reply(pull, first.id, "No")
    token = host.installation_token(shop)
    path = f"/pulls/{pull.number}/comments"
    listed = rest(host, token, "GET", path, params={"sort": "created", "direction": "desc"}).json()
    assert [one["id"] for one in listed] == [answer.id, first.id]
    dana.comment(pull, "Hello")
    for kind in ("pulls", "issues"):
        path = f"/{kind}/{pull.number}/comments"
        assert rest(host, token, "GET", path, params={"since": "2020-01-01T00:00:00Z"}).json()
        assert rest(host, token, "GET", path, params={"since": "2099-01-01T00:00:00Z"}).json() == []


def test_a_suggestion_is_committed_with_its_author_named(
    host: StandIn, shop: Repository, pull: PullRequest, git: Git
) -> None:
    robin, dana = host.person(shop, "robin", "write"), host.person(shop, "dana")
    text = "Better:\n```suggestion\nbetter_10 = 10\nbetter_11 = 11\n```\n"
    inline = robin.comment_on_line(pull, "app.py", 11, text)
    before = pull.head_sha
    head = dana.commit_suggestion(pull, inline.id)
    assert (pull.head_sha, git("rev-parse", "feature").strip()) == (head, head)
    assert git("rev-parse", f"{head}^").strip() == before
    lines = git("show", f"{head}:app.py").split("\n")
    assert lines[9:12] == ["changed_10 = 10", "better_10 = 10", "better_11 = 11"]
    message = git("log", "-1", "--format=%B|%an", head)
    assert message.startswith("Apply suggestion from @robin\n\nCo-authored-by: robin <")
    assert message.strip().endswith("|dana")
    with pytest.raises(Refusal, match="Unprocessable"):
        dana.commit_suggestion(pull, dana.comment_on_line(pull, "app.py", 10, "No suggestion").id)


def test_a_rebase_makes_the_commits_again_on_the_base(
    host: StandIn, shop: Repository, pull: PullRequest, git: Git
) -> None:
    dana = host.person(shop, "dana")
    first = dana.comment_on_line(pull, "app.py", 11, "Slow?")
    before = pull.head_sha
    git("checkout", "-q", "main")
    git.write("app.py", "first = 0\n" + (git.folder / "app.py").read_text())
    moved = git.commit("Main moves")
    head = dana.rebase(pull)
    assert (pull.head_sha, pull.base_sha) == (head, moved)
    assert head != before
    assert git("rev-parse", f"{head}^").strip() == moved
    assert (first.line, first.original_line) == (12, 11)
    dana.merge(pull)
    assert pull.is_merged
