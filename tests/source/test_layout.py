"""Where a repository lies, in one question; and how few questions a review needs."""

import os
import shutil
import sys

import pytest

from bot.domain import FileRef
from bot.errors import NotFound
from bot.source import LocalGit
from bot.source.git import Git
from bot.source.layout import layout_of
from tests.source.conftest import Repository


@pytest.fixture
def asked(tmp_path, monkeypatch):
    """The subcommands of every git that is started from here on."""
    log, folder = tmp_path / "asked", tmp_path / "bin"
    folder.mkdir()
    (folder / "git").write_text(f'#!/bin/sh\necho "$*" >>{log}\nexec {shutil.which("git")} "$@"\n')
    (folder / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return lambda: log.read_text().splitlines() if log.exists() else []


def test_a_review_of_a_clean_branch_starts_git_ten_times(repository, asked):
    repository.write("a.py", "1\n")
    repository.commit()
    repository.write("a.py", "2\n")
    repository.commit()
    before = len(asked())
    source = LocalGit(repository.root, base="HEAD~1")
    refs = [FileRef("a.py", side) for patch in source.change().patches for side in ("LEFT", "RIGHT")]
    assert source.read(refs) == {FileRef("a.py", "LEFT"): b"1\n", FileRef("a.py", "RIGHT"): b"2\n"}
    source.policy()
    assert len(asked()) - before <= 10, asked()


@pytest.mark.parametrize("name", ["a\nb", "plain"])
@pytest.mark.parametrize("is_bare", [False, True])
def test_a_repository_lies_where_its_folder_says_whatever_that_is_called(tmp_path, name, is_bare):
    repository = Repository(tmp_path / "first")
    repository.write("deep/er/a.py", "1\n")
    repository.commit()
    place = tmp_path / name
    repository.git("clone", "-q", *(["--bare"] if is_bare else []), str(repository.root), str(place))
    layout = layout_of(Git(place))
    assert (layout.is_bare, layout.is_inside, layout.depth) == (is_bare, not is_bare, 0)
    git_dir = place if is_bare else place / ".git"
    assert (layout.git_dir, layout.objects) == (str(git_dir), git_dir / "objects")
    assert (layout.index, layout.exclude, layout.shallow) == (
        git_dir / "index",
        git_dir / "info/exclude",
        git_dir / "shallow",
    )
    assert layout.top() == place


def test_a_folder_deep_in_a_repository_knows_its_top(repository):
    repository.write("new\nline/er/a.py", "1\n")
    repository.commit()
    layout = layout_of(Git(repository.root / "new\nline/er"))
    assert (layout.depth, layout.top()) == (2, repository.root)
    assert LocalGit(repository.root / "new\nline").root == repository.root


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_to_a_folder_in_a_repository_stands_for_that_folder(repository, tmp_path):
    repository.write("deep/a.py", "1\n")
    repository.commit()
    (tmp_path / "link").symlink_to(repository.root / "deep")
    assert layout_of(Git(tmp_path / "link")).top() == repository.root


def test_what_git_keeps_for_itself_is_no_working_tree(repository):
    repository.write("a.py", "1\n")
    repository.commit()
    layout = layout_of(Git(repository.root / ".git"))
    assert not layout.is_inside
    assert not layout.is_bare


def test_a_revision_of_two_lines_is_none(repository):
    repository.write("a.py", "1\n")
    repository.commit()
    with pytest.raises(NotFound, match="no revision"):
        LocalGit(repository.root, base="HEAD\nHEAD").change()


@pytest.mark.parametrize("text", ["1\n", "other\n"], ids=["alike", "another"])
def test_a_folder_that_became_a_link_is_a_link(repository, text):
    repository.write("kept/a.py", "1\n")
    repository.commit()
    repository.write("moved/a.py", text)
    (repository.root / "kept/a.py").unlink()
    (repository.root / "kept").rmdir()
    (repository.root / "kept").symlink_to("moved")
    patches = {
        patch.path: (patch.status.value, patch.is_symlink) for patch in LocalGit(repository.root).change().patches
    }
    assert patches.pop("kept") == ("added", True)
    assert set(patches) <= {"kept/a.py", "moved/a.py"}


@pytest.mark.parametrize("hidden", ["--assume-unchanged", "--skip-worktree"])
def test_what_git_was_told_not_to_look_at_is_as_it_was_committed(repository, hidden):
    repository.write("a.py", "1\n")
    head = repository.commit()
    repository.git("update-index", hidden, "a.py")
    repository.write("a.py", "2\n")
    assert LocalGit(repository.root, base="HEAD").change().head_sha == head


def test_a_file_that_is_only_meant_to_be_added_counts(repository):
    repository.write("a.py", "1\n")
    repository.commit()
    repository.write("b.py", "2\n")
    repository.git("add", "--intent-to-add", "b.py")
    source = LocalGit(repository.root)
    assert [patch.path for patch in source.change().patches] == ["b.py"]
    assert source.read([FileRef("b.py", "RIGHT")]) == {FileRef("b.py", "RIGHT"): b"2\n"}
