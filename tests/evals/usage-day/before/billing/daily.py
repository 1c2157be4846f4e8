"""Writes an invoice line for each account and day."""

from datetime import datetime

import structlog

from billing.accounts import Accounts
from billing.days import last_full_day, window_of
from billing.lines import InvoiceLines
from billing.usage import UsageMeter

log = structlog.get_logger()


def bill_days(now: datetime, accounts: Accounts, meter: UsageMeter, lines: InvoiceLines) -> int:
    """Bills each active account for the last full day. How many lines were written."""
    day = last_full_day(now)
    window = window_of(day)
    written = 0
    for account in accounts.active():
        if lines.has(account.id, day):
            continue
        gigabyte_hours = meter.between(account.id, window.starts, window.ends)
        # Does nothing where another run was first: a line is unique by account and day.
        written += lines.add_once(account.id, day, gigabyte_hours)
    log.info("usage billed", day=day.isoformat(), lines=written)
    return written
