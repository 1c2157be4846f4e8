"""What calls to the model may still cost: held before each, so that caps hold over all workers that share the file."""

from sqlite_utils import Database

from bot.domain import Amounts, Caps, Hold, Occasion, Spending
from bot.ledger.opening import Opened
from bot.ledger.rows import upsert

_OF_OWNER = "repository_id IN (SELECT id FROM repositories WHERE owner = :organisation COLLATE NOCASE)"
_PAID = {
    "day_usd": "SELECT TOTAL(cost_usd) FROM model_calls WHERE at >= :day",
    "repository_day_usd": """SELECT TOTAL(cost_usd) FROM model_calls
        WHERE repository_id = :repository_id AND at >= :day""",
    "organisation_month_usd": f"SELECT TOTAL(cost_usd) FROM model_calls WHERE {_OF_OWNER} AND at >= :month",  # noqa: S608 — ours
    "review_usd": "SELECT TOTAL(cost_usd) FROM model_calls WHERE review_key = :review_key",
    "review_tokens": "SELECT TOTAL(input_tokens + output_tokens) FROM model_calls WHERE review_key = :review_key",
}
_HELD = """SELECT TOTAL(cost_usd), TOTAL(cost_usd) FILTER (WHERE repository_id = :repository_id),
    TOTAL(cost_usd) FILTER (WHERE organisation = :organisation COLLATE NOCASE),
    TOTAL(cost_usd) FILTER (WHERE review_key = :review_key), TOTAL(tokens) FILTER (WHERE review_key = :review_key)
    FROM model_holds WHERE until > :now AND call_id != :call_id"""


class ModelHolds(Opened):
    def model_spending(self, occasion: Occasion, day: str, month: str, now: str) -> Spending:
        """What counts against the caps on that occasion, in the day and the month that began at those times."""
        with self._connection.reading() as database:
            return _spending(database, "", occasion, day, month, now)

    def hold_for_model_call(
        self,
        call_id: str,
        occasion: Occasion,
        hold: Hold,
        caps: Caps,
        day: str,
        month: str,
        now: str,
        until: str,
    ) -> Spending:
        """Holds that much until then, in place of what the call held, unless a cap would be passed.

        Gives what all others have paid and hold. Looking and holding are one transaction: two workers cannot both
        take the last cent.
        """
        with self._connection.writing() as database:
            database.conn.execute("DELETE FROM model_holds WHERE until <= ?", [now])
            spending = _spending(database, call_id, occasion, day, month, now)
            if spending.passed(caps, hold) is None:
                row = {
                    "call_id": call_id,
                    "review_key": occasion.review_key,
                    "repository_id": occasion.repository_id,
                    "organisation": occasion.organisation,
                    "cost_usd": hold.cost_usd,
                    "tokens": hold.tokens,
                    "until": until,
                }
                upsert(database, "model_holds", row, ["call_id"])
            return spending


def _spending(database: Database, call_id: str, occasion: Occasion, day: str, month: str, now: str) -> Spending:
    values = occasion.to_json() | {"call_id": call_id, "day": day, "month": month, "now": now}
    if not occasion.review_key:
        values["review_key"] = None  # what belongs to no review is no review's
    paid = {name: database.conn.execute(sql, values).fetchone()[0] for name, sql in _PAID.items()}
    held = database.conn.execute(_HELD, values).fetchone()
    return Spending(
        paid=Amounts(**paid),
        held=Amounts(
            day_usd=held[0],
            repository_day_usd=held[1],
            organisation_month_usd=held[2],
            review_usd=held[3],
            review_tokens=held[4],
        ),
    )
