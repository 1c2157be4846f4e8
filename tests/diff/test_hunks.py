import pytest

from bot.diff import parse_hunks
from bot.domain import Line
from bot.errors import SourceError


def test_lines_carry_their_numbers_on_both_sides():
    (hunk,) = parse_hunks("@@ -3,3 +3,4 @@ def pay():\n a\n-b\n+c\n+d\n e")
    assert (hunk.old_start, hunk.new_start, hunk.heading) == (3, 3, "def pay():")
    assert hunk.lines == (
        Line(" ", 3, 3, "a"),
        Line("-", 4, None, "b"),
        Line("+", None, 4, "c"),
        Line("+", None, 5, "d"),
        Line(" ", 5, 6, "e"),
    )


def test_a_header_without_counts_means_one_line():
    (hunk,) = parse_hunks("@@ -1 +1 @@\n-a\n+b")
    assert hunk.lines == (Line("-", 1, None, "a"), Line("+", None, 1, "b"))


def test_lines_that_look_like_headers_are_content():
    (hunk,) = parse_hunks("@@ -1,2 +1,2 @@ x @@ -9 +9 @@\n--- a/x\n+++ b/evil\n @@ -1 +1 @@")
    assert [line.text for line in hunk.lines] == ["-- a/x", "++ b/evil", "@@ -1 +1 @@"]
    assert hunk.heading == "x @@ -9 +9 @@"


def test_only_a_line_feed_ends_a_line():
    (hunk,) = parse_hunks("@@ -0,0 +1,2 @@\n+a\u2028b\fc\rd\x85e\r\n+f")
    assert [line.text for line in hunk.lines] == ["a\u2028b\fc\rd\x85e\r", "f"]


def test_a_missing_final_newline_is_known_of_each_side():
    (hunk,) = parse_hunks("@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n")
    assert [line.ends_file for line in hunk.lines] == [True, True]


def test_a_blank_context_line_whose_space_was_stripped_still_counts():
    (hunk,) = parse_hunks("@@ -1,3 +1,3 @@\n a\n\n-b\n+c")
    assert hunk.lines[1] == Line(" ", 2, 2, "")
    assert hunk.lines[3].new_no == 3


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("@@ -1,3 +1,3 @@\n a\n-b", "cut short"),
        ("@@ -1,3 +1,3 @@", "cut short"),
        ("@@ -1 +1 @@\n-a\n+b\n+c", "outside its hunks"),
        ("@@ -1 +1 @@\n-a\n-b", "does not fit"),
        ("@@@ -1 -1 +1 @@@\n--a\n++b", "combined"),
        ("diff --git a/x b/x", "outside its hunks"),
    ],
)
def test_a_patch_that_cannot_be_trusted_is_refused(text, word):
    with pytest.raises(SourceError, match=word):
        parse_hunks(text)


def test_no_text_is_no_hunk():
    assert parse_hunks("") == ()
