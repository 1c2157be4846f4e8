"""A change is read as often as its profile says, and what is found is posted only if it survives doubt."""

import json

import pytest

from bot.domain import Afforded, Coverage, Profile, Severity
from bot.errors import ModelRefused, ModelUnavailable
from bot.llm import load_prompt
from bot.review.questions import CHALLENGED_AT_ONCE, READINGS
from bot.review.receipt import doubt_told
from bot.review.stages import Background
from bot.settings.taxonomy import taxonomy
from tests.review.lives import claim
from tests.review.readers import Readers, doubt, heard

LOST = claim(
    "stock.py",
    "    STOCK[item] = left - count",
    start_line=4,
    end_line=4,
    title="Concurrent orders lose stock",
    body="When two orders come at once, `take` overwrites the other's `left`. Take the lock around both lines.",
)
FAILURE = "review-failure"
LOGIC = "review-logic"


def reasons(review):
    return [dropped.reason for dropped in review.dropped]


def test_economy_reads_once_and_doubts_nothing():
    model = Readers({"review": [LOST]})
    review, rounds = heard(model, "economy")
    assert model.asked == ["review"]
    assert len(rounds) == 1
    assert [finding.title for finding in review.findings] == ["Concurrent orders lose stock"]


def test_balanced_reads_twice_and_doubts_what_was_found():
    model = Readers({FAILURE: [LOST]})
    review, _ = heard(model)
    assert model.asked == [LOGIC, FAILURE, "doubt"]
    (finding,) = review.findings
    assert (finding.severity, finding.confidence) == (Severity.HIGH, 0.95)
    assert "1. stock.py, lines 4 to 4, correctness/other, high" in model.claims[0]
    assert "STOCK[item] = left - count" in model.claims[0]


def test_thorough_reads_five_times_and_doubts_each_finding_on_its_own():
    audit = claim(
        "stock.py", "    audit(item)", start_line=3, end_line=3, title="Audit says yes", body="When it fails."
    )
    model = Readers({"review-correctness": [LOST], "review-security": [audit]})
    _, rounds = heard(model, "thorough")
    assert model.asked == [*READINGS[Profile.THOROUGH][:4], "doubt", "doubt"], "there is no test to read"
    assert [len(question["doubt"]) for question in rounds[1]] == [1, 1]


def test_tests_are_read_where_there_are_any():
    model = Readers({})
    heard(model, "thorough", path="tests/test_stock.py")
    assert model.asked == [*READINGS[Profile.THOROUGH]]


def test_the_receipt_counts_every_call():
    review, _ = heard(Readers({FAILURE: [LOST]}))
    assert review.receipt.prompt_versions == {
        "review-logic": "review-logic+1", "review-failure": "review-failure+1", "doubt": "doubt+1",
    }  # fmt: skip
    assert review.receipt.tokens.input_tokens == 300
    assert review.receipt.cost_usd == 1.5
    assert review.receipt.coverage is Coverage.FULL


def test_what_nobody_found_is_not_doubted():
    model = Readers({})
    review, rounds = heard(model)
    assert "doubt" not in model.asked
    assert len(rounds) == 1
    assert review.findings == ()


def test_a_refuted_finding_is_dropped_with_the_reason():
    model = Readers({FAILURE: [LOST]}, lambda number, claim: doubt(stands=False, why_not="The caller holds the lock."))
    review, _ = heard(model)
    assert review.findings == ()
    (dropped,) = [dropped for dropped in review.dropped if dropped.reason == "refuted"]
    assert dropped.detail == "The caller holds the lock."
    assert dropped.finding.title == "Concurrent orders lose stock"
    assert review.receipt.coverage is Coverage.FULL
    (refuted,) = review.refuted
    assert (refuted.path, refuted.title, refuted.why) == (
        "stock.py",
        dropped.finding.title,
        "The caller holds the lock.",
    )
    assert (review.receipt.doubted, review.receipt.refuted) == (1, 1)
    assert doubt_told(review.receipt) == "Doubt refuted 1 of 1 claim of the model"


