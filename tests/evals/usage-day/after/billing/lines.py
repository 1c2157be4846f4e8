"""Lines of invoices, one for each account and day."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Engine, text

_ADD = text(
    "INSERT INTO invoice_lines (account_id, day, gigabyte_hours) VALUES (:account, :day, :amount) "
    "ON CONFLICT (account_id, day) DO NOTHING"
)
_HAS = text("SELECT 1 FROM invoice_lines WHERE account_id = :account AND day = :day")


class InvoiceLines:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def has(self, account: str, day: date) -> bool:
        with self._engine.connect() as connection:
            return connection.execute(_HAS, {"account": account, "day": day}).first() is not None

    def add_once(self, account: str, day: date, gigabyte_hours: Decimal) -> int:
        """1 where the line was written, 0 where it was there."""
        values = {"account": account, "day": day, "amount": gigabyte_hours}
        with self._engine.begin() as connection:
            return connection.execute(_ADD, values).rowcount
