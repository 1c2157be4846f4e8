"""How a change becomes questions."""

import difflib

import pytest

from bot.diff import parse_hunks
from bot.domain import Change, Finding, Patch, PatchStatus
from bot.llm import estimate_tokens, load_prompt
from bot.review.context import pack
from bot.review.excerpt import ScopeSpan


def patch_of(path, before, after, **more):
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=3)
    return Patch(path=path, status=PatchStatus.MODIFIED, hunks=parse_hunks("\n".join([*lines][2:])), **more)


def change_of(*files, title="Speed up", body=""):
    """Files as (path, before, after)."""
    patches = tuple(patch_of(*file) for file in files)
    return Change("b" * 40, "a" * 40, patches, title, body), {path: after.encode() for path, _, after in files}


def numbered(count, word="line"):
    return "".join(f"{word} {number}\n" for number in range(1, count + 1))


def code_of(packed):
    return "\n".join(question.inputs["code"] for question in packed.questions)


def test_a_small_file_is_shown_whole_with_head_numbers_and_what_is_gone():
    change, contents = change_of(("a.py", "one\ntwo\nthree\n", "one\n2\nthree\n"))
    (question,) = pack(change, contents).questions
    assert question.inputs["code"] == ("### a.py (modified)\n1   one\n  - two\n2 + 2\n3   three")
    assert question.paths == ("a.py",)
    assert question.inputs.keys() == set(load_prompt("review").inputs)


def test_lines_taken_from_the_end_are_shown_at_the_end():
    change, contents = change_of(("a.py", "one\ntwo\n", "one\n"))
    assert code_of(pack(change, contents)).endswith("1   one\n  - two")


def test_of_a_long_file_the_hunks_are_shown_with_twenty_lines_around():
    before = numbered(400)
    after = before.replace("line 200\n", "line two hundred\n")
    shown = code_of(pack(*change_of(("a.py", before, after))))
    assert "177   line 177" in shown
    assert "223   line 223" in shown
    assert "line 176" not in shown
    assert "line 224" not in shown


def test_where_the_scope_is_known_it_is_shown_instead():
    before = numbered(400)
    change, contents = change_of(("a.py", before, before.replace("line 200\n", "x\n")))
    packed = pack(change, contents, scope_of=lambda path, line: ScopeSpan("f", 195, 205))
    shown = code_of(packed)
    assert "195   line 195" in shown
    assert "line 194" not in shown
    assert "line 206" not in shown


def test_every_question_fits_the_budget_prompt_included():
    files = [(f"m{number}.py", numbered(300), numbered(300, "row")) for number in range(6)]
    budget = 8000
    packed = pack(*change_of(*files), budget_tokens=budget)
    assert len(packed.questions) > 1
    for question in packed.questions:
        assert load_prompt("review").render(question.inputs, "0" * 16).tokens <= budget


def test_a_file_too_large_for_one_question_is_cut_between_lines_and_nothing_is_lost():
    after = numbered(3000, "a longer row of some words, number")
    packed = pack(*change_of(("big.py", "", after)), budget_tokens=6000, most_questions=99)
    assert packed.left_out == ()
    shown = [line.partition(" + ")[2] for line in code_of(packed).splitlines() if " + " in line]
    assert sorted(shown) == sorted(after.splitlines())


def test_what_does_not_fit_is_named_with_its_reason():
    files = [(f"m{number}.py", "", numbered(200, "a longer row")) for number in range(9)]
    packed = pack(*change_of(*files), budget_tokens=5000, most_questions=2)
    assert len(packed.questions) == 2
    assert packed.left_out
    asked = {path for question in packed.questions for path in question.paths}
    named = {name.split(" (")[0] for name in packed.left_out}
    assert asked | named == {f"m{number}.py" for number in range(9)}
    assert all("at most 2 questions" in name for name in packed.left_out)


def test_a_budget_smaller_than_the_prompt_leaves_everything_out_by_name():
    packed = pack(*change_of(("a.py", "", "x = 1\n")), budget_tokens=500)
    assert packed.questions == ()
    assert packed.left_out == ("a.py (line 1 alone is over llm.max_input_tokens)",)


def test_code_goes_before_tests_and_tests_before_prose():
    change, contents = change_of(
        ("README.md", "", "words\n"), ("tests/test_a.py", "", "assert x\n"), ("z.py", "", "x = 1\n")
    )
    (question,) = pack(change, contents).questions
    assert question.paths == ("z.py", "tests/test_a.py", "README.md")


def test_the_same_change_gives_the_same_questions():
    files = [(f"m{number}.py", numbered(300), numbered(300, "row")) for number in range(4)]
    change, contents = change_of(*files)
    shuffled = Change("b" * 40, "a" * 40, change.patches[::-1], change.title)
    reordered = dict(reversed(contents.items()))
    assert pack(change, contents, budget_tokens=6000) == pack(shuffled, reordered, budget_tokens=6000)


def test_known_findings_and_the_other_files_are_told():
    known = Finding.model_validate({
        "path": "a.py", "start_line": 1, "end_line": 1, "class": "missing-timeout", "kind": "http-or-socket-call",
        "rule": "missing-timeout/http-or-socket-call", "severity": "high", "confidence": 0.9, "source": "rule",
        "title": "get can wait for ever", "body": "b", "evidence": "e", "fingerprint": "f",
    })  # fmt: skip
    change, contents = change_of(("a.py", "", "get(url)\n"), ("poetry.lock", "", "x\n"))
    del contents["poetry.lock"]
    (question,) = pack(change, contents, [known], "Prefer our own client.").questions
    assert question.inputs["known"] == "a.py:1 missing-timeout/http-or-socket-call — get can wait for ever"
    assert question.inputs["elsewhere"] == "poetry.lock (modified, +1 -0)"
    assert question.inputs["guidelines"] == "Prefer our own client."


def test_nothing_readable_means_no_question():
    change, _ = change_of(("a.png", "", "x\n"))
    assert pack(change, {}).questions == ()
    assert pack(Change("b", "a", ()), {}).questions == ()


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_lines_count_as_git_counts_them(ending):
    text = ending.join(["a = '\u2028'", "b = '\x0c'", "c = 3", ""])
    patch = Patch("a.py", PatchStatus.ADDED, hunks=parse_hunks("@@ -0,0 +1,3 @@\n+a\n+b\n+c"))
    (question,) = pack(Change("b", "a", (patch,)), {"a.py": text.encode()}).questions
    assert question.inputs["code"].split("\n")[-1] == "3 + c = 3"


def test_secrets_do_not_even_reach_the_question():
    change, contents = change_of(("a.py", "old = 'ghp_" + "b" * 36 + "'\n", "new = 'ghp_" + "a" * 36 + "'\n"))
    shown = code_of(pack(change, contents))
    assert "aaaa" not in shown
    assert "bbbb" not in shown
    assert shown.count("[secret masked]") == 2


def test_a_secret_that_hides_behind_signs_that_do_not_show_is_masked_in_removed_lines_too():
    key = "key = 'ghp_" + "\u200b".join("aB3dE5gH7j" * 4) + "'\n"
    shown = code_of(pack(*change_of(("a.py", f"x = 1\n{key}", "x = 1\n"), ("b.py", "", key))))
    assert shown.count("[secret masked]") == 2


def test_the_estimate_of_tokens_is_on_the_safe_side_for_other_scripts():
    assert estimate_tokens("пример") > estimate_tokens("sample")
