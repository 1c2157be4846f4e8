import os

import pytest

from bot.diff import parse_unified
from bot.domain import Line, PatchStatus
from bot.errors import SourceError


def changed(repository, *args):
    repository.git("add", "-A")
    patches = parse_unified(repository.git("diff", "--cached", "--full-index", "-M", *args, "HEAD"))
    return {patch.path: patch for patch in patches}


@pytest.fixture
def before(repository):
    repository.write("kept.py", b"a\nb\nc\n")
    repository.write("moved.py", b"".join(b"line %d\n" % n for n in range(30)))
    repository.write("gone.py", b"x\n")
    repository.write("image.png", b"\x89PNG\0\1\2")
    repository.write("run.sh", b"#!/bin/sh\n")
    repository.write("empty.py", b"")
    os.symlink("kept.py", repository.root / "link")
    repository.commit()
    return repository


def test_every_status_is_told_apart(before):
    root = before.root
    before.write("kept.py", b"a\nB\nc\n")
    (root / "moved.py").rename(root / "renamed.py")
    before.write("renamed.py", (root / "renamed.py").read_bytes() + b"more\n")
    (root / "gone.py").unlink()
    before.write("new.py", b"1\n2\n")
    before.write("new_empty.py", b"")
    before.write("image.png", b"\x89PNG\0\3\4")
    (root / "run.sh").chmod(0o755)
    patches = changed(before)
    assert {path: patch.status for path, patch in patches.items()} == {
        "kept.py": PatchStatus.MODIFIED,
        "renamed.py": PatchStatus.RENAMED,
        "gone.py": PatchStatus.REMOVED,
        "new.py": PatchStatus.ADDED,
        "new_empty.py": PatchStatus.ADDED,
        "image.png": PatchStatus.MODIFIED,
        "run.sh": PatchStatus.MODE_CHANGED,
    }
    assert patches["renamed.py"].path_at_base == "moved.py"
    assert patches["renamed.py"].added() == {31}
    assert patches["image.png"].is_binary
    assert not patches["kept.py"].is_binary
    assert (patches["kept.py"].additions, patches["kept.py"].deletions) == (1, 1)
    assert patches["new_empty.py"].hunks == ()
    assert patches["new.py"].blob_sha == before.git("rev-parse", ":new.py").decode().strip()
    assert patches["gone.py"].blob_sha is None


def test_a_changed_mode_beside_changed_lines_is_a_modification(before):
    before.write("run.sh", b"#!/bin/sh\nexit\n")
    (before.root / "run.sh").chmod(0o755)
    assert changed(before)["run.sh"].status is PatchStatus.MODIFIED


def test_a_copy_names_its_origin(before):
    before.write("twin.py", (before.root / "moved.py").read_bytes())
    patch = changed(before, "-C", "--find-copies-harder")["twin.py"]
    assert (patch.status, patch.old_path) == (PatchStatus.COPIED, "moved.py")


def test_a_link_is_known_even_when_it_is_deleted(before):
    (before.root / "link").unlink()
    assert changed(before)["link"].is_symlink
    os.symlink("gone.py", before.root / "link")
    assert changed(before)["link"].is_symlink


def test_a_file_that_became_a_link_is_one_patch_and_so_is_the_way_back(before):
    (before.root / "kept.py").unlink()
    os.symlink("moved.py", before.root / "kept.py")
    (before.root / "link").unlink()
    before.write("link", b"now\ncode\n")
    patches = changed(before)
    assert len(patches) == 2
    assert (patches["kept.py"].status, patches["kept.py"].is_symlink) == (PatchStatus.MODIFIED, True)
    assert (patches["link"].status, patches["link"].is_symlink) == (PatchStatus.ADDED, False)
    assert patches["link"].added() == {1, 2}


def test_a_submodule_is_known_by_its_mode(before, tmp_path):
    inner = tmp_path / "inner"
    before.git("init", "-q", str(inner))
    before.git("-C", str(inner), "commit", "-q", "--allow-empty", "-m", "x")
    before.git("-c", "advice.addEmbeddedRepo=false", "add", "inner")
    patch = changed(before)["inner"]
    assert patch.is_submodule
    assert patch.status is PatchStatus.ADDED


