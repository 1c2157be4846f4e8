"""Changes that are not six small text files: moved on, huge, many, in other encodings, links."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.demo import standin
from bot.demo.standin import ServerError, StandIn
from bot.domain import Change, FileRef, PullRequest
from bot.errors import HostUnavailable, Superseded
from bot.github import GitHubHost, GitHubSource
from bot.github.api import Api
from bot.review.snapshot import take
from bot.settings import Policy, load_settings
from tests.github.conftest import Calls
from tests.github.shop import Git

READING = load_settings({}).reading


@pytest.fixture
def source(host: GitHubHost, pull: PullRequest) -> GitHubSource:
    return GitHubSource(host, pull, READING)


def pushed(there: StandIn, git: Git, shop_there: standin.Repository, pull_there: standin.PullRequest) -> PullRequest:
    """The pull request after the branch was committed and pushed."""
    there.push(shop_there, pull_there, git.commit("More"))
    return PullRequest(
        repository={
            "id": shop_there.id,
            "owner": "acme",
            "name": "shop",
            "installation_id": shop_there.installation_id,
        },
        number=pull_there.number,
        base_ref="main",
        base_sha=pull_there.base_sha,
        head_ref="feature",
        head_sha=pull_there.head_sha,
    )


def test_a_pull_request_that_moved_on_is_superseded(
    there: StandIn, git: Git, shop_there: standin.Repository, pull_there: standin.PullRequest, source: GitHubSource
) -> None:
    git.write("app.py", "nothing left\n")
    pushed(there, git, shop_there, pull_there)
    with pytest.raises(Superseded, match="moved on"):
        source.change()


def change_of(host: GitHubHost, pull: PullRequest) -> tuple[GitHubSource, Change]:
    source = GitHubSource(host, pull, READING)
    return source, source.change()


def test_bytes_that_are_no_utf8_come_back_as_they_are(
    there: StandIn, git: Git, shop_there: standin.Repository, pull_there: standin.PullRequest, host: GitHubHost
) -> None:
    latin = "name = 'Zoë'\n".encode("latin-1")
    git.write("latin.py", latin)
    pull = pushed(there, git, shop_there, pull_there)
    source, _ = change_of(host, pull)
    assert source.read([FileRef("latin.py", "RIGHT")]) == {FileRef("latin.py", "RIGHT"): latin}


def test_a_file_that_graphql_cuts_is_read_whole_by_rest(
    there: StandIn, git: Git, shop_there: standin.Repository, pull_there: standin.PullRequest, host: GitHubHost
) -> None:
    long = b"".join(b"x_%06d = 1\n" % number for number in range(50_000))
    git.write("long.py", long)
    pull = pushed(there, git, shop_there, pull_there)
    source, change = change_of(host, pull)
    assert not change.by_path["long.py"].is_complete
    assert source.read([FileRef("long.py", "RIGHT")])[FileRef("long.py", "RIGHT")] == long


def test_a_file_over_the_limit_is_left_out_and_named(
    there: StandIn, git: Git, shop_there: standin.Repository, pull_there: standin.PullRequest, host: GitHubHost
) -> None:
    git.write("huge.py", b"y = 1\n" * 300_000)
    pull = pushed(there, git, shop_there, pull_there)
    source, _ = change_of(host, pull)
    assert source.read([FileRef("huge.py", "RIGHT")]) == {}
    assert "1800000 bytes" in source.unread[FileRef("huge.py", "RIGHT")]


def test_more_than_a_page_of_files_is_listed_and_read_in_full(
    there: StandIn,
    git: Git,
    shop_there: standin.Repository,
    pull_there: standin.PullRequest,
    host: GitHubHost,
    calls: Calls,
) -> None:
    paths = [f"many/file_{number:03}.py" for number in range(240)]
    for number, path in enumerate(paths):
        git.write(path, f"number = {number}\n")
    pull = pushed(there, git, shop_there, pull_there)
    source, change = change_of(host, pull)
    assert set(paths) <= change.by_path.keys()
    assert len(calls.of("GET", "/files")) == 3
    read = source.read([FileRef(path, "RIGHT") for path in paths])
    assert read == {FileRef(path, "RIGHT"): b"number = %d\n" % number for number, path in enumerate(paths)}
    assert len(calls.of("POST", "/graphql")) == 5


def test_a_submodule_is_named_as_one_and_never_read(
    there: StandIn, git: Git, shop_there: standin.Repository, pull_there: standin.PullRequest, host: GitHubHost
) -> None:
    (git.folder / "vendor/lib").mkdir(parents=True)
    git("update-index", "--add", "--cacheinfo", f"160000,{'a' * 40},vendor/lib")
    git("commit", "-q", "-m", "A submodule")
    pull = pushed(there, git, shop_there, pull_there)
    source, change = change_of(host, pull)
    assert change.by_path["vendor/lib"].is_submodule
    assert source.read([FileRef("vendor/lib", "RIGHT")]) == {}


def without_graphql(there: StandIn) -> None:
    there.fail(ServerError(501), "POST", ".*/graphql", times=None)


@pytest.mark.parametrize("spoil", [lambda there: None, without_graphql], ids=["graphql", "rest"])
def test_a_symbolic_link_is_named_and_never_read_as_code(
    there: StandIn,
    git: Git,
    shop_there: standin.Repository,
    pull_there: standin.PullRequest,
    host: GitHubHost,
    calls: Calls,
    spoil: Callable[[StandIn], None],
) -> None:
    (git.folder / "lib").mkdir()
    (git.folder / "lib/to_a_file.py").symlink_to("../app.py")
    (git.folder / "lib/to_nowhere.py").symlink_to("/opt/elsewhere.py")
    git.write("lib/no_link.py", "app.py")  # the same bytes as a link's, in a file
    spoil(there)
    calls.seen.clear()
    snapshot = take(GitHubSource(host, pushed(there, git, shop_there, pull_there), READING), Policy(), READING)
    assert {file.path: (file.reason, file.expected) for file in snapshot.skipped if file.path.startswith("lib/")} == {
        "lib/to_a_file.py": ("a symbolic link", True),
        "lib/to_nowhere.py": ("a symbolic link", True),
    }
    assert snapshot.contents["lib/no_link.py"] == b"app.py"
    assert snapshot.change.by_path["lib/to_a_file.py"].is_symlink
    if not host.no_graphql:
        assert calls.of("POST", "/graphql") == [200], "the mode comes with the files"
        assert calls.of("GET", "/contents/{path}") == []


def test_a_mode_that_github_does_not_tell_is_found_out_by_rest(
    there: StandIn,
    git: Git,
    shop_there: standin.Repository,
    pull_there: standin.PullRequest,
    host: GitHubHost,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (git.folder / "link.py").symlink_to("app.py")
    git.write("no_link.py", "app.py")
    answer = Api.query

    def without_modes(api: Api, text: str, variables: dict[str, object]) -> dict[str, Any]:
        told = answer(api, text, variables)
        for key, commit in told["data"]["repository"].items():
            told["data"]["repository"][key] = {"oid": commit["oid"]} if key[0] == "k" and commit else commit
        return told

    monkeypatch.setattr(Api, "query", without_modes)
    change = GitHubSource(host, pushed(there, git, shop_there, pull_there), READING).change()
    assert [patch.path for patch in change.patches if patch.is_symlink] == ["link.py"]


def test_a_line_of_a_file_that_reads_like_a_submodule_does_not_hide_the_file(
    there: StandIn, git: Git, shop_there: standin.Repository, pull_there: standin.PullRequest, host: GitHubHost
) -> None:
    git.write("sly.py", f'import os\n\n\nNOTE = """\nSubproject commit {"a" * 40}\n"""\nos.system(NOTE)\n')
    _, change = change_of(host, pushed(there, git, shop_there, pull_there))
    assert not change.by_path["sly.py"].is_submodule


def test_a_commit_that_github_does_not_show_yet_is_no_missing_file(host: GitHubHost, pull: PullRequest) -> None:
    ahead = pull.model_copy(update={"base_sha": "d" * 40})
    source = GitHubSource(host, ahead, READING)
    with pytest.raises(HostUnavailable, match="does not show commit dddddddddd"):
        source.policy()
    assert GitHubSource(host, pull, READING).policy().repository is not None
