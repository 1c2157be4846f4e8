"""How long to wait before trying again, and how often."""

from typing import NamedTuple

from bot.engine.backoff import Backoff as Backoff

WEB_DRAIN_S = 10
"""Requests under way get this long at a stop; GitHub waits no longer than that for an answer."""


class Patience(NamedTuple):
    """Every wait of the engine that is not a setting."""

    review: Backoff = Backoff(first_s=15, cap_s=1800, tries=8)
    """A review that could not be finished: half an hour in all, unless the host asks for more."""
    followup: Backoff = Backoff(first_s=60, cap_s=3 * 3600, tries=15)
    """The model's part: about a day."""
    command: Backoff = Backoff(first_s=2, cap_s=60, tries=5)
    """A command whose answer could not be made; somebody waits for it."""
    errand: Backoff = Backoff(first_s=5, cap_s=900, tries=8)
    summary: Backoff = Backoff(first_s=30, cap_s=2 * 3600, tries=16)
    """A weekly summary whose destination is down: about a day."""
    ledger: Backoff = Backoff(first_s=0.2, cap_s=10, tries=6)
    """Writing down a delivery; the pull request's next events wait behind it."""
    hold: Backoff = Backoff(first_s=3600, cap_s=24 * 3600, tries=2**31)
    """Before the reconciler takes up again what was given up."""
    recoveries: int = 20
    """How often a run is resumed after its worker died, before it is taken for the cause of the deaths."""
    call_poll_s: float = 0.1
    """How often a review looks whether the model has answered."""
