"""Asked from another host, the ledger gives what it gives at hand: every method, through JSON and back."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.domain import Caps, Hold, Occasion, RememberedAnswer, TimelineEvent
from bot.errors import LedgerError
from bot.ledger import Ledger
from bot.ledger.calls import ALLOWED, OWNER_ONLY, LedgerCall, answered
from bot.ledger.remote import RemoteLedger
from tests.ledger.postures import a_map
from tests.ledger.records import a_delivery, a_pull_request, a_repository, a_run
from tests.ledger.talk import (
    FIRST,
    LATER,
    a_command,
    a_guidance,
    a_point,
    a_rule_draft,
    a_waiver,
    an_evidence,
    an_incident,
)

AT, LATE = "2026-11-20T10:00:00+00:00", "2026-11-20T12:00:00+00:00"
NAMES = {name for names in ALLOWED.values() for name in names}
OCCASION = Occasion(review_key="k", repository_id=71, organisation="acme", is_review=True)
HELD = {"day": AT, "month": AT, "now": AT, "until": LATE}
ANSWER = RememberedAnswer(text='{"findings":[]}', model="m", prompt="review", prompt_version="1", at=AT)
CHANNEL = ("slack", "T1", "C1")
IN_USE: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
    ("keep_delivery", (a_delivery(),), {}),
    ("keep_repository", (a_repository(),), {}),
    ("keep_repository", (a_repository(id=72, name="till", installation_id=6),), {}),
    ("keep_repository", (a_repository(id=73, name="basket"),), {}),
    ("rename_repository", (a_repository(id=72, name="desk"),), {}),
    ("known_repositories", (), {}),
    ("ids_of", ("acme/desk",), {}),
    ("keep_pull_request", (a_pull_request(),), {}),
    ("pull_request", (71, 12), {}),
    ("pull_request", (71, 13), {}),
    ("begin_review", (a_pull_request(), AT), {}),
    ("begin_review", (a_pull_request(), AT), {}),
    ("keep_event", (71, 12, "closed", AT, "mona"), {"details": {"why": ["a", 1, None]}}),
    ("ended", (71, 12), {}),
    ("keep_review", (), a_run() | {"digests": {"pay/client.py": "d1"}}),
    ("receipt_for", (71, 12, "b" * 40, "a" * 40), {}),
    ("receipt_for_head", (71, "a" * 40), {"base_ref": "main"}),
    ("receipt_for_head", (71, "c" * 40), {}),
    ("worst_at_head", (71, "a" * 40), {}),
    ("files_read", (71, 12), {}),
    ("head_read", (71, 12), {}),
    ("head_judged", (71, 12), {}),
    (
        "keep_model_call",
        ("c1",),
        {"review_key": "k", "model": "m", "prompt": "review", "prompt_version": "1", "outcome": "answered", "at": AT}
        | {"cost_usd": 0.25, "repository_id": 71},
    ),
    ("spent_usd_since", (AT,), {}),
    ("hold_for_model_call", ("c2", OCCASION, Hold(cost_usd=0.5, tokens=9), Caps(day_usd=1)), HELD),
    ("hold_for_model_call", ("c3", OCCASION, Hold(cost_usd=0.5), Caps(day_usd=1)), HELD),
    ("model_spending", (OCCASION, AT, AT, AT), {}),
    ("keep_model_answer", ("k1", "q1", ANSWER, 71), {}),
    ("model_answer", ("k1", AT), {}),
    ("older_model_answer", ("q1", AT), {}),
    ("model_answer", ("k2", AT), {}),
    ("keep_points", (71, 12, [a_point(), a_point(now_known_as=LATER)]), {"at": AT}),
    ("points", (71, 12), {}),
    ("point", (71, 12, FIRST[:6]), {}),
    ("said", (71, 12), {}),
    ("point_of_comment", (71, 9001), {}),
    ("point_of_comment", (71, 1), {}),
    ("keep_evidence", (71, 12, FIRST, an_evidence()), {}),
    ("keep_seen", (71, 12, {FIRST: (an_evidence(), an_evidence(actor="dana")), LATER: ()}), {}),
    ("evidence", (71, 12), {}),
    ("keep_fate", (71, 12, FIRST, "disputed", LATE), {}),
    ("fates", (71, 12), {}),
    ("rule_records", (71,), {"by": "class", "since": AT}),
    ("organisation_records", (72,), {}),
    ("keep_waiver", (a_waiver(),), {}),
    ("waivers", (71, LATE), {}),
    ("keep_guidance", (a_guidance(),), {}),
    ("guidance", (71,), {}),
    ("keep_incident", (an_incident(),), {}),
    ("incidents", (None,), {"limit": 5}),
    ("keep_rule_draft", (a_rule_draft(),), {}),
    ("rule_draft", ("d-0a1b2c3",), {}),
    ("rule_drafts", (71,), {"limit": 5}),
    ("rule_drafts_since", (71, "2026-11-01"), {}),
    ("confirmed_by_people", ("2026-11-01", ["missing-timeout/connect-only"]), {}),
    ("incidents_matching", (71, ["missing-timeout"], ["pay/client.py"], "bank slow"), {}),
    ("remembered", (71, 12, LATE), {}),
    ("end_waiver", (a_waiver().id, "mona", LATE), {}),
    ("end_waiver", (a_waiver().id, "mona", LATE), {}),
    ("unmuted_at", (71, a_waiver().rule), {}),
    ("drop_guidance", (71, a_guidance().id), {}),
    ("pause", (71, None, "mona", AT), {"reason": "a release"}),
    ("paused", (71, 12), {}),
    ("resume", (71, None, "mona", LATE), {}),
    ("keep_command", (a_command(), "stats"), {}),
    ("command", (a_command().run_id,), {}),
    ("commands_before", (a_command(id="another"), AT, AT), {}),
    ("end_command", (a_command().id, "done", "Figures", LATE), {"awaits": "71#12@b..a"}),
    ("commands_awaiting", ("71#12@b..a",), {}),
    ("end_wait", (a_command().id,), {}),
    ("recent_commands", (71,), {"number": 12}),
    ("keep_link_code", ("slack:T1:U7", "mona", "digest", LATE), {}),
    ("confirm_link", ("mona", "digest", AT), {}),
    ("confirm_link", ("mona", "another", AT), {}),
    ("login_of", ("slack:T1:U7",), {}),
    ("unlink", ("slack:T1:U7",), {}),
    ("subscribe", (*CHANNEL, 71, {"findings": "high", "weekly": True}, "mona", AT), {}),
    ("subscriptions", CHANNEL, {}),
    ("subscribers", (71,), {}),
    ("unsubscribe", (*CHANNEL, 71), {}),
    ("unsettled", (), {"limit": 3}),
    ("keep_posture", (71, a_map(), AT), {}),
    ("postures", (), {}),
    ("posture_change", (71, 12), {}),
    ("keep_timeline", (a_repository(), [TimelineEvent(repository_id=71, number=12, event="drafted", at=AT)]), {}),
    ("keep_past", (a_pull_request(), AT, [TimelineEvent(repository_id=71, number=12, event="ready", at=AT)]), {}),
    ("keep_past_of_repository", (a_repository(), []), {}),
    ("keep_backfill", (71, AT, "page-2", 50, False), {}),
    ("backfill", (71,), {}),
    ("week_rows", ([71, 72], AT, LATE), {}),
    ("destinations_since", (["acme:mail"], AT), {}),
    ("keep_summary_told", ("2026-W47", "acme:mail", LATE, True), {}),
    ("summaries_told", ("2026-W47",), {}),
    ("keep_login_link", ("digest", LATE), {}),
    ("use_login_link", ("digest", AT), {}),
    ("begin_session", ("digest", "mona", False, [71], "", AT, LATE), {}),
    ("session", ("digest", AT), {}),
    ("check_session", ("digest", True, None, AT), {}),
    ("end_session", ("digest",), {}),
    ("keep_audit", ("mona", "requeue", "delivery 1", "done", AT, 71), {}),
    ("add_api_token", ("t-1", "digest", "grafana", "ana", [71], AT, LATE), {}),
    ("note_api_token_used", ("t-1", AT), {}),
    ("api_token", ("digest", AT), {}),
    ("end_api_token", ("t-1", AT), {}),
    ("api_tokens", (), {}),
    ("ask", ("standing-points",), {"repository_id": 71, "number": 12}),
    ("recent_reviews", (), {}),
    ("retention", (30.0,), {}),
    ("remove_repository", (72,), {}),
    ("remove_repositories", ([73],), {}),
    ("remove_installation", (5,), {}),
    ("known_repositories", (), {}),
    ("counts", (), {}),
]
"""A life of a record in which every method that may be asked for has its turn."""


class Loop:
    """A way to the owner that is as narrow as the real one, and as short as can be."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.lanes: dict[str, str] = {}
        self.posted: set[str] = set()

    def post(self, call: LedgerCall, lane: str) -> None:
        self.posted.add(call.method)
        assert "failure" not in self.ask(call, lane)

    def ask(self, call: LedgerCall, lane: str) -> Mapping[str, Any]:
        self.lanes[call.method] = lane
        answer = answered(self.ledger, json.loads(json.dumps(call.to_json())))
        return dict(json.loads(json.dumps(answer)))

    def close(self) -> None:
        self.ledger.close()