NAMES = [
    "sp ace.py",
    "x b/y.py",
    "é.py",
    'q"uote.py',
    "tab\there.py",
    "new\nline.py",
    "back\\slash.py",
    "a/a/b.py",
    "b/c",
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("content", [b"x\n", b"", b"\0"], ids=["text", "empty", "binary"])
def test_any_name_survives_with_and_without_quoting(before, name, content):
    before.write(name, content)
    assert changed(before).keys() == {name}
    assert changed(before, "--no-renames").keys() == {name}
    before.commit()
    (before.root / name).unlink()
    assert {p.path: p.status for p in changed(before).values()} == {name: PatchStatus.REMOVED}


@pytest.mark.parametrize("name", NAMES)
def test_any_name_survives_a_rename_or_a_change_of_mode(before, name):
    (before.root / name).parent.mkdir(parents=True, exist_ok=True)
    (before.root / "moved.py").rename(before.root / name)
    assert changed(before)[name].old_path == "moved.py"
    before.commit()
    (before.root / name).chmod(0o755)
    assert changed(before)[name].status is PatchStatus.MODE_CHANGED


def test_a_name_that_is_not_utf8_is_shown_with_its_bytes(before):
    before.write(b"caf\xe9.py", b"x\n")
    assert changed(before).keys() == {r"caf\xe9.py"}


def test_odd_line_ends_stay_inside_their_lines(before):
    before.write("odd.py", "a\r\nb\u2028c\fd\re\x85f\nlast".encode())
    assert list(changed(before)["odd.py"].lines()) == [
        Line("+", None, 1, "a\r"),
        Line("+", None, 2, "b\u2028c\fd\re\x85f"),
        Line("+", None, 3, "last", ends_file=True),
    ]


def test_lines_that_look_like_a_diff_are_content(before):
    before.write("kept.py", b"++ b/evil\n@@ -1 +1 @@\ndiff --git a/x b/x\n\\ No newline at end of file\n")
    (patch,) = changed(before).values()
    assert [line.text for line in patch.lines() if line.op == "+"][:3] == [
        "++ b/evil",
        "@@ -1 +1 @@",
        "diff --git a/x b/x",
    ]


def test_broken_encoding_does_not_stop_the_reading(before):
    before.write("latin.py", b"name = 'caf\xe9'\n")
    assert changed(before)["latin.py"].hunks[0].lines[0].text == "name = 'caf\ufffd'"


def test_a_combined_diff_is_refused_not_passed_as_empty(before):
    before.git("checkout", "-q", "-b", "other")
    before.write("kept.py", b"a\nother\nc\n")
    before.commit()
    before.git("checkout", "-q", "main")
    before.write("kept.py", b"a\nmine\nc\n")
    before.commit()
    before.git("merge", "other", expect=(1,))
    before.write("kept.py", b"a\nboth\nc\n")
    before.commit()
    with pytest.raises(SourceError, match="combined"):
        parse_unified(before.git("show", "--format=", "HEAD"))


def test_a_diff_cut_short_is_refused(before):
    before.write("kept.py", b"a\nB\nc\nd\n")
    text = before.git("diff", "HEAD")
    with pytest.raises(SourceError, match=r"kept\.py"):
        parse_unified(text[: text.rindex(b"+d")])


def test_a_diff_without_file_names_is_refused():
    with pytest.raises(SourceError, match="git diff"):
        parse_unified("@@ -1 +1 @@\n-a\n+b\n")


def test_nothing_is_nothing():
    assert parse_unified(b"") == ()


def test_ten_thousand_lines_and_a_megabyte_in_one_line_are_read(before):
    before.write("long.py", b"x" * 1_000_000 + b"\n" + b"y\n" * 10_000)
    assert changed(before)["long.py"].additions == 10_001
