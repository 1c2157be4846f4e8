"""Questions the ledger answers, as data: each can be pasted into `datasette` or `sqlite3` as it stands."""

from bot.ledger.queries.dashboard import DASHBOARD
from bot.ledger.queries.dashboard_operations import DASHBOARD_OPERATIONS
from bot.ledger.queries.dashboard_rules import DASHBOARD_RULES
from bot.ledger.queries.life import LIFE
from bot.ledger.queries.named import NamedQuery
from bot.ledger.queries.posture import POSTURE
from bot.ledger.queries.reviews import REVIEWS
from bot.ledger.queries.stats import STATS
from bot.ledger.queries.talk import TALK

QUERIES = (*REVIEWS, *STATS, *LIFE, *TALK, *POSTURE, *DASHBOARD, *DASHBOARD_RULES, *DASHBOARD_OPERATIONS)
BY_NAME = {query.name: query for query in QUERIES}

__all__ = ["BY_NAME", "QUERIES", "NamedQuery"]
