"""The web process is ready for a crowd before the first of it comes."""

import threading
from types import SimpleNamespace

from bot.engine.connections import PromptWorker
from tests.engine.conftest import PATIENCE_S

THREADS = 12


def test_every_thread_runs_and_is_free_before_the_first_connection_comes() -> None:
    worker = object.__new__(PromptWorker)
    worker.cfg = SimpleNamespace(threads=THREADS)
    pool = worker.get_thread_pool()
    try:
        there_first = set(pool._threads)
        assert len(there_first) == THREADS
        assert all(thread.is_alive() for thread in there_first)
        together = threading.Barrier(THREADS)
        for busy in [pool.submit(together.wait, PATIENCE_S) for _ in range(THREADS)]:
            busy.result(PATIENCE_S)
        assert set(pool._threads) == there_first
    finally:
        pool.shutdown()
