"""What would have been said: the same as a review says, commit by commit."""

import json
import subprocess
from pathlib import Path

import pytest

from bot.backtest.formats import render
from bot.backtest.report import Backtest
from bot.errors import NotFound
from tests.backtest.conftest import RULE, Here, Story, pay, tried


def places(report: Backtest) -> list[tuple[str, str, int]]:
    return [(said.title, said.finding.path, said.finding.start_line) for said in report.said]


def test_a_commit_that_takes_a_timeout_away_would_have_had_a_comment(story: Story) -> None:
    story.write("pay.py", pay("url"))
    sha = story.commit("Pay at leisure")
    story.write("notes.md", "# Notes")
    story.commit("Notes")
    report = story.tried()
    assert places(report) == [("Pay at leisure", "pay.py", 5)]
    assert report.said[0].finding.rule == RULE
    assert report.said[0].sha == sha
    assert (report.said[0].code_start, report.said[0].code.split("\n")[-2]) == (2, "    return requests.post(url)")
    assert [(commit.title, commit.findings, commit.files) for commit in report.commits] == [
        ("Notes", 0, 0),
        ("Pay at leisure", 1, 1),
    ]
    assert report.taken == "commits"


def test_what_was_there_before_what_moves_and_what_is_renamed_is_not_said_again(story: Story) -> None:
    story.write("pay.py", pay("url"))
    story.commit("Pay at leisure")
    story.write("pay.py", "# Here we pay.\n" + pay("url"))
    story.commit("Say so")
    story.git("mv", "pay.py", "payments.py")
    story.write("payments.py", "# Here we pay.\n\n" + pay("url", "\n\nLIMIT = 3\n"))
    story.commit("Rename")
    assert [title for title, _, _ in places(story.tried())] == ["Pay at leisure"]


def test_tests_are_left_out_unless_policy_wants_them(story: Story) -> None:
    story.write("tests/test_pay.py", pay("url"))
    story.commit("Test")
    assert story.tried().said == ()
    story.write(".github/seawall.toml", "include_tests = true\n")
    story.commit("Policy")
    assert [path for _, path, _ in places(story.tried())] == ["tests/test_pay.py"]


def test_the_newest_policy_judges_all_of_the_past(story: Story) -> None:
    story.write("pay.py", pay("url"))
    story.commit("Pay at leisure")
    story.write(".github/seawall.toml", 'rules_off = ["missing-timeout"]\nunheard_of = 1\n')
    story.commit("Policy")
    report = story.tried()
    assert report.said == ()
    assert "unheard_of" in report.notes[0]
    assert len(story.tried(head="HEAD^").said) == 1


def test_merges_are_judged_as_pull_requests(story: Story) -> None:
    for number in (1, 2):
        story.git("checkout", "-q", "-b", f"work-{number}")
        story.write(f"pay_{number}.py", pay("url"))
        story.commit("Half done")
        story.write(f"pay_{number}.py", pay("url", "\nDONE = True\n"))
        story.commit("Done")
        story.git("checkout", "-q", "main")
        story.git("merge", "-q", "--no-ff", "-m", f"Merge pull request #{number} from a/b\n\nPay {number}", "-")
    report = story.tried()
    assert report.taken == "merges"
    assert [title for title, _, _ in places(report)] == ["Pay 2 (#2)", "Pay 1 (#1)"]


