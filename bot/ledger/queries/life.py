"""Questions about what was said: the points of a pull request, what was seen of them, what is not said and why."""

from bot.ledger.queries.named import NamedQuery

LIFE = (
    NamedQuery(
        "points-of-pull-request",
        "Where each point of a pull request stands, worst first, with the last thing seen of it",
        """WITH latest AS (
              SELECT fingerprint, COUNT(*) AS times, MAX(at || char(31) || kind || ' ' || says || ' ' || actor) AS seen
              FROM evidence WHERE repository_id = :repository_id AND number = :number GROUP BY fingerprint
           )
           SELECT substr(points.fingerprint, 1, 7) AS handle, points.fingerprint, rule, severity, source, path,
              start_line, title, state, said, comment_id, last_head, changed_at, IFNULL(times, 0) AS evidence,
              IFNULL(trim(substr(seen, instr(seen, char(31)) + 1)), '') AS last_seen
           FROM points LEFT JOIN latest USING (fingerprint)
           WHERE repository_id = :repository_id AND number = :number
           ORDER BY CASE severity WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END,
              path, start_line""",
    ),
    NamedQuery(
        "standing-points",
        "Points said and neither fixed, dismissed nor stale, worst first; of one pull request, or of all that are open "
        "or were merged",
        """SELECT points.fingerprint, points.number, class, rule, severity, path, start_line, scope, points.title, state
           FROM points
           LEFT JOIN pull_requests ON pull_requests.repository_id = points.repository_id
              AND pull_requests.number = points.number
           WHERE points.repository_id = :repository_id AND points.said != 'held'
              AND state IN ('open', 'accepted', 'disputed')
              AND CASE WHEN :number IS NULL THEN IFNULL(pull_requests.is_open, 0) OR EXISTS (
                     SELECT 1 FROM events WHERE events.repository_id = points.repository_id
                        AND events.number = points.number AND events.event = 'merged')
                  ELSE points.number = :number END
           ORDER BY CASE severity WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END,
              points.number DESC, path, start_line""",
    ),
    NamedQuery(
        "evidence-of-pull-request",
        "Everything that was seen to happen to the points of a pull request, in order",
        """SELECT substr(fingerprint, 1, 7) AS handle, at, kind, says, actor, detail FROM evidence
           WHERE repository_id = :repository_id AND number = :number ORDER BY at, id""",
    ),
    NamedQuery(
        "waivers",
        "The register of what is not said at a moment, with owner, reason and days left; of one repository or all",
        """SELECT waivers.id, repositories.owner || '/' || repositories.name AS repository, waivers.kind, waivers.rule,
              waivers.path, waivers.number, waivers.fingerprint, waivers.owner, waivers.reason, waivers.at,
              waivers.expires_at, ROUND(julianday(NULLIF(waivers.expires_at, '')) - julianday(:at), 1) AS days_left
           FROM waivers JOIN repositories ON repositories.id = waivers.repository_id
           WHERE (:repository_id IS NULL OR waivers.repository_id = :repository_id) AND waivers.ended_at = ''
              AND (waivers.expires_at = '' OR waivers.expires_at > :at)
           ORDER BY waivers.expires_at = '', waivers.expires_at, waivers.at, waivers.id""",
    ),
    NamedQuery(
        "memory",
        "What disputes taught in one repository, oldest first",
        """SELECT id, rule, text, author, number, at FROM guidance
           WHERE repository_id = :repository_id ORDER BY at, id""",
    ),
    NamedQuery(
        "incidents",
        "What broke, latest first, and whether a rule had said so; of one repository and of none, or all",
        """SELECT id, title, url, broke_at, class, rule, paths, scopes, verdict, number, author, at FROM incidents
           WHERE :repository_id IS NULL OR repository_id IS NULL OR repository_id = :repository_id
           ORDER BY COALESCE(NULLIF(broke_at, ''), at) DESC, row DESC LIMIT :limit""",
    ),
)
