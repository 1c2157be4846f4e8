"""One review after the other by a warm service: what each costs in time, calls, processor and memory."""

import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from bot.demo.standin import ServerError
from tests.bench.figures import Figures
from tests.bench.processes import cpu_by_role, cpu_s, memory
from tests.bench.rig import MODEL_S, Rig, Timed

pytestmark = pytest.mark.timeout(900)
IDLE_S = 10.0
BRAIN = {True: f"model of {MODEL_S:g} s", False: "rules only"}

OVERHEAD_AT_100_MS = 1.0
CALLS = 26 / 3
CPU_S = 0.20
MEMORY_MB = 240.0


@pytest.mark.parametrize("with_model", [True, False], ids=["model", "rules"])
def test_what_a_review_costs(rig: Callable[..., Any], figures: Figures, n: int, with_model: bool) -> None:
    brain = BRAIN[with_model]
    with rig(with_model) as running:
        figures.add("start", f"`seawall serve` until it is ready, {brain}", "s", [running.start_s])
        _idle(running, figures, brain)
        for latency_s in (0.001, 0.1):
            running.slow_down(latency_s)
            running.host.journal.clear()
            before, roles, began = cpu_s(running.pid), cpu_by_role(running.pid), time.monotonic()
            timed = [running.review() for _ in range(n)]
            _time(figures, timed, f"{brain}, GitHub at {latency_s * 1000:g} ms", latency_s, with_model)
            if latency_s < 0.01:
                spent = {role: cpu - roles.get(role, 0.0) for role, cpu in cpu_by_role(running.pid).items()}
                shares = ", ".join(f"{role} {cpu / n:.2f}" for role, cpu in sorted(spent.items()) if cpu / n >= 0.005)
                took_s = time.monotonic() - began
                used = (cpu_s(running.pid) - before) / n
                note = f"{shares}; over {took_s / n:.1f} s each, polling included"
                figures.add("processor", f"a review, {brain}", "s", [used], CPU_S, note=note)
                _calls(figures, running, n, brain)
        held = memory(running.pid)
        _memory(figures, held, f"after {2 * n} reviews, {brain}", MEMORY_MB)


@pytest.mark.parametrize("status", [404])
def test_what_a_review_asks_of_a_host_without_graphql(
    rig: Callable[..., Any], figures: Figures, n: int, status: int
) -> None:
    with rig(with_model=False) as running:
        running.host.fail(ServerError(status), "POST", ".*/graphql$", times=None)
        running.review()
        running.host.journal.clear()
        for _ in range(max(2, n // 3)):
            running.review()
        _calls(figures, running, max(2, n // 3), f"GraphQL refused ({status}), rules only")


def _idle(running: Rig, figures: Figures, brain: str) -> None:
    time.sleep(2.0)
    _memory(figures, memory(running.pid), f"idle, after {2} reviews, {brain}", 0.0)
    before, roles = cpu_s(running.pid), cpu_by_role(running.pid)
    time.sleep(IDLE_S)
    spent = {role: cpu - roles.get(role, 0.0) for role, cpu in cpu_by_role(running.pid).items()}
    shares = ", ".join(f"{role} {cpu / IDLE_S:.1%}" for role, cpu in sorted(spent.items()) if cpu)
    share = 100 * (cpu_s(running.pid) - before) / IDLE_S
    figures.add("processor", f"idle, {brain}", "% of one", [share], note=shares)


def _time(figures: Figures, timed: list[Timed], where: str, latency_s: float, with_model: bool) -> None:
    aim = OVERHEAD_AT_100_MS if latency_s >= 0.1 else 0.0
    figures.add(
        "time beside the model", f"until the review can be read: {where}", "s", [t.overhead for t in timed], aim
    )
    parts: dict[str, list[float]] = {"acknowledged → first call of GitHub": [t.first_call for t in timed]}
    if with_model:
        parts["first call → model asked"] = [t.asked - t.first_call for t in timed]
        parts["model's own"] = [t.answered - t.asked for t in timed]
        parts["model answered → review"] = [t.visible - t.answered for t in timed]
    else:
        parts["first call → review"] = [t.visible - t.first_call for t in timed]
    parts["review → check concluded"] = [t.concluded - t.visible for t in timed]
    for name, values in parts.items():
        figures.add("time beside the model", f"    {name}", "s", values)


def _calls(figures: Figures, running: Rig, n: int, where: str) -> None:
    counts = Counter(running.host.journal.counts())
    figures.add("GitHub calls", f"a review, {where}", "calls", [counts.total() / n], CALLS)
    for template, number in counts.most_common():
        figures.add("GitHub calls", f"    {template}", "calls", [number / n])


def _memory(figures: Figures, held: Any, when: str, aim_mb: float) -> None:
    roles = ", ".join(f"{role} {mb:.0f}" for role, mb in sorted(held.by_role.items(), key=lambda pair: -pair[1]))
    figures.add("memory", f"PSS, {when}", "MB", [held.pss], aim_mb, note=roles)
    figures.add("memory", f"    were the machine its own, {when}", "MB", [held.alone], aim_mb)
