"""Reading code and pull requests from the stand-in, with the real PyGithub."""

from __future__ import annotations

from typing import TYPE_CHECKING

import github
import pytest
import requests

from bot.demo.standin import PullRequest, Repository, StandIn

if TYPE_CHECKING:
    from tests.demo.conftest import Git


def test_files_come_as_github_shows_them(as_app: github.Github, pull: PullRequest) -> None:
    files = {one.filename: one for one in as_app.get_repo("acme/shop").get_pull(pull.number).get_files()}
    assert {name: (one.status, one.additions, one.deletions) for name, one in files.items()} == {
        "app.py": ("modified", 3, 1),
        "gone.txt": ("removed", 0, 1),
        "logo.png": ("modified", 0, 0),
        "new.py": ("renamed", 0, 0),
        "src/naïve file.py": ("added", 1, 0),
    }
    assert files["new.py"].previous_filename == "old.py"
    assert files["logo.png"].patch is None
    assert files["new.py"].patch is None
    assert files["app.py"].patch.split("\n")[0] == "@@ -7,7 +7,8 @@ line_6 = 6"
    assert files["app.py"].patch.endswith("+added_62 = 62\n\\ No newline at end of file")


def test_a_mode_change_alone_has_no_patch(host: StandIn, shop: Repository, git: Git, as_app: github.Github) -> None:
    git("checkout", "-q", "-b", "mode", "main")
    git("update-index", "--chmod=+x", "app.py")
    git("commit", "-q", "-m", "Executable")
    pull = host.open_pull_request(shop, "main", "mode", "Mode")
    (file,) = as_app.get_repo("acme/shop").get_pull(pull.number).get_files()
    assert (file.filename, file.status, file.patch) == ("app.py", "changed", None)


def test_a_patch_over_github_s_limit_is_withheld(
    host: StandIn, shop: Repository, git: Git, as_app: github.Github
) -> None:
    git("checkout", "-q", "-b", "large", "main")
    git.write("large.py", "x = 1\n" * 20_001)
    git.commit("Large")
    pull = host.open_pull_request(shop, "main", "large", "Large")
    (file,) = as_app.get_repo("acme/shop").get_pull(pull.number).get_files()
    assert (file.additions, file.patch) == (20_001, None)


def test_many_files_come_in_pages(host: StandIn, shop: Repository, git: Git, as_app: github.Github) -> None:
    git("checkout", "-q", "-b", "many", "main")
    for number in range(70):
        git.write(f"many/{number:03}.txt", f"{number}\n")
    git.commit("Many")
    pull = host.open_pull_request(shop, "main", "many", "Many")
    repository = as_app.get_repo("acme/shop")
    host.journal.clear()
    names = [one.filename for one in repository.get_pull(pull.number).get_files()]
    assert names == [f"many/{number:03}.txt" for number in range(70)]
    assert host.journal.counts()["GET /repos/<owner>/<repo>/pulls/<int:number>/files"] == 3


def test_the_diff_is_against_the_point_where_the_branches_parted(
    host: StandIn, shop: Repository, git: Git, as_app: github.Github
) -> None:
    git("checkout", "-q", "main")
    git.write("later.txt", "main went on\n")
    git.commit("Main goes on")
    pull = host.open_pull_request(shop, "main", "feature", "Add the feature")
    found = as_app.get_repo("acme/shop").get_pull(pull.number)
    assert "later.txt" not in [one.filename for one in found.get_files()]
    assert found.commits == 1


def test_contents_come_with_their_bytes(as_app: github.Github, pull: PullRequest) -> None:
    repository = as_app.get_repo("acme/shop")
    text = repository.get_contents("src/naïve file.py", ref=pull.head_sha)
    assert not isinstance(text, list)
    assert text.decoded_content == b"print('hello')\n"
    listing = repository.get_contents("src", ref="feature")
    assert isinstance(listing, list)
    assert [(one.path, one.type, one.size) for one in listing] == [("src/naïve file.py", "file", 15)]


