"""Records as they come, for the ledger's tests."""

from typing import Any

from bot.domain import (
    Coverage,
    Delivery,
    Dropped,
    Finding,
    ModelUse,
    Posted,
    PullRequest,
    Receipt,
    Repository,
    Result,
    Review,
    ReviewWanted,
    Severity,
    Suggestion,
)

TOKEN = "ghp_" + "a1B2c3D4e5" * 4
"""Looks like a GitHub token; opens nothing."""


def a_repository(**other: Any) -> Repository:
    return Repository(**({"id": 71, "owner": "acme", "name": "checkout", "installation_id": 5} | other))


def a_pull_request(**other: Any) -> PullRequest:
    values = {
        "repository": a_repository(),
        "number": 12,
        "base_ref": "main",
        "base_sha": "b" * 40,
        "head_ref": "retry-payments",
        "head_sha": "a" * 40,
        "title": "Retry payments",
        "body": "So that a hiccup costs nobody an order",
        "author": "mona",
        "labels": ("payments",),
        "url": "https://github.com/acme/checkout/pull/12",
        "created_at": "2026-11-20T09:00:00Z",
    }
    return PullRequest(**(values | other))


def a_delivery(**other: Any) -> Delivery:
    values = {
        "guid": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
        "event": "pull_request",
        "action": "opened",
        "received_at": "2026-11-20T09:00:01+00:00",
        "repository": a_repository(),
        "sender": "mona",
        "jobs": (ReviewWanted(pull_request=a_pull_request(), trigger="opened"),),
        "payload": '{"action":"opened"}',
    }
    return Delivery(**(values | other))


def a_finding(fingerprint: str = "f1", **other: Any) -> Finding:
    values = {
        "path": "pay/client.py",
        "start_line": 3,
        "end_line": 3,
        "class": "missing-timeout",
        "kind": "http-or-socket-call",
        "rule": "missing-timeout/http-or-socket-call",
        "severity": Severity.HIGH,
        "confidence": 0.9,
        "source": "rule",
        "title": "requests.post can wait for ever",
        "body": "One stuck peer holds this worker. Set a deadline.",
        "evidence": "requests.post(url, json=order)",
        "suggestion": Suggestion(start_line=3, end_line=3, text="requests.post(url, json=order, timeout=3)"),
        "scope": "charge",
        "fingerprint": fingerprint,
    }
    return Finding(**(values | other))


def a_review(*findings: Finding, **of_receipt: Any) -> Review:
    kept = findings or (a_finding("f1"), a_finding("f2", start_line=9, end_line=9))
    receipt = {
        "coverage": Coverage.FULL,
        "result": Result.FINDINGS,
        "base_sha": "b" * 40,
        "head_sha": "a" * 40,
        "model": "openai:gpt-5-mini",
        "tokens": ModelUse(input_tokens=900, output_tokens=80),
        "cost_usd": 0.02,
        "duration_s": 1.5,
    }
    dropped = (
        Dropped(finding=a_finding("f3", source="model"), reason="quote-mismatch", detail="line 3 reads otherwise"),
        Dropped(rule="swallowed-error/empty-handler", path="pay/log.py", reason="suppressed", detail="logged above"),
    )
    return Review(receipt=Receipt(**(receipt | of_receipt)), findings=kept, dropped=dropped)


def a_run(**other: Any) -> dict[str, Any]:
    """Arguments of `Ledger.keep_review`."""
    pull_request = other.get("pull_request") or a_pull_request()
    values = {
        "key": pull_request.review_key,
        "pull_request": pull_request,
        "generation": 1,
        "trigger": "opened",
        "mode": "comment",
        "review": a_review(),
        "posted": Posted(
            review_id=4001, url="https://github.com/acme/checkout/pull/12#r4001", comment_ids={"f1": 9001}
        ),
        "said": {"f1": "inline", "f2": "listed"},
        "started_at": "2026-11-20T09:00:02+00:00",
        "finished_at": "2026-11-20T09:00:04+00:00",
    }
    return values | other
