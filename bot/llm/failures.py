"""What an exception of a provider's library means for us: try again, come back later, or give up."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from bot.errors import ModelRefused, ModelUnavailable
from bot.llm.fencing import legible
from bot.llm.limits import told_wait
from bot.redaction import masked

_NO_CREDIT = ("insufficient_quota", "billing_hard_limit", "credit balance")
_TOO_LONG = (
    "context_length_exceeded", "maximum context length", "prompt is too long", "context window", "exceed_context_size",
    "available context size",
)  # fmt: skip
_FILTERED = ("content_filter", "responsibleaipolicyviolation")
_QUOTA_RETRY_S = 3600.0


@dataclass
class NoAnswer(Exception):
    """One request ended without an answer."""

    error: ModelUnavailable | ModelRefused
    may_retry: bool = False
    is_sick: bool = False
    """True where it says that the model's side is in trouble: the breaker counts it."""
    is_form: bool = False
    """True where the endpoint may only dislike the form of the request (a schema, a parameter)."""

    def __str__(self) -> str:
        return str(self.error)


def judged(model: str, error: Exception, now: datetime) -> NoAnswer:
    """Sorts by status and kind, not by class: each provider's library has classes of its own."""
    status = getattr(error, "status_code", None)
    said = masked(legible(str(error)))[:300]
    kinds = {kind.__name__ for kind in type(error).__mro__}
    if status is None:
        return _without_status(model, error, kinds, said)
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    wait = retry_after(headers, now)
    told = f"{said} {getattr(error, 'body', '')}".lower()
    if status == 402 or (status in (400, 429) and any(sign in told for sign in _NO_CREDIT)):
        away = f"{model} is out of credit: add some, or set llm.fallback_model ({said})"
        return NoAnswer(ModelUnavailable(away, wait or _QUOTA_RETRY_S))
    if status == 429:
        wait = told_wait(headers, now) if wait is None else wait
        return NoAnswer(ModelUnavailable(f"{model} limits our rate: {said}", wait), may_retry=True)
    if status >= 500 or status in (408, 409, 425):
        away = f"{model} answers with status {status}: {said}"
        return NoAnswer(ModelUnavailable(away, wait), may_retry=True, is_sick=True)
    if status == 413 or "ContextOverflowError" in kinds or any(sign in told for sign in _TOO_LONG):
        return NoAnswer(ModelRefused(f"the question is too long for {model}: lower llm.max_input_tokens ({said})"))
    if status == 400 and any(sign in told for sign in _FILTERED):
        return NoAnswer(ModelRefused(f"the content filter of {model} withheld its answer ({said})"))
    if status in (401, 403):
        return NoAnswer(ModelRefused(f"{model} refuses our key (status {status}): check SEAWALL_LLM__API_KEY ({said})"))
    if status == 404:
        what = "check SEAWALL_LLM__MODEL and SEAWALL_LLM__BASE_URL"
        return NoAnswer(ModelRefused(f"{model} is not known there (status 404): {what} ({said})"))
    return NoAnswer(
        ModelRefused(f"{model} refuses the request (status {status}): {said}"), is_form=status in (400, 422)
    )


def _without_status(model: str, error: Exception, kinds: set[str], said: str) -> NoAnswer:
    if isinstance(error, ImportError):
        return NoAnswer(ModelRefused(f"the provider of {model} is not installed: {said}"))
    if type(error) is ValueError:  # the library itself refuses an option, before anything is sent
        return NoAnswer(ModelRefused(f"{model} cannot be asked so: {said}"), is_form=True)
    if "ContentFilterFinishReasonError" in kinds:
        return NoAnswer(ModelRefused(f"the content filter of {model} withheld its answer"))
    if any("Timeout" in kind for kind in kinds):
        away = ModelUnavailable(f"{model} did not answer in time; raise llm.timeout_s, or lower llm.max_input_tokens")
        return NoAnswer(away, may_retry=True, is_sick=True)
    if kinds & {"APIConnectionError", "TransportError", "OSError"}:
        away = ModelUnavailable(f"{model} cannot be reached: check SEAWALL_LLM__BASE_URL, proxy and network ({said})")
        return NoAnswer(away, may_retry=True, is_sick=True)
    away = ModelUnavailable(f"what {model} sends is no model's answer ({type(error).__name__}): check its base_url")
    return NoAnswer(away, may_retry=True, is_sick=True)


def retry_after(headers: Mapping[str, Any], now: datetime) -> float | None:
    """Seconds to wait by `retry-after-ms` or `Retry-After` (seconds or an HTTP date); None where it does not say."""
    given = headers.get("retry-after-ms")
    scale = 0.001 if given else 1.0
    given = given or headers.get("retry-after")
    if not given:
        return None
    try:
        seconds = float(given) * scale
    except ValueError:
        try:
            at = parsedate_to_datetime(str(given))
        except ValueError:
            return None
        seconds = (at.replace(tzinfo=at.tzinfo or UTC) - now).total_seconds()
    return max(0.0, seconds) if math.isfinite(seconds) else None
