"""The web process is ready for a crowd before the first of it comes."""

import threading
from types import SimpleNamespace

from bot.engine.connections import PromptWorker

THREADS = 12


def test_every_thread_runs_and_is_free_before_the_first_connection_comes() -> None:
    before = threading.active_count()
    worker = object.__new__(PromptWorker)
    worker.cfg = SimpleNamespace(threads=THREADS)
    pool = worker.get_thread_pool()
    try:
        assert threading.active_count() == before + THREADS
        together = threading.Barrier(THREADS)
        for busy in [pool.submit(together.wait, 10) for _ in range(THREADS)]:
            busy.result(20)
        assert threading.active_count() == before + THREADS
    finally:
        pool.shutdown()
