"""Bulkheads and throttles: nobody's flood drowns the others."""

from tests.engine.conftest import Builds, House, a_pull_request, until


def _most_at_once(spans: list[tuple[float, float]]) -> int:
    return max(sum(begun <= at < ended for begun, ended in spans) for at, _ in spans)


def _spans(house: House, pull_requests: list) -> list[tuple[float, float]]:
    return [
        (house.record.rows("s1", each.review_key)[0][0], house.record.rows("publish", each.review_key)[0][0])
        for each in pull_requests
    ]


def test_a_repository_has_one_review_at_a_time_and_the_others_do_not_wait_for_it(shared: House) -> None:
    flood = [a_pull_request(repository=6600, step_s=0.2, holds=["s1"]) for _ in range(4)]
    others = [a_pull_request() for _ in range(2)]
    for pull_request in [*flood, *others]:
        shared.want(pull_request)
    for pull_request in others:
        assert shared.await_end(pull_request)["state"] == "done", "none of the flood has ended yet"
    shared.let_go(*flood)
    for pull_request in flood:
        assert shared.await_end(pull_request)["state"] == "done"
    assert _most_at_once(_spans(shared, flood)) == 1


def test_a_worker_runs_no_more_reviews_at_once_than_it_is_told(shared: House) -> None:
    many = [a_pull_request(step_s=0.4) for _ in range(6)]
    for pull_request in many:
        shared.want(pull_request)
    for pull_request in many:
        shared.await_end(pull_request)
    assert _most_at_once(_spans(shared, many)) <= shared.settings.engine.review_concurrency


def test_model_calls_of_all_reviews_together_keep_to_the_limit_per_minute(house: Builds) -> None:
    own = house(review_timeout_s=15.0)
    own.start_worker(llm={"calls_per_minute": 3})
    pull_requests = [a_pull_request(questions=2) for _ in range(3)]
    for pull_request in pull_requests:
        own.want(pull_request)
    ends = [own.await_end(pull_request) for pull_request in pull_requests]
    assert len(own.record.rows("model")) == 3
    assert "degraded" in [end["state"] for end in ends]
    assert all("turn did not come" in end["reason"] for end in ends if end["state"] == "degraded")


def test_a_review_that_takes_too_long_stops_at_its_next_step_and_is_tried_again(embedded: Builds) -> None:
    own = embedded(review_timeout_s=2.0)
    own.start_worker()
    pull_request = a_pull_request(steps=2, step_s=2.2)
    own.want(pull_request)
    until(lambda: own.record.told(pull_request.review_key, "give up"), "the end")
    told = own.record.told(pull_request.review_key)
    assert (told.count("review"), told.count("s2"), told.count("publish")) == (3, 0, 0)
    assert "review_timeout_s" in own.record.rows("give up", pull_request.review_key)[0][3]
