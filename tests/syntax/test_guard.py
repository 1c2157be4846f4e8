"""The guarded processes: what a task can do to them, and what it cannot."""

import os
import signal
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.errors import GuardError
from bot.spawning import spawn
from bot.syntax.guard import Guard

WAITS = "or __import__('time').sleep(0.01) for _ in range(3000))"
"""Ends an expression that looks for something, for half a minute."""


@pytest.fixture(scope="module")
def guard():
    with Guard(processes=1, timeout_s=1.0, memory_mb=400) as one:
        yield one


def test_results_come_in_the_order_of_the_items(guard):
    assert guard.map(len, ["aaa", "b", "cc"]) == [3, 1, 2]


def test_nobody_looks_for_plugins_of_the_records():
    records, plugins = "'bot.domain' in __import__('sys').modules", "'importlib.metadata' in __import__('sys').modules"
    with Guard(timeout_s=20) as guard:
        assert guard.map(eval, ["bool(__import__('bot.domain'))", records, plugins]) == [True, True, False]


def test_a_task_that_hangs_is_stopped_and_the_others_are_done(guard):
    before = time.monotonic()
    first, hung, last = guard.map(eval, ["1", "sum(iter(int, 1))", "2"])
    assert (first, last) == (1, 2)
    assert isinstance(hung, GuardError)
    assert "stopped after 1 s" in str(hung)
    assert time.monotonic() - before < 60


def test_a_task_that_only_waits_is_stopped_too_and_one_held_up_by_others_is_not():
    with Guard(timeout_s=0.5) as guard:
        held_up, hung, last = guard.map(time.sleep, [0.8, 120, 0])
    assert (held_up, last) == (None, None)
    assert isinstance(hung, GuardError)
    assert "stopped after 0.5 s" in str(hung)


def test_a_task_that_crashes_its_process_costs_only_its_own_result(guard):
    fine, crashed, also_fine = guard.map(eval, ["1", "__import__('ctypes').string_at(0)", "2"])
    assert (fine, also_fine) == (1, 2)
    assert isinstance(crashed, GuardError)
    assert "signal 11" in str(crashed)


def test_a_task_that_ends_its_process_is_told_by_its_exit_code(guard):
    (gone,) = guard.map(os._exit, [7])
    assert "exit code 7" in str(gone)


@pytest.mark.skipif("not __import__('sys').platform.startswith('linux')", reason="the limit is Linux's")
def test_a_task_that_eats_memory_gets_none(guard):
    fat, lean = guard.map(eval, ["len(bytearray(2_000_000_000))", "1"])
    assert isinstance(fat, GuardError)
    assert "more than 400 MB" in str(fat)
    assert lean == 1


def test_a_task_that_raises_gives_its_error(guard):
    (failed,) = guard.map(int, ["x"])
    assert isinstance(failed, GuardError)
    assert str(failed).startswith("ValueError: invalid literal")


