"""Takes parcel events off the queue and has them handled."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import structlog

log = structlog.get_logger()

RECEIVE_AT_ONCE = 10
LONG_POLL_S = 20
VISIBILITY_S = 60

Handler = Callable[[Mapping[str, Any]], None]
"""Handles one event, idempotent by its id. Has deadlines of its own, 15 s in all. Raises where it could not."""


class ParcelConsumer:
    """An event that fails stays on the queue, which delivers it again and in the end puts it aside."""

    def __init__(self, sqs: Any, queue_url: str, handler: Handler, count_failure: Callable[[], None]) -> None:
        self._sqs = sqs
        self._queue_url = queue_url
        self._handler = handler
        self._count_failure = count_failure

    def drain_once(self) -> int:
        """Receives once and handles what came. How many events were handled."""
        received = self._sqs.receive_message(
            QueueUrl=self._queue_url,
            MaxNumberOfMessages=RECEIVE_AT_ONCE,
            WaitTimeSeconds=LONG_POLL_S,
            VisibilityTimeout=VISIBILITY_S,
        )
        handled = 0
        for message in received.get("Messages", []):
            try:
                self._handler(json.loads(message["Body"]))
            except Exception:
                log.exception("parcel event failed", message_id=message["MessageId"])
                self._count_failure()
                continue
            self._sqs.delete_message(QueueUrl=self._queue_url, ReceiptHandle=message["ReceiptHandle"])
            handled += 1
        return handled
