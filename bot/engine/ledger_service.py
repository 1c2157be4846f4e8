"""`seawall ledger`: the owner of the ledger's file in a process of its own, without an engine, a parser or a model."""

import json

from bot.engine.database import prepare
from bot.engine.ledger_claim import owns_ledger
from bot.engine.ledger_owner import LedgerOwner
from bot.engine.passing import in_passing
from bot.engine.seat import host_name
from bot.engine.signals import stop_signal
from bot.errors import SettingsError
from bot.logs import set_up_logs
from bot.settings import Settings


def run_ledger(settings: Settings) -> int:
    """Serves until SIGTERM or SIGINT and gives exit code 0. When it is ready it prints one line of JSON:
    `{"ready": "ledger", "executor": NAME}`. Call it in the main thread.

    Raises SettingsError where nobody could ask it, or another ledger is in use; EngineUnavailable.
    """
    if not owns_ledger(settings):
        raise SettingsError(
            "`seawall ledger` answers workers on other hosts, through Postgres. Set "
            'SEAWALL_ENGINE__URL=postgresql://…, and ledger.access = "file" where the ledger is to lie.'
        )
    set_up_logs(settings.log)
    await_stop = stop_signal()
    in_passing(lambda: prepare(settings))
    owner = LedgerOwner(settings, f"{host_name()}-{settings.engine.slot}-ledger")
    owner.start()
    print(json.dumps({"ready": "ledger", "executor": owner.executor_id}), flush=True)
    await_stop()
    owner.stop()
    return 0
