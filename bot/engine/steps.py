"""Durable steps: what one returned, or how it failed, is on disk and is not run again."""

import logging
import time
from collections.abc import Callable
from typing import Any

from dbos import DBOS

from bot import errors
from bot.errors import LedgerError, OutcomeUnknown, RetryableError, SeawallError
from bot.redaction import masked

log = logging.getLogger(__name__)

MESSAGE_LIMIT = 500


def durable_step(name: str, function: Callable[..., Any], *args: Any) -> Any:
    """Runs the function once and for all; it may be a closure and must return plain JSON values.

    A failure is recorded too. It is raised as the error of bot.errors it was; what is none of those comes as a plain
    SeawallError that names its type. Raised now or after a crash, it is the same.
    """
    return _unpack(DBOS.run_step({"name": name}, _recorded, name, function, args))


class TimedSteps:
    """Durable steps under one deadline: once it has passed, the next step fails instead of running.

    The clock starts anew when work is resumed after a crash.
    """

    def __init__(self, limit_s: float) -> None:
        self._limit_s = limit_s
        self._ends = time.monotonic() + limit_s

    def left_s(self) -> float:
        return self._ends - time.monotonic()

    def __call__(self, name: str, function: Callable[..., Any], *args: Any) -> Any:
        return durable_step(name, self._in_time, name, function, args)

    def _in_time(self, name: str, function: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        # Looked at inside the step, so that the refusal is recorded and a resumed run takes the same way.
        if self.left_s() <= 0:
            raise RetryableError(f"it took longer than {self._limit_s:g} s (engine.review_timeout_s), before {name}")
        return function(*args)


def is_worth_retrying(error: Exception) -> bool:
    """A lost answer is looked for by the next attempt; a ledger may have space again."""
    return isinstance(error, RetryableError | OutcomeUnknown | LedgerError)


def reason_of(error: Exception) -> str:
    """One line for a reader, secrets masked."""
    text = masked(str(error))[:MESSAGE_LIMIT].strip()
    if isinstance(error, SeawallError):
        return text or type(error).__name__
    return f"{type(error).__name__}: {text}"


def _recorded(name: str, function: Callable[..., Any], args: tuple[Any, ...]) -> dict[str, Any]:
    try:
        return {"value": function(*args)}
    except Exception as failure:
        if not isinstance(failure, SeawallError):
            log.exception("step %s failed", name)
        return {
            "failure": {
                "kind": _kind_of(failure),
                "message": reason_of(failure),
                "retry_after_s": getattr(failure, "retry_after_s", None),
            }
        }


def _kind_of(failure: Exception) -> str:
    """The error of bot.errors that it is: a room's own, such as that of an open circuit, is one of those, too."""
    return next((kind.__name__ for kind in type(failure).__mro__ if getattr(errors, kind.__name__, None) is kind),
                "SeawallError")  # fmt: skip


def _unpack(outcome: dict[str, Any]) -> Any:
    failure = outcome.get("failure")
    if failure is None:
        return outcome["value"]
    kind = getattr(errors, failure["kind"], SeawallError)
    if issubclass(kind, RetryableError):
        raise kind(failure["message"], failure["retry_after_s"])
    raise kind(failure["message"])
