"""GraphQL through PyGithub."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import github
import pytest
from graphql import validate_schema

from bot.demo.standin import PullRequest, Repository, StandIn
from bot.demo.standin.routes.graph import schema

if TYPE_CHECKING:
    from tests.demo.conftest import Git

WHOLE = """
query($owner: String!, $name: String!, $number: Int!, $text: String!, $picture: String!) {
  rateLimit { remaining cost }
  viewer { login }
  repository(owner: $owner, name: $name) {
    databaseId
    text: object(expression: $text) { __typename ... on Blob { text byteSize isBinary isTruncated oid } }
    picture: object(expression: $picture) { ... on Blob { text byteSize isBinary } }
    nothing: object(expression: "main:nowhere") { oid }
    pullRequest(number: $number) {
      state isDraft headRefOid baseRefOid title body
      reviews(last: 10, author: "seawall") { nodes { databaseId body author { __typename login } createdAt } }
      reviewThreads(first: 10) { nodes { id isResolved line comments(first: 5) { nodes { databaseId body } } } }
    }
  }
}
"""


def test_code_and_pull_request_come_in_one_answer(
    shop: Repository, pull: PullRequest, as_app: github.Github, host: StandIn
) -> None:
    remote = as_app.get_repo("acme/shop").get_pull(pull.number)
    review = remote.create_review(
        body="Look", event="COMMENT", comments=[{"path": "app.py", "body": "here", "line": 11}]
    )
    host.journal.clear()
    variables = {
        "owner": "acme",
        "name": "shop",
        "number": pull.number,
        "text": f"{pull.head_sha}:src/naïve file.py",
        "picture": f"{pull.head_sha}:logo.png",
    }
    data = ask(as_app, WHOLE, variables)
    assert host.journal.counts() == {"POST /graphql": 1}
    assert data["viewer"]["login"] == "seawall[bot]"
    repository = data["repository"]
    assert repository["databaseId"] == shop.id
    text = repository["text"]
    assert (text["text"], text["byteSize"], text["isBinary"], text["isTruncated"]) == (
        "print('hello')\n",
        15,
        False,
        False,
    )
    assert repository["picture"] == {"text": None, "byteSize": 8, "isBinary": True}
    assert repository["nothing"] is None
    found = repository["pullRequest"]
    assert (found["state"], found["isDraft"], found["headRefOid"]) == ("OPEN", False, pull.head_sha)
    (shown,) = found["reviews"]["nodes"]
    assert (shown["databaseId"], shown["author"]) == (review.id, {"__typename": "Bot", "login": "seawall"})
    assert found["reviewThreads"]["nodes"][0]["comments"]["nodes"][0]["body"] == "here"


def test_a_thread_is_resolved_and_a_review_minimized(
    host: StandIn, shop: Repository, as_app: github.Github, pull: PullRequest
) -> None:
    remote = as_app.get_repo("acme/shop").get_pull(pull.number)
    review = remote.create_review(
        body="Look", event="COMMENT", comments=[{"path": "app.py", "body": "here", "line": 11}]
    )
    wanted = "reviewThreads(first: 1) { nodes { id isResolved viewerCanResolve } }"
    threads = f"{{ node(id: %r) {{ ... on PullRequest {{ {wanted} }} }} }}"
    (thread,) = ask(as_app, threads.replace("%r", f'"{remote.node_id}"'))["node"]["reviewThreads"]["nodes"]
    assert (thread["isResolved"], thread["viewerCanResolve"]) == (False, False)
    with pytest.raises(github.GithubException, match="not accessible by integration"):
        as_app.requester.graphql_named_mutation("resolveReviewThread", {"threadId": thread["id"]}, "thread { id }")
    may_write = host.installation_token(shop, {"contents": "write", "pull_requests": "write"})
    _, answer = github.Github(
        auth=github.Auth.Token(may_write), base_url=host.base_url
    ).requester.graphql_named_mutation("resolveReviewThread", {"threadId": thread["id"]}, "thread { isResolved }")
    assert answer == {"thread": {"isResolved": True}}
    _, answer = as_app.requester.graphql_named_mutation(
        "minimizeComment",
        {"subjectId": review.node_id, "classifier": "OUTDATED"},
        "minimizedComment { isMinimized minimizedReason }",
    )
    assert answer == {"minimizedComment": {"isMinimized": True, "minimizedReason": "outdated"}}


@pytest.mark.parametrize(
    "query",
    [
        '{ repository(owner: "acme", name: "nowhere") { databaseId } }',
        '{ repository(owner: "acme", name: "shop") { pullRequest(number: 99) { title } } }',
        '{ node(id: "PRRT_nothing") { id } }',
    ],
)
def test_what_is_not_there_is_an_error_of_that_type(as_app: github.Github, pull: PullRequest, query: str) -> None:
    with pytest.raises(github.UnknownObjectException, match="Could not resolve"):
        ask(as_app, query)


@pytest.mark.parametrize(
    ("connection", "type"),
    [("reviews", "MISSING_PAGINATION_BOUNDARIES"), ("reviews(first: 101)", "EXCESSIVE_PAGINATION")],
)
def test_a_list_must_be_asked_for_by_the_page(
    as_app: github.Github, pull: PullRequest, connection: str, type: str
) -> None:
    inner = f"pullRequest(number: 1) {{ {connection} {{ totalCount }} }}"
    with pytest.raises(github.GithubException) as refused:
        ask(as_app, f'{{ repository(owner: "acme", name: "shop") {{ {inner} }} }}')
    assert refused.value.data["errors"][0]["type"] == type


def test_pages_follow_one_another(as_app: github.Github, pull: PullRequest) -> None:
    remote = as_app.get_repo("acme/shop").get_pull(pull.number)
    for number in range(5):
        remote.create_review(body=str(number), event="COMMENT")
    asked = "nodes { body } pageInfo { endCursor hasNextPage hasPreviousPage }"
    wrapped = '{ repository(owner: "acme", name: "shop") { pullRequest(number: 1) { reviews(%s) { %s } } } }'

    def page(which: str) -> dict[str, Any]:
        found: dict[str, Any] = ask(as_app, wrapped % (which, asked))["repository"]["pullRequest"]["reviews"]
        return found

    first = page("first: 2")
    assert first["pageInfo"]["hasNextPage"]
    second = page(f'first: 2, after: "{first["pageInfo"]["endCursor"]}"')
    assert [one["body"] for one in first["nodes"] + second["nodes"]] == ["0", "1", "2", "3"]
    assert [one["body"] for one in page("last: 2")["nodes"]] == ["3", "4"]


def test_a_field_that_github_does_not_have_is_refused(as_app: github.Github) -> None:
    with pytest.raises(github.GithubException, match="Cannot query field"):
        ask(as_app, "{ viewer { password } }")


def test_long_text_is_cut_and_says_so(shop: Repository, git: Git, as_app: github.Github) -> None:
    git.write("long.txt", "x" * 600_000)
    sha = git.commit("Long")
    blob_fields = f'object(expression: "{sha}:long.txt") {{ ... on Blob {{ text byteSize isTruncated }} }}'
    query = f'{{ repository(owner: "acme", name: "shop") {{ {blob_fields} }} }}'
    blob = ask(as_app, query)["repository"]["object"]
    assert (len(blob["text"]), blob["byteSize"], blob["isTruncated"]) == (512_000, 600_000, True)


def test_the_schema_is_sound() -> None:
    assert not validate_schema(schema())


def ask(client: github.Github, query: str, variables: dict[str, Any] | None = None) -> dict[str, Any]:
    _, answer = client.requester.graphql_query(query, variables or {})
    data: dict[str, Any] = answer["data"]
    return data


def test_a_commit_tells_the_mode_of_a_path(
    shop: Repository, pull: PullRequest, as_app: github.Github, host: StandIn, git: Git
) -> None:
    (git.folder / "link.py").symlink_to("app.py")
    head = git.commit("A link")
    query = """
    query($owner: String!, $name: String!, $head: String!) {
      repository(owner: $owner, name: $name) {
        object(expression: $head) {
          ... on Commit {
            link: file(path: "link.py") { mode }
            file(path: "app.py") { mode }
            none: file(path: "x") { mode }
          }
        }
      }
    }
    """
    commit = ask(as_app, query, {"owner": "acme", "name": "shop", "head": head})["repository"]["object"]
    assert commit == {"link": {"mode": 0o120000}, "file": {"mode": 0o100644}, "none": None}


def test_rest_follows_a_link_to_a_file_and_describes_any_other(
    shop: Repository, as_app: github.Github, git: Git
) -> None:
    (git.folder / "link.py").symlink_to("app.py")
    (git.folder / "loose.py").symlink_to("nowhere.py")
    head = git.commit("Links")
    remote = as_app.get_repo("acme/shop")
    followed, described = (remote.get_contents(path, ref=head) for path in ("link.py", "loose.py"))
    assert (followed.type, followed.decoded_content) == (
        "file",
        remote.get_contents("app.py", ref=head).decoded_content,
    )
    assert (described.type, described.target) == ("symlink", "nowhere.py")
