import re

import pytest
from rich.cells import cell_len

from bot.domain import Coverage, Result, Review, SkippedFile, Suggestion
from tests.review.formats import samples
from tests.review.formats.samples import render

ANSI = re.compile(r"\x1b\[[0-9;]*m")


def text(review, **options):
    return render(review, "text", read=samples.read, **({"width": 100} | options))


def test_the_receipt_comes_first_with_coverage_and_result():
    head = text(samples.FULL).split("\n")[:3]
    assert head[0] == "● 4 findings: 1 critical, 1 high, 1 medium, 1 low"
    assert head[1].split() == ["coverage", "full", "result", "findings"]
    assert head[2].startswith("  2 files · read by rules and by openai:gpt-5.2 · 1a2b3c4d5e → 9f8e7d6c5b")


def test_a_finding_shows_its_word_its_place_its_rule_and_its_code_marked():
    shown = text(samples.FULL)
    assert re.search(r"CRITICAL .*The bank is called again.* lines 9–13\n", shown)
    assert "missing-timeout/http-or-socket-call · Payment.charge · rule, confidence 95%" in shown
    assert re.search(r"^ +10 │     try:$", shown, re.MULTILINE)
    assert re.search(r"^  ▶ 11 │ +response = requests\.post\(BANK", shown, re.MULTILINE)


def test_code_in_a_title_has_no_backticks_and_a_blank_line_at_the_end_is_no_context():
    bad = samples.finding(start_line=3, end_line=3, title="`get` waits")
    shown = text(samples.FULL.model_copy(update={"findings": (bad,)}))
    assert "get waits" in shown
    assert "▶ 3 │ from shop import log" in shown
    assert " 4 │" not in shown, "the line after is blank"


def test_a_suggestion_is_a_diff_with_signs():
    shown = text(samples.FULL)
    assert re.search(r"^ +11 - response = requests\.post\(BANK", shown, re.MULTILINE)
    assert re.search(r"^ +\+ +BANK, json=.*timeout=3$", shown, re.MULTILINE)


def test_lines_that_a_suggestion_keeps_are_not_shown_as_changed():
    kept = samples.finding(
        start_line=9,
        end_line=10,
        suggestion=Suggestion(start_line=9, end_line=10, text="        for _ in range(3):\n            try:"),
    )
    shown = text(samples.FULL.model_copy(update={"findings": (kept,)}))
    assert re.search(r"^ +9 - while True:$", shown, re.MULTILINE)
    assert re.search(r"^ +\+ for _ in range\(3\):$", shown, re.MULTILINE)
    assert re.search(r"^ +10 {7}try:$", shown, re.MULTILINE)


def test_findings_stand_under_their_files_in_reading_order():
    shown = text(samples.FULL)
    places = [
        shown.index(word)
        for word in ("shop/payment.py ──", "called again", "wait for ever", "web/cart.ts ──", "all at once")
    ]
    assert places == sorted(places)


def test_a_removed_line_shows_what_was_quoted():
    assert "▶ 40 │ } catch (error) { log(error); }" in text(samples.FULL)


def test_a_file_that_is_not_at_hand_shows_what_was_quoted():
    shown = render(samples.FULL, "text", width=100)
    assert re.search(r"^  ▶ 11 │ response = requests", shown, re.MULTILINE)
    assert " 10 │ try" not in shown.split("wait for ever")[1]


