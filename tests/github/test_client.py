"""How we ask: retried where safe, never for long, never too much at once, and every request counted."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from bot.demo.standin import Broken, ConnectionReset, Latency, PrimaryLimit, SecondaryLimit, ServerError, StandIn
from bot.demo.standin.faults import Effect
from bot.domain import CheckDraft, PullRequest, Repository
from bot.errors import HostUnavailable, NotFound, RateLimited
from bot.github import GitHubHost, GitHubPublisher, fetch_pull_request
from bot.settings import load_settings
from tests.github.conftest import Calls, HostFactory, Time

PULLS = ".*/pulls/1$"


def read(host: GitHubHost, shop: Repository) -> PullRequest:
    return fetch_pull_request(host, shop, 1)


@pytest.mark.parametrize(
    "trouble",
    [ServerError(502), ServerError(503), ConnectionReset(), Broken("truncated"), Broken("garbage")],
    ids=["502", "503", "reset", "truncated", "garbage"],
)
def test_a_read_that_fails_twice_is_tried_a_third_time(
    there: StandIn, host: GitHubHost, shop: Repository, pull: PullRequest, times: Time, trouble: Effect
) -> None:
    there.fail(trouble, "GET", PULLS, times=2)
    assert read(host, shop).head_sha == pull.head_sha
    assert len(times.slept_s) == 2
    assert times.slept_s[0] < times.slept_s[1] < 3


def test_a_read_that_keeps_failing_is_given_up(
    there: StandIn, host: GitHubHost, shop: Repository, pull: PullRequest, calls: Calls
) -> None:
    there.fail(ServerError(502), "GET", PULLS, times=None)
    with pytest.raises(HostUnavailable, match=r"GET /repos/acme/shop/pulls/1: GitHub does not answer"):
        read(host, shop)
    assert calls.of("GET", "/pulls/{number}") == [502, 502, 502]


@pytest.mark.parametrize("status", [403, 429])
def test_a_secondary_limit_is_waited_out_for_as_long_as_github_asks(
    there: StandIn, host: GitHubHost, shop: Repository, pull: PullRequest, times: Time, status: int
) -> None:
    there.fail(SecondaryLimit(status=status, retry_after_s=7), "GET", PULLS)
    assert read(host, shop).number == 1
    assert len(times.slept_s) == 1
    assert 7 <= times.slept_s[0] <= 8


def test_a_secondary_limit_longer_than_we_wait_is_raised_at_once(
    there: StandIn, host: GitHubHost, shop: Repository, pull: PullRequest, times: Time, calls: Calls
) -> None:
    there.fail(SecondaryLimit(status=429, retry_after_s=None), "GET", PULLS)
    with pytest.raises(RateLimited) as limited:
        read(host, shop)
    assert limited.value.retry_after_s == 60
    assert (times.slept_s, calls.of("GET", "/pulls/{number}")) == ([], [429])


def test_a_primary_limit_far_away_is_raised_at_once_and_nothing_is_sent_until_then(
    there: StandIn, host: GitHubHost, shop: Repository, pull: PullRequest, times: Time, calls: Calls
) -> None:
    there.fail(PrimaryLimit(resets_in_s=1800), "GET", PULLS)
    with pytest.raises(RateLimited) as limited:
        read(host, shop)
    assert 1790 <= (limited.value.retry_after_s or 0) <= 1802
    before = len(calls)
    with pytest.raises(RateLimited):
        read(host, shop)
    assert (len(calls), times.slept_s) == (before, [])
    times.sleep(1802)
    assert read(host, shop).number == 1


def test_an_answer_later_than_the_deadline_is_no_answer(
    there: StandIn, a_host: HostFactory, shop: Repository, pull: PullRequest, calls: Calls
) -> None:
    host = a_host(timeout_s=2, attempts=1)
    there.fail(Latency(5), "GET", PULLS)
    with pytest.raises(HostUnavailable, match="does not answer"):
        read(host, shop)
    assert calls.of("GET", "/pulls/{number}") == [0]


def test_a_host_that_is_not_there_is_named_with_what_to_check(times: Time, shop: Repository) -> None:
    with closing(socket.socket()) as reserved:
        reserved.bind(("127.0.0.1", 0))
        base_url = f"http://127.0.0.1:{reserved.getsockname()[1]}"
        settings = load_settings({}, github={"base_url": base_url, "token": "t"}).github
        host = GitHubHost(settings, clock=times.now, sleep=times.sleep)
        with pytest.raises(HostUnavailable, match=r"cannot be reached.*proxy"):
            read(host, shop)
        publisher = GitHubPublisher(host, pull_at(shop))
        with pytest.raises(HostUnavailable, match="cannot be reached"):
            publisher.begin(CheckDraft(title="x"))


def pull_at(shop: Repository) -> PullRequest:
    return PullRequest(
        repository=shop, number=1, base_ref="main", base_sha="a" * 40, head_ref="feature", head_sha="b" * 40
    )


def test_after_many_failures_github_is_left_alone_for_a_while(
    there: StandIn, a_host: HostFactory, shop: Repository, pull: PullRequest, calls: Calls
) -> None:
    host = a_host(breaker_failures=4, breaker_reset_s=3, attempts=2)
    fault = there.fail(ServerError(500), "GET", PULLS, times=None)
    for _ in range(2):
        with pytest.raises(HostUnavailable):
            read(host, shop)
    before = there.faults.struck(fault)
    with pytest.raises(HostUnavailable, match="failed too often") as refused:
        read(host, shop)
    assert 0 < (refused.value.retry_after_s or 0) <= 3
    assert there.faults.struck(fault) == before == 4
    there.faults.clear()
    time.sleep(3.1)
    assert read(host, shop).number == 1


def test_refusals_do_not_count_as_failures(a_host: HostFactory, shop: Repository, pull: PullRequest) -> None:
    host = a_host(breaker_failures=2)
    for _ in range(4):
        with pytest.raises(NotFound, match="It does not exist, or"):
            fetch_pull_request(host, shop, 999)
    assert read(host, shop).number == 1


def test_requests_go_out_together_but_never_more_than_the_bulkhead_lets_through(
    there: StandIn, a_host: HostFactory, shop: Repository, pull: PullRequest
) -> None:
    host = a_host(connections=3)
    read(host, shop)
    there.fail(Latency(0.1), "GET", PULLS, times=None)
    inside, most, lock = 0, 0, threading.Lock()
    send = host._transport._exchange

    def watched(*arguments: object) -> object:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        try:
            return send(*arguments)  # type: ignore[arg-type]
        finally:
            with lock:
                inside -= 1

    host._transport._exchange = watched  # type: ignore[method-assign,assignment]
    with ThreadPoolExecutor(9) as threads:
        assert {found.number for found in threads.map(lambda _: read(host, shop), range(9))} == {1}
    assert most == 3


def test_a_request_that_finds_no_room_in_time_gives_up(
    there: StandIn, a_host: HostFactory, shop: Repository, pull: PullRequest
) -> None:
    host = a_host(connections=1, timeout_s=3, attempts=1)
    read(host, shop)
    with host._transport._bulkhead.slot(), pytest.raises(HostUnavailable, match="connections to GitHub were busy"):
        read(host, shop)


def test_writes_are_paced_and_a_long_wait_is_raised(
    a_host: HostFactory, pull: PullRequest, times: Time, calls: Calls
) -> None:
    times.stop()
    host = a_host(writes_per_minute=3, writes_per_hour=100, max_wait_s=5)
    publisher = GitHubPublisher(host, pull)
    for number in range(3):
        publisher.begin(CheckDraft(title=f"Step {number}"))
    with pytest.raises(RateLimited, match="Our own limit") as limited:
        publisher.conclude(CheckDraft(title="Done", conclusion="success"))
    assert limited.value.retry_after_s == pytest.approx(60, abs=0.1)
    times.sleep(56)
    publisher.conclude(CheckDraft(title="Done", conclusion="success"))
    assert len(times.slept_s) == 2, "a wait of a few seconds is waited out"
    assert calls.of("PATCH", "/{run_id}") == [200, 200, 200]


def test_every_request_is_counted_by_its_template(
    host: GitHubHost, shop: Repository, pull: PullRequest, calls: Calls
) -> None:
    read(host, shop)
    assert calls.seen == [
        ("POST", "/app/installations/{installation_id}/access_tokens", 201),
        ("GET", "/repos/{owner}/{name}/pulls/{number}", 200),
    ]


def test_github_enterprise_server_is_asked_under_its_own_paths(
    there: StandIn, a_host: HostFactory, pull: PullRequest, shop: Repository
) -> None:
    host = a_host(base_url=f"{there.base_url}/api/v3/")
    assert read(host, shop).head_sha == pull.head_sha
    assert GitHubPublisher(host, pull).standing("marker").head_sha == pull.head_sha
    assert there.journal.asked("POST", "graphql")[-1].status == 200
