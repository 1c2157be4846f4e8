"""Which files need no second reading: those whose patch says the same, wherever it stands now."""

import difflib

from bot.diff import parse_hunks
from bot.domain import Change, Patch, PatchStatus
from bot.review.excerpt import ScopeSpan
from bot.review.unchanged import digests_of, patch_digest, unchanged

BEFORE = [f"line {number}" for number in range(40)]
AFTER = [*BEFORE[:20], "written", *BEFORE[21:]]


def a_patch(before, after, context=3, **more):
    lines = [*difflib.unified_diff(before, after, lineterm="", n=context)][2:]
    return Patch(path="a.py", status=PatchStatus.MODIFIED, hunks=parse_hunks("\n".join(lines)), **more)


def digest(before=BEFORE, after=AFTER, context=3, scope="f", **more):
    return patch_digest(a_patch(before, after, context, **more), lambda path, line: ScopeSpan(scope, 1, 99))


def test_line_numbers_context_commits_and_endings_do_not_count():
    shifted = (["above", *BEFORE], ["above", *AFTER])
    assert {digest(*shifted), digest(context=0), digest(context=9), digest(blob_sha="f" * 40)} == {digest()}
    assert digest(after=[line + "\r" if line == "written" else line for line in AFTER]) == digest()


def test_what_is_written_taken_away_or_meant_counts():
    others = [
        digest(after=[*AFTER, "more"]),
        digest(after=[line.replace("written", "  written") for line in AFTER]),
        digest(before=[line.replace("line 20", "line x") for line in BEFORE]),
        digest(scope="g"),
        digest(old_path="b.py"),
    ]
    assert len({digest(), *others}) == 1 + len(others)


def test_only_files_with_the_same_patch_are_left_out():
    change = Change("b" * 40, "a" * 40, (a_patch(BEFORE, AFTER),))
    now = digests_of(change, ["a.py"], lambda path, line: None)
    assert unchanged(now, now | {"gone.py": "1"}) == ("a.py",)
    assert unchanged(now, {"a.py": "another"}) == unchanged(now, {}) == ()
    assert digests_of(change, [], lambda path, line: None) == {}
