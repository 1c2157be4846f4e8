"""`seawall scan`, `rules`, `explain`, `doctor` and `forget`, as a user runs them."""

import json
from contextlib import nullcontext
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli.scan import FILES_A_PROCESS, scan
from tests.cli.conftest import HEAD, Seawall
from tests.review.lives import InProcess

RULE = "missing-timeout/http-or-socket-call"


def test_whole_files_are_scanned_with_paths_relative_to_the_root(seawall: Seawall, tmp_path: Path) -> None:
    (tmp_path / "src/deep").mkdir(parents=True)
    (tmp_path / "src/deep/pay.py").write_text(HEAD)
    (tmp_path / "src/notes.md").write_text("# Notes")
    review = json.loads(seawall("scan", "src", "--format", "json", cwd=tmp_path).out)
    assert [(one["path"], one["rule"]) for one in review["findings"]] == [("src/deep/pay.py", RULE)]
    assert review["receipt"]["files"]["reviewed"] == ["src/deep/pay.py"]


def test_a_baseline_leaves_only_what_is_new(seawall: Seawall, tmp_path: Path) -> None:
    (tmp_path / "old.py").write_text(HEAD)
    baseline = tmp_path / "baseline.json"
    assert seawall("scan", ".", "--format", "json", "--output", baseline, cwd=tmp_path).code == 0
    assert seawall("scan", ".", "--baseline", baseline, "--fail-on", "low", cwd=tmp_path).code == 0
    (tmp_path / "new.py").write_text(HEAD)
    answer = seawall("scan", ".", "--baseline", baseline, "--fail-on", "low", cwd=tmp_path)
    assert answer.code == 1
    assert "new.py" in answer.out
    assert "old.py" not in answer.out


def test_copies_of_libraries_are_listed_and_not_scanned(seawall: Seawall, tmp_path: Path) -> None:
    for name in ("lib/tell/send.py", "lib/six.py", "lib/certifi/core.py", "ext/pay.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(HEAD)
    files = json.loads(seawall("scan", ".", "--format", "json", cwd=tmp_path).out)["receipt"]["files"]
    assert files["reviewed"] == ["ext/pay.py"]
    assert {one["path"]: one["reason"] for one in files["skipped"]}[
        "lib/tell/send.py"
    ] == "vendored (lib/ holds copies)"


def test_a_file_that_is_no_baseline_is_refused_in_one_line(seawall: Seawall, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("[]")
    answer = seawall("scan", ".", "--baseline", "x.json", cwd=tmp_path)
    assert answer.code == 2
    assert answer.err.count("\n") == 1


@pytest.mark.parametrize(("asked", "processes"), [(["--jobs", "2"], [2]), (["--jobs", "1"], [1]), ([], [3])])
def test_many_files_are_read_by_several_processes(
    asked: list[str], processes: list[int], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    started: list[int] = []

    def guard_of(_: object, __: object, number: int) -> nullcontext[InProcess]:
        started.append(number)
        return nullcontext(InProcess())

    monkeypatch.setattr("bot.cli.scan.guard_of", guard_of)
    monkeypatch.setattr("bot.cli.scan.processors", lambda: 8)
    for number in range(2 * FILES_A_PROCESS):
        (tmp_path / f"{number}.py").write_text("")
    done = CliRunner().invoke(scan, [str(tmp_path), *asked])
    assert done.exit_code == 0, done.output
    assert started == processes


def test_the_policy_of_the_folder_applies(seawall: Seawall, tmp_path: Path) -> None:
    (tmp_path / ".github").mkdir()
    (tmp_path / ".github/seawall.toml").write_text('ignore_paths = ["legacy/"]')
    (tmp_path / "legacy").mkdir()
    (tmp_path / "legacy/pay.py").write_text(HEAD)
    review = json.loads(seawall("scan", ".", "--format", "json", cwd=tmp_path).out)
    assert review["findings"] == []
    assert {"path": "legacy/pay.py", "reason": "policy ignores it", "expected": True} in review["receipt"]["files"][
        "skipped"
    ]


def test_every_rule_is_listed_and_explained(seawall: Seawall, tmp_path: Path) -> None:
    rules = json.loads(seawall("rules", "--format", "json", cwd=tmp_path).out)
    assert len(rules) >= 12
    page = seawall("explain", RULE, cwd=tmp_path).out
    assert "## Why it matters" in page
    assert f"ignore[{RULE}]" in page
    unknown = seawall("explain", "missing-timeout/http-or-socket-cal", cwd=tmp_path)
    assert unknown.code == 3
    assert RULE in unknown.err
    assert f"- `{RULE}`, high: " in seawall("explain", RULE.partition("/")[0], cwd=tmp_path).out


def test_doctor_names_what_is_missing_and_what_to_do(seawall: Seawall, tmp_path: Path) -> None:
    answer = seawall("doctor", "--offline", cwd=tmp_path)
    assert answer.code == 3
    assert "✓ engine" in answer.out
    assert "SEAWALL_GITHUB__WEBHOOK_SECRET" in answer.out
    whole = seawall("doctor", "--offline", cwd=tmp_path, SEAWALL_GITHUB__WEBHOOK_SECRET="0123456789abcdef0123456789")
    assert whole.code == 0, whole.out


def test_forgetting_what_was_never_known_says_so(seawall: Seawall, tmp_path: Path) -> None:
    answer = seawall("forget", "--repo", "acme/shop", "--yes", cwd=tmp_path)
    assert answer.code == 0, answer.err
    assert "knows nothing" in answer.out


def test_a_data_folder_that_cannot_be_made_is_said_in_one_line(seawall: Seawall, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    answer = seawall("serve", cwd=tmp_path, SEAWALL_DATA_DIR=str(tmp_path / "file/data"))
    assert answer.code == 3
    assert answer.err.count("\n") == 1
    assert str(tmp_path / "file") in answer.err
