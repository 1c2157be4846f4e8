"""Prices of articles, from the database."""

import time
from collections.abc import Mapping

from psycopg_pool import ConnectionPool

_PRICES = "SELECT sku, amount FROM prices WHERE currency = %s AND sku = ANY(%s)"


def total_of(pool: ConnectionPool, currency: str, lines: Mapping[str, int], timeout_s: float) -> int:
    """What the lines (article → count) cost together, in minor units. Waiting for a connection and the query itself
    take no longer than `timeout_s` together. Raises KeyError, PoolTimeout and QueryCanceled.
    """
    ends = time.monotonic() + timeout_s
    with pool.connection(timeout=timeout_s) as connection, connection.cursor() as cursor:
        # PostgreSQL reads 0 as "no limit", so at least one millisecond is left.
        left_ms = max(1, int((ends - time.monotonic()) * 1000))
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", (str(left_ms),))
        cursor.execute(_PRICES, (currency, list(lines)))
        amounts = dict(cursor.fetchall())
    return sum(amounts[sku] * count for sku, count in lines.items())
