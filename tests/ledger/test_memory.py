"""What people taught: guidance and incidents."""

import pytest

from bot.ledger import Ledger
from tests.ledger.records import TOKEN, a_repository
from tests.ledger.talk import a_guidance, an_incident


@pytest.fixture(autouse=True)
def known(ledger: Ledger) -> None:
    ledger.keep_repository(a_repository())
    ledger.keep_repository(a_repository(id=72, name="basket"))


def test_guidance_is_told_in_its_repository_until_it_is_deleted(ledger: Ledger) -> None:
    later = a_guidance(id="g-fffffff", at="2026-11-21T10:00:00+00:00", number=None)
    for guidance in (later, a_guidance(), later):
        ledger.keep_guidance(guidance)
    assert ledger.guidance(71) == [a_guidance(), later]
    assert ledger.guidance(72) == []
    assert not ledger.drop_guidance(72, "g-0a1b2c3")
    assert ledger.drop_guidance(71, "g-0a1b2c3")
    assert not ledger.drop_guidance(71, "g-0a1b2c3")
    assert ledger.guidance(71) == [later]


def test_guidance_that_its_mask_made_too_long_is_cut_and_still_guidance(ledger: Ledger) -> None:
    ledger.keep_guidance(a_guidance(text=("password='hunter22' " * 30).strip()))
    (guidance,) = ledger.guidance(71)
    assert len(guidance.text) == 600
    assert "hunter22" not in guidance.text


def test_incidents_come_back_as_they_went_in_latest_break_first(ledger: Ledger) -> None:
    everywhere = an_incident(id="i-fffffff", repository_id=None, number=None, broke_at="", at="2026-11-01")
    for incident in (an_incident(), everywhere, an_incident()):
        ledger.keep_incident(incident)
    assert ledger.incidents(71) == [everywhere, an_incident()]
    assert ledger.incidents(72) == [everywhere]
    assert ledger.incidents(None, 1) == [everywhere]


@pytest.mark.parametrize(
    "asked",
    [
        ((), ("pay/client.py",), ""),
        ((), ("other.py", "pay/deep/client.py"), ""),
        (("unbounded-retry", "missing-timeout"), (), ""),
        ((), (), "the bankclient"),
        ((), (), 'BANK* AND (NOT "'),
    ],
    ids=["folder", "deep in the folder", "class", "scope in other letters", "search syntax is plain words"],
)
def test_an_incident_matches_by_path_class_or_word(ledger: Ledger, asked: tuple[tuple[str, ...], ...]) -> None:
    ledger.keep_incident(an_incident())
    assert ledger.incidents_matching(71, *asked, limit=5) == [an_incident()]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "asked",
    [
        ((), (), ""),
        ((), ("payments/client.py", "pay"), ""),
        (("unbounded-retry",), ("src/pay/client.py",), "zebra to"),
    ],
    ids=["nothing asked", "a name that only begins alike", "all of them other"],
)
def test_what_has_nothing_in_common_does_not_match(ledger: Ledger, asked: tuple[tuple[str, ...], ...]) -> None:
    ledger.keep_incident(an_incident())
    ledger.keep_incident(an_incident(id="i-fffffff", paths=(), **{"class": ""}))
    assert ledger.incidents_matching(71, *asked, limit=5) == []  # type: ignore[arg-type]


def test_a_shared_path_weighs_more_than_a_class_and_a_class_more_than_a_word(ledger: Ledger) -> None:
    by_word = an_incident(id="i-0000001", paths=(), scopes=("refund",), **{"class": ""})
    by_class = an_incident(id="i-0000002", paths=(), scopes=())
    by_path = an_incident(id="i-0000003", scopes=(), **{"class": "overload"})
    for incident in (by_word, by_class, by_path):
        ledger.keep_incident(incident)
    asked = (("missing-timeout",), ("pay/client.py",), "refund")
    assert ledger.incidents_matching(71, *asked) == [by_path, by_class, by_word]
    assert ledger.incidents_matching(71, *asked, limit=1) == [by_path]


def test_another_repositorys_incident_is_not_told_here_but_one_of_no_repository_is(ledger: Ledger) -> None:
    ledger.keep_incident(an_incident(repository_id=72))
    assert ledger.incidents_matching(71, ["missing-timeout"], ["pay/client.py"], "bank") == []
    ledger.keep_incident(an_incident(id="i-fffffff", repository_id=None))
    assert [found.id for found in ledger.incidents_matching(71, ["missing-timeout"], [], "")] == ["i-fffffff"]


def test_an_incident_brought_up_to_date_is_found_by_its_new_words_alone(ledger: Ledger) -> None:
    ledger.keep_incident(an_incident())
    ledger.keep_incident(an_incident(title="Refunds doubled", text=f"Retried with {TOKEN}", scopes=()))
    assert ledger.incidents_matching(71, (), (), "bank") == []
    (found,) = ledger.incidents_matching(71, (), (), "doubled")
    assert found.text == "Retried with [secret masked]"
