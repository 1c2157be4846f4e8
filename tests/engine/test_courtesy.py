"""Working gives way to acknowledging."""

import os

from bot.engine.courtesy import NICER_BY
from tests.engine.conftest import Builds


def test_a_worker_is_nicer_than_who_started_it(embedded: Builds) -> None:
    worker = embedded().start_worker()
    own = os.getpriority(os.PRIO_PROCESS, 0)
    assert os.getpriority(os.PRIO_PROCESS, worker.process.pid or 0) == min(19, own + NICER_BY)
