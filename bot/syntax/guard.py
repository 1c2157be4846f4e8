"""Worker processes with a limit of time and memory, for code that reads what strangers wrote.

A task that hangs, eats memory or crashes its process (a parser is C code) costs its own result and nothing else. The
processes are spawned, not forked, start when first needed, and import only what the tasks need.
"""

import sys
import threading
import types
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import TimeoutError as FutureTimeout
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.context import SpawnContext, SpawnProcess
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from pebble import ProcessExpired, ProcessPool

from bot.errors import GuardError

if TYPE_CHECKING:
    from pebble import ProcessFuture

A = TypeVar("A")
R = TypeVar("R")

START_S = 60.0
"""Grace for processes to start on a busy machine, beside the time of the tasks."""
TASKS_PER_PROCESS = 2000
"""After so many a process is replaced: what leaks in native code does not add up."""
REBUILDS = 2
CLOSE_S = 10.0


class Guard:
    """`Guard(processes=1, timeout_s=10, memory_mb=1024)`; one for the life of a service, used from any thread."""

    def __init__(self, processes: int = 1, timeout_s: float = 10.0, memory_mb: int = 1024) -> None:
        self._processes = processes
        self._timeout_s = timeout_s
        self._memory_mb = memory_mb
        self._pool: ProcessPool | None = None
        self._lock = threading.Lock()
        self._waiting = 0
        self._closed = False

    def map(
        self, function: Callable[[A], R], items: Iterable[A], progress: Callable[[], object] | None = None
    ) -> list[R | GuardError]:
        """The function's result for each item, in order; a GuardError in place of a result that could not be had.

        The function must be importable by name; items and results must pickle. `progress` is called after each item.
        Raises GuardError when the guard is closed.
        """
        wanted = list(items)
        results: dict[int, R | GuardError] = {}
        for _ in range(REBUILDS + 1):
            left = [index for index in range(len(wanted)) if index not in results]
            if not left:
                break
            pool, futures = self._schedule(function, [wanted[index] for index in left])
            try:
                for index, future in zip(left, futures, strict=True):
                    results[index] = self._result(future)
                    if progress is not None:
                        progress()
            except BrokenProcessPool:
                self._discard(pool)
            finally:
                with self._lock:
                    self._waiting -= len(futures)
        lost = GuardError("The guarded processes do not start; see the log for the reason, then start Seawall again.")
        return [results.get(index, lost) for index in range(len(wanted))]

    def close(self) -> None:
        """Ends the processes; tasks under way are lost. May be called again."""
        with self._lock:
            self._closed = True
            pool, self._pool = self._pool, None
        _end(pool)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _schedule(self, function: Callable[[A], R], items: list[A]) -> "tuple[ProcessPool, list[ProcessFuture[R]]]":
        with self._lock:
            if self._closed:
                raise GuardError("The guard is closed: nothing more can be parsed in this process.")
            if self._pool is None or not self._pool.active:
                self._pool = ProcessPool(
                    max_workers=self._processes,
                    max_tasks=TASKS_PER_PROCESS,
                    initializer=_limit_memory,
                    initargs=[self._memory_mb],
                    context=_BareContext(),
                )
            pool = self._pool
            futures = [pool.schedule(function, args=[item], timeout=self._timeout_s) for item in items]
            self._waiting += len(futures)
        return pool, futures

    def _result(self, future: "ProcessFuture[Any]") -> Any:
        longest = START_S + self._timeout_s * (self._waiting + 1)
        try:
            return future.result(timeout=longest)
        except BrokenProcessPool:
            raise
        except FutureTimeout:
            future.cancel()  # type: ignore[no-untyped-call]
            return GuardError(f"stopped after {self._timeout_s:g} s, the limit for one file (reading.guard_timeout_s)")
        except ProcessExpired as died:
            return GuardError(
                f"its process died ({_cause(died.exitcode)}), perhaps over {self._memory_mb} MB of memory"
            )
        except MemoryError:
            return GuardError(f"needed more than {self._memory_mb} MB of memory (reading.guard_memory_mb)")
        except Exception as failed:  # noqa: BLE001 - whatever a task raises is this item's failure, not the caller's
            return GuardError(f"{type(failed).__name__}: {failed}"[:300])

    def _discard(self, pool: ProcessPool) -> None:
        """A pool that lost all its processes at once is of no more use; the next one starts afresh."""
        with self._lock:
            if self._pool is pool:
                self._pool = None
        _end(pool)


def _end(pool: ProcessPool | None) -> None:
    if pool is not None:
        pool.stop()  # type: ignore[no-untyped-call]
        try:
            pool.join(timeout=CLOSE_S)
        except FutureTimeout:  # pragma: no cover - a process that not even SIGKILL ends at once
            return


def _cause(exit_code: int | None) -> str:
    return f"signal {-exit_code}" if exit_code is not None and exit_code < 0 else f"exit code {exit_code}"


def _limit_memory(megabytes: int) -> None:
    """Runs in the new process. Where the platform knows no such limit the time limit stands alone."""
    try:
        import resource

        size = megabytes * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, ValueError, OSError):
        return


_main_lock = threading.Lock()


@contextmanager
def _without_main() -> Iterator[None]:
    """Hides the program from `spawn`, which else imports it into every new process: web server, engine and all."""
    with _main_lock:
        program = sys.modules["__main__"]
        sys.modules["__main__"] = types.ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = program


class _BareProcess(SpawnProcess):
    @staticmethod
    def _Popen(process_obj: Any) -> Any:
        with _without_main():
            return SpawnProcess._Popen(process_obj)


class _BareContext(SpawnContext):
    Process = _BareProcess
