"""Trouble at GitHub and at the model: the review arrives, or the receipt says the truth."""

from collections.abc import Callable

import pytest

from bot.demo.standin import (
    Broken,
    ConnectionReset,
    Fault,
    PrimaryLimit,
    PullRequest,
    Repository,
    SecondaryLimit,
    ServerError,
    StandIn,
)
from tests.service.harness import PATIENCE_S, Service, Shop, concluded, our_checks, our_reviews, wait_until
from tests.service.model import SmallModel, babbles, refuses

Start = Callable[..., Service]
POST_REVIEW = r"/repos/[^/]+/[^/]+/pulls/\d+/reviews$"


def opened(host: StandIn, shop: Shop) -> tuple[Repository, PullRequest, str]:
    repository = host.add_repository("acme", shop.name, shop.git_dir)
    head = shop.branch("feature", 1)
    return repository, host.open_pull_request(repository, "main", "feature", "Charge", "", author="dana"), head


@pytest.mark.parametrize(
    "fault",
    [
        Fault(ServerError(502), method="POST", path=POST_REVIEW, times=2),
        Fault(ServerError(502, after_write=True), method="POST", path=POST_REVIEW),
        Fault(ConnectionReset(after_write=True), method="POST", path=POST_REVIEW),
        Fault(Broken("truncated"), method="POST", path=POST_REVIEW),
        Fault(SecondaryLimit(retry_after_s=1), method="POST", path=POST_REVIEW),
        Fault(ServerError(502), method="GET", times=2),
        Fault(ServerError(502), method="POST", path=r".*/graphql$", times=2),
        Fault(PrimaryLimit(resets_in_s=2), method="GET", path=r".*/files$"),
    ],
    ids=[
        "502 twice on the review",
        "the review was stored and the answer lost",
        "the review was stored and the connection broke",
        "the review was stored and the answer cut",
        "a secondary limit",
        "502 on reads",
        "502 on queries",
        "the primary limit",
    ],
)
def test_trouble_at_github_delays_a_review_and_never_doubles_or_loses_it(
    fault: Fault, shop: Shop, standing: Service
) -> None:
    host = standing.host
    host.faults.arm(fault)
    repository, pull, head = opened(host, shop)
    wait_until(lambda: concluded(repository, head), "the check")
    assert host.faults.struck(fault) > 0
    assert len(our_reviews(pull)) == 1
    assert len(our_checks(repository, head)) == 1
    assert len(pull.review_comments) == 2


def test_a_model_that_limits_twice_is_asked_again(
    host: StandIn, shop: Shop, serve_with_model: Start, model: SmallModel
) -> None:
    model.trouble = [refuses(429, retry_after="1"), refuses(429, retry_after="1")]
    serve_with_model()
    repository, pull, head = opened(host, shop)
    wait_until(lambda: concluded(repository, head), "the check")
    assert len(pull.review_comments) == 3
    assert model.asked == 3


def test_garbage_from_the_model_posts_the_rules_part_and_no_garbage(
    host: StandIn, shop: Shop, serve_with_model: Start, model: SmallModel
) -> None:
    model.trouble = [babbles] * 10
    serve_with_model()
    repository, pull, head = opened(host, shop)
    wait_until(lambda: concluded(repository, head), "the check")
    assert len(pull.review_comments) == 2
    assert "love" not in "".join(comment.body for comment in pull.review_comments.values())


@pytest.mark.timeout(900)
def test_a_model_that_is_down_degrades_the_review_and_its_part_follows_once_when_it_is_back(
    host: StandIn, shop: Shop, serve_with_model: Start, model: SmallModel
) -> None:
    down = refuses(503)
    model.trouble = [down] * 1000
    service = serve_with_model(LLM__ATTEMPTS=1, LLM__BREAKER_RESET_S=1)
    repository, pull, head = opened(host, shop)
    wait_until(lambda: concluded(repository, head), "the degraded check")
    (check,) = our_checks(repository, head)
    assert check.conclusion == "neutral"
    assert "degraded" in check.title
    assert len(pull.review_comments) == 2
    model.trouble = []
    wait_until(lambda: len(our_reviews(pull)) == 2, "the model's part, which is tried a minute later", 3 * PATIENCE_S)
    wait_until(lambda: "degraded" not in our_checks(repository, head)[0].title, "the check, full now")
    assert len(pull.review_comments) == 3
    late = our_reviews(pull)[-1]
    assert "the model is back" in late.body
    assert service.stop() == 0


def test_a_wrong_key_is_said_in_the_receipt_and_not_tried_again(
    host: StandIn, shop: Shop, serve_with_model: Start, model: SmallModel
) -> None:
    model.trouble = [refuses(401)] * 10
    serve_with_model()
    repository, _, head = opened(host, shop)
    wait_until(lambda: concluded(repository, head), "the check")
    (check,) = our_checks(repository, head)
    assert "degraded" in check.title
    assert "SEAWALL_LLM__API_KEY" in check.title + check.summary
    assert model.asked == 1
