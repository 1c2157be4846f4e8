"""Questions of the dashboard's page on operations. `:repositories` is a JSON list of ids: those the asking person may
see; what belongs to no repository is told where `:unbound` is 1."""

from bot.ledger.queries.named import NamedQuery

_SEEN = "IN (SELECT value FROM json_each(:repositories))"
_NAME = "repositories.owner || '/' || repositories.name AS repository"
# `+`: by time and not by repository, so that the latest need not be picked out of all.
_HERE = f"(+repository_id {_SEEN} OR (:unbound AND repository_id IS NULL))"

DASHBOARD_OPERATIONS = (
    NamedQuery(
        "deliveries-seen",
        "Deliveries since a time, latest first, where a person may see them",
        f"""SELECT guid, event, action, received_at, {_NAME}, job_count, ignored_because,
              jobs IS NOT NULL AND job_count > 0 AS may_requeue
           FROM deliveries LEFT JOIN repositories ON repositories.id = deliveries.repository_id
           WHERE received_at >= :since AND {_HERE} ORDER BY received_at DESC, guid LIMIT :limit""",  # noqa: S608 — ours
    ),
    NamedQuery(
        "delivery-seen",
        "One delivery with what it asked for, where a person may see it",
        f"""SELECT guid, event, action, received_at, sender, deliveries.repository_id, owner, name, installation_id,
              jobs
           FROM deliveries LEFT JOIN repositories ON repositories.id = deliveries.repository_id
           WHERE guid = :guid AND {_HERE}""",  # noqa: S608 — ours
    ),
    NamedQuery(
        "model-today-seen",
        "Calls to each model since a time, in the repositories a person may see: how many, how they ended, what they "
        "cost, when the last one was answered",
        f"""SELECT model, COUNT(*) AS calls, COUNT(*) FILTER (WHERE outcome = 'answered') AS answered,
              COUNT(*) FILTER (WHERE attempts = 0) AS held_back, ROUND(TOTAL(cost_usd), 4) AS cost_usd,
              MAX(at) FILTER (WHERE outcome = 'answered') AS answered_at, MAX(at) AS asked_at
           FROM model_calls WHERE at >= :since AND {_HERE} GROUP BY model ORDER BY model""",  # noqa: S608 — ours
    ),
    NamedQuery(
        "audit-seen",
        "What people did since a time through the dashboard and by commands, latest first, where a person may see it",
        f"""SELECT at, who, done, subject, outcome, {_NAME} FROM (
              SELECT at, login AS who, action AS done, subject, outcome, repository_id FROM audit
              WHERE at >= :since AND {_HERE}
              UNION ALL SELECT at, person_name, 'command ' || commands.name, text, state, repository_id FROM commands
              WHERE at >= :since AND {_HERE}
           ) LEFT JOIN repositories ON repositories.id = repository_id ORDER BY at DESC LIMIT :limit""",  # noqa: S608 — ours
    ),
)
