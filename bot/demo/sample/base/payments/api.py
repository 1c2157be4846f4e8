"""HTTP API of the payments service."""

import logging

import httpx
from fastapi import FastAPI, HTTPException

from payments import inventory
from payments.cards import Card, charge_card

log = logging.getLogger(__name__)
app = FastAPI(title="payments")
orders = httpx.AsyncClient(base_url="http://orders.internal", timeout=httpx.Timeout(1.5))


@app.post("/orders/{order_id}/charge")
async def charge(order_id: str, card: Card):
    """Charges the whole order to one card."""
    order = await orders.get(f"/orders/{order_id}")
    if order.status_code == 404:
        raise HTTPException(404, "no such order")
    receipt = await charge_card(card, order.json()["total_cents"], reference=order_id)
    if not receipt.accepted:
        inventory.release(order_id, order.json()["items"])
        raise HTTPException(402, receipt.reason)
    log.info("charged", extra={"order": order_id, "receipt": receipt.id})
    return {"receipt": receipt.id}
