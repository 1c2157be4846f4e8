"""Reading a pull request: patches, both sides of its files, policy."""

from collections.abc import Callable

import pytest

from bot.demo.standin import Broken, ServerError, StandIn
from bot.domain import FileRef, PatchStatus, PullRequest
from bot.errors import HostUnavailable
from bot.github import GitHubHost, GitHubSource, file_at
from bot.settings import load_settings
from tests.github.conftest import Calls, Time
from tests.github.shop import APP, APP_AFTER, POLICY, STOCK, Git

READING = load_settings({}).reading
ODD = "src/naïve file#1.py"
WANTED = [
    FileRef("app.py", "RIGHT"),
    FileRef("app.py", "LEFT"),
    FileRef("web/cart.ts", "RIGHT"),
    FileRef("web/cart.ts", "LEFT"),
    FileRef("new.py", "RIGHT"),
    FileRef("old.py", "LEFT"),
    FileRef(ODD, "RIGHT"),
    FileRef(ODD, "LEFT"),
    FileRef("gone.py", "LEFT"),
    FileRef("gone.py", "RIGHT"),
    FileRef("nowhere.py", "RIGHT"),
]


@pytest.fixture
def source(host: GitHubHost, pull: PullRequest) -> GitHubSource:
    return GitHubSource(host, pull, READING)


def without_graphql(there: StandIn) -> None:
    there.fail(ServerError(501), "POST", ".*/graphql", times=None)


def expect_both_sides(source: GitHubSource) -> None:
    assert source.read(WANTED) == {
        FileRef("app.py", "RIGHT"): APP_AFTER.encode(),
        FileRef("app.py", "LEFT"): APP.encode(),
        FileRef("web/cart.ts", "RIGHT"): b"export const a = 1\r\nexport const b = 3\r\n",
        FileRef("web/cart.ts", "LEFT"): b"export const a = 1\r\nexport const b = 2\r\n",
        FileRef("new.py", "RIGHT"): STOCK.replace("kept_3 = 3", "kept_3 = 4").encode(),
        FileRef("old.py", "LEFT"): STOCK.encode(),
        FileRef(ODD, "RIGHT"): b"print('hello')\n",
        FileRef("gone.py", "LEFT"): b"a = 1\nb = 2\n",
    }


def test_the_change_names_each_file_and_what_became_of_it(source: GitHubSource, pull: PullRequest) -> None:
    change = source.change()
    assert (change.base_sha, change.head_sha, change.title) == (pull.base_sha, pull.head_sha, "Add the feature")
    assert {patch.path: patch.status for patch in change.patches} == {
        ".github/seawall.toml": PatchStatus.MODIFIED,
        "app.py": PatchStatus.MODIFIED,
        "gone.py": PatchStatus.REMOVED,
        "logo.png": PatchStatus.MODIFIED,
        "new.py": PatchStatus.RENAMED,
        ODD: PatchStatus.ADDED,
        "web/cart.ts": PatchStatus.MODIFIED,
    }
    assert change.by_path["new.py"].old_path == "old.py"
    assert [patch.path for patch in change.patches if patch.is_binary] == ["logo.png"]
    assert change.by_path["app.py"].added() == {10, 11, 62}
    assert all(patch.is_complete for patch in change.patches)


def test_both_sides_of_the_files_come_with_one_query(source: GitHubSource, calls: Calls) -> None:
    source.change()
    expect_both_sides(source)
    assert calls.of("POST", "/graphql") == [200]
    assert len(calls) == 3, calls.seen  # the token, the list of files, the query


def test_without_graphql_the_same_bytes_come_by_rest(there: StandIn, source: GitHubSource, calls: Calls) -> None:
    without_graphql(there)
    expect_both_sides(source)
    assert calls.of("POST", "/graphql") == [501]


def test_a_host_without_graphql_is_not_asked_for_it_again_within_the_hour(
    there: StandIn, host: GitHubHost, pull: PullRequest, calls: Calls, times: Time
) -> None:
    without_graphql(there)
    GitHubSource(host, pull, READING).read(WANTED[:1])
    GitHubSource(host, pull, READING).read(WANTED[2:3])
    assert len(calls.of("POST", "/graphql")) == 1
    times.sleep(3601)
    there.faults.clear()
    GitHubSource(host, pull, READING).read(WANTED[4:5])
    assert calls.of("POST", "/graphql") == [501, 200]


