"""What a rule finds for which no record speaks is put to the model, and said where the model cannot refute it."""

import pytest

from bot.domain import Severity
from bot.errors import ModelUnavailable
from bot.settings import load_settings
from tests.review.lives import Life, claim
from tests.review.readers import Readers, doubt, heard

SILENT = "swallowed-error/empty-catch"
HEAD = (
    "import requests\n\n\ndef tell(order):\n    try:\n        requests.post(URL, json=order, timeout=3)\n"
    "    except Exception:\n        pass\n"
)
PROOF = "    except Exception:\n        pass"


def defended(confidence: float = 0.95, **more):
    """A model that finds nothing by itself, and lets each claim stand."""
    values = {"quote": PROOF, "failure": "The peer answers 500 and the order is never told.", "confidence": confidence}
    return Readers({}, lambda number, claim: doubt(number, **values | more))


def rules_of(review):
    return [finding.rule for finding in review.findings]


def held(review):
    return [one.rule for one in review.held_back if one.why == "below-confidence"]


def test_without_a_model_it_is_held_back():
    review, _ = heard(defended(), head=HEAD, policy="llm = false")
    assert (rules_of(review), held(review)) == ([], [SILENT])


def test_what_the_model_bears_out_is_said_in_the_words_of_its_rule():
    model = defended()
    review, rounds = heard(model, head=HEAD)
    assert model.asked == ["review-logic", "review-failure", "doubt"]
    assert [len(asked) for asked in rounds] == [2, 1]
    assert f"1. stock.py, lines 7 to 8, {SILENT}" in model.claims[0]
    (finding,) = review.findings
    assert (finding.rule, finding.source, finding.severity) == (SILENT, "rule", Severity.MEDIUM)
    assert finding.confidence == finding.own_confidence == 0.9
    assert "**Fix:**" in finding.body
    assert held(review) == []
    assert "1 finding of rules without a record put to the model: 1 borne out." in review.receipt.notes


@pytest.mark.parametrize(
    "answer", [{"stands": False}, {"confidence": 0.6}, {"quote": "not there"}, {"failure": "Bad."}]
)
def test_what_it_refutes_or_cannot_prove_is_held_back(answer):
    review, _ = heard(defended(**answer), head=HEAD)
    assert (rules_of(review), held(review)) == ([], [SILENT])
    assert review.refuted == ()
    assert "1 finding of rules without a record put to the model: none borne out." in review.receipt.notes


def test_a_model_that_is_away_when_asked_leaves_it_held_back():
    model = Readers({}, ModelUnavailable("the model is away"))
    review, _ = heard(model, head=HEAD)
    assert (rules_of(review), held(review)) == ([], [SILENT])


def test_a_profile_without_doubt_does_not_ask():
    model = defended()
    review, _ = heard(model, "economy", head=HEAD)
    assert (model.asked, held(review)) == (["review"], [SILENT])
    assert not any("without a record" in note for note in review.receipt.notes)


def test_what_speaks_against_the_place_is_not_asked():
    model = defended()
    heard(model, head=HEAD.replace("pass", "pass  # the order is told again by the nightly run"))
    assert "doubt" not in model.asked


def test_policy_that_wants_less_certainty_has_it_said_without_asking():
    model = defended()
    review, _ = heard(model, head=HEAD, policy="min_confidence = 0.4")
    assert "doubt" not in model.asked
    assert rules_of(review) == [SILENT]


def test_what_the_model_found_as_well_is_one_finding():
    also = claim("stock.py", "    except Exception:", start_line=7, end_line=7, title="The failure is swallowed",
                 body="When the peer is away nobody hears of it.", **{"class": "swallowed-error"})  # fmt: skip
    model = defended()
    model.says = {"review-failure": [also]}
    review, _ = heard(model, head=HEAD)
    assert rules_of(review) == [SILENT]


def test_it_stands_on_the_next_push_though_nobody_is_asked_of_its_file_again():
    settings = load_settings({"SEAWALL_LLM__PROFILE": "balanced"})
    life = Life({"stock.py": "x = 1\n", "b.py": "y = 1\n"}, model=defended(), settings=settings)  # type: ignore[arg-type]
    life.push({"stock.py": HEAD, "b.py": "y = 2\n"})
    assert [point.finding.rule for point in life.points] == [SILENT]
    life.model = silent = defended(stands=False)  # type: ignore[assignment]
    life.push({"stock.py": HEAD, "b.py": "y = 3\n"})
    assert "doubt" not in silent.asked
    assert [(point.finding.rule, point.state) for point in life.points] == [(SILENT, "open")]
    assert len(life.said) == 1
    life.push({"stock.py": HEAD.replace("pass", "raise"), "b.py": "y = 3\n"})
    assert life.points[0].state == "fixed"


def test_what_was_said_because_policy_wanted_less_certainty_goes_with_that_policy():
    settings = load_settings({})
    life = Life({"stock.py": "x = 1\n"}, policy="min_confidence = 0.4", settings=settings)
    life.push({"stock.py": HEAD})
    assert [(point.finding.rule, point.state) for point in life.points] == [(SILENT, "open")]
    life.policy = ""
    life.push({"stock.py": HEAD + "\n\nVERSION = 2\n"})
    assert [(point.finding.rule, point.state) for point in life.points] == [(SILENT, "stale")]
