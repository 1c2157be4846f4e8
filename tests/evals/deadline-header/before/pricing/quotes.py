"""Prices of articles, from the database."""

from collections.abc import Mapping

from psycopg_pool import ConnectionPool

_PRICES = "SELECT sku, amount FROM prices WHERE currency = %s AND sku = ANY(%s)"


def total_of(pool: ConnectionPool, currency: str, lines: Mapping[str, int], timeout_s: float) -> int:
    """What the lines (article → count) cost together, in minor units. Raises KeyError and QueryCanceled."""
    with pool.connection(timeout=timeout_s) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", (str(int(timeout_s * 1000)),))
        cursor.execute(_PRICES, (currency, list(lines)))
        amounts = dict(cursor.fetchall())
    return sum(amounts[sku] * count for sku, count in lines.items())
