"""The way to the ledger from a host that has not its file: through the queue `ledger`, to the host that has.

A call that gives nothing is only handed in: it is then on disk, under an id that its step would give it again, and is
carried out in its order, even where the owner is away just now. One that gives an answer is waited for, and taken back
where none comes in time. Both may be used inside a durable step, where the engine starts no work of its own.
"""

import hashlib
import json
import time
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import sqlalchemy as sa
from dbos import DBOS
from sqlalchemy.exc import SQLAlchemyError

from bot.engine import ledger_queue
from bot.engine.database import database_url, is_sqlite, open_engine, shown
from bot.errors import LedgerError, SettingsError
from bot.ledger.calls import LedgerCall
from bot.settings import Settings

WAIT_S = 5.0
"""For a connection, and again for a lock."""
CONNECTIONS = 4
FIRST_LOOK_S, LAST_LOOK_S = 0.004, 0.25
SLOWER_BY = 1.3
"""The answer is looked for ever less often: who has waited long can wait a little longer."""
_HANDED_IN: ContextVar[tuple[str, Counter[str]]] = ContextVar("what the step under way has handed in")


class LedgerLine:
    """A bot.ledger.remote.Line over the engine's Postgres; it connects at its first use, in the process that uses it.

    Raises SettingsError where the engine has no Postgres.
    """

    def __init__(self, settings: Settings) -> None:
        self._url = database_url(settings)
        if is_sqlite(self._url):
            raise SettingsError(
                'ledger.access = "queue" asks another host, and that goes through Postgres. Set '
                'SEAWALL_ENGINE__URL=postgresql://…, or ledger.access = "file".'
            )
        self._wait_s = settings.ledger.wait_s
        pool = open_engine(self._url, pool_size=CONNECTIONS, wait_s=WAIT_S)
        self._engine = pool.execution_options(isolation_level="AUTOCOMMIT")
        self._has_table = False

    def post(self, call: LedgerCall, lane: str) -> None:
        """Hands a write in; on return it is on disk. Raises LedgerError."""
        with self._connected() as connection:
            ledger_queue.hand_in(connection, _id_by_step(call), lane, call.to_json())

    def ask(self, call: LedgerCall, lane: str) -> Mapping[str, Any]:
        """The owner's answer. Raises LedgerError where none came within ledger.wait_s."""
        # Never the id of an earlier try: what is asked anew is to be answered as things stand now.
        call_id = str(uuid.uuid4())
        ends, look_s = time.monotonic() + self._wait_s, FIRST_LOOK_S
        with self._connected() as connection:
            ledger_queue.hand_in(connection, call_id, lane, call.to_json())
        while time.monotonic() < ends:
            time.sleep(look_s)
            with self._connected() as connection:
                answer = ledger_queue.fetch(connection, call_id)
            if answer is not None:
                return answer
            look_s = min(LAST_LOOK_S, look_s * SLOWER_BY)
        with self._connected() as connection:
            ledger_queue.take_back(connection, call_id)
        raise LedgerError(
            f"The ledger's owner did not answer `{call.method}` within {self._wait_s:g} s (ledger.wait_s). "
            "See that `seawall worker` or `seawall ledger` runs on the host that has the ledger's file."
        )

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def _connected(self) -> Iterator[sa.Connection]:
        try:
            if not self._has_table:
                with self._engine.execution_options(isolation_level="READ COMMITTED").begin() as connection:
                    ledger_queue.make_table(connection)
                self._has_table = True
            with self._engine.connect() as connection:
                yield connection
        except SQLAlchemyError as failed:
            cause = (str(getattr(failed, "orig", None) or failed).strip() or type(failed).__name__).splitlines()[0]
            raise LedgerError(
                f"The ledger cannot be asked through the engine's database {shown(self._url)}: {cause}. "
                "See that it runs."
            ) from failed


def _id_by_step(call: LedgerCall) -> str:
    """The same for the same call of the same step, should that be run again after a crash; the same call twice in one
    step is two."""
    if not DBOS.workflow_id:
        return str(uuid.uuid4())
    step = f"{DBOS.workflow_id}:{'' if DBOS.step_id is None else DBOS.step_id}"
    digest = hashlib.sha256(json.dumps(call.to_json(), sort_keys=True).encode()).hexdigest()[:16]
    known = _HANDED_IN.get(None)
    if known is None or known[0] != step:
        known = (step, Counter())
        _HANDED_IN.set(known)
    known[1][digest] += 1
    return f"{step}:{digest}.{known[1][digest]}"
