"""Writes an invoice line for each account and day."""

from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from billing.accounts import Accounts
from billing.days import last_full_day, window_of
from billing.lines import InvoiceLines
from billing.usage import UsageMeter

log = structlog.get_logger()


def bill_days(now: datetime, accounts: Accounts, meter: UsageMeter, lines: InvoiceLines) -> int:
    """Bills each active account for the last day that is over where it is. How many lines were written.

    Runs every hour: somewhere a day is always over.
    """
    written = 0
    for account in accounts.active():
        zone = ZoneInfo(account.zone)
        day = last_full_day(now, zone)
        window = window_of(day, zone)
        if lines.has(account.id, day):
            continue
        gigabyte_hours = meter.between(account.id, window.starts, window.ends)
        # Does nothing where another run was first: a line is unique by account and day.
        written += lines.add_once(account.id, day, gigabyte_hours)
    log.info("usage billed", lines=written)
    return written