@pytest.mark.parametrize("how", ["garbage", "truncated"])
def test_a_graphql_answer_of_no_use_is_replaced_by_rest(there: StandIn, source: GitHubSource, how: str) -> None:
    there.fail(Broken(how), "POST", ".*/graphql", times=None)
    expect_both_sides(source)


def test_what_was_read_once_is_not_read_again_by_a_later_step(
    host: GitHubHost, pull: PullRequest, calls: Calls
) -> None:
    first = GitHubSource(host, pull, READING)
    first.change()
    first.read(WANTED)
    before = len(calls)
    later = GitHubSource(host, pull, READING)
    expect_both_sides(later)
    assert [route for _, route, _ in calls.seen[before:]] == ["/repos/{owner}/{name}/pulls/{number}/files"]


def test_the_policy_is_read_from_the_base_and_brings_the_head_files_along(source: GitHubSource, calls: Calls) -> None:
    source.change()
    texts = source.policy()
    assert (texts.repository, texts.organisation, texts.notes) == (POLICY, None, ())
    assert len(source.read([ref for ref in WANTED if ref.path != "nowhere.py"])) == 8
    assert calls.of("POST", "/graphql") == [200]


def test_the_query_also_tells_how_the_pull_request_stands(source: GitHubSource, pull: PullRequest) -> None:
    source.policy()
    assert source.current is not None
    assert (source.current.is_open, source.current.head_sha) == (True, pull.head_sha)


@pytest.fixture
def organisation(there: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Git:
    git = Git(tmp_path_factory.mktemp("organisation") / "dot-github")
    git.write("seawall.toml", "llm = false\n")
    git.commit("Policy")
    there.add_repository("acme", ".github", git.git_dir)
    return git


@pytest.mark.parametrize("spoil", [lambda there: None, without_graphql])
def test_the_organisations_policy_is_found_in_its_own_repository(
    there: StandIn, organisation: Git, source: GitHubSource, spoil: Callable[[StandIn], None]
) -> None:
    spoil(there)
    assert source.policy().organisation == "llm = false\n"


def test_the_organisations_policy_is_asked_for_every_five_minutes(
    host: GitHubHost, pull: PullRequest, organisation: Git, times: Time
) -> None:
    assert GitHubSource(host, pull, READING).policy().organisation == "llm = false\n"
    organisation.write("seawall.toml", "llm = true\n")
    organisation.commit("Change of mind")
    assert GitHubSource(host, pull, READING).policy().organisation == "llm = false\n"
    times.sleep(301)
    assert GitHubSource(host, pull, READING).policy().organisation == "llm = true\n"


def test_while_github_is_down_the_organisations_last_policy_serves_with_a_note(
    there: StandIn, host: GitHubHost, pull: PullRequest, organisation: Git, times: Time
) -> None:
    GitHubSource(host, pull, READING).policy()
    times.sleep(1200)
    there.fail(ServerError(503), times=None)
    texts = GitHubSource(host, pull, READING).policy()
    assert (texts.organisation, texts.repository) == ("llm = false\n", POLICY)
    assert "20 minutes" in texts.notes[0]


def test_an_organisations_policy_never_seen_is_not_taken_for_none(there: StandIn, source: GitHubSource) -> None:
    without_graphql(there)
    there.fail(ServerError(503), path=r".*/\.github/contents/.*", times=None)
    with pytest.raises(HostUnavailable, match="does not answer"):
        source.policy()


def test_a_file_of_another_commit_of_the_repository_can_be_read(host: GitHubHost, pull: PullRequest) -> None:
    assert file_at(host, pull, pull.base_sha, "app.py", 100_000) == APP.encode()
    assert file_at(host, pull, pull.head_sha, "app.py", 100_000) == APP_AFTER.encode()
    assert file_at(host, pull, pull.base_sha, "nowhere.py", 100_000) is None


def test_a_commit_that_github_does_not_show_is_no_empty_file(host: GitHubHost, pull: PullRequest) -> None:
    with pytest.raises(HostUnavailable, match="does not show commit"):
        file_at(host, pull, "f" * 40, "app.py", 100_000)
