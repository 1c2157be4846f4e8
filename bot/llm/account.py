"""The cap on a day's spending: every call reserves its estimated cost before it is made, and settles it after."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from bot.domain import CostAccount
from bot.errors import LedgerError, ModelUnavailable


class MemoryAccount:
    """A CostAccount that lives as long as its process: for the command line, which keeps no ledger."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._day = now().date()
        self._spent = 0.0
        self._lock = threading.Lock()

    def spent_today(self) -> float:
        with self._lock:
            self._turn_the_page()
            return self._spent

    def record(self, cost_usd: float) -> None:
        with self._lock:
            self._turn_the_page()
            self._spent += cost_usd

    def _turn_the_page(self) -> None:
        if (today := self._now().date()) != self._day:
            self._day, self._spent = today, 0.0


class Budget:
    """Reservations are known to this process only: with several, each may overshoot by the calls it has under way."""

    def __init__(self, account: CostAccount, cap_usd: float, now: Callable[[], datetime]) -> None:
        self._account = account
        self._cap = cap_usd
        self._now = now
        self._reserved = 0.0
        self._lock = threading.Lock()

    @contextmanager
    def reserve(self, estimate_usd: float | None) -> Iterator[None]:
        """Holds the estimate while a call is under way. Raises ModelUnavailable over the cap; 0 is no cap."""
        held = estimate_usd or 0.0
        with self._lock:
            if self._cap and (spent := self._spent() + self._reserved) + held > self._cap:
                raise ModelUnavailable(
                    f"daily cap: {_usd(spent)} of {_usd(self._cap)} for models is spent"
                    f"{f' and the next answer may cost {_usd(held)}' if spent < self._cap else ''}; "
                    "reviews go on with rules only until midnight UTC, or raise llm.daily_cap_usd",
                    retry_after_s=self._until_midnight(),
                )
            self._reserved += held
        try:
            yield
        finally:
            with self._lock:
                self._reserved -= held

    def settle(self, cost_usd: float | None) -> None:
        """Records what an answer has cost. An account that cannot be written does not cost us the answer."""
        if cost_usd:
            try:
                self._account.record(cost_usd)
            except LedgerError:  # the ledger has reported it; what was paid for is used
                return

    def _spent(self) -> float:
        try:
            return self._account.spent_today()
        except LedgerError as unread:
            raise ModelUnavailable(
                f"daily cap: what models have cost today cannot be read ({unread}); nothing is spent until it can",
                retry_after_s=60.0,
            ) from unread

    def _until_midnight(self) -> float:
        now = self._now().astimezone(UTC)
        midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        return (midnight - now).total_seconds()


def _usd(amount: float) -> str:
    """To the cent, or finer where cents would show nothing."""
    return f"${amount:.2f}" if amount == 0 or amount >= 0.01 else f"${amount:.4f}"
