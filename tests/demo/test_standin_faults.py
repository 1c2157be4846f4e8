"""Trouble on request, as a client meets it."""

import concurrent.futures
import time

import github
import pytest
import requests
from github.PullRequest import PullRequest as Remote

from bot.demo.standin import (
    Broken,
    ConnectionReset,
    Latency,
    PrimaryLimit,
    PullRequest,
    SecondaryLimit,
    ServerError,
    StandIn,
)

REVIEWS = r".*/pulls/\d+/reviews$"


@pytest.fixture
def remote(as_app: github.Github, pull: PullRequest) -> Remote:
    return as_app.get_repo("acme/shop").get_pull(pull.number)


def test_a_server_error_strikes_as_often_as_told(host: StandIn, remote: Remote) -> None:
    fault = host.fail(ServerError(502), "POST", REVIEWS, times=2, after=1)
    outcomes = []
    for number in range(4):
        try:
            remote.create_review(body=str(number), event="COMMENT")
            outcomes.append(200)
        except github.GithubException as failed:
            outcomes.append(failed.status)
    assert outcomes == [200, 502, 502, 200]
    assert [one.body for one in remote.get_reviews()] == ["0", "3"]
    assert host.faults.struck(fault) == 2


def test_an_answer_can_be_lost_after_the_write(host: StandIn, remote: Remote) -> None:
    host.fail(ServerError(502, after_write=True), "POST", REVIEWS)
    with pytest.raises(github.GithubException):
        remote.create_review(body="once", event="COMMENT")
    assert [one.body for one in remote.get_reviews()] == ["once"]


@pytest.mark.parametrize("after_write", [False, True])
def test_a_connection_can_break(host: StandIn, remote: Remote, after_write: bool) -> None:
    host.fail(ConnectionReset(after_write), "POST", REVIEWS)
    with pytest.raises(requests.ConnectionError, match="reset"):
        remote.create_review(body="x", event="COMMENT")
    assert len(list(remote.get_reviews())) == int(after_write)


def test_a_secondary_limit_says_when_to_come_back(host: StandIn, remote: Remote) -> None:
    host.fail(SecondaryLimit(403, retry_after_s=7), "POST")
    with pytest.raises(github.RateLimitExceededException) as limited:
        remote.create_review(body="x", event="COMMENT")
    assert limited.value.headers
    assert limited.value.headers["retry-after"] == "7"
    host.fail(SecondaryLimit(429, retry_after_s=None), "POST")
    with pytest.raises(github.GithubException) as unclear:
        remote.create_review(body="x", event="COMMENT")
    assert unclear.value.status == 429
    assert "retry-after" not in (unclear.value.headers or {})
    assert not list(remote.get_reviews())


def test_a_primary_limit_says_when_it_ends(host: StandIn, remote: Remote) -> None:
    host.fail(PrimaryLimit(resets_in_s=600), "GET")
    with pytest.raises(github.RateLimitExceededException) as limited:
        list(remote.get_reviews())
    assert limited.value.headers
    assert limited.value.headers["x-ratelimit-remaining"] == "0"
    assert 500 < int(limited.value.headers["x-ratelimit-reset"]) - time.time() <= 600


def test_an_answer_can_be_garbage_or_cut_short(host: StandIn, remote: Remote) -> None:
    host.fail(Broken("garbage"), "GET", ".*/files$")
    headers = {"Authorization": f"token {host.token_for('robin')}"}
    garbage = requests.get(f"{remote.url}/files", headers=headers, timeout=60)
    assert garbage.status_code == 200
    with pytest.raises(requests.JSONDecodeError):
        garbage.json()
    host.fail(Broken("truncated"), "GET", ".*/files$")
    with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.ConnectionError)):
        list(remote.get_files())
    assert len(list(remote.get_files())) == 5


def test_latency_delays_and_adds_up(pull: PullRequest) -> None:
    slept: list[float] = []
    with StandIn(sleep=slept.append) as host:
        host.fail(Latency(0.1), times=None)
        host.fail(Latency(0.3), "GET", "/user", times=1)
        headers = {"Authorization": f"token {host.token_for('robin')}"}
        for _ in range(2):
            assert requests.get(f"{host.base_url}/user", headers=headers, timeout=60).ok
    assert slept == [0.4, 0.1]


def test_requests_are_served_side_by_side_while_others_wait(host: StandIn, remote: Remote) -> None:
    host.fail(Latency(5), "GET", ".*/files$", times=None)
    began = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert [len(files) for files in pool.map(lambda _: list(remote.get_files()), range(8))] == [5] * 8
    assert time.monotonic() - began < 8 * 5, "as long as one after the other they would take"


def test_the_journal_knows_who_asked_what_and_what_was_done_to_it(host: StandIn, remote: Remote) -> None:
    host.journal.clear()
    host.fail(ServerError(503, after_write=True), "POST", REVIEWS)
    with pytest.raises(github.GithubException):
        remote.create_review(body="x", event="COMMENT")
    (asked,) = host.journal.asked("POST")
    assert asked.template == "/repos/<owner>/<repo>/pulls/<int:number>/reviews"
    assert (asked.status, asked.fault, asked.login, asked.is_write) == (200, "ServerError", "seawall[bot]", True)


def test_after_a_stop_it_is_gone_and_after_a_start_all_is_there(host: StandIn, remote: Remote) -> None:
    remote.create_review(body="kept", event="COMMENT")
    host.stop()
    with pytest.raises(requests.ConnectionError):
        list(remote.get_reviews())
    host.start()
    assert [one.body for one in remote.get_reviews()] == ["kept"]
