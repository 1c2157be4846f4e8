"""Each head is reviewed once, however often and in whatever order GitHub tells of it."""

import time
from collections.abc import Callable

import pytest

from bot.demo.standin import PullRequest, Repository, StandIn
from tests.service.harness import Service, Shop, concluded, our_checks, our_reviews, wait_until
from tests.service.model import SmallModel

Start = Callable[..., Service]


def opened(host: StandIn, shop: Shop, number: int = 1) -> tuple[Repository, PullRequest, str]:
    repository = host.add_repository("acme", shop.name, shop.git_dir)
    head = shop.branch("feature", number)
    return repository, host.open_pull_request(repository, "main", "feature", "Charge", "", author="dana"), head


def is_quiet(service: Service, for_s: float = 1.5) -> None:
    """Waits until the service has left GitHub alone for a while, and has nothing left to do."""
    last = -1
    while (now := service.host.journal.total) != last or not service.is_idle():
        last = now
        time.sleep(for_s)


def is_told(host: StandIn, head: str) -> bool:
    """Whether the service has taken a delivery about this head."""
    return any(one.is_delivered and head in one.payload for one in host.courier.deliveries())


def test_a_repeated_delivery_is_known_and_changes_nothing(shop: Shop, standing: Service) -> None:
    host = standing.host
    repository, pull, head = opened(host, shop)
    wait_until(lambda: concluded(repository, head), "the check")
    first = next(one for one in host.courier.deliveries() if head in one.payload and one.action == "opened")
    again = host.deliver("pull_request", host.payload("opened", repository, pull), guid=first.guid)
    assert again.is_delivered
    is_quiet(standing)
    assert len(our_reviews(pull)) == 1
    assert len(our_checks(repository, head)) == 1


def test_a_redelivery_under_a_new_name_does_not_review_the_head_again(shop: Shop, standing: Service) -> None:
    host = standing.host
    repository, pull, head = opened(host, shop)
    wait_until(lambda: concluded(repository, head), "the check")
    is_quiet(standing)
    calls = len(host.journal.asked("POST", "/repos/<owner>/<repo>/pulls/<int:number>/reviews"))
    host.deliver("pull_request", host.payload("reopened", repository, pull))
    is_quiet(standing)
    assert len(our_reviews(pull)) == 1
    assert len(our_checks(repository, head)) == 1
    assert len(host.journal.asked("POST", "/repos/<owner>/<repo>/pulls/<int:number>/reviews")) == calls


def test_five_pushes_in_a_row_get_one_review_of_the_last_head(host: StandIn, shop: Shop, serve: Start) -> None:
    service = serve(ENGINE__QUIET_S=8)
    repository = host.add_repository("acme", shop.name, shop.git_dir)
    shop.git("checkout", "-q", "-b", "feature", "main")
    shop.git("commit", "-q", "--allow-empty", "-m", "start")
    pull = host.open_pull_request(repository, "main", "feature", "Charge", "", author="dana")
    wait_until(lambda: concluded(repository, pull.head_sha), "the first, empty head")
    heads = [shop.commit(number) for number in range(5)]
    for head in heads:
        host.push(repository, pull, head)
        wait_until(lambda head=head: is_told(host, head), "its delivery")
    wait_until(lambda: concluded(repository, heads[-1]), "the check of the last head")
    is_quiet(service)
    assert [len(our_checks(repository, head)) for head in heads] == [0, 0, 0, 0, 1]
    (review,) = our_reviews(pull)
    assert review.commit_id == heads[-1]


def test_a_rerun_of_the_check_reviews_again_without_repeating_itself(shop: Shop, standing: Service) -> None:
    host = standing.host
    repository, pull, head = opened(host, shop)
    wait_until(lambda: concluded(repository, head), "the check")
    is_quiet(standing)
    reads = len(host.journal.asked("GET", "/repos/<owner>/<repo>/pulls/<int:number>/files"))
    host.rerequest_check(repository, our_checks(repository, head)[0].id)
    wait_until(
        lambda: len(host.journal.asked("GET", "/repos/<owner>/<repo>/pulls/<int:number>/files")) > reads, "a re-run"
    )
    is_quiet(standing)
    assert len(our_reviews(pull)) == 1
    assert concluded(repository, head)


def test_the_merge_queue_is_answered_at_once_from_the_reviewed_head(shop: Shop, standing: Service) -> None:
    host = standing.host
    repository, pull, head = opened(host, shop)
    wait_until(lambda: concluded(repository, head), "the check")
    shop.git("checkout", "-q", "-b", "queue", "main")
    shop.git("merge", "-q", "--no-ff", "-m", "queue", "feature")
    merged = shop.git("rev-parse", "HEAD")
    host.queue_merge(repository, "main", merged, pull)
    wait_until(lambda: concluded(repository, merged), "the queue's check")
    (check,) = our_checks(repository, merged)
    assert check.conclusion == "success"
    assert f"#{pull.number}" in check.title