def test_a_commit_with_too_many_files_is_judged_as_far_as_a_review_would_and_says_so(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.backtest.run.MOST_FILES", 30)
    for number in range(35):
        story.write(f"many/f{number:02}.py", "x = 1\n")
    story.write("a.py", pay("url"))
    story.commit("Import")
    report = tried(story.root, variables={"SEAWALL_READING__MAX_FILES": "4"})
    assert [path for _, path, _ in places(report)] == ["a.py"]
    told = {file.path: file.reason for file in report.commits[0].unread}
    assert "more than 4 files" in told["(26 files)"]
    assert "more than 30 files" in told["(6 files)"]
    assert report.commits[0].files == 4


def test_what_is_no_text_of_a_language_costs_nothing(story: Story) -> None:
    story.write("photo.py", b"\x00" * 50)
    story.write("huge.py", "x = 1\n" * 300_000)
    story.write("vendor/pay.py", pay("url"))
    story.write("pay.txt", pay("url"))
    story.commit("Odd things")
    (commit,) = story.tried().commits
    assert commit.files == 0
    assert [file.path for file in commit.unread] == ["huge.py"]


def test_copies_of_libraries_are_not_judged_as_the_newest_tree_tells_them(story: Story) -> None:
    story.write("lib/tell/send.py", pay("url"))
    story.commit("Pay at leisure")
    assert [path for _, path, _ in places(story.tried())] == ["lib/tell/send.py"]
    story.write("lib/six.py", "x = 1\n")
    story.write("lib/certifi/core.py", "x = 1\n")
    story.commit("More copies")
    report = story.tried()
    assert places(report) == []
    assert [(commit.title, commit.files, commit.unread) for commit in report.commits] == [
        ("More copies", 0, ()),
        ("Pay at leisure", 0, ()),
    ]


def test_secrets_in_the_code_shown_are_masked(story: Story) -> None:
    story.write("pay.py", pay("url", f'\nTOKEN = "ghp_{"a1B2" * 9}"\n'))
    story.commit("Pay at leisure")
    assert "ghp_a1B2" not in story.tried().said[0].code


def test_findings_link_to_the_code_host_that_the_clone_came_from(story: Story) -> None:
    story.write("pay.py", pay("url"))
    sha = story.commit("Pay at leisure")
    story.git("remote", "add", "origin", "https://dana:hunter2@github.com/acme/shop.git")
    report = story.tried()
    assert report.repository == "acme/shop"
    assert report.said[0].url == f"https://github.com/acme/shop/blob/{sha}/pay.py#L5"
    assert "hunter2" not in json.dumps(report.to_json())


def test_a_commit_that_git_cannot_read_is_named_and_the_others_are_judged(story: Story) -> None:
    story.write("pay.py", pay("url"))
    story.commit("Pay at leisure")
    story.write("pay.py", pay("url, 3"))
    story.commit("Lost")
    blob = story.git("rev-parse", "HEAD:pay.py")
    (story.root / ".git/objects" / blob[:2] / blob[2:]).unlink()
    report = story.tried()
    assert [title for title, _, _ in places(report)] == ["Pay at leisure"]
    assert "lacks objects" in report.commits[0].unread[0].reason
    assert "Not read in full" in render(report, "text")


def test_ctrl_c_shows_what_there_is_and_says_how_much(story: Story) -> None:
    for number in range(6):
        story.write("pay.py", pay("url", f"\nN = {number}\n"))
        story.commit(f"Pay {number}")

    def impatient(stage: str, done: int, total: int) -> None:
        if stage == "Judging" and done == 3:
            raise KeyboardInterrupt

    report = tried(story.root, impatient, hands=1, fixes=True)
    assert report.is_interrupted
    assert not report.looked_for_fixes
    assert len(report.commits) == 3
    assert "Interrupted: 3 of 6 were judged" in render(report, "text")


def test_the_guarded_processes_are_closed_whatever_happens(story: Story) -> None:
    story.commit("Nothing")
    before = Here.closed
    story.tried(fixes=True)
    assert Here.closed == before + 2


def test_progress_is_told_stage_by_stage(story: Story) -> None:
    story.write("pay.py", pay("url"))
    story.commit("Pay at leisure")
    told: list[tuple[str, int, int]] = []
    tried(story.root, lambda *step: told.append(step), fixes=True)
    assert told == [
        ("Reading the history", 1, 1),
        ("Judging", 0, 1),
        ("Judging", 1, 1),
        ("Looking for fixes", 1, 1),
    ]


def test_what_a_shallow_clone_lacks_is_said(story: Story, tmp_path: Path) -> None:
    for number in range(3):
        story.commit(f"Work {number}")
    story.git("clone", "-q", "--depth=3", f"file://{story.root}", str(tmp_path / "clone"))
    report = tried(tmp_path / "clone")
    assert len(report.commits) == 2
    assert "git fetch --unshallow" in report.notes[0]


def test_a_folder_without_history_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="not a git repository"):
        tried(tmp_path)


def test_nothing_of_the_clone_is_changed(story: Story) -> None:
    story.write("pay.py", pay("url"))
    story.commit("Pay at leisure")
    listing = ["find", str(story.root), "-type", "f", "-printf", "%p %T@\n"]
    before = subprocess.run(listing, capture_output=True, check=True, timeout=10).stdout
    story.tried(fixes=True)
    assert subprocess.run(listing, capture_output=True, check=True, timeout=10).stdout == before


TEAMS_RULE = """
name = "use-our-client"
languages = ["python"]
title = "requests is called directly"
body = "Our client sets timeouts and retries; a bare call has neither."
fix = "Call shop.http instead."
query = '(call function: (attribute object: (identifier) @object (#eq? @object "requests"))) @finding'
bad = [{ code = "requests.get(url)" }]
good = [{ code = "http.get(url)" }]
"""


def test_a_teams_own_rules_judge_too_and_a_broken_one_is_named(story: Story) -> None:
    story.write("more.py", pay())
    story.commit("More")
    story.write("more.py", pay("url, timeout=9"))
    story.write(".github/seawall/rules/client.toml", TEAMS_RULE)
    story.write(".github/seawall/rules/broken.toml", "name = 7")
    story.commit("Rules of our own")
    report = story.tried(fixes=True)
    assert {(said.finding.rule, said.title) for said in report.said} >= {("own/use-our-client", "More")}
    assert {said.fate for said in report.said} == {""}, "they are not looked for again"
    assert "broken.toml" in " ".join(report.notes)


def test_all_of_the_commit_tells_who_runs_a_file(story: Story) -> None:
    story.write("app.py", "import shop.pay\n\nshop.pay.pay(1)\n")
    story.write("shop/pay.py", pay("url") + '\n\nif __name__ == "__main__":\n    pay("a")\n')
    story.commit("Part of a service")
    story.write("shop/ship.py", pay("url") + '\n\nif __name__ == "__main__":\n    pay("a")\n')
    story.commit("Start it by hand")
    assert [title for title, _, _ in places(story.tried())] == ["Part of a service"]
