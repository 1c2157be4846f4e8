"""Why something is not said: waivers, and pauses."""

import pytest

from bot.errors import LedgerError
from bot.ledger import Ledger
from tests.ledger.records import a_repository
from tests.ledger.talk import a_waiver

NOW = "2026-11-21T10:00:00+00:00"


@pytest.fixture(autouse=True)
def known(ledger: Ledger) -> None:
    ledger.keep_repository(a_repository())
    ledger.keep_repository(a_repository(id=72, name="basket"))


def test_a_waiver_is_in_force_until_it_expires(ledger: Ledger) -> None:
    for_ever = a_waiver(id="w-ffffff0", kind="dismissed", fingerprint="f1", code_digest="d", number=12, expires_at="")
    ledger.keep_waiver(a_waiver())
    ledger.keep_waiver(for_ever)
    assert ledger.waivers(71, NOW) == [a_waiver(), for_ever]
    assert ledger.waivers(71, "2026-11-27T10:00:00+00:00") == [for_ever]
    assert ledger.waivers(72, NOW) == []
    assert ledger.waivers(None, NOW) == [a_waiver(), for_ever]


def test_a_waiver_taken_back_stays_so_even_when_it_is_kept_again(ledger: Ledger) -> None:
    ledger.keep_waiver(a_waiver())
    assert ledger.end_waiver("w-0a1b2c3", "hubot", NOW)
    assert not ledger.end_waiver("w-0a1b2c3", "mona", NOW)
    assert not ledger.end_waiver("w-none000", "mona", NOW)
    ledger.keep_waiver(a_waiver())
    assert ledger.waivers(71, NOW) == []
    with ledger._connection.reading() as database:
        assert database.table("waivers").get("w-0a1b2c3")["ended_by"] == "hubot"


def test_the_register_names_owner_reason_and_days_left_soonest_first(ledger: Ledger) -> None:
    ledger.keep_waiver(a_waiver(id="w-ffffff0", expires_at="", owner="seawall", reason="1 of 12 was right"))
    ledger.keep_waiver(a_waiver())
    ledger.keep_waiver(a_waiver(id="w-ffffff1", expires_at=NOW))
    rows = ledger.ask("waivers", at=NOW, repository_id=None)
    assert [(row["repository"], row["owner"], row["reason"], row["days_left"]) for row in rows] == [
        ("acme/checkout", "mona", "until the proxy is gone", 6.0),
        ("acme/checkout", "seawall", "1 of 12 was right", None),
    ]
    assert ledger.ask("waivers", at=NOW, repository_id=72) == []


def test_a_waiver_for_a_repository_nobody_heard_of_is_refused(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match="FOREIGN KEY"):
        ledger.keep_waiver(a_waiver(repository_id=404))


def test_a_pause_holds_for_its_pull_request_alone_until_it_is_resumed(ledger: Ledger) -> None:
    ledger.pause(71, 12, "octocat", NOW, "a release")
    assert ledger.paused(71, 12) == f"by octocat since {NOW}: a release"
    assert ledger.paused(71, 13) == ledger.paused(71, None) == ledger.paused(72, 12) == ""
    assert not ledger.resume(71, None, "octocat", NOW)
    assert not ledger.resume(71, 13, "octocat", NOW)
    assert ledger.resume(71, 12, "octocat", NOW)
    assert not ledger.resume(71, 12, "octocat", NOW)
    assert ledger.paused(71, 12) == ""


def test_a_paused_repository_is_quiet_on_every_pull_request(ledger: Ledger) -> None:
    ledger.pause(71, None, "octocat", NOW)
    assert ledger.paused(71, 12) == ledger.paused(71, None) == f"by octocat since {NOW}"
    assert not ledger.resume(71, 12, "mona", NOW)
    assert ledger.paused(71, 12)
    assert ledger.resume(71, None, "mona", NOW)
    assert ledger.paused(71, 12) == ""


def test_pausing_again_keeps_the_first_pause_and_resuming_allows_another(ledger: Ledger) -> None:
    ledger.pause(71, 12, "octocat", NOW)
    ledger.pause(71, 12, "mona", "2026-11-22T10:00:00+00:00")
    assert ledger.paused(71, 12) == f"by octocat since {NOW}"
    ledger.resume(71, 12, "mona", "2026-11-22T11:00:00+00:00")
    ledger.pause(71, 12, "mona", "2026-11-23T10:00:00+00:00")
    assert ledger.paused(71, 12) == "by mona since 2026-11-23T10:00:00+00:00"
    assert ledger.counts()["pauses"] == 2
