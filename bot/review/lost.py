"""Deliveries that never arrived: GitHub logs them for its App and sends them again when asked, never by itself."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.github import AppDelivery, GitHubHost, app_deliveries, redeliver

LOOK_BACK = timedelta(hours=24)
"""GitHub keeps three days; what is older than one is better found by comparing heads."""
MOST_AT_ONCE = 100


def ask_again(host: GitHubHost, now: datetime) -> int:
    """Asks GitHub for the deliveries of the last day that we did not take, oldest first; gives how many.

    Merge groups and re-runs of a check have no other way back. The edge knows a delivery it has taken by its guid.
    """
    lost = lost_deliveries(app_deliveries(host, now - LOOK_BACK))
    for delivery in lost[:MOST_AT_ONCE]:
        redeliver(host, delivery.id)
    return min(len(lost), MOST_AT_ONCE)


def lost_deliveries(log: Iterable[AppDelivery]) -> list[AppDelivery]:
    """Of each event that no try brought home, the first try; in the order GitHub sent them. Pure."""
    tries = sorted(log, key=lambda delivery: delivery.delivered_at)
    taken = {delivery.guid for delivery in tries if delivery.was_taken}
    # An answer of 4xx is our word on the delivery itself: sent again it would be the same.
    refused = {delivery.guid for delivery in tries if 400 <= delivery.status_code < 500}
    first: dict[str, AppDelivery] = {}
    for delivery in tries:
        if delivery.guid not in taken | refused:
            first.setdefault(delivery.guid, delivery)
    return list(first.values())
