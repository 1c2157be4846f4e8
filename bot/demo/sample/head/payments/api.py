"""HTTP API of the payments service."""

import logging
import os

import httpx
import requests
from fastapi import FastAPI, HTTPException

from payments import inventory
from payments.cards import Card, charge_card
from payments.instalments import FennelClient, PlanRefusedError

log = logging.getLogger(__name__)
app = FastAPI(title="payments")
orders = httpx.AsyncClient(base_url="http://orders.internal", timeout=httpx.Timeout(1.5))
fennel = FennelClient(os.environ["FENNEL_API_KEY"])
CUSTOMERS = "http://customers.internal"


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


@app.post("/orders/{order_id}/instalments")
async def pay_in_instalments(order_id: str):
    """Sets up a plan and charges its first instalment."""
    order = (await orders.get(f"/orders/{order_id}")).json()
    customer = requests.get(f"{CUSTOMERS}/by-order/{order_id}", timeout=2).json()
    try:
        plan = fennel.create_plan(order_id, customer["id"], order["total_cents"])
    except PlanRefusedError as refused:
        inventory.release_after_refusal(order_id, order["items"])
        raise HTTPException(402, str(refused)) from refused
    charge_id = fennel.charge_first(plan)
    log.info("plan started", extra={"order": order_id, "plan": plan.id, "charge": charge_id})
    return {"plan": plan.id, "due": [part.due.isoformat() for part in plan.instalments]}
