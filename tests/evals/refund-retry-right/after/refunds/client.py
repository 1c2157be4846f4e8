"""The refund endpoint of the card processor."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from uuid import uuid4

import httpx

from refunds.retries import with_retries

_TIMEOUT = httpx.Timeout(5.0, connect=1.0)
_REFUSALS = (402, 409, 422)


@dataclass(frozen=True)
class Refund:
    payment_id: str
    amount: Decimal
    currency: str
    reason: str


class RefundRefused(Exception):
    """The processor will not pay this refund, however often it is asked."""


class ProcessorClient:
    """Books refunds. One client serves all threads of a worker."""

    def __init__(
        self,
        base_url: str,
        api_key: str,
        sleep: Callable[[float], None] = time.sleep,
        random: Callable[[], float] = random.random,
    ) -> None:
        self._http = httpx.Client(
            base_url=base_url, timeout=_TIMEOUT, headers={"Authorization": f"Bearer {api_key}"}
        )
        self._sleep = sleep
        self._random = random

    def refund(self, refund: Refund) -> str:
        """Books the refund and gives the processor's id of it. Raises RefundRefused and httpx.HTTPError.

        A processor that restarts is asked again, up to three times in all.
        """
        # The processor books two requests with one key once, so all tries of a refund carry the same.
        headers = {"Idempotency-Key": str(uuid4())}
        response = with_retries(lambda: self._post(refund, headers), self._sleep, self._random)
        if response.status_code in _REFUSALS:
            raise RefundRefused(f"{refund.payment_id}: {response.json()['message']}")
        response.raise_for_status()
        return str(response.json()["id"])

    def close(self) -> None:
        self._http.close()

    def _post(self, refund: Refund, headers: dict[str, str]) -> httpx.Response:
        return self._http.post("/v2/refunds", json=_body(refund), headers=headers)


def _body(refund: Refund) -> dict[str, str]:
    return {
        "payment": refund.payment_id,
        "amount": f"{refund.amount:.2f}",
        "currency": refund.currency,
        "reason": refund.reason,
    }
