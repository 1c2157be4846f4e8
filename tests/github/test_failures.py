"""What an answer of GitHub's becomes."""

import pytest
import requests
from github import GithubException

from bot.errors import (
    Forbidden,
    HostUnavailable,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    SeawallError,
)
from bot.github.failures import Asked, explained

READ = Asked("GET", "/repos/acme/shop/pulls/1/files", True)
WRITE = Asked("POST", "/repos/acme/shop/check-runs", False)
NOW = 1_000_000.0


def refusal(status: int, message: str = "No", **headers: str) -> GithubException:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return GithubException(status, {"message": message}, named)


@pytest.mark.parametrize(
    ("status", "becomes"),
    [
        (400, Rejected),
        (401, Forbidden),
        (403, Forbidden),
        (404, NotFound),
        (409, Rejected),
        (410, NotFound),
        (415, Rejected),
        (422, Rejected),
        (429, RateLimited),
        (451, Forbidden),
        (500, HostUnavailable),
        (501, Rejected),
        (502, HostUnavailable),
        (504, HostUnavailable),
    ],
)
def test_each_status_has_its_error(status: int, becomes: type[SeawallError]) -> None:
    assert type(explained(refusal(status), READ, NOW)) is becomes


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_write_answered_by_a_broken_server_may_have_been_done(status: int) -> None:
    failure = explained(refusal(status), WRITE, NOW)
    assert type(failure) is OutcomeUnknown
    assert "Look whether it is there first" in str(failure)


@pytest.mark.parametrize(
    ("failure", "wait_s"),
    [
        (refusal(403, "You have exceeded a secondary rate limit.", Retry_After="9"), 9),
        (refusal(429, "Slow down", Retry_After="30"), 30),
        (refusal(403, "API rate limit exceeded", x_ratelimit_remaining="0", x_ratelimit_reset="1000900"), 901),
        (refusal(429, "x", x_ratelimit_remaining="0", x_ratelimit_reset="999000"), 1),
        (refusal(403, "You have exceeded a secondary rate limit."), 60),
        (refusal(403, "x", Retry_After="soon"), 60),
    ],
)
def test_a_limit_says_how_long_to_wait(failure: GithubException, wait_s: float) -> None:
    limited = explained(failure, READ, NOW)
    assert isinstance(limited, RateLimited)
    assert limited.retry_after_s == wait_s


def test_a_missing_permission_is_named() -> None:
    assert "needs checks: write" in str(explained(refusal(403, "Resource not accessible"), WRITE, NOW))
    named = refusal(403, "Resource not accessible", x_accepted_github_permissions="checks=write,metadata=read")
    assert "needs checks=write,metadata=read" in str(explained(named, WRITE, NOW))


def test_what_github_objects_to_is_passed_on() -> None:
    body = {"message": "Validation Failed", "errors": [{"message": "line must be part of the diff"}, "and more"]}
    told = str(explained(GithubException(422, body, {}), WRITE, NOW))
    assert "Validation Failed; line must be part of the diff; and more" in told


@pytest.mark.parametrize(
    ("failure", "after_read", "after_write"),
    [
        (requests.ReadTimeout("slow"), HostUnavailable, OutcomeUnknown),
        (requests.ConnectionError("reset by peer"), HostUnavailable, OutcomeUnknown),
        (requests.exceptions.ChunkedEncodingError("cut"), HostUnavailable, OutcomeUnknown),
        (ValueError("no JSON"), HostUnavailable, OutcomeUnknown),
        (requests.ConnectTimeout("never connected"), HostUnavailable, HostUnavailable),
        (requests.exceptions.SSLError("unknown CA"), HostUnavailable, HostUnavailable),
        (requests.exceptions.ProxyError("no proxy"), HostUnavailable, HostUnavailable),
        (RuntimeError("redirected to another host"), Rejected, Rejected),
        (NotFound("ours already"), NotFound, NotFound),
    ],
)
def test_silence_is_told_apart_by_whether_the_request_can_have_arrived(
    failure: Exception, after_read: type[SeawallError], after_write: type[SeawallError]
) -> None:
    assert type(explained(failure, READ, NOW)) is after_read
    assert type(explained(failure, WRITE, NOW)) is after_write
