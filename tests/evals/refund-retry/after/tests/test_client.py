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

    client = ProcessorClient("https://processor.test", "key", sleep=lambda seconds: None, random=lambda: 1.0)
    client._http = httpx.Client(base_url="https://processor.test", transport=httpx.MockTransport(reply))
    return client, seen


def test_a_refund_is_booked() -> None:
    client, seen = client_on(httpx.Response(201, json={"id": "re_1"}))
    assert client.refund(REFUND) == "re_1"
    assert seen[0].headers["Idempotency-Key"]


def test_a_refusal_is_told() -> None:
    client, seen = client_on(httpx.Response(422, json={"message": "already refunded"}))
    with pytest.raises(RefundRefused, match="already refunded"):
        client.refund(REFUND)
    assert len(seen) == 1


def test_a_processor_that_restarts_is_asked_again() -> None:
    client, seen = client_on(httpx.Response(503), httpx.Response(502), httpx.Response(201, json={"id": "re_2"}))
    assert client.refund(REFUND) == "re_2"
    assert all(request.headers["Idempotency-Key"] for request in seen)


def test_three_tries_are_all() -> None:
    client, seen = client_on(*[httpx.Response(503)] * 3)
    with pytest.raises(httpx.HTTPStatusError):
        client.refund(REFUND)
    assert len(seen) == 3
