"""Sends webhooks: once each, never again by itself; an App may ask for another attempt."""

import json
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.demo.standin.hooks import TIMEOUT_S, HookDelivery, HookTarget, headers_for

KEPT = 5_000
MOST_WAITING = 1_000
SENDERS = 4
LONGEST_ANSWER = 64 * 1024


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is to be sent. `payload` is the exact text, so that another attempt sends the same bytes."""

    event: str
    action: str
    payload: str
    guid: str
    installation_id: int | None
    repository_id: int | None
    is_redelivery: bool = False


class Courier:
    def __init__(self, clock: Callable[[], datetime], next_id: Callable[[], int], app_id: int) -> None:
        self.target: HookTarget | None = None
        self._clock = clock
        self._next_id = next_id
        self._app_id = app_id
        self._lock = threading.Lock()
        self._kept: deque[HookDelivery] = deque(maxlen=KEPT)
        self._places = threading.BoundedSemaphore(MOST_WAITING)
        self._senders = ThreadPoolExecutor(SENDERS, thread_name_prefix="webhooks")

    def deliveries(self) -> list[HookDelivery]:
        """Newest first."""
        with self._lock:
            return list(reversed(self._kept))

    def delivery(self, id: int) -> HookDelivery | None:
        return next((one for one in self.deliveries() if one.id == id), None)

    def send(self, event: str, payload: dict[str, Any], guid: str = "") -> HookDelivery:
        """Sends now and waits for the answer (10 s at most). Needs a target."""
        return self._attempt(self._parcel(event, payload, guid))

    def announce(self, event: str, payload: dict[str, Any]) -> None:
        """Sends in the background, if there is a target; raises RuntimeError with over 1,000 waiting."""
        if self.target is not None:
            self._queue(self._parcel(event, payload, ""))

    def redeliver(self, id: int) -> bool:
        """Queues another attempt with the same guid and bytes; False where there is no such delivery."""
        before = self.delivery(id)
        if before is None or self.target is None:
            return False
        self._queue(
            Parcel(
                before.event,
                before.action,
                before.payload,
                before.guid,
                before.installation_id,
                before.repository_id,
                is_redelivery=True,
            )
        )
        return True

    def close(self) -> None:
        self._senders.shutdown(wait=False, cancel_futures=True)

    def _parcel(self, event: str, payload: dict[str, Any], guid: str) -> Parcel:
        return Parcel(
            event,
            str(payload.get("action", "")),
            json.dumps(payload),
            guid or str(uuid.uuid4()),
            payload.get("installation", {}).get("id"),
            payload.get("repository", {}).get("id"),
        )

    def _queue(self, parcel: Parcel) -> None:
        if not self._places.acquire(blocking=False):
            raise RuntimeError(f"{MOST_WAITING} webhooks wait already; is the receiver at {self.target} alive?")
        self._senders.submit(self._attempt, parcel).add_done_callback(self._free_place)

    def _free_place(self, _done: Future[HookDelivery]) -> None:
        self._places.release()

    def _attempt(self, parcel: Parcel) -> HookDelivery:
        target = self.target
        if target is None:
            raise RuntimeError("No webhook target is set: StandIn(hook=HookTarget(url, secret)).")
        body = parcel.payload.encode()
        headers = headers_for(parcel.event, parcel.guid, body, target.secret, self._app_id)
        began = time.monotonic()
        delivered_at = self._clock()
        status, status_code, answer = _post(target.url, body, headers)
        delivery = HookDelivery(
            id=self._next_id(),
            guid=parcel.guid,
            event=parcel.event,
            action=parcel.action,
            payload=parcel.payload,
            headers=headers,
            url=target.url,
            delivered_at=delivered_at,
            duration_s=time.monotonic() - began,
            status=status,
            status_code=status_code,
            answer=answer,
            is_redelivery=parcel.is_redelivery,
            installation_id=parcel.installation_id,
            repository_id=parcel.repository_id,
        )
        with self._lock:
            self._kept.append(delivery)
        return delivery


def _post(url: str, body: bytes, headers: dict[str, str]) -> tuple[str, int, str]:
    """GitHub's word for what happened, the status (502 and 504 are its own), and the answer's text."""
    request = urllib.request.Request(url, body, headers, method="POST")  # noqa: S310 (the target is ours)
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(request, timeout=TIMEOUT_S) as response:
            return "OK", response.status, response.read(LONGEST_ANSWER).decode("utf-8", "replace")
    except urllib.error.HTTPError as refused:
        with refused:
            text = refused.read(LONGEST_ANSWER).decode("utf-8", "replace")
        return f"Invalid HTTP Response: {refused.code}", refused.code, text
    except TimeoutError:
        return "timed out", 504, ""
    except urllib.error.URLError as failed:
        is_late = isinstance(failed.reason, TimeoutError)
        return ("timed out", 504, "") if is_late else ("failed to connect to host", 502, "")
    except (OSError, ValueError):
        return "failed to connect to host", 502, ""
