"""Questions of the dashboard's pages about rules, incidents and waivers. `:repositories` is a JSON list of ids: those
the asking person may see."""

from bot.ledger.queries.named import NamedQuery

_SEEN = "IN (SELECT value FROM json_each(:repositories))"
_NAME = "repositories.owner || '/' || repositories.name AS repository"
_FATES = """COUNT(*) AS said, COUNT(*) FILTER (WHERE fate = 'fixed') AS fixed,
              COUNT(*) FILTER (WHERE fate = 'accepted') AS accepted,
              COUNT(*) FILTER (WHERE fate IN ('disputed', 'dismissed')) AS disputed,
              COUNT(*) FILTER (WHERE fate = 'ignored') AS ignored,
              COUNT(*) FILTER (WHERE fate IN ('open', 'stale')) AS open"""

DASHBOARD_RULES = (
    NamedQuery(
        "rules-seen",
        "What became of what each rule said since a time, in the repositories a person may see, and how many of these "
        "have muted it",
        f"""WITH muted AS (
              SELECT rule, COUNT(DISTINCT repository_id) AS repositories FROM waivers
              WHERE kind = 'muted' AND ended_at = '' AND (expires_at = '' OR expires_at > :at) AND repository_id {_SEEN}
              GROUP BY rule
           ), told AS (
              SELECT rule, {_FATES}, COUNT(DISTINCT repository_id) AS repositories FROM said_points
              WHERE repository_id {_SEEN} AND said_at >= :since GROUP BY rule
           )
           SELECT told.rule, said, fixed, accepted, disputed, ignored, open, told.repositories,
              IFNULL(muted.repositories, 0) AS muted FROM told LEFT JOIN muted USING (rule)
           UNION ALL SELECT rule, 0, 0, 0, 0, 0, 0, 0, repositories FROM muted WHERE rule NOT IN (SELECT rule FROM told)
           ORDER BY said DESC, rule""",  # noqa: S608 — ours
    ),
    NamedQuery(
        "rule-by-repository-seen",
        "What became of what one rule said since a time, by repository, where a person may see it",
        f"""SELECT {_NAME}, {_FATES}
           FROM said_points JOIN repositories ON repositories.id = said_points.repository_id
           WHERE repository_id {_SEEN} AND rule = :rule AND said_at >= :since
           GROUP BY repository_id ORDER BY said DESC, repository""",  # noqa: S608 — ours
    ),
    NamedQuery(
        "rule-points-seen",
        "The latest points of one rule since a time, with the run that said each, where a person may see it",
        f"""SELECT {_NAME}, said_points.number, path, start_line, severity, title, fate,
              said_at, (SELECT review_id FROM findings WHERE findings.repository_id = said_points.repository_id
                 AND findings.number = said_points.number AND findings.fingerprint = said_points.fingerprint
                 ORDER BY id LIMIT 1) AS review_id
           FROM said_points JOIN repositories ON repositories.id = said_points.repository_id
           WHERE repository_id {_SEEN} AND rule = :rule AND said_at >= :since
           ORDER BY said_at DESC, fingerprint LIMIT :limit""",  # noqa: S608 — ours
    ),
    NamedQuery(
        "rule-drafts-seen",
        "Rules that were drafted of confirmed findings and proved themselves, the latest first, in the repositories a "
        "person may see",
        f"""SELECT rule_drafts.id, {_NAME}, number, rule, rule_drafts.name, title, toml, places, files, tried_all,
              at
           FROM rule_drafts JOIN repositories ON repositories.id = rule_drafts.repository_id
           WHERE repository_id {_SEEN} AND why_not = '' ORDER BY at DESC, rule_drafts.id LIMIT :limit""",  # noqa: S608
    ),
    NamedQuery(
        "waivers-seen",
        "What is or was not said, and why: muted rules, dismissed points, comments in the code; in force first, the "
        "next to end first, in the repositories a person may see",
        f"""SELECT waivers.id, {_NAME}, kind, rule, path, number, waivers.owner AS asked_by,
              reason, waivers.at, expires_at, ended_by, ended_at,
              CASE WHEN ended_at != '' THEN 'taken back' WHEN expires_at != '' AND expires_at <= :at THEN 'expired'
                 ELSE 'in force' END AS state,
              ROUND(julianday(NULLIF(expires_at, '')) - julianday(:at), 1) AS days_left
           FROM waivers JOIN repositories ON repositories.id = waivers.repository_id
           WHERE waivers.repository_id {_SEEN} AND (ended_at = '' OR ended_at >= :since)
              AND (expires_at = '' OR expires_at >= :since)
           ORDER BY state != 'in force', expires_at = '', expires_at, waivers.at, waivers.id LIMIT :limit""",  # noqa: S608 — ours
    ),
    NamedQuery(
        "incidents-seen",
        "What broke since a time, latest first, in the repositories a person may see; of no repository where "
        "`:unbound` is 1",
        f"""SELECT incidents.id, {_NAME}, number, title, url,
              COALESCE(NULLIF(broke_at, ''), at) AS broke_at, class, rule, verdict
           FROM incidents LEFT JOIN repositories ON repositories.id = incidents.repository_id
           WHERE (repository_id {_SEEN} OR (:unbound AND repository_id IS NULL))
              AND COALESCE(NULLIF(broke_at, ''), at) >= :since
           ORDER BY COALESCE(NULLIF(broke_at, ''), at) DESC, row DESC LIMIT :limit""",  # noqa: S608 — ours
    ),
    NamedQuery(
        "search-findings-seen",
        "Findings that hold these words (full-text syntax), of the latest 2,000 the best match first, each point once "
        "with its first run, in the repositories a person may see",
        f"""WITH latest AS (
              SELECT findings.id, bm25(findings_fts) AS weight FROM findings_fts
              JOIN findings ON findings.id = findings_fts.rowid
              WHERE findings_fts MATCH :words AND findings.repository_id {_SEEN}
              ORDER BY findings_fts.rowid DESC LIMIT 2000
           ), matching AS (
              SELECT id, weight FROM latest ORDER BY weight LIMIT 400
           )
           SELECT {_NAME}, number, rule, severity, path, start_line, title, evidence,
              found_at, review_id, MIN(findings.id) AS id
           FROM matching CROSS JOIN findings USING (id) JOIN repositories ON repositories.id = findings.repository_id
           GROUP BY findings.repository_id, number, fingerprint ORDER BY MIN(weight), id LIMIT :limit""",  # noqa: S608 — ours
    ),
    NamedQuery(
        "search-incidents-seen",
        "Incidents that hold these words (full-text syntax), best match first, in the repositories a person may see; "
        "of no repository where `:unbound` is 1",
        f"""SELECT incidents.id, {_NAME}, incidents.title, incidents.url,
              COALESCE(NULLIF(broke_at, ''), at) AS broke_at, incidents.class, incidents.rule, verdict
           FROM incidents_fts JOIN incidents ON incidents."row" = incidents_fts.rowid
              LEFT JOIN repositories ON repositories.id = incidents.repository_id
           WHERE incidents_fts MATCH :words AND (repository_id {_SEEN} OR (:unbound AND repository_id IS NULL))
           ORDER BY incidents_fts.rank LIMIT :limit""",  # noqa: S608 — ours
    ),
)