@pytest.fixture
def loop(tmp_path: Path) -> Iterator[Loop]:
    made = Loop(Ledger(tmp_path / "owned.sqlite"))
    yield made
    made.close()


def test_every_method_may_be_asked_for_or_says_why_not() -> None:
    public = {name for name in dir(Ledger) if not name.startswith("_") and callable(getattr(Ledger, name))}
    assert NAMES | set(OWNER_ONLY) | {"close", "together"} == public
    assert not NAMES & set(OWNER_ONLY)
    assert all(OWNER_ONLY.values())


def test_every_method_that_may_be_asked_for_is_tried_here() -> None:
    assert {name for name, _, _ in IN_USE} == NAMES


def test_it_answers_from_afar_as_it_does_at_hand(ledger: Ledger, loop: Loop) -> None:
    afar = RemoteLedger(loop)
    for name, args, named in IN_USE:
        assert getattr(afar, name)(*args, **named) == getattr(ledger, name)(*args, **named), name
    for table in ("points", "evidence", "findings", "dropped", "commands", "waivers", "events"):
        sql = f"SELECT * FROM {table}"
        assert loop.ledger._rows(sql, {}) == ledger._rows(sql, {}), table


def test_what_gives_nothing_is_only_handed_in_and_what_answers_is_waited_for(loop: Loop) -> None:
    afar = RemoteLedger(loop)
    for name, args, named in IN_USE:
        getattr(afar, name)(*args, **named)
    assert {name for name in NAMES if name.startswith("keep_")} <= loop.posted
    assert not loop.posted & {"begin_review", "confirm_link", "retention", "points", "remembered"}


