"""Card payments through the acquirer."""

import httpx
from pydantic import BaseModel

acquirer = httpx.AsyncClient(base_url="https://acquirer.example", timeout=httpx.Timeout(2.0, connect=0.5))


class Card(BaseModel):
    token: str


class Receipt(BaseModel):
    id: str
    accepted: bool
    reason: str = ""


async def charge_card(card: Card, amount_cents: int, reference: str) -> Receipt:
    """Charges once; the reference makes a repeated call harmless."""
    answer = await acquirer.post(
        "/charges",
        json={"token": card.token, "amount": amount_cents},
        headers={"Idempotency-Key": reference},
    )
    return Receipt.model_validate(answer.json())
