import os

import pytest

from bot.domain import FileRef, PatchStatus
from bot.errors import NotFound
from bot.source import TwoTrees


@pytest.fixture
def folders(tmp_path):
    def write(name, content=b"x\n"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    write("before/kept.py", b"a\nb\nc\n")
    write("after/kept.py", b"a\nB\nc\n")
    write("before/same.py")
    write("after/same.py")
    moved = b"".join(b"line %d\n" % n for n in range(30))
    write("before/moved.py", moved)
    write("after/deep/renamed.py", moved + b"more\n")
    write("before/gone.py", b"old\n")
    write("after/new.py", b"new\r\n\xff")
    write("before/.github/seawall.toml", b'mode = "gate"\n')
    write("after/.github/seawall.toml", b'mode = "shadow"\n')
    write("after/node_modules/left/pad.js")
    write("after/.git/config", b"[core]\n\tfsmonitor = evil\n")
    write("after/env/pyvenv.cfg")
    return tmp_path, write


def test_the_change_is_git_s_with_its_hunks_and_renames(folders):
    root, _ = folders
    source = TwoTrees(root / "before", root / "after")
    change = source.change()
    assert {patch.path: patch.status for patch in change.patches} == {
        "kept.py": PatchStatus.MODIFIED,
        "deep/renamed.py": PatchStatus.RENAMED,
        "gone.py": PatchStatus.REMOVED,
        "new.py": PatchStatus.ADDED,
        ".github/seawall.toml": PatchStatus.MODIFIED,
    }
    assert change.by_path["kept.py"].added() == {2}
    assert change.by_path["deep/renamed.py"].added() == {31}
    new, old = FileRef("new.py", "RIGHT"), FileRef("moved.py", "LEFT")
    assert source.read([new])[new] == b"new\r\n\xff", "byte for byte"
    assert len(source.read([old])[old]) > 100


def test_policy_comes_from_before(folders):
    root, _ = folders
    source = TwoTrees(root / "before", root / "after")
    assert source.policy().repository == 'mode = "gate"\n'
    assert source.policy().repository_sha == source.change().base_sha


def test_attributes_of_the_folders_change_nothing(folders):
    root, write = folders
    write("after/.gitattributes", b"*.py binary text eol=crlf filter=x\n")
    source = TwoTrees(root / "before", root / "after")
    assert source.change().by_path["kept.py"].added() == {2}
    ref = FileRef("new.py", "RIGHT")
    assert source.read([ref])[ref] == b"new\r\n\xff"


def test_links_are_compared_never_followed(folders):
    root, _ = folders
    os.symlink("/etc", root / "after/etc")
    os.symlink("/etc/passwd", root / "after/passwd.py")
    os.symlink(root / "after", root / "after/loop")
    source = TwoTrees(root / "before", root / "after")
    by_path = source.change().by_path
    assert all(by_path[name].is_symlink for name in ("etc", "passwd.py", "loop"))
    assert source.read([FileRef("passwd.py", "RIGHT"), FileRef("etc/passwd", "RIGHT")]) == {}


def test_large_files_are_listed_and_given_in_part(folders):
    root, write = folders
    write("after/big.py", b"x = 1\n" * 1000)
    write("before/big.py", b"x = 2\n" * 1000)
    source = TwoTrees(root / "before", root / "after", max_file_bytes=1000)
    assert not source.change().by_path["big.py"].is_complete
    ref = FileRef("big.py", "RIGHT")
    assert len(source.read([ref])[ref]) == 1001


def test_two_equal_folders_have_no_change(folders):
    root, _ = folders
    assert TwoTrees(root / "before", root / "before").change().patches == ()


def test_a_missing_folder_is_named(folders):
    root, _ = folders
    with pytest.raises(NotFound, match="nowhere"):
        TwoTrees(root / "before", root / "nowhere")
