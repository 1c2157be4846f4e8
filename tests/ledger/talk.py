"""Records of the conversation as they come, for the ledger's tests."""

from typing import Any

from bot.domain import CommandGiven, Evidence, Guidance, Incident, Person, Place, Point, RuleDraft, Waiver
from bot.ledger import Ledger
from tests.ledger.records import a_finding, a_repository, a_run

FIRST = "ab12cd34ef56ab12"
LATER = "0123456789abcdef"
ANSWER_URL = "https://hooks.slack.com/commands/T1/" + "4242424242/kQ7wZ"
"""Looks like Slack's; leads nowhere."""


def a_point(fingerprint: str = FIRST, now_known_as: str = "", **other: Any) -> Point:
    values = {
        "fingerprint": fingerprint,
        "finding": a_finding(now_known_as or fingerprint),
        "said": "inline",
        "first_head": "a" * 40,
        "last_head": "a" * 40,
        "comment_id": 9001,
    }
    return Point(**(values | other))


def an_evidence(**other: Any) -> Evidence:
    values = {
        "kind": "reply",
        "says": "disputed",
        "actor": "mona",
        "detail": "The proxy has a timeout",
        "at": "2026-11-20T10:00:00+00:00",
    }
    return Evidence(**(values | other))


def a_waiver(**other: Any) -> Waiver:
    values = {
        "id": "w-0a1b2c3",
        "kind": "muted",
        "repository_id": 71,
        "rule": "missing-timeout/http-or-socket-call",
        "owner": "mona",
        "reason": "until the proxy is gone",
        "at": "2026-11-20T10:00:00+00:00",
        "expires_at": "2026-11-27T10:00:00+00:00",
    }
    return Waiver(**(values | other))


def a_rule_draft(**other: Any) -> RuleDraft:
    values = {
        "id": "d-0a1b2c3",
        "repository_id": 71,
        "number": 12,
        "fingerprint": FIRST,
        "rule": "lost-update/other",
        "name": "own/read-then-write",
        "title": "A balance is read and written apart",
        "toml": 'title = "A balance is read and written apart"',
        "places": ("pay/ledger.py:40",),
        "files": 12,
        "model": "openai:gpt-5-mini",
        "prompt_version": "1+0a1b2c3d",
        "at": "2026-11-20T10:00:00+00:00",
    }
    return RuleDraft(**(values | other))


def a_guidance(**other: Any) -> Guidance:
    values = {
        "id": "g-0a1b2c3",
        "repository_id": 71,
        "rule": "missing-timeout/http-or-socket-call",
        "text": "Calls through the proxy are bounded there",
        "author": "mona",
        "number": 12,
        "at": "2026-11-20T10:00:00+00:00",
    }
    return Guidance(**(values | other))


def an_incident(**other: Any) -> Incident:
    values = {
        "id": "i-0a1b2c3",
        "repository_id": 71,
        "number": 9,
        "title": "Checkout stood still for an hour",
        "text": "The bank was slow and every worker waited.",
        "url": "https://wiki.test/outages/9",
        "broke_at": "2026-10-02T03:00:00+00:00",
        "class": "missing-timeout",
        "rule": "missing-timeout/http-or-socket-call",
        "paths": ("pay/",),
        "scopes": ("BankClient.charge",),
        "verdict": "dismissed",
        "author": "mona",
        "at": "2026-10-03T10:00:00+00:00",
    }
    return Incident(**(values | other))


def a_person(**other: Any) -> Person:
    return Person(**({"transport": "slack", "workspace": "T1", "id": "U7", "name": "Mona Lisa"} | other))


def a_command(**other: Any) -> CommandGiven:
    values = {
        "id": "slack-4242",
        "text": "stats 7d",
        "person": a_person(),
        "place": a_place(),
        "at": "2026-11-20T10:00:00+00:00",
    }
    return CommandGiven(**(values | other))


def a_place(**other: Any) -> Place:
    values = {
        "transport": "slack",
        "workspace": "T1",
        "channel": "C1",
        "answer_url": ANSWER_URL,
        "repository": a_repository(),
        "number": 12,
    }
    return Place(**(values | other))


def keep_a_conversation(ledger: Ledger) -> None:
    """Something in every table."""
    ledger.keep_review(**a_run(), digests={"pay/client.py": "d1"})
    ledger.keep_model_call(
        "c1", review_key="k", repository_id=71, model="openai:gpt-5-mini", prompt="review", prompt_version="1",
        outcome="answered", at="2026-11-20T09:00:03+00:00", cost_usd=0.02,
    )  # fmt: skip
    ledger.keep_event(71, 12, "opened", "2026-11-20T09:00:00Z", "mona")
    ledger.keep_points(71, 12, [a_point(), a_point(now_known_as=LATER)], at="2026-11-20T09:00:04+00:00")
    ledger.keep_evidence(71, 12, FIRST, an_evidence())
    ledger.keep_fate(71, 12, FIRST, "disputed", "2026-11-20T12:00:00+00:00")
    ledger.keep_waiver(a_waiver())
    ledger.keep_guidance(a_guidance())
    ledger.keep_incident(an_incident())
    ledger.pause(71, 12, "mona", "2026-11-20T10:00:00+00:00", "a release")
    ledger.keep_command(a_command(), "stats")
    ledger.keep_link_code("slack:T1:U7", "mona", "digest", "2026-11-20T10:15:00+00:00")
    ledger.confirm_link("mona", "digest", "2026-11-20T10:05:00+00:00")
    ledger.keep_login_link("digest", "2026-11-20T10:05:00+00:00")
    ledger.begin_session("digest", "mona", False, [71], "", "2026-11-20T10:00:00+00:00", "2026-11-20T22:00:00+00:00")
    ledger.keep_audit("mona", "requeue", "delivery 1", "done", "2026-11-20T10:00:00+00:00", 71)
    ledger.subscribe("slack", "T1", "C1", 71, {"findings": "high"}, "mona", "2026-11-20T10:00:00+00:00")
