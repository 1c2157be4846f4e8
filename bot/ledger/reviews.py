"""What went out: reviews with their receipts, findings kept and dropped, comments at the host, model calls."""

import json
from collections.abc import Mapping
from typing import Any, Literal

from sqlite_utils import Database

from bot.domain import Dropped, Finding, Posted, PullRequest, Receipt, Review, Severity
from bot.ledger.rows import upsert
from bot.ledger.work import keep_pull_request

Said = Literal["inline", "listed", "held"]
"""Where a finding was said: as an inline comment, in the review's text, or not at all."""


def keep_review(
    database: Database,
    key: str,
    pull_request: PullRequest,
    generation: int,
    trigger: str,
    mode: str,
    review: Review,
    posted: Posted | None,
    said: Mapping[str, Said],
    started_at: str,
    finished_at: str,
) -> None:
    known = database.conn.execute("SELECT 1 FROM pull_requests WHERE key = ?", [pull_request.key]).fetchone()
    if not known:  # what is known may be newer than what this run was given
        keep_pull_request(database, pull_request)
    review_id = f"{key}~{generation}"
    receipt = review.receipt
    row = {
        "id": review_id,
        "key": key,
        "generation": generation,
        "pull_request_key": pull_request.key,
        "repository_id": pull_request.repository.id,
        "number": pull_request.number,
        "base_sha": receipt.base_sha or pull_request.base_sha,
        "base_ref": pull_request.base_ref,
        "head_sha": receipt.head_sha or pull_request.head_sha,
        "trigger": trigger,
        "mode": mode,
        "started_at": started_at,
        "finished_at": finished_at,
        "coverage": receipt.coverage.value,
        "result": receipt.result.value,
        "reason": receipt.reason,
        "finding_count": len(review.findings),
        "dropped_count": len(review.dropped),
        "model": receipt.model,
        "input_tokens": receipt.tokens.input_tokens,
        "output_tokens": receipt.tokens.output_tokens,
        "cost_usd": receipt.cost_usd,
        "duration_s": receipt.duration_s,
        "receipt": receipt.to_json(),
    }
    if posted:  # a repeated write that no longer knows what was posted must not erase it
        row |= {"host_review_id": posted.review_id, "url": posted.url}
    upsert(database, "reviews", row, ["id"])
    _keep_findings(database, review_id, pull_request, review.findings, said, finished_at)
    _keep_dropped(database, review_id, review.dropped)
    for fingerprint, host_id in (posted.comment_ids if posted else {}).items():
        comment = {
            "host_id": host_id,
            "repository_id": pull_request.repository.id,
            "number": pull_request.number,
            "review_id": review_id,
            "fingerprint": fingerprint,
            "posted_at": finished_at,
        }
        upsert(database, "comments", comment, ["repository_id", "host_id"])


def _keep_findings(
    database: Database,
    review_id: str,
    pull_request: PullRequest,
    findings: tuple[Finding, ...],
    said: Mapping[str, Said],
    found_at: str,
) -> None:
    kept = json.dumps([finding.fingerprint for finding in findings])
    database.conn.execute(
        "DELETE FROM findings WHERE review_id = ? AND fingerprint NOT IN (SELECT value FROM json_each(?))",
        [review_id, kept],
    )
    for finding in findings:
        row = finding.to_json() | {
            "review_id": review_id,
            "repository_id": pull_request.repository.id,
            "number": pull_request.number,
            "said": said.get(finding.fingerprint, "held"),
            "found_at": found_at,
        }
        upsert(database, "findings", row, ["review_id", "fingerprint"])


def _keep_dropped(database: Database, review_id: str, dropped: tuple[Dropped, ...]) -> None:
    database.conn.execute("DELETE FROM dropped WHERE review_id = ?", [review_id])
    for item in dropped:
        finding = item.finding
        row = {
            "review_id": review_id,
            "rule": item.rule or (finding.rule if finding else ""),
            "path": item.path or (finding.path if finding else ""),
            "reason": item.reason,
            "detail": item.detail,
            "source": finding.source if finding else "",
            "finding": finding.to_json() if finding else None,
        }
        upsert(database, "dropped", row, ["id"])


def said_on(database: Database, repository_id: int, number: int) -> set[str]:
    rows = database.conn.execute(
        "SELECT DISTINCT fingerprint FROM findings WHERE repository_id = ? AND number = ? AND said != 'held'",
        [repository_id, number],
    )
    return {str(fingerprint) for (fingerprint,) in rows}


def latest_receipt(database: Database, where: str, values: Mapping[str, Any]) -> Receipt | None:
    """The receipt of the last run for which `where` holds; `where` is SQL of ours, with names bound by `values`."""
    row = database.conn.execute(
        f"SELECT receipt FROM reviews WHERE {where} ORDER BY finished_at DESC, generation DESC LIMIT 1",  # noqa: S608
        dict(values),
    ).fetchone()
    return Receipt.from_json(json.loads(row[0])) if row else None


def worst_at(database: Database, repository_id: int, head_sha: str) -> Severity | None:
    rows = database.conn.execute(
        "SELECT DISTINCT f.severity FROM findings f JOIN reviews r ON r.id = f.review_id "
        "WHERE r.repository_id = ? AND r.head_sha = ?",
        [repository_id, head_sha],
    )
    return max((Severity(name) for (name,) in rows), key=lambda severity: severity.rank, default=None)
