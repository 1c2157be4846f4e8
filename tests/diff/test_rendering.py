from bot.diff import parse_hunks, render
from bot.domain import Patch, PatchStatus


def test_every_line_of_the_head_carries_its_number():
    hunks = parse_hunks("@@ -8,4 +8,4 @@ def pay():\n a\n-b\r\n+c\r\n+d\n e\n-f\n@@ -40,2 +40,1 @@\n-gone\n g")
    assert render(Patch("new.py", PatchStatus.RENAMED, old_path="old.py", hunks=hunks)) == (
        "new.py (renamed from old.py)\n"
        "@@ 8-11 def pay():\n"
        " 8   a\n"
        "   - b\n"
        " 9 + c\n"
        "10 + d\n"
        "11   e\n"
        "   - f\n"
        "@@ 40-40\n"
        "   - gone\n"
        "40   g"
    )


def test_a_hunk_that_only_deletes_says_where():
    patch = Patch("x.py", PatchStatus.MODIFIED, hunks=parse_hunks("@@ -5,1 +4,0 @@\n-a"))
    assert render(patch) == "x.py\n@@ after 4\n  - a"


def test_a_line_too_long_for_code_is_cut_and_says_so():
    patch = Patch("x.js", PatchStatus.ADDED, hunks=parse_hunks("@@ -0,0 +1 @@\n+" + "x" * 5000))
    assert render(patch, max_line_chars=3) == "x.js (added)\n@@ 1-1\n1 + xxx … (5000 characters)"
