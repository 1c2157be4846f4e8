"""The owner of the ledger's file carries out what other hosts ask of it.

Several workers may have the same file: one of them serves, the others stand by.
"""

import logging
import random
import threading
import time
from contextlib import suppress

import psycopg
import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from bot.engine import ledger_queue, ledger_sign
from bot.engine.database import database_url, first_line, open_engine, shown
from bot.engine.ledger_claim import claim_ledger
from bot.engine.ledger_queue import Waiting
from bot.engine.patience import Backoff
from bot.errors import EngineUnavailable, LedgerError
from bot.ledger import Ledger
from bot.ledger.calls import answered, method
from bot.settings import Settings

log = logging.getLogger(__name__)

WAIT_S = 5.0
REST_S = 1.0
"""Looked for again after this much quiet, should a call to wake have been lost."""
HEED_STOP_S = 0.2
AGAIN_S = 2.0
"""Before the database is tried again, or whether the worker that serves is still there."""
DROP_EVERY = 60
"""Rests of the owner between two rounds of forgetting."""
KEPT_S = 600.0
"""An answer is fetched at once; what a step handed in is known again, should the step soon be repeated."""
UNWRITTEN = Backoff(first_s=0.2, cap_s=60, tries=14)
"""A write that nobody waits for and that failed: tried for some five minutes, and what follows it waits behind it."""
_AT_ITS_TURN = (
    # The first four: else Postgres would keep the turn of a host that lost its power for hours.
    "SET tcp_keepalives_idle = 10",
    "SET tcp_keepalives_interval = 5",
    "SET tcp_keepalives_count = 3",
    "SET tcp_user_timeout = 20000",
    f"LISTEN {ledger_queue.WAKE}",
)
_SERVES = sa.text("SELECT pg_try_advisory_lock(hashtextextended('seawall ledger service', 0))")


class LedgerOwner:
    """A thread that serves while this process lives. It needs no engine, only the engine's Postgres."""

    def __init__(self, settings: Settings, executor_id: str, backoff: Backoff = UNWRITTEN) -> None:
        """Raises SettingsError where another ledger is in use, EngineUnavailable where the database is away."""
        self.executor_id = executor_id
        self._ledger = Ledger(settings.ledger_path)
        self._backoff = backoff
        self._dice = random.Random()  # noqa: S311 — jitter
        self._beat_every_s = settings.engine.reap_after_s / 5
        self._beaten_at = time.monotonic()
        url = database_url(settings)
        pool = open_engine(url, pool_size=1, wait_s=WAIT_S)
        try:
            with pool.begin() as connection:
                self._name = claim_ledger(connection, settings, executor_id)
                ledger_queue.make_table(connection)
        except SQLAlchemyError as failed:
            raise EngineUnavailable(
                f"The engine's database {shown(url)} does not answer: {first_line(failed)}. "
                "Check that it runs, is not locked and has space."
            ) from failed
        self._engine = pool.execution_options(isolation_level="AUTOCOMMIT")
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ledger-owner", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ends with the call that is under way; the others wait for the next owner."""
        self._stop.set()
        self._thread.join(timeout=10)
        with suppress(SQLAlchemyError), self._engine.connect() as connection:
            ledger_sign.take_back(connection, self.executor_id)
        self._engine.dispose()
        self._ledger.close()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                with self._engine.connect() as connection:
                    self._beat(connection)
                    self._serve(connection)
            except (SQLAlchemyError, psycopg.Error) as failed:
                log.warning("the ledger's queue does not answer, trying again: %s", str(failed).splitlines()[0])
            except Exception:
                log.exception("a round of the ledger's owner failed, the next one tries again")
            self._stop.wait(AGAIN_S)

    def _serve(self, connection: sa.Connection) -> None:
        """Until it is to stop, or the connection breaks; ends at once where another worker serves."""
        if not connection.execute(_SERVES).scalar():
            return
        for statement in _AT_ITS_TURN:
            connection.exec_driver_sql(statement)
        rests = 0
        while not self._stop.is_set():
            self._beat(connection)
            if self._carry_out(connection):
                continue
            self._rest(connection)
            rests += 1
            if rests % DROP_EVERY == 0:
                ledger_queue.drop_ended(connection, KEPT_S)

    def _beat(self, connection: sa.Connection) -> None:
        if time.monotonic() - self._beaten_at > self._beat_every_s:
            ledger_sign.give(connection, self.executor_id, self._name)
            self._beaten_at = time.monotonic()

    def _rest(self, connection: sa.Connection) -> None:
        """Until somebody hands something in, or a little while."""
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        ends = time.monotonic() + REST_S
        while time.monotonic() < ends and not self._stop.is_set():
            if any(True for _ in driver.notifies(timeout=HEED_STOP_S, stop_after=1)):
                return

    def _carry_out(self, connection: sa.Connection) -> bool:
        """True where some call was carried out, and so there may be more."""
        held: set[str] = set()
        has_done = False
        for call in ledger_queue.waiting(connection):
            if self._stop.is_set():
                break
            if call.lane in held:
                continue
            if call.is_due and self._do(connection, call):
                has_done = True
            else:
                held.add(call.lane)
        return has_done

    def _do(self, connection: sa.Connection, waiting: Waiting) -> bool:
        """False where it is to be tried again."""
        answer = answered(self._ledger, waiting.call)
        name = str(waiting.call.get("method"))
        if "failure" in answer and not _is_awaited(name):
            message = answer["failure"]["message"]
            if answer["failure"]["may_pass"] and not self._backoff.is_over(waiting.tries + 1):
                log.warning("%s for another host failed and is tried again: %s", name, message)
                wait_s = self._backoff.wait_s(waiting.tries + 1, self._dice)
                ledger_queue.put_off(connection, waiting.number, wait_s)
                return False
            log.error("%s for another host failed for good: %s", name, message)
        ledger_queue.end(connection, waiting.number, answer)
        return True


def _is_awaited(name: str) -> bool:
    try:
        return method(name).answers
    except LedgerError:
        return True  # a method of another version: nothing to try again
