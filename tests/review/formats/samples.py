"""Reviews that show every part of every format."""

from typing import Any

from bot.domain import (
    Coverage,
    Finding,
    HeldBack,
    ModelUse,
    Receipt,
    Refuted,
    Result,
    Review,
    ReviewedFiles,
    Severity,
    SkippedFile,
    Suggestion,
)
from bot.review.formats import pieces


def render(review: Review, format: str, **how: Any) -> str:
    """All that a format says, at once."""
    return "".join(pieces(review, format, **how))


FILES = {
    "shop/payment.py": """\
import requests

from shop import log


class Payment:
    def charge(self, order):
        total = order.total
        while True:
            try:
                response = requests.post(BANK, json={"amount": total, "currency": order.currency})
            except requests.RequestException:
                continue
            return response.json()
""",
    "web/cart.ts": """\
export async function load(id: string) {
  const lines = await Promise.all(ids.map((one) => fetch(`/api/lines/${one}`)));
  return lines;
}
""",
}


def read(path: str) -> str | None:
    return FILES.get(path)


def finding(**more: Any) -> Finding:
    values: dict[str, Any] = {
        "path": "shop/payment.py",
        "start_line": 11,
        "end_line": 11,
        "class": "missing-timeout",
        "kind": "http-or-socket-call",
        "rule": "missing-timeout/http-or-socket-call",
        "severity": Severity.HIGH,
        "confidence": 0.95,
        "source": "rule",
        "title": "requests.post can wait for ever",
        "body": (
            "When the bank accepts the connection and then hangs, this call never returns. Each stuck call holds one "
            "worker; after eight the shop answers nobody.\n\n"
            "Give `requests.post` a `timeout` well under the caller's own."
        ),
        "evidence": FILES["shop/payment.py"].split("\n")[10],
        "scope": "Payment.charge",
        "fingerprint": "a1b2c3d4e5f60718",
    }
    return Finding.model_validate(values | more)


FINDINGS = (
    finding(
        suggestion=Suggestion(
            start_line=11,
            end_line=11,
            text="                response = requests.post(\n"
            '                    BANK, json={"amount": total, "currency": order.currency}, timeout=3\n'
            "                )",
        )
    ),
    finding(
        start_line=9,
        end_line=13,
        **{"class": "retry", "kind": "no-backoff-or-limit", "rule": "retry/no-backoff-or-limit"},
        severity=Severity.CRITICAL,
        title="The bank is called again without pause or end",
        body="A bank that is down gets every request in a tight loop:\n\n- it cannot recover\n- CPU burns here",
        evidence="\n".join(FILES["shop/payment.py"].split("\n")[8:13]),
        fingerprint="b1",
    ),
    finding(
        path="web/cart.ts",
        start_line=2,
        end_line=2,
        **{"class": "unbounded", "kind": "fan-out", "rule": "unbounded/fan-out"},
        severity=Severity.MEDIUM,
        confidence=0.7,
        source="model",
        title="One request for each line, all at once",
        body="A cart of 500 lines opens 500 connections.",
        evidence="  const lines = await Promise.all(ids.map((one) => fetch(`/api/lines/${one}`)));",
        scope="load",
        fingerprint="c1",
    ),
    finding(
        path="web/cart.ts",
        start_line=40,
        end_line=40,
        side="LEFT",
        **{"class": "swallowed", "kind": "lost-handler", "rule": "swallowed/lost-handler"},
        severity=Severity.LOW,
        title="The handler that logged this is gone",
        body="Nobody will know.",
        evidence="} catch (error) { log(error); }",
        scope="",
        fingerprint="d1",
    ),
)


def receipt(**more: Any) -> Receipt:
    values: dict[str, Any] = {
        "coverage": Coverage.FULL,
        "result": Result.FINDINGS,
        "base_sha": "1a2b3c4d5e6f70819203a4b5c6d7e8f901234567",
        "head_sha": "9f8e7d6c5b4a39281706f5e4d3c2b1a098765432",
        "files": ReviewedFiles(
            reviewed=("shop/payment.py", "web/cart.ts"),
            skipped=(
                SkippedFile(path="package-lock.json", reason="lock file"),
                SkippedFile(path="go.sum", reason="lock file"),
                SkippedFile(path="logo.png", reason="binary"),
            ),
        ),
        "rules": ("missing-timeout/http-or-socket-call", "retry/no-backoff-or-limit"),
        "model": "openai:gpt-5.2",
        "prompt_versions": {"review": "3"},
        "tokens": ModelUse(input_tokens=12_345, output_tokens=812),
        "cost_usd": 0.0213,
        "duration_s": 4.25,
    }
    return Receipt.model_validate(values | more)


FULL = Review(receipt=receipt(), findings=FINDINGS)
CLEAN = Review(receipt=receipt(result=Result.CLEAN))
RULES_ONLY = Review(
    receipt=receipt(result=Result.CLEAN, coverage=Coverage.RULES_ONLY, model=None, prompt_versions={}, cost_usd=None)
)
PARTIAL = Review(
    receipt=receipt(
        result=Result.CLEAN,
        coverage=Coverage.PARTIAL,
        reason="not read: src/big.py (larger than 1,048,576 bytes (reading.max_file_bytes))",
        files=ReviewedFiles(
            reviewed=("web/cart.ts",),
            skipped=(
                SkippedFile(
                    path="src/big.py", reason="larger than 1,048,576 bytes (reading.max_file_bytes)", expected=False
                ),
            ),
        ),
        notes=("`mod` in .github/seawall.toml is no key — did you mean mode?; it is ignored.",),
    )
)
NONE = Review(
    receipt=receipt(result=Result.CLEAN, coverage=Coverage.NONE, reason="the diff could not be read", files={})
)
DOUBTED = Review(
    receipt=receipt(doubted=3, refuted=1),
    findings=FINDINGS,
    refuted=(
        Refuted(
            path="web/cart.ts",
            start_line=2,
            end_line=2,
            rule="unbounded-concurrency/fan-out",
            title="All lines are fetched at once @here",
            why="A cart holds at most five lines, by `addLine`.",
        ),
    ),
    held_back=(
        HeldBack(
            path="web/cart.ts",
            start_line=9,
            end_line=9,
            rule="correctness/condition",
            severity="medium",
            confidence=0.7,
            source="model",
            title="An empty cart is sent @here",
            why="below-confidence",
        ),
    ),
)
ALL = (FULL, CLEAN, RULES_ONLY, PARTIAL, NONE, DOUBTED)
