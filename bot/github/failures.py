"""What GitHub's refusals and silences mean to us: the one place where they become errors of `bot.errors`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests
from github import GithubException
from urllib3.exceptions import MaxRetryError, NewConnectionError

from bot.errors import (
    Forbidden,
    HostUnavailable,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    SeawallError,
)

SECONDARY_WAIT_S = 60.0
"""What GitHub asks to wait after a limit that names no time."""

_PERMISSIONS = (
    ("/check-runs", "checks: write"),
    ("/statuses", "statuses: write"),
    ("/contents", "contents: read"),
    ("/git/", "contents: read"),
    ("/pulls", "pull_requests: write"),
    ("/issues", "pull_requests: write"),
    ("/graphql", "contents: read and pull_requests: read"),
)


class Garbled(HostUnavailable):
    """An answer of 200 that is not what GitHub sends: a proxy's page, or no GitHub at all."""


@dataclass(frozen=True)
class Asked:
    """The request that failed. `is_repeatable`: sent twice, it does no more than sent once."""

    method: str
    path: str
    is_repeatable: bool

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def explained(failure: Exception, asked: Asked, now: float) -> SeawallError:
    """The error that says what happened, to what, and what to do. `now` is seconds since the epoch."""
    if isinstance(failure, SeawallError):
        return failure
    if isinstance(failure, GithubException):
        return _refused(failure, asked, now)
    if _was_not_sent(failure):
        return HostUnavailable(f"{asked}: GitHub cannot be reached ({_brief(failure)}). Check network, proxy and CA.")
    if isinstance(failure, RuntimeError):
        return Rejected(f"{asked}: {_brief(failure)}")
    return _lost(asked, _brief(failure))


def garbled(asked: Asked) -> SeawallError:
    """For a good status with a body that is no JSON."""
    if asked.is_repeatable:
        return Garbled(f"{asked}: the answer is not GitHub's. Check github.base_url and the proxy.")
    return _lost(asked, "the answer is not GitHub's")


def _refused(failure: GithubException, asked: Asked, now: float) -> SeawallError:
    status = failure.status
    headers = {name.lower(): value for name, value in (failure.headers or {}).items()}
    said = _message(failure)
    if status == 501:
        return Rejected(f"{asked}: this GitHub does not offer it ({said}).")
    if status >= 500:
        return _lost(asked, f"{status} {said}", _seconds(headers.get("retry-after")))
    if status == 429 or (status == 403 and _is_limit(headers, said)):
        wait_s = _limit_wait_s(headers, now)
        return RateLimited(f"{asked}: GitHub's rate limit is reached; next try in {wait_s:.0f} s ({said}).", wait_s)
    if status == 401:
        return Forbidden(f"{asked}: GitHub refuses the credentials ({said}). Check the App's id and key, or the token.")
    if status in (403, 451):
        needed = headers.get("x-accepted-github-permissions") or _permission(asked.path)
        return Forbidden(f"{asked}: not allowed ({said}). The App or token needs {needed}; grant it and accept it.")
    if status in (404, 410):
        return NotFound(f"{asked}: not found ({said}). It does not exist, or the App or token may not see it.")
    return Rejected(f"{asked}: GitHub calls it invalid, {status} ({said}).")


def _lost(asked: Asked, reason: str, retry_after_s: float | None = None) -> SeawallError:
    if asked.is_repeatable:
        return HostUnavailable(f"{asked}: GitHub does not answer ({reason}). It is tried again later.", retry_after_s)
    return OutcomeUnknown(f"{asked}: sent, but the answer was lost ({reason}). Look whether it is there first.")


def _was_not_sent(failure: Exception) -> bool:
    if isinstance(failure, requests.ConnectTimeout | requests.exceptions.ProxyError | requests.exceptions.SSLError):
        return True
    cause = failure.args[0] if failure.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)


def _is_limit(headers: Mapping[str, Any], said: str) -> bool:
    """Promise nothing on the words alone: GitHub marks limits by headers too."""
    return "retry-after" in headers or headers.get("x-ratelimit-remaining") == "0" or "rate limit" in said.lower()


def _limit_wait_s(headers: Mapping[str, Any], now: float) -> float:
    asked_for = _seconds(headers.get("retry-after"))
    if asked_for is not None:
        return asked_for
    reset = _seconds(headers.get("x-ratelimit-reset"))
    if reset is not None and headers.get("x-ratelimit-remaining") == "0":
        return max(reset - now, 0.0) + 1.0
    return SECONDARY_WAIT_S


def _seconds(text: Any) -> float | None:
    try:
        return float(text)
    except (TypeError, ValueError):
        return None


def _permission(path: str) -> str:
    return next((needed for part, needed in _PERMISSIONS if part in path), "metadata: read")


def _message(failure: GithubException) -> str:
    if not isinstance(failure.data, dict):
        return "no message"
    said = str(failure.data.get("message") or "no message")
    details = [str(fault.get("message") if isinstance(fault, dict) else fault) for fault in _faults(failure.data)]
    return "; ".join([said, *details])[:500]


def _faults(body: Mapping[str, Any]) -> list[Any]:
    faults = body.get("errors")
    return faults[:5] if isinstance(faults, list) else []


def _brief(failure: Exception) -> str:
    return f"{type(failure).__name__}: {failure}"[:200]
