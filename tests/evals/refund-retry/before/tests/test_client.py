"""The refund client against a processor that is scripted."""

from decimal import Decimal

import httpx
import pytest

from refunds.client import ProcessorClient, Refund, RefundRefused

REFUND = Refund("pay_81", Decimal("12.50"), "EUR", "returned")


def client_on(*replies: httpx.Response) -> tuple[ProcessorClient, list[httpx.Request]]:
    seen: list[httpx.Request] = []
    left = list(replies)

    def reply(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return left.pop(0)

    client = ProcessorClient("https://processor.test", "key")
    client._http = httpx.Client(base_url="https://processor.test", transport=httpx.MockTransport(reply))
    return client, seen


def test_a_refund_is_booked() -> None:
    client, seen = client_on(httpx.Response(201, json={"id": "re_1"}))
    assert client.refund(REFUND) == "re_1"
    assert seen[0].headers["Idempotency-Key"]


def test_a_refusal_is_told() -> None:
    client, _ = client_on(httpx.Response(422, json={"message": "already refunded"}))
    with pytest.raises(RefundRefused, match="already refunded"):
        client.refund(REFUND)
