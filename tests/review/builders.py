"""Small true records for the tests of the review room."""

from typing import Any

from bot.diff import parse_hunks
from bot.domain import Change, Coverage, Finding, Patch, PatchStatus, Receipt, Result, Review, Severity

PATCH = """\
@@ -10,3 +10,5 @@ def charge(order):
     total = order.total
-    return post(total)
+    response = requests.post(URL, json=total)
+    log.info('charged')
+    return response
     # end"""
"""Head lines 10 to 14; line 10 and 14 are context."""


def a_patch(path: str = "pay.py", **more: Any) -> Patch:
    return Patch(path=path, status=PatchStatus.MODIFIED, hunks=parse_hunks(PATCH), **more)


def a_change(*patches: Patch) -> Change:
    return Change(base_sha="b" * 40, head_sha="a" * 40, patches=patches or (a_patch(),))


def a_finding(**more: Any) -> Finding:
    values: dict[str, Any] = {
        "path": "pay.py",
        "start_line": 11,
        "end_line": 11,
        "class": "missing-timeout",
        "kind": "http-or-socket-call",
        "rule": "missing-timeout/http-or-socket-call",
        "severity": Severity.HIGH,
        "confidence": 0.9,
        "source": "rule",
        "title": "requests.post can wait for ever",
        "body": "When the bank hangs, this worker hangs with it.",
        "evidence": "    response = requests.post(URL, json=total)",
        "fingerprint": "f" * 16,
    }
    return Finding.model_validate(values | more)


def a_receipt(**more: Any) -> Receipt:
    values: dict[str, Any] = {
        "coverage": Coverage.FULL,
        "result": Result.CLEAN,
        "base_sha": "b" * 40,
        "head_sha": "a" * 40,
    }
    return Receipt.model_validate(values | more)


def a_review(*findings: Finding, **receipt: Any) -> Review:
    result = Result.FINDINGS if findings else Result.CLEAN
    return Review(receipt=a_receipt(result=result, **receipt), findings=findings)
