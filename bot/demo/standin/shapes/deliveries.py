"""Deliveries of webhooks, as the App reads them back."""

import json

from bot.demo.standin.hooks import HookDelivery
from bot.demo.standin.shapes import JSON


def item(delivery: HookDelivery) -> JSON:
    return {
        "id": delivery.id,
        "guid": delivery.guid,
        "delivered_at": delivery.delivered_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "redelivery": delivery.is_redelivery,
        "duration": round(delivery.duration_s, 2),
        "status": delivery.status,
        "status_code": delivery.status_code,
        "event": delivery.event,
        "action": delivery.action or None,
        "installation_id": delivery.installation_id,
        "repository_id": delivery.repository_id,
        "throttled_at": None,
    }


def full(delivery: HookDelivery) -> JSON:
    return item(delivery) | {
        "url": delivery.url,
        "request": {"headers": delivery.headers, "payload": json.loads(delivery.payload)},
        "response": {"headers": {}, "payload": delivery.answer},
    }