def test_many_tasks_of_many_threads_do_not_mix(guard):
    results: dict[int, list[object]] = {}

    def work(size: int) -> None:
        results[size] = guard.map(len, ["x" * size] * 40)

    threads = [threading.Thread(target=work, args=[size]) for size in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert results == {size: [size] * 40 for size in range(4)}


def test_progress_is_told_after_each_item(guard):
    seen: list[int] = []
    guard.map(len, ["a", "b"], progress=lambda: seen.append(1))
    assert seen == [1, 1]


def test_a_stream_gives_each_result_before_it_asks_for_the_last_item(guard):
    asked = []

    class Items(list):
        def __iter__(self):
            for item in super().__iter__():
                asked.append(item)
                yield item

    stream = guard.stream(len, Items(["a"] * 20))
    assert next(stream) == 1
    assert len(asked) < 20
    assert list(stream) == [1] * 19


def test_a_stream_keeps_the_order_when_one_item_takes_longer(guard):
    assert list(guard.stream(eval, ["__import__('time').sleep(0.3)", "1", "2", "3"])) == [None, 1, 2, 3]


def test_what_holds_itself_is_gone_when_the_next_task_comes():
    watch = "vars(__import__('sys')).update(left=__import__('weakref').ref(one))"
    leave = f"(lambda one: vars(one).update(me=one, watched={watch}))(type('One', (), {{}})())"
    with Guard(processes=1) as guard:
        assert guard.map(eval, ["1", leave, "__import__('sys').left()"]) == [1, None, None]


def test_nothing_starts_before_it_is_needed():
    with Guard() as idle:
        assert idle.map(len, []) == []
        assert not idle._alive
        assert idle.map(len, ["a"]) == [1]
        assert len(idle._alive) == 1


def test_a_closed_guard_says_so():
    closed = Guard()
    closed.close()
    closed.close()
    with pytest.raises(GuardError, match="closed"):
        closed.map(len, ["a"])


def test_a_process_that_ended_while_idle_is_replaced_and_blames_nobody():
    with Guard(timeout_s=5) as guard:
        (first,) = guard.map(eval, ["__import__('os').getpid()"])
        os.kill(first, signal.SIGKILL)
        (cell,) = guard._alive
        cell._process.wait(60)
        (second,) = guard.map(eval, ["__import__('os').getpid()"])
        assert isinstance(second, int)
        assert second != first


def test_processes_work_side_by_side(tmp_path):
    signs = [str(tmp_path / name) for name in ("first", "second")]
    with Guard(processes=2, timeout_s=10) as guard:
        guard.map(len, ["a", "b"])
        meet = "open({!r}, 'w').close() or any(__import__('os').path.exists({!r}) " + WAITS
        assert guard.map(eval, [meet.format(*signs), meet.format(*signs[::-1])]) == [True, True]


def test_one_that_takes_long_keeps_its_place_and_holds_up_nobody(tmp_path):
    sign = tmp_path / "the last one was here"
    with Guard(processes=2, timeout_s=10) as guard:
        guard.map(len, ["a", "b"])
        look = f"__import__('os').path.exists({str(sign)!r})"
        seen = f"any({look} {WAITS}"
        told = guard.map(eval, [seen, *["1"] * 6, f"open({str(sign)!r}, 'w').close()"])
        assert told == [True, *[1] * 6, None]  # the others went through the other process meanwhile


def test_large_items_and_results_pass(guard):
    item = bytes(range(256)) * 20_000
    assert guard.map(bytes, [item]) == [item]


def test_what_a_task_prints_is_no_answer(guard):
    assert guard.map(print, ["not an answer"]) == [None]


def test_a_result_that_cannot_leave_is_told(guard):
    (stuck,) = guard.map(eval, ["lambda: 1"])
    assert isinstance(stuck, GuardError)


def test_processes_that_cannot_start_are_told(monkeypatch):
    monkeypatch.setattr("bot.spawning._PROGRAM", "raise SystemExit(9)")
    with Guard() as broken:
        (lost,) = broken.map(len, ["a"])
        assert "do not start" in str(lost)


def test_a_process_ends_with_the_one_that_started_it():
    with Guard() as guard:
        (pid,) = guard.map(eval, ["__import__('os').getpid()"])
        (cell,) = guard._alive
        cell._process.stdin.close()
        assert cell._process.wait(60) == 0
        assert pid == cell._process.pid


def test_the_processes_do_not_import_the_program(guard):
    (modules,) = guard.map(eval, ["sorted(__import__('sys').modules)"])
    assert "pytest" not in modules


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads /proc")
def test_a_process_that_has_parsed_stays_small():
    with Guard(timeout_s=20, memory_mb=400) as guard:
        _, status = guard.map(eval, ["bool(__import__('bot.rules.scan'))", "open('/proc/self/status').read()"])
    resident_kb = int(status.split("VmRSS:")[1].split()[0])
    assert resident_kb < 90_000


class Counted(Sequence):
    """Makes its items when asked; knows how many are in somebody's hands before the first result is seen."""

    def __init__(self) -> None:
        self.made = 0

    def __len__(self) -> int:
        return 50

    def __getitem__(self, at):
        if at >= len(self):
            raise IndexError
        self.made += 1
        return "x" * at


@pytest.mark.parametrize("processes", [1, 2])
def test_a_sequence_is_asked_for_an_item_when_its_turn_comes(processes):
    items, made = Counted(), []
    with Guard(processes, timeout_s=10) as guard:
        assert guard.map(len, items, progress=lambda: made.append(items.made)) == list(range(50))
    assert made[0] <= processes + 1
    assert items.made == 50


def test_a_process_that_was_started_ahead_is_the_first_to_work():
    ahead = spawn("bot.rules.registry:all_rules")
    with Guard(timeout_s=10, started=ahead) as guard:
        (pid,) = guard.map(eval, ["__import__('os').getpid()"])
        (loaded,) = guard.map(eval, ["'bot.rules.registry' in __import__('sys').modules"])
        assert (pid, loaded) == (ahead.pid, True)
    assert ahead.poll() is not None


def test_a_process_that_was_started_ahead_in_vain_ends_with_its_input():
    ahead = spawn()
    ahead.stdin.close()
    assert ahead.wait(60) == 0
    ahead.stdout.close()
