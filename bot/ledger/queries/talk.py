"""Questions about the talk: commands given, pauses in force, channels that listen."""

from bot.ledger.queries.named import NamedQuery

TALK = (
    NamedQuery(
        "recent-commands",
        "The latest commands, newest first; of one repository or all, of one pull request or all",
        """SELECT run_id, name, text, state, title, transport, person_name, person_key, repository_id, number, at,
              ended_at, awaits
           FROM commands WHERE (:repository_id IS NULL OR repository_id = :repository_id)
              AND (:number IS NULL OR number = :number)
           ORDER BY at DESC, id DESC LIMIT :limit""",
    ),
    NamedQuery(
        "commands-by-name",
        "How often each command was given since a time, by how many people, and how it ended; of one repository or all",
        """SELECT name, COUNT(*) AS given, COUNT(DISTINCT person_key) AS people, SUM(state = 'done') AS done,
              SUM(state = 'refused') AS refused, SUM(state = 'failed') AS failed
           FROM commands WHERE at >= :since AND (:repository_id IS NULL OR repository_id = :repository_id)
           GROUP BY name ORDER BY given DESC, name""",
    ),
    NamedQuery(
        "pauses",
        "Where Seawall is told to be quiet right now (number 0: the whole repository); of one repository or all",
        """SELECT repositories.owner || '/' || repositories.name AS repository, pauses.number, pauses.paused_by,
              pauses.at, pauses.reason
           FROM pauses JOIN repositories ON repositories.id = pauses.repository_id
           WHERE (:repository_id IS NULL OR pauses.repository_id = :repository_id) AND pauses.ended_at = ''
           ORDER BY repository, pauses.number""",
    ),
    NamedQuery(
        "subscriptions",
        "Which channels hear of what; of one repository or all",
        """SELECT repositories.owner || '/' || repositories.name AS repository, transport, workspace, channel, wants,
              subscribed_by, at
           FROM subscriptions JOIN repositories ON repositories.id = subscriptions.repository_id
           WHERE :repository_id IS NULL OR repository_id = :repository_id
           ORDER BY repository, transport, workspace, channel""",
    ),
)
