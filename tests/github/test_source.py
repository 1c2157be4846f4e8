"""Reading a pull request: patches, both sides of its files, policy."""

from collections.abc import Callable

import pytest

from bot.demo import standin
from bot.demo.standin import Broken, ServerError, StandIn
from bot.domain import Change, FileRef, PatchStatus, PullRequest
from bot.errors import HostUnavailable, Superseded
from bot.github import GitHubHost, GitHubSource
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
