"""What is believed of a model, and what is not."""

import difflib

import pytest

from bot.diff import parse_hunks
from bot.domain import Candidate, Change, Patch, PatchStatus, Severity
from bot.review.excerpt import ScopeSpan
from bot.review.quote import HeadText, Place
from bot.review.verify import verify

BEFORE = """\
import requests


def price(item):
    return 1


def stock(item):
    return 2


def other():
    reply = requests.get(URL)
    return reply
"""
HEAD = """\
import requests


def price(item):
    reply = requests.get(
        PRICES + item,
    )
    return reply.json()["price"]


def stock(item):
    reply = requests.get(STOCK + item)
    return reply.json()["stock"]


def other():
    reply = requests.get(URL)
    return reply
"""


def a_change(head=HEAD, path="shop.py", before=BEFORE, **more):
    lines = [*difflib.unified_diff(before.splitlines(), head.splitlines(), lineterm="", n=1)][2:]
    patch = Patch(path=path, status=PatchStatus.MODIFIED, hunks=parse_hunks("\n".join(lines)), **more)
    return Change("b" * 40, "a" * 40, (patch,)), {path: head.encode()}


def a_candidate(**more):
    values = {
        "path": "shop.py", "start_line": 12, "end_line": 12, "quote": "    reply = requests.get(STOCK + item)",
        "class": "missing-timeout", "kind": "http-or-socket-call", "severity": "high", "confidence": 0.8,
        "title": "The stock call can wait for ever", "body": "It hangs with its peer. Pass a timeout.",
    }  # fmt: skip
    return Candidate.model_validate(values | more)


def judge(*candidates, head=HEAD, scope_of=lambda path, line: None, **more):
    return verify(candidates, *a_change(head, **more), scope_of)


def reason_of(candidate, **more):
    kept, (dropped,) = judge(candidate, **more)
    assert kept == ()
    return dropped.reason


def test_a_finding_that_quotes_the_head_is_kept_with_the_files_own_text():
    (finding,), dropped = judge(a_candidate(quote="reply=requests.get(STOCK+item)"))
    assert dropped == ()
    assert finding.evidence == "    reply = requests.get(STOCK + item)"
    assert (finding.start_line, finding.end_line, finding.side) == (12, 12, "RIGHT")
    assert (finding.rule, finding.source) == ("missing-timeout/http-or-socket-call", "model")


def test_white_space_and_line_breaks_of_a_quote_do_not_matter():
    (finding,), _ = judge(a_candidate(quote="reply = requests.get( PRICES + item, )", start_line=5, end_line=7))
    assert (finding.start_line, finding.end_line) == (5, 7)


def test_a_quote_with_the_numbers_it_was_shown_with_is_understood():
    (finding,), _ = judge(a_candidate(quote="    12 +     reply = requests.get(STOCK + item)"))
    assert finding.start_line == 12


def test_wrong_lines_are_corrected_where_the_quote_stands_once_in_what_changed():
    (finding,), _ = judge(a_candidate(start_line=2, end_line=3))
    assert (finding.start_line, finding.end_line) == (12, 12)


def test_a_range_wider_than_its_quote_is_narrowed_to_it():
    (finding,), _ = judge(a_candidate(start_line=4, end_line=13))
    assert (finding.start_line, finding.end_line) == (12, 12)


@pytest.mark.parametrize(
    "quote",
    [
        "reply = requests.post(STOCK + item)",
        "requests.get(...)",
        "return reply.json()['stock']",
        "",
        "    )",
        "eply = requests.get(STOCK",
    ],
)
def test_a_quote_that_is_not_in_the_head_is_dropped(quote):
    assert reason_of(a_candidate(quote=quote)) == "quote-mismatch"


def test_code_of_the_base_is_no_proof():
    assert reason_of(a_candidate(quote="return 2", start_line=9)) == "quote-mismatch"


def test_a_quote_that_stands_twice_in_what_changed_needs_the_right_lines():
    assert reason_of(a_candidate(quote="reply.json()", start_line=1, end_line=1)) == "quote-mismatch"
    (finding,), _ = judge(a_candidate(quote="reply.json()", start_line=13, end_line=13))
    assert finding.start_line == 13


def test_another_file_is_outside_the_change():
    assert reason_of(a_candidate(path="elsewhere.py")) == "outside-change"
    assert reason_of(a_candidate(path="../shop.py")) == "outside-change"


def test_code_the_change_does_not_touch_is_outside_the_change():
    assert reason_of(a_candidate(quote="reply = requests.get(URL)", start_line=17, end_line=17)) == "outside-change"


def test_a_line_outside_the_hunks_but_in_a_changed_function_stands():
    head = "def f():\n" + "".join(f"    step_{n}()\n" for n in range(40)) + "    last()\n"
    before = head.replace("    step_2()\n", "")
    candidate = a_candidate(quote="last()", start_line=42, end_line=42)
    assert reason_of(candidate, head=head, before=before) == "outside-change"
    (finding,), _ = judge(candidate, head=head, before=before, scope_of=lambda path, line: ScopeSpan("f", 1, 42))
    assert finding.scope == "f"


def test_a_class_nobody_knows_is_dropped_and_a_kind_nobody_knows_is_other():
    assert reason_of(a_candidate(**{"class": "bad-vibes"})) == "unknown-class"
    (finding,), _ = judge(a_candidate(kind="Hangs!"))
    assert finding.rule == "missing-timeout/other"


