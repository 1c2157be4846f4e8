"""What is said first, and what is not worth saying."""

from bot.domain import Severity
from bot.review.rank import rank, worth
from bot.settings import load_settings
from tests.review.builders import a_finding

POLICY = load_settings({}).policy


def a_remark(number=0, **more):
    return a_finding(source="model", fingerprint=f"{number:016}", start_line=20 + number, end_line=20 + number, **more)


def said(*findings, record=None):
    ranked = rank(findings, POLICY, record=record)
    return [*ranked.findings], [dropped.reason for dropped in ranked.dropped]


def test_a_mild_remark_of_the_model_must_be_nearly_certain():
    kept, dropped = said(a_remark(1, severity="low", confidence=0.7), a_remark(2, severity="low", confidence=0.9))
    assert [finding.confidence for finding in kept] == [0.9]
    assert dropped == ["below-bar"]


def test_a_mild_rule_is_said():
    assert said(a_finding(severity=Severity.LOW, confidence=0.5))[1] == []


def test_beyond_resilience_a_model_must_be_nearly_certain():
    beyond = [
        a_remark(number, confidence=0.85, **{"class": class_})
        for number, class_ in enumerate(("correctness", "maintainability", "tests", "security", "lock-hazard"))
    ]
    kept, dropped = said(*beyond)
    assert {finding.class_ for finding in kept} == {"security", "lock-hazard"}
    assert dropped == ["below-confidence"] * 3
    assert len(said(a_remark(1, confidence=0.9, **{"class": "correctness"}))[0]) == 1


def test_what_loses_data_is_said_beyond_resilience_too():
    assert len(said(a_remark(1, severity="critical", confidence=0.8, **{"class": "correctness"}))[0]) == 1


def test_a_team_may_hear_more_beyond_resilience():
    wide = POLICY.model_copy(update={"min_confidence_quality": 0.0})
    assert len(rank([a_remark(1, confidence=0.6, **{"class": "correctness"})], wide).findings) == 1
    strict = wide.model_copy(update={"min_confidence": 0.7})
    assert len(rank([a_remark(1, confidence=0.6, **{"class": "correctness"})], strict).findings) == 0


def test_a_class_that_is_never_heeded_here_sinks_unless_it_loses_data():
    record = {"missing-timeout": (0, 60)}
    kept, dropped = said(
        a_remark(1, severity="medium"), a_remark(2, severity="critical", confidence=0.95), record=record
    )
    assert [finding.severity for finding in kept] == [Severity.CRITICAL]
    assert dropped == ["below-bar"]
    few = {"missing-timeout": (0, 4)}
    assert len(said(a_remark(1, severity="medium"), record=few)[0]) == 1


def test_what_is_heeded_here_comes_first():
    heeded = a_remark(1, **{"class": "lock-hazard"}, severity="medium")
    ignored = a_remark(2, severity="medium")
    kept, _ = said(ignored, heeded, record={"lock-hazard": (20, 20), "missing-timeout": (4, 20)})
    assert kept == [heeded, ignored]


def test_without_a_record_the_order_is_severity_times_confidence():
    kept, _ = said(a_remark(1, severity="medium", confidence=0.9), a_remark(2, severity="high", confidence=0.7))
    assert [finding.severity for finding in kept] == [Severity.HIGH, Severity.MEDIUM]
    assert worth(kept[0], {}) > worth(kept[1], {})


def test_the_bar_is_told_with_what_was_dropped():
    ranked = rank([a_remark(severity="low", confidence=0.6)], POLICY)
    assert ranked.dropped[0].detail == "worth 0.42 of at least 0.55"