def test_what_was_defended_and_what_nobody_challenged_is_told_apart():
    defended, _ = heard(Readers({FAILURE: [LOST]}))
    assert (defended.receipt.doubted, defended.receipt.refuted) == (1, 0)
    assert doubt_told(defended.receipt) == "Doubt refuted none of 1 claim of the model"
    taken, _ = heard(Readers({"review": [LOST]}), "economy")
    assert (taken.receipt.doubted, doubt_told(taken.receipt)) == (0, "")


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"quote": "with LOCK: STOCK[item] -= 1"}, "not in the code that was shown"),
        ({"quote": ""}, "not in the code that was shown"),
        ({"failure": "It fails."}, "no concrete failure"),
    ],
)
def test_a_defence_without_a_failure_or_a_proof_is_none(more, why):
    review, _ = heard(Readers({FAILURE: [LOST]}, lambda number, claim: doubt(**more)))
    assert review.findings == ()
    assert why in next(dropped.detail for dropped in review.dropped if dropped.reason == "refuted")


def test_the_severity_of_a_defence_has_the_servers_ceiling():
    tests = LOST.model_copy(update={"class_": "maintainability"})
    review, _ = heard(Readers({LOGIC: [tests]}, lambda number, claim: doubt(severity="critical")))
    assert [finding.severity for finding in review.findings] == [Severity.MEDIUM]


def test_what_could_not_be_challenged_is_held_back_and_said_to_be_missing():
    review, _ = heard(Readers({FAILURE: [LOST]}, ModelUnavailable("it is asleep", 60)))
    assert review.findings == ()
    assert reasons(review) == ["unchallenged"]
    assert review.receipt.coverage is Coverage.DEGRADED
    assert review.receipt.model_missing_because == "1 finding could not be put in doubt, it is asleep"
    assert not review.receipt.model_is_refused


def test_a_model_that_refuses_to_doubt_will_not_come_back_by_itself():
    review, _ = heard(Readers({FAILURE: [LOST]}, ModelRefused("it declines")))
    assert review.receipt.model_is_refused


def test_a_claim_that_the_answer_passes_over_is_held_back_with_a_note():
    review, _ = heard(Readers({FAILURE: [LOST]}, lambda number, claim: None))
    assert review.findings == ()
    assert reasons(review) == ["unchallenged"]
    assert review.receipt.coverage is Coverage.FULL
    assert "1 finding of the model held back: it did not defend it." in review.receipt.notes


def test_two_readings_that_find_the_same_are_challenged_once():
    other = LOST.model_copy(
        update={"class_": "lock-hazard", "title": "Concurrent orders can lose stock", "confidence": 0.7}
    )
    model = Readers({LOGIC: [LOST], FAILURE: [other]})
    review, _ = heard(model)
    assert len(review.findings) == 1
    assert "2. " not in model.claims[0]
    assert reasons(review) == ["duplicate"]


def test_what_policy_keeps_silent_is_not_paid_for():
    mild = LOST.model_copy(update={"severity": Severity.LOW})
    model = Readers({FAILURE: [mild]})
    review, rounds = heard(model, policy='min_severity = "medium"')
    assert len(rounds) == 1
    assert reasons(review) == ["below-severity"]


SILENT = "def take(text):\n    try:\n        return json.loads(text)\n    except Exception:\n        pass\n"


def silence(**more):
    body = "When `text` is no JSON, `take` returns nothing and the order is lost. Let the error through."
    values = {"start_line": 4, "end_line": 4, "body": body, "class": "swallowed-error"}
    return claim("stock.py", "    except Exception:", **values | more)


def stands_there(number, text):
    return doubt(quote="    except Exception:", failure="A text that is no JSON loses the order without a word.")


def test_a_rule_too_unsure_to_be_said_keeps_the_model_from_nothing():
    model = Readers({FAILURE: [silence()]}, stands_there)
    review, _ = heard(model, head=SILENT)
    (finding,) = review.findings
    assert finding.source == "model"
    assert ("swallowed-error/empty-catch", "below-confidence") in [(one.rule, one.reason) for one in review.dropped]
    assert model.known == ["", ""]


def test_a_rule_that_is_said_is_known_to_the_model_and_stands_for_both():
    model = Readers({FAILURE: [silence()]}, stands_there)
    review, _ = heard(model, head=SILENT, policy="min_confidence = 0.4")
    (finding,) = review.findings
    assert finding.source == "rule"
    assert all("swallowed-error/empty-catch" in known for known in model.known)