def test_a_pull_request_pointed_at_another_base_is_reviewed_anew_without_repeating_itself(
    shop: Shop, standing: Service
) -> None:
    service, host = standing, standing.host
    shop.git("checkout", "-q", "-b", "release", "main")
    shop.git("commit", "-q", "--allow-empty", "-m", "A release")
    repository, pull, head = opened(host, shop)
    wait_until(lambda: concluded(repository, head), "the check")
    wait_until(lambda: service.recorded("reviews", repository) == 1, "the record")
    host.retarget(repository, pull, "release")
    wait_until(lambda: service.recorded("reviews", repository) == 2, "the second record")
    is_quiet(service)
    assert len(our_reviews(pull)) == 1
    assert len(our_checks(repository, head)) == 1
    assert concluded(repository, head)


def test_a_draft_is_left_alone_until_it_is_ready(shop: Shop, standing: Service) -> None:
    host = standing.host
    repository = host.add_repository("acme", shop.name, shop.git_dir)
    head = shop.branch("feature", 1)
    pull = host.open_pull_request(repository, "main", "feature", "Charge", "", author="dana", is_draft=True)
    wait_until(lambda: is_told(host, head), "its delivery")
    is_quiet(standing)
    assert our_checks(repository, head) == []
    host.mark_ready(repository, pull)
    wait_until(lambda: concluded(repository, head), "the check")
    assert len(our_reviews(pull)) == 1


def test_what_was_opened_during_an_hour_of_downtime_is_found_and_reviewed(
    host: StandIn, shop: Shop, serve: Start
) -> None:
    service = serve(ENGINE__RECONCILE_EVERY_S=1)
    assert service.stop() == 0
    host.courier.target = None  # nothing listens: GitHub's deliveries of this hour are lost
    repository = host.add_repository("acme", shop.name, shop.git_dir)
    pulls = []
    for number in range(3):
        head = shop.branch(f"feature-{number}", number)
        pull = host.open_pull_request(repository, "main", f"feature-{number}", "Charge", "", author="dana")
        pulls.append((pull, head))
    service.start()
    for pull, head in pulls:
        wait_until(lambda head=head: concluded(repository, head), "a check on what was missed")
        assert len(our_reviews(pull)) == 1


def test_a_head_that_is_outrun_while_the_model_thinks_is_not_reviewed_and_its_check_ends(
    host: StandIn, shop: Shop, serve_with_model: Start, model: SmallModel
) -> None:
    service = serve_with_model(ENGINE__QUIET_S=30)  # so that the push itself does not stop the run
    outrun: list[str] = []
    repository, pull, first = opened(host, shop)

    def push() -> None:
        if not outrun:
            outrun.append(shop.commit(2))
            host.courier.target = None  # the push is not announced: the run must see for itself
            host.push(repository, pull, outrun[0])

    model.before_answer = push
    wait_until(lambda: bool(outrun) and concluded(repository, first), "the end of the first head's check")
    assert [review.commit_id for review in our_reviews(pull) if review.commit_id == first] == []
    assert "a newer head" in our_checks(repository, first)[0].title
    assert service.stop() == 0


def stop_while_the_model_thinks(
    model: SmallModel, repository: Repository, head: str, stop: Callable[[], None]
) -> list[float]:
    """Does what stops the review, once the model has been asked; the answer comes when the check has ended."""
    stopped: list[float] = []

    def act() -> None:
        if not stopped:
            assert our_checks(repository, head)[0].status == "in_progress"
            stopped.append(time.monotonic())
            stop()
        wait_until(lambda: concluded(repository, head), "the end of the check")

    model.before_answer = act
    return stopped


@pytest.mark.parametrize("kills_the_worker", [False, True])
def test_the_check_of_a_head_outrun_by_an_announced_push_ends(
    host: StandIn, shop: Shop, serve_with_model: Start, model: SmallModel, kills_the_worker: bool
) -> None:
    service = serve_with_model(ENGINE__QUIET_S=1)
    repository, pull, first = opened(host, shop)
    newer: list[str] = []

    def push() -> None:
        newer.append(shop.commit(2))
        host.push(repository, pull, newer[0])
        if kills_the_worker:
            wait_until(lambda: len(host.courier.deliveries()) > 1, "the delivery of the push")
            service.kill("worker")

    stop_while_the_model_thinks(model, repository, first, push)
    wait_until(lambda: concluded(repository, first), "the end of the first head's check")
    wait_until(lambda: concluded(repository, newer[0]), "the check of the newer head")
    (check,) = our_checks(repository, first)
    assert (check.conclusion, check.title) == ("neutral", f"Stopped: superseded by {newer[0][:10]}")
    assert [review.commit_id for review in our_reviews(pull)] == [newer[0]]


@pytest.mark.parametrize("becomes", ["closed", "a draft again"])
def test_the_check_of_a_review_stopped_by_its_pull_request_ends(
    host: StandIn, shop: Shop, serve_with_model: Start, model: SmallModel, becomes: str
) -> None:
    serve_with_model()
    repository, pull, head = opened(host, shop)
    stop = host.close_pull_request if becomes == "closed" else host.convert_to_draft
    stop_while_the_model_thinks(model, repository, head, lambda: stop(repository, pull))
    wait_until(lambda: concluded(repository, head), "the end of the check")
    (check,) = our_checks(repository, head)
    assert (check.conclusion, check.title) == ("neutral", f"Stopped: the pull request is {becomes}")
    assert our_reviews(pull) == []
