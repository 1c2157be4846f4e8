"""Check runs and commit statuses."""

import github
import pytest
from github.Repository import Repository as Remote

from bot.demo.standin import PullRequest


@pytest.fixture
def remote(as_app: github.Github) -> Remote:
    return as_app.get_repo("acme/shop")


def test_a_check_run_goes_from_begun_to_concluded(remote: Remote, pull: PullRequest) -> None:
    check = remote.create_check_run("Seawall", pull.head_sha, status="in_progress", external_id="1#1")
    assert (check.status, check.conclusion, check.pull_requests[0].number) == ("in_progress", None, pull.number)
    annotation = {"path": "app.py", "start_line": 1, "end_line": 1, "annotation_level": "warning", "message": "m"}
    output = {"title": "2 findings", "summary": "…", "annotations": [annotation]}
    check.edit(status="completed", conclusion="neutral", output=output)  # type: ignore[arg-type]
    found = remote.get_check_run(check.id)
    assert (found.status, found.conclusion, found.output.title) == ("completed", "neutral", "2 findings")
    assert found.completed_at is not None
    assert [one.message for one in found.get_annotations()] == ["m"]


def test_runs_of_a_head_are_found_latest_of_each_name(remote: Remote, pull: PullRequest) -> None:
    for name in ("Seawall", "Seawall", "lint"):
        last = remote.create_check_run(name, pull.head_sha)
    commit = remote.get_commit(pull.head_sha)
    assert [one.name for one in commit.get_check_runs()] == ["Seawall", "lint"]
    assert commit.get_check_runs(check_name="Seawall", filter="all").totalCount == 2
    assert [one.id for one in commit.get_check_runs(check_name="lint")] == [last.id]


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "done"},
        {"conclusion": "fine"},
        {"status": "completed"},
        {"output": {"title": "no summary"}},
        {"output": {"title": "t", "summary": "s" * 65_536}},
        {"output": {"title": "t", "summary": "s", "annotations": [{"path": "app.py"}]}},
        {"head_sha": "0" * 40},
        {"name": ""},
    ],
)
def test_a_check_run_that_makes_no_sense_is_refused(
    remote: Remote, pull: PullRequest, wrong: dict[str, object]
) -> None:
    asked = {"name": "Seawall", "head_sha": pull.head_sha} | wrong
    with pytest.raises(github.GithubException) as refused:
        remote.requester.requestJsonAndCheck("POST", f"{remote.url}/check-runs", input=asked)
    assert refused.value.status == 422
    assert remote.get_commit(pull.head_sha).get_check_runs().totalCount == 0


def test_more_than_fifty_annotations_a_request_are_refused(remote: Remote, pull: PullRequest) -> None:
    one = {"path": "app.py", "start_line": 1, "end_line": 1, "annotation_level": "notice", "message": "m"}
    check = remote.create_check_run("Seawall", pull.head_sha)
    with pytest.raises(github.GithubException, match="maximum of 50"):
        check.edit(output={"title": "t", "summary": "s", "annotations": [one] * 51})  # type: ignore[arg-type]
    for _ in range(2):
        check.edit(output={"title": "t", "summary": "s", "annotations": [one] * 50})  # type: ignore[arg-type]
    assert remote.get_check_run(check.id).output.annotations_count == 100


def test_a_user_s_token_may_set_a_status_but_no_check_run(as_user: github.Github, pull: PullRequest) -> None:
    remote = as_user.get_repo("acme/shop")
    with pytest.raises(github.GithubException, match="You must authenticate via a GitHub App") as refused:
        remote.create_check_run("Seawall", pull.head_sha)
    assert refused.value.status == 403
    commit = remote.get_commit(pull.head_sha)
    commit.create_status("success", description="clean", context="Seawall")
    with pytest.raises(github.GithubException, match="too long"):
        commit.create_status("success", description="x" * 141, context="Seawall")
