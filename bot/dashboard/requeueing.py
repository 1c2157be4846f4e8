"""A delivery put in line again: what it asked for is asked once more, under a name of its own."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.domain import Delivery, Repository

MARK = "+again-"


def again(row: Mapping[str, Any], now: datetime) -> Delivery | None:
    """The delivery of that row of `delivery-seen`, as it is handed in anew; None where what it asked for is no longer
    kept. Pressed twice within a minute it is one: the engine knows a delivery by its name."""
    jobs = json.loads(row["jobs"] or "[]")
    if not jobs:
        return None
    known = row["repository_id"] is not None and row["owner"] is not None
    values = {
        "guid": f"{row['guid'].partition(MARK)[0]}{MARK}{now:%Y%m%dT%H%M}",
        "event": row["event"],
        "action": row["action"],
        "received_at": now.isoformat(timespec="seconds"),
        "sender": row["sender"],
        "jobs": jobs,
    }
    repository = (
        Repository(
            id=row["repository_id"], owner=row["owner"], name=row["name"], installation_id=row["installation_id"]
        )
        if known
        else None
    )
    return Delivery.from_json(values | ({"repository": repository.to_json()} if repository else {}))


def asked_for(row: Mapping[str, Any]) -> list[dict[str, str]]:
    """What a delivery asked for, for people: the kind of each job and what it is about."""
    return [
        {
            "kind": str(job.get("kind", "")),
            "about": _about(job),
            "why": str(job.get("trigger") or job.get("event") or job.get("action") or ""),
        }
        for job in json.loads(row["jobs"] or "[]")
    ]


def _about(job: Mapping[str, Any]) -> str:
    pull_request = job.get("pull_request") or {}
    repository = job.get("repository") or pull_request.get("repository") or {}
    name = "/".join(str(repository[part]) for part in ("owner", "name") if repository.get(part))
    number = pull_request.get("number") or job.get("number")
    return f"{name}#{number}" if number else name