@pytest.mark.parametrize("width", [60, 80, 100, 140])
@pytest.mark.parametrize("is_terminal", [False, True])
@pytest.mark.parametrize("number", range(len(samples.ALL)))
def test_nothing_is_wider_than_asked_and_colour_adds_no_word(width, is_terminal, number, monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    shown = text(samples.ALL[number], width=width, is_terminal=is_terminal)
    assert bool(ANSI.search(shown)) == is_terminal
    plain = ANSI.sub("", shown)
    assert max(cell_len(line) for line in plain.split("\n")) <= width
    words = text(samples.ALL[number], width=width).split()
    assert plain.split() == words


@pytest.mark.parametrize(
    ("review", "first", "last"),
    [
        (samples.CLEAN, "✓ Nothing found", "→ Nothing to do."),
        (samples.RULES_ONLY, "✓ Nothing found", "→ Nothing to do."),
        (samples.PARTIAL, "! Nothing found in what was read", "no all-clear"),
        (samples.NONE, "✗ Not reviewed", "Nothing was judged"),
        (samples.FULL, "● 4 findings", "Start with shop/payment.py:9."),
    ],
)
def test_each_ending_says_how_it_went_and_what_to_do(review, first, last):
    shown = text(review)
    assert shown.startswith(first)
    assert last in shown.rpartition("────")[2]


def test_nothing_but_a_whole_review_looks_green(monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    for coverage in (Coverage.PARTIAL, Coverage.DEGRADED, Coverage.NONE):
        shown = text(
            Review(receipt=samples.receipt(coverage=coverage, result=Result.CLEAN, reason="x")), is_terminal=True
        )
        assert "✓" not in shown
        assert "\x1b[1;32m" not in shown
    assert "\x1b[1;32m" in text(samples.CLEAN, is_terminal=True)


def test_what_should_have_been_read_is_named_and_the_rest_counted():
    skipped = [SkippedFile(path=f"a{n}.py", reason="too large", expected=False) for n in range(12)]
    skipped += [SkippedFile(path=f"{n}.lock", reason="lock file") for n in range(300)]
    shown = text(Review(receipt=samples.receipt(coverage=Coverage.PARTIAL, files={"reviewed": (), "skipped": skipped})))
    assert "not read: a9.py: too large" in shown
    assert "not read: 2 more" in shown
    assert "lock file (300)" in shown
    assert "299.lock" not in shown


def test_text_of_a_pull_request_cannot_act_on_the_terminal():
    evil = "x\x1b]0;owned\x07\x1b[2J\u202e\u200b\r"
    bad = samples.finding(title=evil, body=f"b {evil}", evidence=evil, path=f"p{evil}.py", scope=evil)
    review = Review(receipt=samples.receipt(reason=evil, notes=(evil,), model=evil), findings=(bad,))
    for is_terminal in (False, True):
        shown = ANSI.sub("", render(review, "text", read=lambda path: evil * 20, is_terminal=is_terminal, width=80))
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u200b]", shown)
        assert "\ufffd" in shown


def test_a_secret_in_the_quoted_code_is_masked():
    secret = "ghp_" + "a1B2" * 9
    bad = samples.finding(start_line=1, end_line=1, evidence=f"token = '{secret}'", body=f"The token {secret} is here.")
    review = Review(receipt=samples.receipt(), findings=(bad,))
    assert secret not in render(review, "text", read=lambda path: f"token = '{secret}'\n")


def test_a_line_of_a_megabyte_and_a_finding_of_a_thousand_lines_stay_readable():
    wide = samples.finding(start_line=1, end_line=1, evidence="x")
    long = samples.finding(start_line=2, end_line=1001, evidence="y", fingerprint="2")
    content = "x" * 1_000_000 + "\n" + "y\n" * 1000
    review = Review(receipt=samples.receipt(), findings=(wide, long))
    for is_terminal in (False, True):
        shown = render(review, "text", read=lambda path: content, is_terminal=is_terminal, width=80)
        assert shown.count("\n") < 80
        assert "more lines" in shown


def test_what_doubt_refuted_is_counted_and_told_on_demand():
    shown = (text(samples.DOUBTED, is_verbose=is_verbose) for is_verbose in (False, True))
    brief, full = (" ".join(one.split()) for one in shown)
    assert "Doubt refuted 1 of 3 claims of the model; --verbose says which, and why." in brief
    assert "addLine" not in brief
    assert "Doubt refuted 1 of 3 claims of the model." in full
    assert "web/cart.ts:2 unbounded-concurrency/fan-out" in full
    assert "A cart holds at most five lines" in full
    assert "Doubt" not in text(samples.FULL, is_verbose=True)


def test_what_was_held_back_is_counted_and_told_on_demand():
    shown = (text(samples.DOUBTED, is_verbose=is_verbose) for is_verbose in (False, True))
    brief, full = (" ".join(one.split()) for one in shown)
    assert "1 finding held back as too mild or too uncertain to be said; --verbose says which, and why." in brief
    assert "An empty cart" not in brief
    told = "web/cart.ts:9 correctness/condition — An empty cart is sent @here: medium, 70% sure; below-confidence"
    assert told in full
    assert "held back" not in text(samples.FULL, is_verbose=True)
