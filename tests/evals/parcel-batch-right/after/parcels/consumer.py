"""Takes parcel events off the queue and has them handled."""

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import structlog

log = structlog.get_logger()

RECEIVE_AT_ONCE = 10
LONG_POLL_S = 20
VISIBILITY_S = 60

Handler = Callable[[Mapping[str, Any]], None]
"""Handles one event, idempotent by its id. Has deadlines of its own, 15 s in all. Raises where it could not.
Safe to call from several threads."""

Message = Mapping[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What became of one message; `error` is None where it was handled."""

    message: Message
    error: Exception | None = None


class ParcelConsumer:
    """An event that fails stays on the queue, which delivers it again and in the end puts it aside."""

    def __init__(self, sqs: Any, queue_url: str, handler: Handler, count_failure: Callable[[], None]) -> None:
        self._sqs = sqs
        self._queue_url = queue_url
        self._handler = handler
        self._count_failure = count_failure
        self._pool = ThreadPoolExecutor(RECEIVE_AT_ONCE, thread_name_prefix="parcels")

    def drain_once(self) -> int:
        """Receives once and handles what came, all at a time. How many events were handled."""
        received = self._sqs.receive_message(
            QueueUrl=self._queue_url,
            MaxNumberOfMessages=RECEIVE_AT_ONCE,
            WaitTimeSeconds=LONG_POLL_S,
            VisibilityTimeout=VISIBILITY_S,
        )
        messages = received.get("Messages", [])
        if not messages:
            return 0
        outcomes = list(self._pool.map(self._attempt, messages))
        failed = [outcome for outcome in outcomes if outcome.error is not None]
        for outcome in failed:
            log.error("parcel event failed", message_id=outcome.message["MessageId"], exc_info=outcome.error)
            self._count_failure()
        handled = [outcome.message for outcome in outcomes if outcome.error is None]
        if handled:
            self._acknowledge(handled)
        return len(handled)

    def close(self) -> None:
        """Waits for the handlers under way, which have deadlines."""
        self._pool.shutdown()

    def _attempt(self, message: Message) -> Outcome:
        try:
            self._handler(json.loads(message["Body"]))
        except Exception as error:
            return Outcome(message, error)
        return Outcome(message)

    def _acknowledge(self, messages: Sequence[Message]) -> None:
        """Takes them off the queue. What the queue does not take off comes again, and is handled as before."""
        entries = [{"Id": str(n), "ReceiptHandle": message["ReceiptHandle"]} for n, message in enumerate(messages)]
        answer = self._sqs.delete_message_batch(QueueUrl=self._queue_url, Entries=entries)
        for refused in answer.get("Failed", []):
            log.warning("parcel event not acknowledged", code=refused["Code"], reason=refused.get("Message", ""))