def test_what_concerns_one_repository_keeps_its_order_and_so_do_a_persons_commands(loop: Loop) -> None:
    afar = RemoteLedger(loop)
    for name, args, named in IN_USE:
        getattr(afar, name)(*args, **named)
    of_review = {"keep_delivery", "keep_pull_request", "begin_review", "keep_review", "keep_points", "remembered"}
    assert {loop.lanes[name] for name in of_review | {"paused", "keep_waiver", "evidence"}} == {"71"}
    assert {loop.lanes[name] for name in ALLOWED["commands"]} == {"commands"}


def test_an_error_comes_back_as_what_it_was(ledger: Ledger, loop: Loop) -> None:
    for asked in (ledger, RemoteLedger(loop)):
        with pytest.raises(LedgerError, match="no query named nonsense"):
            asked.ask("nonsense")


def test_a_wrong_call_fails_before_it_is_handed_in(loop: Loop) -> None:
    with pytest.raises(TypeError):
        RemoteLedger(loop).paused(71)  # type: ignore[call-arg]
    assert loop.lanes == {}


def test_what_only_the_owner_does_is_refused_elsewhere(loop: Loop) -> None:
    with pytest.raises(LedgerError, match="only on the host that has the ledger's file"):
        RemoteLedger(loop).forget(repository="acme/checkout")


@pytest.mark.parametrize("name", ["forget", "close", "_rows", "_changed", "__init__", "path", "nonsense"])
def test_the_owner_carries_out_nothing_else(ledger: Ledger, name: str) -> None:
    failure = answered(ledger, {"method": name, "arguments": {}})["failure"]
    assert (failure["kind"], failure["may_pass"]) == ("LedgerError", False)
    assert f"not asked for `{name}`" in failure["message"]


@pytest.mark.parametrize("arguments", [{"repository_id": "x", "number": 1}, {"repo": 1, "number": 1}, {"number": 1}])
def test_a_call_of_another_version_is_answered_with_advice(ledger: Ledger, arguments: dict[str, Any]) -> None:
    failure = answered(ledger, {"method": "paused", "arguments": arguments})["failure"]
    assert "Run one version everywhere" in failure["message"]


def test_what_breaks_the_records_own_rules_is_not_worth_another_try(ledger: Ledger) -> None:
    call = {"method": "keep_event", "arguments": {"repository_id": 5, "number": 1, "event": "closed", "at": AT}}
    assert answered(ledger, call)["failure"]["may_pass"] is False, "no such repository"


def test_a_disk_that_is_full_is_worth_another_try(tmp_path: Path) -> None:
    nowhere = Ledger(tmp_path)  # a folder stands where the file should be
    assert answered(nowhere, {"method": "counts", "arguments": {}})["failure"]["may_pass"] is True


def test_a_call_that_meets_a_fault_is_answered_and_holds_up_no_other(ledger: Ledger) -> None:
    deep = RememberedAnswer(text="[" * 700 + "]" * 700, model="m", prompt="review", prompt_version="1", at=AT)
    call = {"method": "keep_model_answer", "arguments": {"key": "k", "question": "q", "answer": deep.to_json()}}
    failure = answered(ledger, call)["failure"]
    assert "RecursionError" in failure["message"]
    assert failure["may_pass"] is False
    assert ledger.model_answer("k", "") is None
