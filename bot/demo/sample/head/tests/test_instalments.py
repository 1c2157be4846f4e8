"""Plans add up, whatever the amount."""

from datetime import date

import pytest
import requests

from payments.instalments import FennelClient, PlanRefusedError, split


@pytest.mark.parametrize("total", [60_00, 60_01, 99_99, 1_000_00])
def test_parts_add_up_to_the_total(total):
    parts = split(total, date(2026, 3, 2))
    assert sum(part.cents for part in parts) == total
    assert [part.due.day for part in parts] == [2, 1, 1]


def test_small_orders_are_not_split():
    with pytest.raises(PlanRefusedError):
        FennelClient("key").create_plan("o-1", "c-1", 59_99)


def test_the_sandbox_is_up():
    assert requests.get("https://sandbox.fennel.example/health").ok
