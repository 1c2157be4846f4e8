"""Questions about postures."""

from bot.ledger.queries.named import NamedQuery

POSTURE = (
    NamedQuery(
        "posture-changes",
        "What reviews saw change of the calls to others since a time, newest first; of one repository or all",
        """SELECT repositories.owner || '/' || repositories.name AS repository, number, at, calls_added, calls_removed,
              gained, lost, chains
           FROM posture_changes JOIN repositories ON repositories.id = posture_changes.repository_id
           WHERE at >= :since AND (:repository_id IS NULL OR repository_id = :repository_id)
           ORDER BY at DESC, review_id LIMIT :limit""",
    ),
    NamedQuery(
        "posture-by-week",
        "Calls added and removed, protections gained and lost in merged pull requests, by week since a time; of one "
        "repository or all",
        """SELECT strftime('%Y-%W', events.at) AS week, SUM(calls_added) AS calls_added,
              SUM(calls_removed) AS calls_removed, SUM(gained) AS gained, SUM(lost) AS lost, SUM(chains) AS chains
           FROM posture_changes JOIN events ON events.repository_id = posture_changes.repository_id
              AND events.number = posture_changes.number AND events.event = 'merged'
           WHERE events.at >= :since AND (:repository_id IS NULL OR posture_changes.repository_id = :repository_id)
              AND review_id = (SELECT id FROM reviews WHERE reviews.repository_id = posture_changes.repository_id
                 AND reviews.number = posture_changes.number ORDER BY finished_at DESC, generation DESC LIMIT 1)
           GROUP BY week ORDER BY week""",
    ),
)
