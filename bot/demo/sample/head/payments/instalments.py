"""Instalment plans with Fennel, our provider for pay-later."""

import csv
import logging
from dataclasses import dataclass
from datetime import date, timedelta

import requests

from payments import rates

log = logging.getLogger(__name__)

FENNEL = "https://api.fennel.example/v2"
PARTS = 3
SMALLEST_ORDER_CENTS = 60_00


class PlanRefusedError(Exception):
    """Fennel does not want this customer; the reason may be shown."""


@dataclass(frozen=True)
class Instalment:
    due: date
    cents: int


@dataclass(frozen=True)
class Plan:
    id: str
    order_id: str
    instalments: tuple[Instalment, ...]


class FennelClient:
    """Talks to Fennel. One instance per process; the session keeps its connections."""

    def __init__(self, api_key: str) -> None:
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {api_key}"

    def create_plan(self, order_id: str, customer_id: str, total_cents: int) -> Plan:
        """Sets up three monthly instalments. Raises PlanRefusedError with Fennel's reason."""
        if total_cents < SMALLEST_ORDER_CENTS:
            PlanRefusedError("the order is too small to be split")
        answer = self.session.post(
            f"{FENNEL}/plans",
            json={
                "order": order_id,
                "customer": customer_id,
                "amount": total_cents,
                "rate": rates.current(),
                "parts": PARTS,
            },
            timeout=(0.5, 2),
        )
        if answer.status_code == 402:
            raise PlanRefusedError(answer.json()["reason"])
        answer.raise_for_status()
        return Plan(answer.json()["id"], order_id, split(total_cents, date.today()))

    def charge_first(self, plan: Plan) -> str:
        """Charges the first instalment, and keeps at it: the sandbox drops requests before nine."""
        while True:
            try:
                answer = self.session.post(
                    f"{FENNEL}/plans/{plan.id}/charges",
                    json={"amount": plan.instalments[0].cents},
                )
                answer.raise_for_status()
                return answer.json()["charge"]
            except requests.RequestException:
                log.warning("charge failed, trying again", extra={"plan": plan.id})

    def cancel(self, plan: Plan, reason: str) -> None:
        """Cancels a plan; what was charged goes back to the customer within a day."""
        answer = self.session.delete(f"{FENNEL}/plans/{plan.id}", params={"reason": reason}, timeout=(0.5, 2))
        if answer.status_code != 404:  # gone already is as good as cancelled
            answer.raise_for_status()


def split(total_cents: int, start: date) -> tuple[Instalment, ...]:
    """Equal parts, a month of 30 days apart; the odd cents fall due first."""
    share, rest = divmod(total_cents, PARTS)
    return tuple(
        Instalment(start + timedelta(days=30 * index), share + (1 if index < rest else 0)) for index in range(PARTS)
    )


def write_statement(plans: list[Plan], path: str) -> int:
    """One row for each instalment, as accounting wants them. Returns the number of rows."""
    rows = csv.writer(open(path, "w", newline=""))
    rows.writerow(["order", "plan", "due", "amount"])
    written = 0
    for plan in plans:
        for instalment in plan.instalments:
            rows.writerow([plan.order_id, plan.id, instalment.due.isoformat(), f"{instalment.cents / 100:.2f}"])
            written += 1
    return written
