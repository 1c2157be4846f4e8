"""What was said before points had a table of their own, so that it can be followed, too."""

from sqlite_utils import Database

_CARRY_OVER = """
WITH told AS (
    SELECT findings.*, reviews.head_sha AS head, reviews.model, reviews.receipt,
        MAX(CASE said WHEN 'inline' THEN 2 WHEN 'listed' THEN 1 ELSE 0 END) OVER same AS loudest,
        MIN(CASE WHEN said != 'held' THEN found_at END) OVER same AS said_at,
        FIRST_VALUE(reviews.head_sha) OVER (same ORDER BY said = 'held', found_at, findings.id) AS first_head,
        ROW_NUMBER() OVER (same ORDER BY found_at DESC, findings.id DESC) AS age
    FROM findings JOIN reviews ON reviews.id = findings.review_id
    JOIN pull_requests ON pull_requests.key = reviews.pull_request_key
    WHERE pull_requests.is_open
    WINDOW same AS (PARTITION BY findings.repository_id, findings.number, fingerprint)
)
INSERT INTO points (
    repository_id, number, fingerprint, last_fingerprint, path, start_line, end_line, side, scope, class, kind, rule,
    severity, confidence, source, title, body, evidence, suggestion, state, said, said_at, changed_at, first_head,
    last_head, comment_id, prompt_version, model
)
SELECT repository_id, number, fingerprint, fingerprint, path, start_line, end_line, side, scope, class, kind, rule,
    severity, confidence, source, title, body, evidence, suggestion, 'open',
    CASE loudest WHEN 2 THEN 'inline' ELSE 'listed' END, said_at, found_at, first_head, head,
    (SELECT MAX(host_id) FROM comments WHERE comments.repository_id = told.repository_id
        AND comments.number = told.number AND comments.fingerprint = told.fingerprint),
    CASE source WHEN 'model' THEN IFNULL(json_extract(receipt, '$.prompt_versions.review'), '') ELSE '' END,
    CASE source WHEN 'model' THEN IFNULL(model, '') ELSE '' END
FROM told WHERE age = 1 AND loudest > 0
"""


def carry_over_points(database: Database) -> None:
    """Makes points of what was said on pull requests that are open still; nobody will judge the closed ones."""
    database.conn.execute(_CARRY_OVER)
