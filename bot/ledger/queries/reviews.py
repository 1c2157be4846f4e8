"""Questions about runs of reviews: what they kept, dropped, read and cost."""

from bot.ledger.queries.named import NamedQuery

REVIEWS = (
    NamedQuery(
        "recent-reviews",
        "The latest runs of reviews, newest first",
        """SELECT reviews.id, repositories.owner || '/' || repositories.name AS repository, reviews.number,
              pull_requests.title, reviews.head_sha, reviews.trigger, reviews.mode, reviews.coverage, reviews.result,
              reviews.reason, reviews.finding_count, reviews.dropped_count, reviews.model, reviews.cost_usd,
              reviews.duration_s, reviews.started_at, reviews.finished_at, reviews.url
           FROM reviews
           JOIN repositories ON repositories.id = reviews.repository_id
           JOIN pull_requests ON pull_requests.key = reviews.pull_request_key
           ORDER BY reviews.finished_at DESC, reviews.id DESC LIMIT :limit""",
    ),
    NamedQuery(
        "reviews-of-pull-request",
        "The runs on one pull request, newest first",
        """SELECT id, head_sha, trigger, mode, coverage, result, reason, finding_count, dropped_count, model, cost_usd,
              duration_s, started_at, finished_at, url
           FROM reviews WHERE repository_id = :repository_id AND number = :number
           ORDER BY finished_at DESC, generation DESC LIMIT :limit""",
    ),
    NamedQuery(
        "findings-of-review",
        "What one run kept, worst first, with where it was said",
        """SELECT fingerprint, rule, severity, confidence, source, path, start_line, end_line, title, said, state
           FROM findings WHERE review_id = :review_id
           ORDER BY CASE severity WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END,
              path, start_line""",
    ),
    NamedQuery(
        "dropped-of-review",
        "What one run did not keep, and why",
        "SELECT rule, path, reason, detail, source FROM dropped WHERE review_id = :review_id ORDER BY id",
    ),
    NamedQuery(
        "findings-by-rule",
        "How often each rule spoke since a time, counting a point once for each pull request",
        """SELECT rule, source, COUNT(DISTINCT repository_id || '#' || number || ':' || fingerprint) AS points,
              COUNT(DISTINCT repository_id || '#' || number) AS pull_requests
           FROM findings WHERE found_at >= :since GROUP BY rule, source ORDER BY points DESC, rule""",
    ),
    NamedQuery(
        "drop-reasons",
        "Why candidates were not kept since a time",
        """SELECT dropped.reason, dropped.rule, COUNT(*) AS times
           FROM dropped JOIN reviews ON reviews.id = dropped.review_id
           WHERE reviews.finished_at >= :since GROUP BY dropped.reason, dropped.rule ORDER BY times DESC""",
    ),
    NamedQuery(
        "model-spend",
        "What the model cost since a time, by model and prompt version; an unknown price counts as nothing",
        """SELECT model, prompt, prompt_version, COUNT(*) AS calls, SUM(outcome = 'answered') AS answered,
              SUM(input_tokens) AS input_tokens, SUM(output_tokens) AS output_tokens,
              ROUND(TOTAL(cost_usd), 4) AS cost_usd, ROUND(AVG(latency_s), 2) AS mean_latency_s
           FROM model_calls WHERE at >= :since GROUP BY model, prompt, prompt_version ORDER BY cost_usd DESC""",
    ),
    NamedQuery(
        "timeline",
        "What happened to one pull request, in order",
        """SELECT at, event, actor, details FROM events
           WHERE repository_id = :repository_id AND number = :number ORDER BY at, id""",
    ),
    NamedQuery(
        "incomplete-reviews",
        "Runs since a time that did not read everything they should have",
        """SELECT id, coverage, reason, finished_at FROM reviews
           WHERE finished_at >= :since AND coverage IN ('partial', 'degraded', 'none') ORDER BY finished_at DESC""",
    ),
    NamedQuery(
        "search-findings",
        "Findings that hold these words (SQLite full-text syntax), best match first",
        """SELECT findings.review_id, findings.rule, findings.path, findings.start_line, findings.title
           FROM findings_fts JOIN findings ON findings.id = findings_fts.rowid
           WHERE findings_fts MATCH :words ORDER BY findings_fts.rank LIMIT :limit""",
    ),
)
