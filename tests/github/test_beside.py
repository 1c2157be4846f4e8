"""What lies beside the policy: a team's own rules and its linters' settings, of the base and never of the head."""

import json

import pytest

from bot.demo import standin
from bot.demo.standin import StandIn
from bot.domain import FoundFolder, PullRequest, Repository
from bot.github import GitHubHost, GitHubSource
from bot.github.beside import Beside
from bot.github.routes import of_repository
from bot.rules.teams import read_rules
from bot.settings import load_settings
from tests.github.conftest import Calls, as_told
from tests.github.shop import Git

READING = load_settings({}).reading
RULE = """
title = "The old gateway has no deadline"
body = "It waits for ever when the partner is slow, and a worker is gone."
fix = "Call `gateway.send`."
languages = "python"
query = '((identifier) @finding (#eq? @finding "NAME"))'
bad = "NAME()"
"""


@pytest.fixture
def pull(there: StandIn, git: Git, shop: Repository, shop_there: standin.Repository) -> PullRequest:
    """A branch that takes the base's rule away, brings one of its own and rewrites the linter's settings."""
    git("checkout", "-q", "main")
    git.write(".github/seawall/rules/old-gateway.toml", RULE.replace("NAME", "legacy"))
    git.write(".github/seawall/rules/notes.md", "no rule\n")
    git.write("ruff.toml", 'lint.select = ["B"]\n')
    git.write("config/detekt/detekt.yml", "exceptions: {}\n")
    git.commit("Own rules")
    git("checkout", "-q", "-b", "attack")
    git("rm", "-q", ".github/seawall/rules/old-gateway.toml")
    git.write(".github/seawall/rules/mine.toml", RULE.replace("NAME", "harmless"))
    git.write("ruff.toml", 'lint.select = ["ALL"]\n')
    git.write("new_file.py", "legacy()\n")
    git.commit("Attack")
    made = there.open_pull_request(shop_there, "main", "attack", "Attack", "", author="eve")
    return as_told(shop, made, "attack", "Attack")


@pytest.fixture
def organisation(there: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Git:
    git = Git(tmp_path_factory.mktemp("organisation") / "dot-github")
    git.write("seawall/rules/house.toml", RULE.replace("NAME", "house"))
    git.commit("Rules")
    there.add_repository("acme", ".github", git.git_dir)
    return git


@pytest.mark.parametrize("by", ["graphql", "rest"])
def test_own_rules_are_those_of_the_base_whatever_the_head_says(host: GitHubHost, pull: PullRequest, by: str) -> None:
    if by == "rest":
        host.no_graphql.avoid(3600)
    texts = GitHubSource(host, pull, READING).policy()
    assert [rule.full_name for rule in read_rules(texts).rules] == ["own/old-gateway"]
    assert {file.path: file.text for file in texts.linters} == {
        "ruff.toml": 'lint.select = ["B"]\n',
        "config/detekt/detekt.yml": "exceptions: {}\n",
    }


@pytest.mark.parametrize("by", ["graphql", "rest"])
def test_the_organisations_rules_come_with_its_policy(
    host: GitHubHost, organisation: Git, pull: PullRequest, by: str
) -> None:
    if by == "rest":
        host.no_graphql.avoid(3600)
    texts = GitHubSource(host, pull, READING).policy()
    assert [rule.full_name for rule in read_rules(texts).rules] == ["own/house", "own/old-gateway"]


@pytest.fixture
def copying(there: StandIn, git: Git, shop: Repository, shop_there: standin.Repository) -> PullRequest:
    """The base holds copies in `lib`, own code in `ext` and a file called `libs`; the branch takes the copies away."""
    git("checkout", "-q", "main")
    for name in ("lib/six.py", "lib/requests/api.py", "lib/tmdb/client.py", "ext/shop/pay.py", "libs"):
        git.write(name, "x = 1\n")
    git.commit("Copies")
    git("checkout", "-q", "-b", "own")
    git("rm", "-q", "-r", "lib/six.py", "lib/requests")
    git.commit("Own")
    made = there.open_pull_request(shop_there, "main", "own", "Own", "", author="eve")
    return as_told(shop, made, "own", "Own")


@pytest.mark.parametrize(("by", "requests"), [("graphql", 1), ("rest", 5 + 3)])
def test_what_folders_of_libraries_hold_at_the_base_comes_along(
    host: GitHubHost, copying: PullRequest, calls: Calls, by: str, requests: int
) -> None:
    """With GraphQL in the one query. By REST five for policy and rules, and one for each of the folders that are there,
    of which `libs` is found to be a file."""
    if by == "rest":
        host.no_graphql.avoid(3600)
    host.api(copying.repository.installation_id).get(of_repository(copying.repository))
    calls.seen.clear()
    texts = GitHubSource(host, copying, READING).policy()
    assert {folder.path: folder.names for folder in texts.libraries} == {
        "ext": ("shop",),
        "lib": ("requests", "six.py", "tmdb"),
    }
    assert len(calls) == requests, calls.seen
    assert GitHubSource(host, copying, READING).policy().libraries == texts.libraries
    assert len(calls) == requests, "the same base is asked for once"


def test_a_text_of_before_libraries_were_looked_at_is_read() -> None:
    rules = [{"path": ".github/seawall/rules/x.toml", "text": RULE}]
    held = Beside.from_text(json.dumps([rules, []]))
    assert (held.rules[0].text, held.linters, held.libraries) == (RULE, (), ())
    with_folders = Beside(libraries=(FoundFolder(path="lib", names=("six.py",)),))
    assert Beside.from_text(with_folders.to_text()) == with_folders


def test_they_cost_no_request_of_their_own(host: GitHubHost, pull: PullRequest, calls: Calls) -> None:
    calls.seen.clear()
    source = GitHubSource(host, pull, READING)
    source.change()
    assert source.policy().rules
    assert len(calls) == 3, calls.seen  # the token, the list of files, the query
    assert GitHubSource(host, pull, READING).policy().rules
    assert len(calls) == 3, "the same base is asked for once"