def test_a_rule_that_somebody_switched_off_is_not_told_by_the_model_instead():
    model = Readers({FAILURE: [silence(kind="empty-catch")]}, stands_there)
    off = 'min_confidence = 0.4\nrules_off = ["swallowed-error/empty-catch"]'
    assert heard(model, head=SILENT, policy=off)[0].findings == ()


def test_what_is_not_put_in_doubt_lends_no_rule_its_words():
    call = "    return requests.post(URL, json=item)"
    names = "`take`, `item`, `count`, `worker`, `order_queue`, `stock_lock`, `session`, `basket`"
    body = f"When `URL` hangs, {names} wait for ever. Pass `timeout` to `requests.post`."
    same = claim("stock.py", call, start_line=5, end_line=5, body=body, **{"class": "missing-timeout"})
    head = f"import requests\n\n\ndef take(item, count):\n{call}\n"

    def stands(number, claim):
        return doubt(quote=call, failure="The peer accepts the call and then stays silent: the worker waits for ever.")

    (sure,) = heard(Readers({FAILURE: [same]}, stands), head=head)[0].findings
    mild = same.model_copy(update={"severity": Severity.LOW})
    review, _ = heard(Readers({FAILURE: [mild]}, stands), head=head, policy='min_severity = "medium"')
    (rule,) = review.findings
    assert (rule.source, reasons(review)) == ("rule", ["below-severity"])
    assert "**Here:**" in sure.body
    assert "**Here:**" not in rule.body
    (rule,) = heard(Readers({"review": [mild]}), "economy", head=head, policy='min_severity = "medium"')[0].findings
    assert (rule.source, "**Here:**" in rule.body) == ("rule", False)


def test_a_class_that_nobody_heeds_here_is_counted_and_not_said():
    medium = LOST.model_copy(update={"severity": Severity.MEDIUM, "confidence": 0.95})
    review, _ = heard(Readers({FAILURE: [medium]}), background=Background(record={"correctness": (0, 40)}))
    assert reasons(review) == ["below-bar"]


def test_the_question_that_is_put_again_is_the_same_whatever_the_record_says():
    _, first = heard(Readers({FAILURE: [LOST]}))
    _, again = heard(Readers({FAILURE: [LOST]}), background=Background(record={"correctness": (9, 10)}))
    assert json.dumps(first, sort_keys=True) == json.dumps(again, sort_keys=True)


def test_no_question_holds_a_file():
    _, rounds = heard(Readers({FAILURE: [LOST]}))
    assert "audit(item)" not in json.dumps(rounds)


def test_the_first_round_says_that_another_follows():
    _, rounds = heard(Readers({FAILURE: [LOST]}))
    assert [question.get("is_followed", False) for one in rounds for question in one] == [True, True, False]


def test_a_cap_that_leaves_less_is_told():
    less = Afforded(profile=Profile.ECONOMY, reason="half of today's cap is spent")
    model = Readers({"review": [LOST]}, affords=less)
    review, _ = heard(model, "thorough")
    assert model.asked == ["review"]
    assert model.tokens[Profile.ECONOMY] < model.tokens[Profile.BALANCED] < model.tokens[Profile.THOROUGH]
    told = "Read under the profile economy instead of thorough: half of today's cap is spent."
    assert told in review.receipt.notes


def test_a_cap_that_leaves_nothing_is_no_full_review():
    model = Readers({}, affords=Afforded(profile=None, reason="today's cap is spent"))
    review, rounds = heard(model)
    assert rounds == []
    assert review.receipt.coverage is Coverage.DEGRADED
    assert review.receipt.model_missing_because == "today's cap is spent"


def test_a_repository_may_choose_its_profile():
    model = Readers({})
    heard(model, "balanced", policy='profile = "economy"')
    assert model.asked == ["review"]


def test_a_model_with_a_small_window_reads_once():
    model = Readers({})
    review, _ = heard(model, "thorough", max_input_tokens=3000)
    assert model.asked == ["review"]
    assert any("llm.max_input_tokens" in note for note in review.receipt.notes)


def test_every_class_belongs_to_a_reading_of_each_profile():
    for profile, names in READINGS.items():
        told = "\n".join(load_prompt(name).instructions for name in names)
        assert [class_ for class_ in taxonomy() if class_ not in told] == [], profile
    assert CHALLENGED_AT_ONCE.keys() == READINGS.keys()
