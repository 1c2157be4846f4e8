"""What went out: reviews with their receipts, findings kept and dropped, comments at the host, model calls."""

import json
from collections.abc import Mapping
from typing import Any, Literal

from sqlite_utils import Database

from bot.domain import Dropped, Finding, Posted, PullRequest, Receipt, Review, Severity
from bot.ledger.opening import Opened
from bot.ledger.postures import keep_posture_change
from bot.ledger.reading import keep_files_read
from bot.ledger.rows import upsert
from bot.ledger.work import keep_pull_request

Said = Literal["inline", "listed", "held"]
"""Where a finding was said: as an inline comment, in the review's text, or not at all."""


class Reviews(Opened):
    def keep_review(
        self,
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
        digests: Mapping[str, str] | None = None,
    ) -> None:
        """One run, its receipt, what it kept, dropped and said, in one transaction.

        `said` maps fingerprints to where they were said; a finding it does not name counts as held back. `digests`
        says which patch of each path this run has read; see `files_read`.
        """
        with self._connection.writing() as database:
            keep_review(
                database, key, pull_request, generation, trigger, mode, review, posted, said, started_at, finished_at
            )
            keep_files_read(database, f"{key}~{generation}", digests or {})

    def receipt_for(self, repository_id: int, number: int, base_sha: str, head_sha: str) -> Receipt | None:
        """The latest receipt for exactly this base and head."""
        where = "repository_id = :repository_id AND number = :number AND base_sha = :base_sha AND head_sha = :head_sha"
        values = {"repository_id": repository_id, "number": number, "base_sha": base_sha, "head_sha": head_sha}
        with self._connection.reading() as database:
            return latest_receipt(database, where, values)

    def receipt_for_head(self, repository_id: int, head_sha: str, base_ref: str = "") -> Receipt | None:
        """The latest receipt for this head, into that base branch where one is named; the base may have moved."""
        where = "repository_id = :repository_id AND head_sha = :head_sha"
        values = {"repository_id": repository_id, "head_sha": head_sha, "base_ref": base_ref}
        if base_ref:
            where += " AND base_ref = :base_ref"
        with self._connection.reading() as database:
            return latest_receipt(database, where, values)

    def worst_at_head(self, repository_id: int, head_sha: str) -> dict[str, Severity]:
        """Path → the weightiest finding of any run at this head that still counts there."""
        with self._connection.reading() as database:
            return worst_at(database, repository_id, head_sha)


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
    where = (pull_request.repository.id, pull_request.number)
    keep_posture_change(database, review_id, *where, finished_at, review.posture)
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
        row = _as_said(finding) | {
            "review_id": review_id,
            "repository_id": pull_request.repository.id,
            "number": pull_request.number,
            "said": said.get(finding.fingerprint, "held"),
            "found_at": found_at,
        }
        upsert(database, "findings", row, ["review_id", "fingerprint"])


def _as_said(finding: Finding) -> dict[str, Any]:
    """How sure its rule would be with a record matters to what is held back, which is kept whole."""
    return {name: value for name, value in finding.to_json().items() if name != "own_confidence"}


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


def latest_receipt(database: Database, where: str, values: Mapping[str, Any]) -> Receipt | None:
    """The receipt of the last run for which `where` holds; `where` is SQL of ours, with names bound by `values`."""
    row = database.conn.execute(
        f"SELECT receipt FROM reviews WHERE {where} ORDER BY finished_at DESC, generation DESC LIMIT 1",  # noqa: S608
        dict(values),
    ).fetchone()
    return Receipt.from_json(json.loads(row[0])) if row else None


def worst_at(database: Database, repository_id: int, head_sha: str) -> dict[str, Severity]:
    rows = database.conn.execute(
        "SELECT DISTINCT f.path, f.severity FROM findings f JOIN reviews r ON r.id = f.review_id "
        "WHERE r.repository_id = ? AND r.head_sha = ? AND f.state NOT IN ('dismissed', 'stale')",
        [repository_id, head_sha],
    )
    found = sorted(((path, Severity(name)) for path, name in rows), key=lambda one: one[1].rank)
    return dict(found)
