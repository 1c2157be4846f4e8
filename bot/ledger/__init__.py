"""The record: deliveries, reviews, what was said and what became of it, and the talk about it, in one SQLite file.

The only room that knows sqlite-utils. Open the file with `sqlite-utils`, `datasette` or `sqlite3`: the table `_about`
says in one line what each table holds.
"""

from bot.ledger.ledger import Ledger, Remembered
from bot.ledger.queries import QUERIES, NamedQuery
from bot.ledger.reviews import Said
from bot.ledger.rule_records import By, RuleCounts
from bot.ledger.subscriptions import Subscription

__all__ = ["QUERIES", "By", "Ledger", "NamedQuery", "Remembered", "RuleCounts", "Said", "Subscription"]
