"""In which order the tests run on several workers: what mostly waits begins first, the quick thousands run beside it.

A test of four minutes that begins last keeps everybody waiting for four minutes. The scheduler (`--dist worksteal`)
gives each worker one slice of the list, from front to back, and lets who has finished take from the back of another's.
So each slice is made to begin with its share of the long tests; a group stays together, for its tests share what took
long to start.
"""

from itertools import islice

import pytest

ABOUT_S = {
    "tests/service/test_kills.py::test_random_kills": 220,
    "tests/service/test_kills.py::test_a_worker_killed_at_any_request": 75,
    "tests/service/test_faults.py::test_a_model_that_is_down": 70,
    "tests/life/test_flood.py": 65,
    "tests/demo/test_tour.py": 45,
    "tests/service/": 20,
    "tests/injection/test_service.py": 20,
    "tests/dashboard/test_browser": 4,
    "tests/engine/": 1.5,
    "tests/cli/test_review.py": 2,
    "tests/house/test_packaging.py": 3,
}
"""How many seconds a test takes, by what its id begins with; the first that fits counts. All others are quick."""
_ON_STANDING_S = 2.0
"""Where the service need not be started."""


def in_slices(items: list[pytest.Item], workers: int) -> list[pytest.Item]:
    """The same tests, each of the `workers` slices with long ones in front of quick ones."""
    groups: dict[str, list[pytest.Item]] = {}
    for item in items:
        groups.setdefault(_group(item), []).append(item)
    quick = iter(groups.pop("", []))
    slices: list[list[pytest.Item]] = [[] for _ in range(workers)]
    load_s = [0.0] * workers
    for group in sorted(groups.values(), key=_seconds, reverse=True):
        least = load_s.index(min(load_s))
        load_s[least] += _seconds(group)
        slices[least] += group
    left = len(items)
    for number, one in enumerate(slices):  # as the scheduler cuts
        size = left // (workers - number)
        left -= size
        one += islice(quick, max(0, size - len(one)))
    slices[-1] += quick
    return [item for one in slices for item in one]


def _group(item: pytest.Item) -> str:
    """Nothing for a quick test. Who shares a service or a database goes together, others with their file."""
    begins = _begins(item)
    if begins is None:
        return ""
    if "::" in begins:
        return item.nodeid
    fixtures, params = getattr(item, "fixturenames", ()), getattr(getattr(item, "callspec", None), "params", {})
    if "standing" in fixtures:
        return "standing"
    if "postgres_url" in fixtures:
        return "postgres"
    if "serve" in fixtures:
        return item.nodeid
    return str(params.get("backend", item.path))


def _seconds(group: list[pytest.Item]) -> float:
    return sum(_ON_STANDING_S if _group(item) == "standing" else ABOUT_S[str(_begins(item))] for item in group)


def _begins(item: pytest.Item) -> str | None:
    return next((begins for begins in ABOUT_S if item.nodeid.startswith(begins)), None)
