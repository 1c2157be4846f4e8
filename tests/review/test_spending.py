"""Who pays for a question, and until when anybody waits for its answer."""

import time

from bot.domain import PullRequest, Repository
from bot.llm.occasion import current_occasion
from bot.review.spending import spending_on

PULL_REQUEST = PullRequest(
    repository=Repository(id=7, owner="acme", name="shop"), number=1, base_ref="main", base_sha="b" * 40,
    head_ref="x", head_sha="a" * 40, title="t", author="mona", url="https://github.com/acme/shop/pull/1",
    created_at="2026-11-22T12:00:00Z",
)  # fmt: skip


def test_a_question_is_booked_to_its_pull_request_and_nothing_after_it_is():
    with spending_on(PULL_REQUEST):
        occasion = current_occasion()
        assert occasion is not None
        assert (occasion.review_key, occasion.repository_id) == (PULL_REQUEST.review_key, 7)
        assert (occasion.organisation, occasion.is_review, occasion.deadline) == ("acme", False, None)
    assert current_occasion() is None


def test_the_time_of_a_review_is_the_time_of_its_questions():
    before = time.monotonic()
    with spending_on(PULL_REQUEST, is_review=True, left_s=30.0):
        occasion = current_occasion()
    assert occasion is not None
    assert occasion.is_review
    assert occasion.deadline is not None
    assert before + 30.0 <= occasion.deadline <= time.monotonic() + 30.0