def test_contents_come_raw_when_asked(host: StandIn, pull: PullRequest) -> None:
    response = requests.get(
        f"{host.base_url}/repos/acme/shop/contents/logo.png",
        params={"ref": pull.head_sha},
        headers=_headers(host) | {"Accept": "application/vnd.github.raw+json"},
        timeout=60,
    )
    assert response.content == b"\x89PNG\0\3\4\5"


@pytest.mark.parametrize("path", ["nowhere.py", "app.py/inside", "src/nowhere.py"])
def test_a_file_that_is_not_there_is_404(as_app: github.Github, pull: PullRequest, path: str) -> None:
    with pytest.raises(github.UnknownObjectException):
        as_app.get_repo("acme/shop").get_contents(path)


def test_trees_blobs_commits_and_comparisons_are_git_s(as_app: github.Github, pull: PullRequest) -> None:
    repository = as_app.get_repo("acme/shop")
    tree = repository.get_git_tree("feature", recursive=True)
    entry = next(one for one in tree.tree if one.path == "src/naïve file.py")
    assert repository.get_git_blob(entry.sha).size == 15
    commit = repository.get_commit(pull.head_sha)
    assert (commit.commit.message, commit.parents[0].sha) == ("Feature", pull.base_sha)
    assert [one.sha for one in repository.get_commits("feature")] == [pull.head_sha, pull.base_sha]
    comparison = repository.compare("main", "feature")
    assert (comparison.status, comparison.ahead_by, len(list(comparison.files))) == ("ahead", 1, 5)
    assert [one.number for one in commit.get_pulls()] == [pull.number]


def test_pull_requests_are_listed_by_state(
    host: StandIn, shop: Repository, pull: PullRequest, as_user: github.Github
) -> None:
    repository = as_user.get_repo("acme/shop")
    assert [one.number for one in repository.get_pulls()] == [pull.number]
    host.close_pull_request(shop, pull, merged_by="robin")
    assert not list(repository.get_pulls())
    closed = next(iter(repository.get_pulls(state="closed")))
    assert closed.merged_at == pull.merged_at.replace(microsecond=0)  # type: ignore[union-attr]
    assert repository.get_pull(pull.number).merged


def test_an_organisation_s_settings_repository_is_a_repository_like_others(
    host: StandIn, shop: Repository, git: Git, as_app: github.Github
) -> None:
    host.add_repository("acme", ".github", git.git_dir)
    assert [one.full_name for one in _installed(as_app)] == ["acme/shop", "acme/.github"]
    assert as_app.get_repo("acme/.github").get_contents("app.py").size > 0  # type: ignore[union-attr]


def test_an_unchanged_answer_is_not_sent_again(host: StandIn, pull: PullRequest) -> None:
    address, headers = f"{host.base_url}/repos/acme/shop/pulls/{pull.number}", _headers(host)
    first = requests.get(address, headers=headers, timeout=60)
    again = requests.get(address, headers=headers | {"If-None-Match": first.headers["ETag"]}, timeout=60)
    assert (again.status_code, again.content) == (304, b"")


def test_github_enterprise_server_s_addresses_work_too(host: StandIn, pull: PullRequest) -> None:
    auth = github.Auth.Token(host.token_for("robin"))
    client = github.Github(auth=auth, base_url=f"{host.base_url}/api/v3", retry=None, timeout=60)
    found = client.get_repo("acme/shop").get_pull(pull.number)
    assert found.url == f"{host.base_url}/api/v3/repos/acme/shop/pulls/{pull.number}"
    _, answer = client.requester.graphql_query("{ viewer { login } }", {})
    assert answer["data"]["viewer"]["login"] == "robin"


def _installed(client: github.Github) -> list[github.Repository.Repository]:
    _, answer = client.requester.requestJsonAndCheck("GET", "/installation/repositories")
    return [client.get_repo(one["full_name"]) for one in answer["repositories"]]


def _headers(host: StandIn) -> dict[str, str]:
    return {"Authorization": f"Bearer {host.token_for('robin')}"}
