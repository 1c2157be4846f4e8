import os
import subprocess
from pathlib import Path

import pytest

from bot.domain import PatchStatus
from bot.errors import NotFound, SourceError
from bot.source.history import History
from tests.source.conftest import Repository


def everything(path):
    return True


def diffs(history, last=50, which=None, wanted=everything, most_files=1000):
    line = history.main_line("HEAD", last, which)
    return list(history.diffs(line.commits, wanted, most_files))


@pytest.fixture
def merging(repository):
    """Two pull requests merged, with a commit on the main line between them."""
    repository.write("kept.py", "a\nb\nc\n")
    repository.commit("start")
    for name in ("one", "two"):
        repository.git("checkout", "-q", "-b", name)
        repository.write(f"{name}.py", "x = 1\n")
        repository.commit(f"work on {name}")
        repository.git("checkout", "-q", "main")
        if name == "two":
            repository.write("direct.py", "y = 1\n")
            repository.commit("straight to main")
        message = f"Merge pull request #7 from acme/{name}\n\nAdd {name}"
        repository.git("merge", "-q", "--no-ff", "-m", message, name)
    return repository


def test_where_pull_requests_are_merged_the_merges_stand_for_them(merging):
    line = History(merging.root).main_line("HEAD", 500)
    assert line.which == "merges"
    assert [commit.title for commit in line.chosen] == ["Add two (#7)", "Add one (#7)"]
    assert [commit.subject for commit in line.commits][1] == "straight to main"
    assert line.merges_of == (2, 4)


def test_a_merge_shows_what_it_brought_to_its_first_parent(merging):
    history = History(merging.root)
    line = history.main_line("HEAD", 500)
    brought = [[file.patch.path for file in diff.files] for diff in history.diffs(line.chosen, everything, 10)]
    assert brought == [["two.py"], ["one.py"]]


def test_every_commit_is_taken_where_that_is_asked_for_or_few_are_merges(merging):
    asked = History(merging.root).main_line("HEAD", 500, "commits")
    assert [commit.title for commit in asked.chosen] == ["Add two (#7)", "straight to main", "Add one (#7)"]
    for number in range(3):
        merging.commit(f"squashed {number}")
    assert History(merging.root).main_line("HEAD", 2).which == "commits"
    assert History(merging.root).main_line("HEAD", 500, "merges").chosen[0].title == "Add two (#7)"


def test_the_line_ends_where_it_is_said_to_end_and_is_no_longer_than_asked(merging):
    line = History(merging.root).main_line("HEAD^", 1, "commits")
    assert [commit.title for commit in line.chosen] == ["straight to main"]
    with pytest.raises(NotFound, match="no revision nowhere"):
        History(merging.root).main_line("nowhere", 1)


def test_the_first_commit_of_all_is_no_pull_request(repository):
    repository.write("a.py", "1\n")
    repository.commit()
    with pytest.raises(NotFound, match="only its first commit"):
        History(repository.root).main_line("HEAD", 10)
    with pytest.raises(NotFound, match="no merge commit"):
        History(repository.root).main_line("HEAD", 10, "merges")


def test_a_repository_without_commits_and_a_folder_without_repository_are_told_apart(repository, tmp_path):
    with pytest.raises(NotFound, match="no commits yet"):
        History(repository.root).main_line("HEAD", 10)
    (tmp_path / "plain").mkdir()
    with pytest.raises(NotFound, match="not a git repository"):
        History(tmp_path / "plain")


def test_a_bare_clone_and_a_folder_inside_are_as_good_as_the_top(merging, tmp_path):
    merging.git("clone", "-q", "--bare", str(merging.root), str(tmp_path / "shop.git"))
    bare = History(tmp_path / "shop.git")
    assert bare.name == "shop"
    assert len(bare.main_line("HEAD", 9).chosen) == 2
    merging.write("deep/x.py", "")
    inside = History(merging.root / "deep")
    assert inside.name == "repository"
    assert len(inside.main_line("HEAD", 9).chosen) == 2


def shallow_clone(repository, folder, depth):
    repository.git("clone", "-q", f"--depth={depth}", f"file://{repository.root}", str(folder))
    return History(folder)


def test_a_shallow_clone_says_what_to_do(merging, tmp_path):
    with pytest.raises(SourceError, match="git fetch --unshallow"):
        shallow_clone(merging, tmp_path / "one", 1).main_line("HEAD", 10)


def test_a_shallow_clone_gives_what_it_has_and_its_last_commit_is_not_taken_for_the_first(merging, tmp_path):
    history = shallow_clone(merging, tmp_path / "two", 2)
    line = history.main_line("HEAD", 10, "commits")
    assert [commit.title for commit in line.chosen] == ["Add two (#7)"]
    assert line.is_cut
    assert [[file.patch.path for file in diff.files] for diff in diffs(history, which="commits")] == [["two.py"]]


def test_lines_are_told_by_number_whatever_they_look_like(repository):
    sha = "a" * 40
    odd = f"--- a/x\n+++ b/x\n@@ -1 +1 @@\n{sha}\ndiff --git a/x b/x\n\n:100644\n"
    repository.write("a.py", f"1\n{odd}2\n3\n")
    repository.write("b.py", "b\n")
    repository.commit()
    repository.write("a.py", "1\n2\nthree\nfour")
    repository.write("b.py", odd)
    repository.commit("next")
    (diff,) = diffs(History(repository.root))
    a, b = (file.patch for file in diff.files)
    assert (a.removed(), a.added()) == (frozenset({2, 3, 4, 5, 6, 7, 8, 10}), frozenset({3, 4}))
    assert (b.removed(), b.added()) == (frozenset({1}), frozenset(range(1, 8)))


