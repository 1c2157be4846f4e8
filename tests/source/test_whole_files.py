import os
from dataclasses import dataclass

import pytest

from bot.errors import NotFound, UsageError
from bot.source import WholeFiles


@pytest.fixture
def tree(repository):
    for name in ("a.py", "deep/b.py", "node_modules/x/i.js", "vendor/v.go", "deep/venv/lib.py", "ignored/c.py"):
        repository.write(name, f"{name}\n")
    repository.write(".gitignore", "ignored/\nnode_modules/\n")
    return repository


@dataclass(frozen=True)
class Limits:
    max_file_bytes: int = 10_000
    max_line_chars: int = 1000


def names(root, paths=None):
    return [name for name, _ in WholeFiles(paths or [root], Limits(), root)]


def test_a_folder_gives_what_is_written_by_hand(tree):
    assert names(tree.root) == [".gitignore", "a.py", "deep/b.py"]
    assert dict(WholeFiles([tree.root], Limits(), tree.root))["deep/b.py"] == b"deep/b.py\n"


def test_without_a_repository_the_folder_is_walked(tree, tmp_path):
    (tree.root / ".git").rename(tmp_path / "git")
    assert names(tree.root) == [".gitignore", "a.py", "deep/b.py", "ignored/c.py"]


def test_paths_are_relative_to_the_root_however_they_were_given(tree, monkeypatch):
    monkeypatch.chdir(tree.root / "deep")
    assert names(tree.root, ["."]) == ["deep/b.py"]
    assert names(tree.root, ["../a.py", "b.py", "../a.py"]) == ["a.py", "deep/b.py"]


def test_what_is_named_outright_is_taken(tree):
    named = [tree.root / "ignored", tree.root / "vendor/v.go", tree.root / "node_modules"]
    assert names(tree.root, named) == ["ignored/c.py", "vendor/v.go", "node_modules/x/i.js"]


def test_files_deleted_but_still_tracked_are_passed_over(tree):
    tree.commit()
    (tree.root / "a.py").unlink()
    assert names(tree.root) == [".gitignore", "deep/b.py"]


def test_links_are_not_followed(tree):
    os.symlink("/etc", tree.root / "etc")
    os.symlink("/etc/passwd", tree.root / "passwd.py")
    os.symlink(tree.root, tree.root / "deep/loop")
    assert names(tree.root) == [".gitignore", "a.py", "deep/b.py"]
    assert names(tree.root, [tree.root / "passwd.py"]) == []


def test_nothing_the_repository_configures_is_run(tree, tmp_path):
    trap = tmp_path / "sprung"
    script = tmp_path / "trap.sh"
    script.write_text(f"#!/bin/sh\ntouch {trap}\n")
    script.chmod(0o755)
    tree.commit()
    tree.git("config", "core.fsmonitor", str(script))
    tree.git("config", "filter.evil.clean", str(script))
    tree.write(".gitattributes", "* filter=evil\n")
    tree.git("status")
    assert trap.exists(), "git itself falls into it"
    trap.unlink()
    assert "a.py" in names(tree.root)
    assert not trap.exists()


def test_a_pipe_does_not_hold_the_scan_up(tree):
    os.mkfifo(tree.root / "pipe.py")
    assert names(tree.root, [tree.root / "pipe.py", tree.root / "a.py"]) == ["a.py"]


def test_a_file_over_the_limit_is_given_in_part_and_one_at_a_time(tree):
    tree.write("big.py", b"x" * 5000)
    files = iter(WholeFiles([tree.root / "big.py"], Limits(max_file_bytes=100), tree.root))
    assert next(files) == ("big.py", b"x" * 101)


def test_a_file_that_cannot_be_opened_is_named(tree, monkeypatch):
    files = WholeFiles([tree.root / "a.py", tree.root / "deep/b.py"], Limits(), tree.root)
    found = iter(files)
    next(found)
    (tree.root / "deep/b.py").chmod(0)
    if os.access(tree.root / "deep/b.py", os.R_OK):  # root reads everything: have it be a link by the time it is opened
        (tree.root / "deep/b.py").unlink()
        os.symlink("/etc/passwd", tree.root / "deep/b.py")
        monkeypatch.setattr("pathlib.Path.is_symlink", lambda path: False)
    assert list(found) == []
    assert [(skip.path, skip.expected) for skip in files.unreadable] == [("deep/b.py", False)]


def test_a_name_that_is_not_utf8_is_shown_with_its_bytes(tree):
    tree.write(b"caf\xe9.py", b"1\n")
    assert r"caf\xe9.py" in names(tree.root)


def test_a_path_that_is_not_there_or_lies_outside_is_refused(tree, tmp_path):
    with pytest.raises(NotFound, match=r"missing\.py"):
        WholeFiles([tree.root / "missing.py"], Limits(), tree.root)
    with pytest.raises(UsageError, match="not under"):
        WholeFiles([tmp_path], Limits(), tree.root)


def test_the_root_is_the_current_folder_or_what_holds_all_the_paths(tree, monkeypatch, tmp_path):
    monkeypatch.chdir(tree.root)
    assert WholeFiles(["deep", "a.py"], Limits()).root == tree.root
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert WholeFiles([tree.root / "deep"], Limits()).root == tree.root / "deep"
    assert WholeFiles([tree.root / "deep/b.py"], Limits()).root == tree.root / "deep"
    assert WholeFiles([tree.root / "deep/b.py", tree.root / "a.py"], Limits()).root == tree.root
