"""The sample service as a repository and as a pull request."""

import ast
import subprocess
import tomllib
from pathlib import Path

import pytest

from bot.demo.checkout import SAMPLE, build_repository, sample_files
from bot.demo.standin import StandIn
from bot.settings.policy import Policy


def test_the_same_commits_come_out_everywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = build_repository(tmp_path / "first")
    config = tmp_path / "gitconfig"
    config.write_text(
        "[user]\nname = Somebody\n[commit]\ngpgSign = true\n[init]\ndefaultBranch = trunk\n[core]\nautocrlf = true\n"
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_AUTHOR_DATE", "1999-01-01T00:00:00Z")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    again = build_repository(tmp_path / "again")
    assert (first.base_sha, first.head_sha) == (again.base_sha, again.head_sha)


def test_a_folder_that_is_there_already_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(FileExistsError):
        build_repository(tmp_path)


def test_the_pull_request_shows_every_kind_of_file(tmp_path: Path) -> None:
    sample = build_repository(tmp_path / "checkout")
    with StandIn() as host:
        repository = host.add_repository(sample.owner, sample.name, str(sample.git_dir), sample.base)
        pull = host.open_pull_request(repository, sample.base, sample.branch, sample.title, sample.body, sample.author)
        changes = repository.git.changes(pull.base_sha, pull.head_sha)
    assert pull.head_sha == sample.head_sha
    by_path = {change.path: change for change in changes}
    assert by_path["gateway/src/shared/money.ts"].old_path == "gateway/src/money.ts"
    assert {
        "gateway/pnpm-lock.yaml",
        "gateway/src/generated/ledger.ts",
        "README.md",
        "tests/test_instalments.py",
    } <= by_path.keys()
    assert {Path(path).suffix for path in by_path} >= {".py", ".ts", ".go"}
    assert 300 <= sum(change.additions for change in changes) <= 500
    assert len(sample.title) < 72


def test_the_planted_defects_are_there() -> None:
    """What the review is expected to find; an edit of the sample must not lose one."""
    head = {str(path): (SAMPLE / "head" / path).read_text() for path in sample_files("head")}
    planted = {
        "payments/instalments.py": ["while True:", '            PlanRefusedError("the order', 'open(path, "w"'],
        "payments/inventory.py": ["except Exception:\n        pass"],
        "payments/api.py": ["customer = requests.get("],
        "gateway/src/instalments.ts": ["await Promise.all(", "      recordPlanStarted(", "} catch {}"],
        "scheduler/main.go": ["http.ListenAndServe("],
        "scheduler/collector.go": ["http.Post(", "collected, _ :="],
    }
    assert [(path, text) for path, texts in planted.items() for text in texts if text not in head[path]] == []


def test_the_sample_s_python_is_python_and_its_policy_a_policy() -> None:
    for tree in ("base", "head"):
        for path in sample_files(tree):
            if path.suffix == ".py":
                ast.parse((SAMPLE / tree / path).read_text())
    settings = tomllib.loads((SAMPLE / "base/.github/seawall.toml").read_text())
    assert Policy.model_validate(settings).max_comments == 12


def test_no_file_of_the_sample_is_ignored_by_git() -> None:
    paths = [str(SAMPLE / tree / path) for tree in ("base", "head") for path in sample_files(tree)]
    run = subprocess.run(["git", "check-ignore", *paths], cwd=SAMPLE, capture_output=True, text=True, timeout=30)
    assert run.stdout == ""
