"""What is to be drafted, and what came of it."""

import pytest

from bot.ledger import Ledger
from tests.ledger.records import TOKEN, a_finding, a_pull_request, a_repository
from tests.ledger.talk import FIRST, LATER, a_point, a_rule_draft

AT = "2026-11-20T12:00:00+00:00"


@pytest.fixture(autouse=True)
def known(ledger: Ledger) -> None:
    ledger.keep_pull_request(a_pull_request())
    ledger.keep_repository(a_repository(id=72, name="basket"))


def keep_point(ledger: Ledger, fate: str, fingerprint: str = FIRST, **of_finding: str) -> None:
    finding = a_finding(fingerprint, **({"source": "model", "rule": "lost-update/other"} | of_finding))
    ledger.keep_points(71, 12, [a_point(fingerprint, finding=finding)])
    ledger.keep_fate(71, 12, fingerprint, fate, AT)


def wanted(ledger: Ledger, since: str = "2026-11-01", known: tuple[str, ...] = ()) -> list[str]:
    return [fingerprint for _, fingerprint in ledger.confirmed_by_people(since, known)]


def test_a_draft_comes_back_as_it_went_in(ledger: Ledger) -> None:
    failed = a_rule_draft(
        id="d-fffffff", name="", toml="", why_not="it finds 40 places", at="2026-11-21T10:00:00+00:00"
    )
    for draft in (a_rule_draft(), failed, a_rule_draft()):
        ledger.keep_rule_draft(draft)
    assert ledger.rule_drafts(71) == [failed, a_rule_draft()]
    assert ledger.rule_drafts() == ledger.rule_drafts(71)
    assert ledger.rule_drafts(72) == []
    assert ledger.rule_draft("d-0a1b2c3") == a_rule_draft()
    assert ledger.rule_draft("d-0000000") is None


def test_a_secret_in_a_draft_is_masked(ledger: Ledger) -> None:
    ledger.keep_rule_draft(a_rule_draft(toml=f"bad = 'connect({TOKEN})'"))
    (draft,) = ledger.rule_drafts(71)
    assert TOKEN not in draft.toml


def test_only_what_nobody_asked_for_counts_against_the_week(ledger: Ledger) -> None:
    ledger.keep_rule_draft(a_rule_draft())
    ledger.keep_rule_draft(a_rule_draft(id="d-2", asked_by="mona"))
    assert ledger.rule_drafts_since(71, "2026-11-20") == 1
    assert ledger.rule_drafts_since(71, "2026-11-21") == 0
    assert ledger.rule_drafts_since(72, "2026-11-20") == 0


@pytest.mark.parametrize("fate", ["fixed", "accepted"])
def test_a_models_finding_that_people_heeded_is_worth_a_rule(ledger: Ledger, fate: str) -> None:
    keep_point(ledger, fate)
    ((pull_request, fingerprint),) = ledger.confirmed_by_people("2026-11-01", ())
    assert (pull_request.key, fingerprint) == (a_pull_request().key, FIRST)


@pytest.mark.parametrize("fate", ["disputed", "dismissed", "ignored", "stale", "unknown"])
def test_one_that_nobody_heeded_is_not(ledger: Ledger, fate: str) -> None:
    keep_point(ledger, fate)
    assert wanted(ledger) == []


def test_what_a_rule_found_or_knows_or_was_tried_or_is_long_past_is_not_drafted(ledger: Ledger) -> None:
    keep_point(ledger, "fixed")
    keep_point(ledger, "fixed", LATER, source="rule")
    assert wanted(ledger) == [FIRST]
    assert wanted(ledger, known=("lost-update/other",)) == []
    assert wanted(ledger, since="2026-11-21") == []
    ledger.keep_rule_draft(a_rule_draft(why_not="no pattern can tell", toml=""))
    assert wanted(ledger) == []


def test_a_repository_that_was_removed_gets_none(ledger: Ledger) -> None:
    keep_point(ledger, "fixed")
    ledger.remove_repository(71)
    assert wanted(ledger) == []