@pytest.mark.parametrize("said", ["missing-timeout/connect-only", "Missing timeout", "connect-only"])
def test_a_class_is_known_by_its_kind_too(said):
    (finding,), _ = judge(a_candidate(**{"class": said, "kind": "only connect"}))
    assert finding.rule == "missing-timeout/connect-only"


@pytest.mark.parametrize(
    ("class_", "claimed", "given"),
    [
        ("missing-timeout", "critical", Severity.HIGH),
        ("non-idempotent-retry", "critical", Severity.CRITICAL),
        ("maintainability", "high", Severity.MEDIUM),
        ("missing-timeout", "low", Severity.LOW),
    ],
)
def test_how_grave_it_may_be_is_not_the_models_to_decide(class_, claimed, given):
    (finding,), _ = judge(a_candidate(**{"class": class_, "severity": claimed}))
    assert finding.severity is given


def test_nobody_is_entirely_sure():
    (finding,), _ = judge(a_candidate(confidence=1.0))
    assert finding.confidence == 0.95


def test_titles_are_one_short_line():
    (finding,), _ = judge(a_candidate(title="A very long title\nthat " + "goes on " * 20))
    assert len(finding.title) <= 80
    assert "\n" not in finding.title
    assert finding.title.endswith("…")


def test_a_finding_without_words_is_malformed():
    assert reason_of(a_candidate(title=" \u200b ")) == "malformed"


def fingerprint(head=HEAD, **more):
    (finding,), _ = judge(a_candidate(**more), head=head)
    return finding.fingerprint


def test_the_fingerprint_survives_moves_rewording_and_a_longer_quote():
    moved = HEAD.replace("import requests\n", "import requests\n\nLIMIT = 3\n")
    assert fingerprint(head=moved, start_line=14) == fingerprint()
    assert fingerprint(title="Otherwise", body="said", severity="low") == fingerprint()
    assert fingerprint(quote='reply = requests.get(STOCK + item)\n    return reply.json()["stock"]') == fingerprint()
    assert len(fingerprint()) == 16


def test_equal_lines_have_fingerprints_of_their_own():
    twice = HEAD.replace('    return reply.json()["stock"]\n', "    reply = requests.get(STOCK + item)\n")
    assert fingerprint(twice, start_line=12) != fingerprint(twice, start_line=13, end_line=13)


def test_a_renamed_file_keeps_its_fingerprints():
    (before,), _ = judge(a_candidate())
    (after,), _ = judge(a_candidate(path="store.py"), path="store.py", old_path="shop.py")
    assert before.fingerprint == after.fingerprint


FIX = "    reply = requests.get(STOCK + item, timeout=3)"


def test_a_replacement_of_changed_lines_becomes_a_suggestion():
    (finding,), _ = judge(a_candidate(replacement=FIX + "\n"))
    assert (finding.suggestion.start_line, finding.suggestion.end_line) == (12, 12)
    assert finding.suggestion.text == FIX


def test_a_replacement_moves_with_its_finding():
    (finding,), _ = judge(a_candidate(replacement=FIX, start_line=2, end_line=2))
    assert finding.suggestion.start_line == 12


@pytest.mark.parametrize(
    "flawed",
    [
        {"replacement": "    reply = requests.get(STOCK + item)  "},
        {"replacement": "  \n"},
        {"replacement": FIX + '\n    return reply.json()["stock"]'},
        {"replacement": "def stock(item):\n" + FIX},
        {"replacement": FIX, "end_line": 17},
        {"replacement": FIX, "end_line": 4000},
        {"replacement": "    key = 'ghp_" + "a" * 36 + "'"},
    ],
    ids=["changes nothing", "blank", "repeats what follows", "repeats what precedes", "leaves the hunk",
         "leaves the file", "holds a secret"],
)  # fmt: skip
def test_a_replacement_that_nobody_should_commit_leaves_the_finding_alone(flawed):
    (finding,), _ = judge(a_candidate(**flawed))
    assert finding.suggestion is None


def test_secrets_of_the_file_stay_out_of_the_evidence_and_out_of_suggestions():
    token = "ghp_" + "a1B2" * 9
    head = HEAD.replace("STOCK + item", f"STOCK + item, auth='{token}'")
    candidate = a_candidate(quote="requests.get(STOCK + item, auth='[secret masked]')", replacement=FIX)
    (finding,), _ = judge(candidate, head=head)
    assert token not in finding.model_dump_json()
    assert "[secret masked]" in finding.evidence
    assert finding.suggestion is None


def test_lines_beyond_reason_do_no_harm():
    for start, end in ((-5, 10**12), (0, 0), (10**12, 3)):
        (finding,), _ = judge(a_candidate(start_line=start, end_line=end))
        assert finding.start_line == 12


def test_a_quote_with_a_masked_key_still_matches_the_head():
    drawn = "q7Zp2LxW9vKt4Rb8Ny3Hs6Fd"
    head = HeadText("pay.py", f"a = 1\nclient = Client('{drawn}', retries=9)\n".encode())
    assert drawn not in head.text_of(1, 2)
    assert head.places("     2 + client = Client('[secret masked]', retries=9)") == [Place(2, 2)]
    assert head.places(f"client = Client('{drawn}', retries=9)") == [Place(2, 2)]
