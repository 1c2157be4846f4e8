"""Worker processes with a limit of time and memory, for code that reads what strangers wrote.

A task that hangs, eats memory or crashes its process (a parser is C code) costs its own result and nothing else. The
processes are spawned, not forked, start when first needed, and import only what the tasks need; only the one that a
command starts ahead may be a fork, from before it has anything open.
"""

import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from bot.errors import GuardError
from bot.spawning import Process
from bot.syntax.cell import START_S, Cell, Died, TooLate
from bot.syntax.guarded import PATIENCE

if TYPE_CHECKING:
    from concurrent.futures import Future

A = TypeVar("A")
R = TypeVar("R")

TASKS_PER_PROCESS = 2000
"""After so many a process is replaced: what leaks in native code does not add up."""
STARTS = 3


class Guard:
    """`Guard(processes=1, timeout_s=10, memory_mb=1024)`; one for the life of a service, used from any thread.

    `timeout_s` is a task's processor time, so that a busy machine costs no file its review.

    `started`: a process that `spawn` has started already, to be the first of them.
    """

    def __init__(
        self,
        processes: int = 1,
        timeout_s: float = 10.0,
        memory_mb: int = 1024,
        started: Process | None = None,
    ) -> None:
        self._processes = processes
        self._timeout_s = timeout_s
        self._memory_mb = memory_mb
        self._lock = threading.Lock()
        self._alive: set[Cell] = set()
        self._idle: queue.LifoQueue[Cell | None] = queue.LifoQueue()  # None: one may be started
        for _ in range(processes):
            self._idle.put(None)
        if started is not None:
            self._idle.get()
            cell = Cell(timeout_s, memory_mb, started)
            self._alive.add(cell)
            self._idle.put(cell)
        self._waiting = 0
        self._closed = False

    def map(
        self, function: Callable[[A], R], items: Iterable[A], progress: Callable[[], object] | None = None
    ) -> list[R | GuardError]:
        """The function's result for each item, in order; a GuardError in place of a result that could not be had.

        The function must be importable by name; items and results must pickle. `progress` is called after each item. A
        sequence is asked for an item when its turn comes, and the item is not kept.
        Raises GuardError when the guard is closed.
        """
        return list(self.stream(function, items, progress))

    def stream(
        self, function: Callable[[A], R], items: Iterable[A], progress: Callable[[], object] | None = None
    ) -> Iterator[R | GuardError]:
        """As `map`, each result once all before it are given: kept are only those that overtook a slower one."""
        sequence = items if isinstance(items, Sequence) else list(items)
        early: dict[int, R | GuardError] = {}
        turn = 0
        for at, result in self._each(function, sequence):
            early[at] = result
            if progress is not None:
                progress()
            while turn in early:
                yield early.pop(turn)
                turn += 1

    def close(self) -> None:
        """Ends the processes; tasks under way are lost. May be called again."""
        with self._lock:
            self._closed = True
            alive = list(self._alive)
        for cell in alive:
            cell.end()
        for _ in range(self._processes):
            with suppress(queue.Empty):  # whoever uses one lets go of it himself
                if idle := self._idle.get_nowait():
                    self._forget(idle)
                self._idle.put(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _each(self, function: Callable[[A], R], items: Sequence[A]) -> Iterator[tuple[int, R | GuardError]]:
        """Index and result, as they come; as many at a time as there are processes."""
        hands = min(self._processes, len(items))
        if hands < 2:
            yield from ((at, self._result(function, item)) for at, item in enumerate(items))
            return
        from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

        with ThreadPoolExecutor(hands, thread_name_prefix="guard") as threads:
            waiting: dict[Future[Any], int] = {}
            try:
                for at, item in enumerate(items):
                    waiting[threads.submit(self._result, function, item)] = at
                    if len(waiting) > hands:
                        for done in wait(waiting, return_when=FIRST_COMPLETED).done:
                            yield waiting.pop(done), done.result()
                for last in list(waiting):
                    yield waiting[last], last.result()
            finally:
                threads.shutdown(wait=False, cancel_futures=True)  # nobody wants what has not begun

    def _result(self, function: Callable[[A], R], item: A) -> Any:
        """Raises GuardError when the guard is closed."""
        try:
            kind, result = self._ask(function, item)
        except TooLate:
            return GuardError(f"stopped after {self._timeout_s:g} s, the limit for one file (reading.guard_timeout_s)")
        except Died as died:
            if not died.has_started:
                return GuardError("The guarded processes do not start; see the log for the reason.")
            cause = _cause(died.args[0])
            return GuardError(f"its process died ({cause}), perhaps over {self._memory_mb} MB of memory")
        except queue.Empty:
            return GuardError("no guarded process was free in time")
        if kind == "done":
            return result
        if kind == "memory":
            return GuardError(f"needed more than {self._memory_mb} MB of memory (reading.guard_memory_mb)")
        return GuardError(str(result))

    def _ask(self, function: Callable[[A], R], item: A) -> tuple[str, Any]:
        for start in range(1, STARTS + 1):
            with self._borrowed() as cell:
                try:
                    return cell.ask(function, item)
                except Died as died:
                    if died.has_started or start == STARTS:
                        raise
        raise AssertionError("the last start either answers or raises")

    @contextmanager
    def _borrowed(self) -> Iterator[Cell]:
        """A process for one task. Raises queue.Empty, GuardError."""
        with self._lock:
            self._waiting += 1
            longest = START_S + (START_S + PATIENCE * self._timeout_s) * self._waiting
        try:
            cell = self._idle.get(timeout=longest)
        finally:
            with self._lock:
                self._waiting -= 1
        try:
            if cell is not None and not cell.is_alive:  # it ended while nobody needed it
                self._forget(cell)
                cell = None
            cell = cell or self._start()
            yield cell
        finally:
            if cell is not None and (cell.tasks >= TASKS_PER_PROCESS or not cell.is_alive):
                self._forget(cell)
                cell = None
            self._idle.put(cell)

    def _start(self) -> Cell:
        with self._lock:
            if self._closed:
                raise GuardError("The guard is closed: nothing more can be parsed in this process.")
            cell = Cell(self._timeout_s, self._memory_mb)
            self._alive.add(cell)
        return cell

    def _forget(self, cell: Cell) -> None:
        cell.close()
        with self._lock:
            self._alive.discard(cell)


def _cause(exit_code: int | None) -> str:
    return f"signal {-exit_code}" if exit_code is not None and exit_code < 0 else f"exit code {exit_code}"
