"""The ledger as this host reaches it: its own file, or through the queue to the host that has it."""

from bot.ledger import Ledger
from bot.settings import Settings


def open_ledger(settings: Settings) -> Ledger:
    """Raises SettingsError where another host is to be asked without Postgres."""
    if settings.ledger.access == "file":
        return Ledger(settings.ledger_path)
    from bot.engine.ledger_line import LedgerLine
    from bot.ledger.remote import RemoteLedger

    return RemoteLedger(LedgerLine(settings))
