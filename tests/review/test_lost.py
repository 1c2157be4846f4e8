"""Which deliveries GitHub is asked for again."""

from datetime import UTC, datetime, timedelta

from bot.github import AppDelivery
from bot.review.lost import lost_deliveries

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def a_try(id: int, guid: str, status: int, minutes: int) -> AppDelivery:
    at = NOON + timedelta(minutes=minutes)
    return AppDelivery(id, guid, at, "merge_group", "checks_requested", status, False, 1, 1)


def test_what_no_try_brought_home_is_asked_for_once_in_the_order_it_was_sent() -> None:
    log = [a_try(4, "b", 0, 9), a_try(3, "a", 503, 5), a_try(2, "b", 0, 3), a_try(1, "c", 202, 1)]
    assert [delivery.id for delivery in lost_deliveries(log)] == [2, 3]


def test_what_a_later_try_brought_home_is_left_alone() -> None:
    assert lost_deliveries([a_try(1, "a", 0, 1), a_try(2, "a", 202, 2)]) == []


def test_what_we_refused_is_not_asked_for_again() -> None:
    assert lost_deliveries([a_try(1, "a", 400, 1), a_try(2, "b", 401, 2)]) == []
