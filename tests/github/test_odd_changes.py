"""Changes that are not six small text files: moved on, huge, many, in other encodings."""

import pytest

from bot.demo import standin
from bot.demo.standin import StandIn
from bot.domain import Change, FileRef, PullRequest
from bot.errors import HostUnavailable, Superseded
from bot.github import GitHubHost, GitHubSource
from bot.settings import load_settings
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


def test_a_commit_that_github_does_not_show_yet_is_no_missing_file(host: GitHubHost, pull: PullRequest) -> None:
    ahead = pull.model_copy(update={"base_sha": "d" * 40})
    source = GitHubSource(host, ahead, READING)
    with pytest.raises(HostUnavailable, match="does not show commit dddddddddd"):
        source.policy()
    assert GitHubSource(host, pull, READING).policy().repository is not None
