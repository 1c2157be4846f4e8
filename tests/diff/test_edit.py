from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.diff import apply, parse_hunks, parse_unified, undo
from bot.domain import Patch, PatchStatus

PIECES = [
    b"a",
    b"b",
    b"def f():",
    b"    x = 1",
    b"",
    b"a\r",
    b"\f",
    "\u2028é".encode(),
    b"-- x",
    b"++ y",
    b"@@ -1 +1 @@",
    b"\\",
]


@st.composite
def files(draw):
    lines = draw(st.lists(st.sampled_from(PIECES), max_size=40))
    return b"".join(line + b"\n" for line in lines) + draw(st.sampled_from([b"", b"", b"end", b"a\r"]))


@st.composite
def pairs(draw):
    """A file and an edit of it: some lines dropped, some put in."""
    before = draw(files())
    lines = before.split(b"\n")
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(lines)))
        lines[at : at + draw(st.integers(0, 3))] = draw(st.lists(st.sampled_from(PIECES), max_size=3))
    return before, b"\n".join(lines)


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(pair=pairs(), context=st.sampled_from([0, 1, 3]))
def test_what_git_tells_of_an_edit_leads_from_either_side_to_the_other(lasting_repository, pair, context):
    base, head = pair
    git = lasting_repository.git
    shas = [git("hash-object", "-w", "--stdin", stdin=side).decode().strip() for side in pair]
    text = git("diff", "--text", f"-U{context}", *shas)
    patches = parse_unified(text)
    if base == head:
        assert patches == ()
        return
    (patch,) = patches
    assert undo(head, patch) == base
    assert apply(base, patch) == head
    body = text[text.index(b"@@ ") :].decode()
    assert parse_hunks(body) == patch.hunks, "both parsers read the same hunks"


def patch_of(text):
    return Patch("x", PatchStatus.MODIFIED, hunks=parse_hunks(text))


PATCH = patch_of("@@ -2,3 +2,3 @@\n b\n-c\n+C\n d")


def test_a_file_that_is_not_the_one_diffed_gives_nothing():
    assert undo(b"a\nb\nC\nd\n", PATCH) == b"a\nb\nc\nd\n"
    assert undo(b"a\nb\nC\nd", PATCH) is None, "the final newline differs"
    assert undo(b"a\nb\nC\r\nd\n", PATCH) is None, "a line differs"
    assert undo(b"b\nC\nd\n", PATCH) is None, "everything has moved"
    assert undo(b"a\n", PATCH) is None, "the file is too short"


def test_a_base_that_would_begin_elsewhere_than_the_header_says_gives_nothing():
    assert undo(b"a\nb\nC\nd\n", patch_of("@@ -7,3 +2,3 @@\n b\n-c\n+C\n d")) is None


def test_what_was_not_told_whole_gives_nothing():
    assert undo(b"a\nb\nC\nd\n", replace(PATCH, is_complete=False)) is None
    assert undo(b"a\nb\nC\nd\n", replace(PATCH, is_binary=True)) is None


def test_lines_whose_bytes_were_lost_are_never_made_up():
    latin = patch_of("@@ -1 +1 @@\n-caf\ufffd\n+coffee")
    assert undo(b"coffee\n", latin) is None
    assert apply("caf\ufffd\n".encode(), latin) == b"coffee\n"
    assert apply(b"caf\xe9\n", latin) is None


def test_a_pure_rename_is_the_same_file():
    assert undo(b"x\n", Patch("new", PatchStatus.RENAMED, old_path="old")) == b"x\n"


def test_an_added_file_was_nothing_and_a_removed_one_comes_back():
    assert undo(b"a\nb\n", patch_of("@@ -0,0 +1,2 @@\n+a\n+b")) == b""
    assert undo(b"", patch_of("@@ -1,2 +0,0 @@\n-a\n-b")) == b"a\nb\n"