def test_what_can_happen_to_a_file_is_told_apart(repository):
    repository.write("moved.py", "".join(f"line {n}\n" for n in range(30)))
    repository.write("gone.py", "x\n")
    repository.write("run.sh", "x\n")
    repository.write("photo.py", b"\x00\x01")
    os.symlink("gone.py", repository.root / "link.py")
    repository.commit()
    repository.git("mv", "moved.py", "renamed.py")
    repository.write("renamed.py", "".join(f"line {n}\n" for n in range(31)))
    (repository.root / "gone.py").unlink()
    (repository.root / "run.sh").chmod(0o755)
    repository.write("photo.py", b"\x00\x02")
    (repository.root / "link.py").unlink()
    os.symlink("run.sh", repository.root / "link.py")
    repository.write("sp ace é.py", "x = 1\n")
    repository.write(b"caf\xe9.py", "x = 1\n")
    repository.git("init", "-q", "inner")
    repository.git("-C", "inner", "commit", "-q", "--allow-empty", "-m", "x")
    repository.git("-c", "advice.addEmbeddedRepo=false", "add", "inner")
    repository.commit()
    (diff,) = diffs(History(repository.root))
    patches = {file.patch.path: file.patch for file in diff.files}
    assert {path: patch.status for path, patch in patches.items()} == {
        "renamed.py": PatchStatus.RENAMED,
        "gone.py": PatchStatus.REMOVED,
        "run.sh": PatchStatus.MODE_CHANGED,
        "photo.py": PatchStatus.MODIFIED,
        "link.py": PatchStatus.MODIFIED,
        "sp ace é.py": PatchStatus.ADDED,
        r"caf\xe9.py": PatchStatus.ADDED,
        "inner": PatchStatus.ADDED,
    }
    assert (patches["renamed.py"].old_path, patches["renamed.py"].added()) == ("moved.py", frozenset({31}))
    assert patches["link.py"].is_symlink
    assert patches["inner"].is_submodule


def test_only_wanted_files_are_kept_and_what_goes_beyond_a_number_is_counted(repository):
    repository.commit()
    for number in range(5):
        repository.write(f"{number}.py", "x = 1\n")
    repository.write("notes.md", "x\n")
    repository.commit()
    (diff,) = diffs(History(repository.root), wanted=lambda path: path.endswith(".py"), most_files=3)
    assert [file.patch.path for file in diff.files] == ["0.py", "1.py", "2.py"]
    assert diff.unlisted_files == 2


def test_commits_that_change_nothing_are_there_without_files(repository):
    repository.write("a.py", "1\n")
    for title in ("first", "silent", "also silent"):
        repository.commit(title)
    repository.write("a.py", "2\n")
    repository.commit("last")
    repository.commit("newest, silent")
    found = [(diff.commit.title, len(diff.files)) for diff in diffs(History(repository.root))]
    assert found == [("newest, silent", 0), ("last", 1), ("also silent", 0), ("silent", 0)]


def test_a_commit_whose_objects_are_missing_is_named_and_the_others_are_read(repository):
    for content in ("1\n", "2\n", "3\n", "4\n", "5\n"):
        repository.write("a.py", content)
        repository.commit(f"now {content.strip()}")
    blob = repository.git("rev-parse", "HEAD^:a.py")
    (repository.root / ".git/objects" / blob[:2] / blob[2:]).unlink()
    found = {diff.commit.title: (len(diff.files), diff.unread) for diff in diffs(History(repository.root))}
    assert found["now 2"] == found["now 3"] == (1, "")
    assert all("lacks objects" in found[title][1] for title in ("now 4", "now 5"))


def test_contents_come_by_blob_cut_after_the_limit_and_missing_ones_are_left_out(repository):
    repository.write("a.py", "x" * 100)
    repository.write("b.py", "small\n")
    repository.commit()
    a, b = (repository.git("rev-parse", f"HEAD:{name}.py") for name in "ab")
    tree, nowhere = repository.git("rev-parse", "HEAD^{tree}"), "f" * 40
    history = History(repository.root, max_file_bytes=10)
    assert history.contents([a, b, nowhere, tree, a]) == {a: b"x" * 11, b: b"small\n"}
    for blob in (a, b):
        (repository.root / ".git/objects" / blob[:2] / blob[2:]).unlink()
    assert history.contents([b]) == {b: b"small\n"}, "once read, it is at hand"


def test_policy_is_that_of_the_commit_asked_for(repository):
    repository.write(".github/seawall.toml", "llm = false\n")
    repository.commit()
    repository.write(".github/seawall.toml", "llm = true\n")
    head = repository.commit()
    repository.write(".github/seawall.toml", "uncommitted = 1\n")
    history = History(repository.root)
    texts = history.policy(history.main_line("HEAD", 1).head)
    assert (texts.repository, texts.repository_sha) == ("llm = true\n", head)


def test_nothing_that_the_repository_names_is_executed(repository: Repository, tmp_path: Path):
    repository.write("a.py", "1\n")
    repository.write(".gitattributes", "*.py diff=evil filter=evil\n")
    repository.commit()
    repository.write("a.py", "2\n")
    repository.commit()
    trap = tmp_path / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\ncat\n")
    trap.chmod(0o755)
    for key in (
        "diff.external",
        "diff.evil.command",
        "diff.evil.textconv",
        "filter.evil.smudge",
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "core.alternateRefsCommand",
        "gpg.program",
    ):
        repository.git("config", key, str(trap))
    repository.git("config", "log.showSignature", "true")
    subprocess.run(["cp", str(trap), str(repository.root / ".git/hooks/post-checkout")], check=True, timeout=10)
    history = History(repository.root)
    assert [len(diff.files) for diff in diffs(history)] == [1]
    history.policy(history.main_line("HEAD", 1).head)
    assert not (tmp_path / "sprung").exists()
