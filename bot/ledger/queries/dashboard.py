"""Questions of the dashboard's pages. `:repositories` is a JSON list of ids: those the asking person may see."""

from bot.ledger.queries.named import NamedQuery

DASHBOARD = (
    NamedQuery(
        "repositories-seen",
        "Repositories among those a person may see, with how much is on record of each",
        """SELECT repositories.id, owner, name, owner || '/' || name AS repository, installation_id,
              (SELECT COUNT(*) FROM pull_requests WHERE repository_id = repositories.id AND is_open) AS open,
              (SELECT MAX(finished_at) FROM reviews WHERE repository_id = repositories.id) AS reviewed_at,
              (SELECT map IS NOT NULL FROM posture_maps WHERE repository_id = repositories.id) AS has_map
           FROM repositories WHERE removed_at IS NULL AND id IN (SELECT value FROM json_each(:repositories))
           ORDER BY owner COLLATE NOCASE, name COLLATE NOCASE""",
    ),
    NamedQuery(
        "looks-back-ended",
        "The looks back at the past of repositories that have come to their end, each as it ended",
        """SELECT repository_id, since, done_at, read FROM backfills
           WHERE repository_id IN (SELECT value FROM json_each(:repositories)) AND done_at != ''
           ORDER BY repository_id""",
    ),
    NamedQuery(
        "latest-reviews-seen",
        "The latest runs of reviews in the repositories a person may see, newest first",
        """SELECT reviews.id, reviews.repository_id, owner || '/' || name AS repository, reviews.number,
              pull_requests.title, reviews.head_sha, reviews.trigger, reviews.mode, reviews.coverage, reviews.result,
              reviews.reason, reviews.finding_count, reviews.duration_s, reviews.cost_usd, reviews.finished_at
           FROM reviews JOIN repositories ON repositories.id = reviews.repository_id
              JOIN pull_requests ON pull_requests.key = reviews.pull_request_key
           WHERE reviews.repository_id IN (SELECT value FROM json_each(:repositories)) AND reviews.finished_at >= :since
           ORDER BY reviews.finished_at DESC, reviews.id DESC LIMIT :limit""",
    ),
    NamedQuery(
        "coverage-seen",
        "Runs since a time by how much they read, in the repositories a person may see",
        """SELECT coverage, COUNT(*) AS runs FROM reviews
           WHERE repository_id IN (SELECT value FROM json_each(:repositories)) AND finished_at >= :since
           GROUP BY coverage ORDER BY runs DESC""",
    ),
    NamedQuery(
        "pull-requests-seen",
        "The latest pull requests of the repositories a person may see, open ones first, with their last review",
        """SELECT pull_requests.number, pull_requests.title, pull_requests.is_open, pull_requests.is_draft,
              pull_requests.url, pull_requests.created_at, last.id AS review_id, last.coverage, last.result,
              last.finished_at, (SELECT COUNT(*) FROM points WHERE points.repository_id = pull_requests.repository_id
                 AND points.number = pull_requests.number AND said != 'held') AS points,
              (SELECT COUNT(*) FROM points WHERE points.repository_id = pull_requests.repository_id
                 AND points.number = pull_requests.number AND said != 'held' AND state = 'open') AS open_points
           FROM pull_requests LEFT JOIN reviews AS last ON last.id = (
              SELECT id FROM reviews WHERE reviews.repository_id = pull_requests.repository_id
                 AND reviews.number = pull_requests.number ORDER BY finished_at DESC, generation DESC LIMIT 1)
           WHERE pull_requests.repository_id IN (SELECT value FROM json_each(:repositories))
           ORDER BY pull_requests.is_open DESC, pull_requests.number DESC LIMIT :limit""",
    ),
    NamedQuery(
        "review-seen",
        "One run of a review with its receipt, where it belongs to a repository a person may see",
        """SELECT reviews.*, owner, name, owner || '/' || name AS repository, pull_requests.title,
              pull_requests.url AS pull_request_url, pull_requests.is_open
           FROM reviews JOIN repositories ON repositories.id = reviews.repository_id
              JOIN pull_requests ON pull_requests.key = reviews.pull_request_key
           WHERE reviews.id = :review_id AND reviews.repository_id IN (SELECT value FROM json_each(:repositories))""",
    ),
    NamedQuery(
        "findings-seen",
        "What one run kept, worst first, with its code and what became of it, for a person who may see its repository",
        """SELECT findings.fingerprint, findings.rule, findings.severity, findings.confidence, findings.source,
              findings.path, findings.start_line, findings.end_line, findings.scope, findings.title, findings.body,
              findings.evidence, findings.suggestion, findings.said, (
                 SELECT fate FROM said_points WHERE said_points.repository_id = findings.repository_id
                    AND said_points.number = findings.number AND said_points.fingerprint = findings.fingerprint
              ) AS fate
           FROM findings
           WHERE findings.review_id = :review_id
              AND findings.repository_id IN (SELECT value FROM json_each(:repositories))
           ORDER BY CASE findings.severity WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END,
              findings.path, findings.start_line""",
    ),
    NamedQuery(
        "dropped-seen",
        "How many candidates one run did not keep, by reason, for a person who may see its repository",
        """SELECT dropped.reason, dropped.source, COUNT(*) AS times FROM dropped
              JOIN reviews ON reviews.id = dropped.review_id
           WHERE dropped.review_id = :review_id
              AND reviews.repository_id IN (SELECT value FROM json_each(:repositories))
           GROUP BY dropped.reason, dropped.source ORDER BY times DESC, dropped.reason""",
    ),
    NamedQuery(
        "model-calls-seen",
        "Calls to the model for one head of a pull request, in order, for a person who may see its repository",
        """SELECT at, model, prompt, prompt_version, input_tokens, output_tokens, cached_tokens, cost_usd, latency_s,
              attempts, outcome
           FROM model_calls WHERE review_key = :review_key
              AND repository_id IN (SELECT value FROM json_each(:repositories))
           ORDER BY at, id""",
    ),
    NamedQuery(
        "timeline-seen",
        "What happened to one pull request, in order, without who did it, for a person who may see its repository",
        """SELECT at, event, details FROM events
           WHERE repository_id = :repository_id AND number = :number
              AND repository_id IN (SELECT value FROM json_each(:repositories))
           ORDER BY at, id""",
    ),
    NamedQuery(
        "runs-seen",
        "The runs on one pull request, newest first, for a person who may see its repository",
        """SELECT id, head_sha, trigger, mode, coverage, result, finding_count, duration_s, finished_at
           FROM reviews WHERE repository_id = :repository_id AND number = :number
              AND repository_id IN (SELECT value FROM json_each(:repositories))
           ORDER BY finished_at DESC, generation DESC LIMIT :limit""",
    ),
    NamedQuery(
        "posture-seen",
        "The posture maps of the repositories a person may see, as last kept",
        """SELECT repository_id, service, at, map FROM posture_maps
           WHERE repository_id IN (SELECT value FROM json_each(:repositories))""",
    ),
    NamedQuery(
        "posture-changes-seen",
        "What reviews saw change of the calls to others since a time, newest first, where a person may see it",
        """SELECT posture_changes.review_id, posture_changes.number, pull_requests.title, posture_changes.at,
              calls_added, calls_removed, gained, lost, chains
           FROM posture_changes LEFT JOIN pull_requests ON pull_requests.repository_id = posture_changes.repository_id
              AND pull_requests.number = posture_changes.number
           WHERE posture_changes.at >= :since
              AND posture_changes.repository_id IN (SELECT value FROM json_each(:repositories))
           ORDER BY posture_changes.at DESC, review_id LIMIT :limit""",
    ),
)
