"""Questions for numbers: how much was reviewed, what was said and what became of it, what it cost."""

from bot.ledger.queries.named import NamedQuery

STATS = (
    NamedQuery(
        "stats-reviews",
        "Runs since a time by how much they read and what came of it; of one repository or all",
        """SELECT coverage, result, COUNT(*) AS runs, COUNT(DISTINCT pull_request_key) AS pull_requests
           FROM reviews WHERE finished_at >= :since AND (:repository_id IS NULL OR repository_id = :repository_id)
           GROUP BY coverage, result ORDER BY runs DESC, coverage, result""",
    ),
    NamedQuery(
        "stats-findings",
        "Points first said since a time, and what became of them (dismissed is disputed); of one repository or all",
        """SELECT COUNT(*) AS posted, COUNT(*) FILTER (WHERE fate = 'fixed') AS fixed,
              COUNT(*) FILTER (WHERE fate = 'accepted') AS accepted,
              COUNT(*) FILTER (WHERE fate IN ('disputed', 'dismissed')) AS disputed,
              COUNT(*) FILTER (WHERE fate = 'ignored') AS ignored,
              COUNT(*) FILTER (WHERE fate = 'open') AS open, COUNT(*) FILTER (WHERE fate = 'stale') AS stale
           FROM said_points WHERE said_at >= :since AND (:repository_id IS NULL OR repository_id = :repository_id)""",
    ),
    NamedQuery(
        "stats-cost",
        "Calls to the model since a time, one row in all; of one repository or all. An unknown price counts as nothing",
        """SELECT COUNT(*) AS calls, COUNT(*) FILTER (WHERE outcome = 'answered') AS answered,
              IFNULL(SUM(input_tokens), 0) AS input_tokens, IFNULL(SUM(output_tokens), 0) AS output_tokens,
              ROUND(TOTAL(cost_usd), 4) AS cost_usd, COUNT(*) FILTER (WHERE cost_usd IS NULL) AS unpriced
           FROM model_calls WHERE at >= :since AND (:repository_id IS NULL OR repository_id = :repository_id)""",
    ),
    NamedQuery(
        "weekly",
        "The last four weeks up to `now`, newest first, each from its Monday; of one repository or all",
        """WITH RECURSIVE weeks (week, back) AS (
              SELECT date(:now, 'weekday 0', '-6 days'), 0
              UNION ALL SELECT date(week, '-7 days'), back + 1 FROM weeks WHERE back < 3
           ), runs AS (
              SELECT weeks.week, COUNT(*) AS reviews, COUNT(DISTINCT pull_request_key) AS pull_requests,
                 COUNT(*) FILTER (WHERE coverage IN ('partial', 'degraded', 'none')) AS incomplete
              FROM reviews JOIN weeks ON finished_at >= week AND finished_at < date(week, '+7 days')
              WHERE (:repository_id IS NULL OR repository_id = :repository_id) GROUP BY weeks.week
           ), said AS (
              SELECT weeks.week, COUNT(*) AS posted, COUNT(*) FILTER (WHERE fate = 'fixed') AS fixed,
                 COUNT(*) FILTER (WHERE fate = 'accepted') AS accepted,
                 COUNT(*) FILTER (WHERE fate IN ('disputed', 'dismissed')) AS disputed,
                 COUNT(*) FILTER (WHERE fate = 'ignored') AS ignored,
                 COUNT(*) FILTER (WHERE fate = 'open') AS open, COUNT(*) FILTER (WHERE fate = 'stale') AS stale
              FROM said_points JOIN weeks ON said_at >= week AND said_at < date(week, '+7 days')
              WHERE (:repository_id IS NULL OR repository_id = :repository_id) GROUP BY weeks.week
           ), costs AS (
              SELECT weeks.week, ROUND(TOTAL(cost_usd), 4) AS cost_usd
              FROM model_calls JOIN weeks ON at >= week AND at < date(week, '+7 days')
              WHERE (:repository_id IS NULL OR repository_id = :repository_id) GROUP BY weeks.week
           )
           SELECT week, IFNULL(reviews, 0) AS reviews, IFNULL(pull_requests, 0) AS pull_requests,
              IFNULL(incomplete, 0) AS incomplete, IFNULL(posted, 0) AS posted, IFNULL(fixed, 0) AS fixed,
              IFNULL(accepted, 0) AS accepted, IFNULL(disputed, 0) AS disputed, IFNULL(ignored, 0) AS ignored,
              IFNULL(open, 0) AS open, IFNULL(stale, 0) AS stale, IFNULL(cost_usd, 0) AS cost_usd
           FROM weeks LEFT JOIN runs USING (week) LEFT JOIN said USING (week) LEFT JOIN costs USING (week)
           ORDER BY week DESC""",
    ),
    NamedQuery(
        "rules-record",
        "What became of what each rule said since a time, most said first; of one repository or all",
        """SELECT rule, COUNT(*) AS posted, COUNT(*) FILTER (WHERE fate = 'fixed') AS fixed,
              COUNT(*) FILTER (WHERE fate = 'accepted') AS accepted,
              COUNT(*) FILTER (WHERE fate IN ('disputed', 'dismissed')) AS disputed,
              COUNT(*) FILTER (WHERE fate = 'ignored') AS ignored,
              COUNT(*) FILTER (WHERE fate = 'open') AS open, COUNT(*) FILTER (WHERE fate = 'stale') AS stale,
              COUNT(DISTINCT repository_id || '#' || number) AS pull_requests
           FROM said_points WHERE said_at >= :since AND (:repository_id IS NULL OR repository_id = :repository_id)
           GROUP BY rule ORDER BY posted DESC, rule""",
    ),
)
