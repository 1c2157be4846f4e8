"""The record: deliveries, pull requests, reviews, findings and what they cost, in one SQLite file of its own.

The only room that knows sqlite-utils. Open the file with `sqlite-utils`, `datasette` or `sqlite3`: the table `_about`
says in one line what each table holds.
"""

from bot.ledger.ledger import Ledger
from bot.ledger.queries import QUERIES, NamedQuery
from bot.ledger.reviews import Said

__all__ = ["QUERIES", "Ledger", "NamedQuery", "Said"]
