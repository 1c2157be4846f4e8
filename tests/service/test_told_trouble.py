"""What the check tells of trouble: when a review goes on that limits put off, and what a model did not give."""

from collections.abc import Callable

from bot.demo.standin import Fault, SecondaryLimit, StandIn
from tests.service.harness import Service, Shop, concluded, our_checks, our_reviews, wait_until
from tests.service.model import SmallModel, babbles

Start = Callable[..., Service]
POST_REVIEW = r"/repos/[^/]+/[^/]+/pulls/\d+/reviews$"


def test_a_review_put_off_by_a_limit_says_when_it_goes_on_and_comes_then(
    host: StandIn, shop: Shop, serve: Start
) -> None:
    serve(GITHUB__MAX_WAIT_S=0)
    host.faults.arm(Fault(SecondaryLimit(retry_after_s=3), method="POST", path=POST_REVIEW))
    repository = host.add_repository("acme", shop.name, shop.git_dir)
    head = shop.branch("feature", 1)
    pull = host.open_pull_request(repository, "main", "feature", "Charge", "", author="dana")
    titles: list[str] = []

    def is_concluded() -> bool:
        titles.extend(check.title or "" for check in our_checks(repository, head))
        return concluded(repository, head)

    wait_until(is_concluded, "the check")
    assert any(title.startswith("GitHub limits our requests; resumes about ") for title in titles), set(titles)
    assert len(our_reviews(pull)) == 1


def test_where_the_model_gives_garbage_alone_the_check_says_that_its_part_is_missing(
    host: StandIn, shop: Shop, serve_with_model: Start, model: SmallModel
) -> None:
    model.trouble = [babbles] * 20
    serve_with_model()
    repository = host.add_repository("acme", shop.name, shop.git_dir)
    head = shop.branch("feature", 1)
    host.open_pull_request(repository, "main", "feature", "Charge", "", author="dana")
    wait_until(lambda: concluded(repository, head), "the check")
    (check,) = our_checks(repository, head)
    assert check.conclusion == "neutral"
    assert "degraded" in (check.title or ""), check.title
