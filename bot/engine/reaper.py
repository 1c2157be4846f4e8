"""Takes over the work of workers that fell silent."""

import logging
import threading
from collections.abc import Callable

from dbos import DBOS
from sqlalchemy.exc import SQLAlchemyError

from bot.engine.seat import Seat
from bot.errors import SeatTaken

log = logging.getLogger(__name__)


class Reaper:
    """A thread that gives this worker's sign of life and looks for work left by the dead: at every round, so that
    nothing stays behind because a round failed. `lost_seat` is called if another process took this worker's name.
    """

    def __init__(
        self, seat: Seat, silence_s: float, lost_seat: Callable[[str], None], says: Callable[[], str] = str
    ) -> None:
        """`says`: what goes with each sign of life, see worker_words."""
        self._seat = seat
        self._says = says
        self._silence_s = silence_s
        self._lost_seat = lost_seat
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="reaper", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(timeout=10)

    def _run(self) -> None:
        while not self._stop.wait(self._silence_s / 5):
            try:
                self._seat.beat(self._says())
                recover_dead(self._seat.alive(self._silence_s) | {self._seat.executor_id})
            except SeatTaken as taken:
                self._lost_seat(str(taken))
                return
            except SQLAlchemyError as failed:
                log.warning("the engine's database does not answer, trying again: %s", str(failed).splitlines()[0])
            except Exception:
                log.exception("a round of the reaper failed, the next one tries again")


def recover_dead(alive: set[str]) -> list[str]:
    """Puts back into their queues what the dead had begun, and gives their names. Peers may do it at the same time.

    It rests on a call that is not public (the engine's minor version is pinned, a contract test watches it): the only
    one that compares before it sets, keeps the queue and counts the attempts.
    """
    begun = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
    dead = sorted({status.executor_id for status in begun if status.executor_id} - alive)
    if dead:
        log.warning("taking over the work of %s, silent for too long", ", ".join(dead))
        DBOS._recover_pending_workflows(dead)
    return dead
