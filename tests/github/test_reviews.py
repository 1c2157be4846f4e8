"""Saying things once: one review a head, whatever happens on the way."""

from collections.abc import Callable

import pytest
import requests

from bot.demo import standin
from bot.demo.standin import Broken, ConnectionReset, PrimaryLimit, SecondaryLimit, ServerError, StandIn
from bot.demo.standin.faults import Effect
from bot.domain import Comment, PullRequest, ReviewDraft
from bot.errors import HostUnavailable, RateLimited, Rejected
from bot.github import GitHubHost, GitHubPublisher
from tests.github.conftest import Calls, HostFactory, Time

MARKER = "<!-- seawall:review:1 -->"
REVIEWS = ".*/reviews$"


def comment(start: int, end: int, path: str = "app.py") -> Comment:
    text = f"Lines {start} to {end}."
    return Comment(path=path, start_line=start, end_line=end, body=text, fingerprint=f"{path}:{start}")


DRAFT = ReviewDraft(
    marker=MARKER,
    body=f"Two things.\n{MARKER}",
    comments=(comment(10, 11), comment(62, 62)),
    body_alone=f"Two things, in one text.\n{MARKER}",
)


@pytest.fixture
def publisher(host: GitHubHost, pull: PullRequest) -> GitHubPublisher:
    return GitHubPublisher(host, pull)


def without_graphql(there: StandIn) -> None:
    there.fail(ServerError(501), "POST", ".*/graphql", times=None)


with_and_without_graphql = pytest.mark.parametrize(
    "spoil", [lambda there: None, without_graphql], ids=["graphql", "rest"]
)


def test_a_review_is_posted_with_its_comments_in_place(
    publisher: GitHubPublisher, pull_there: standin.PullRequest
) -> None:
    posted = publisher.post(DRAFT)
    [review] = pull_there.reviews.values()
    placed = [(one.path, one.start_line, one.line, one.side) for one in pull_there.review_comments.values()]
    assert placed == [("app.py", 10, 11, "RIGHT"), ("app.py", None, 62, "RIGHT")]
    assert (review.id, review.body, review.state) == (posted.review_id, DRAFT.body, "COMMENTED")
    assert posted.comment_ids == dict(zip(["app.py:10", "app.py:62"], sorted(pull_there.review_comments), strict=True))
    assert posted.url.endswith(f"#pullrequestreview-{review.id}")
    assert (posted.was_there, posted.inline_refused) == (False, False)


@with_and_without_graphql
def test_a_review_that_is_there_is_not_posted_again(
    there: StandIn,
    host: GitHubHost,
    pull: PullRequest,
    pull_there: standin.PullRequest,
    spoil: Callable[[StandIn], None],
) -> None:
    spoil(there)
    first = GitHubPublisher(host, pull).post(DRAFT)
    again = GitHubPublisher(host, pull).post(DRAFT)
    assert len(pull_there.reviews) == 1
    assert again.was_there
    assert (again.review_id, again.comment_ids) == (first.review_id, first.comment_ids)


@with_and_without_graphql
@pytest.mark.parametrize(
    "lost",
    [
        ServerError(502, after_write=True),
        ServerError(504, after_write=True),
        ConnectionReset(after_write=True),
        Broken("truncated"),
        Broken("garbage"),
    ],
    ids=["502", "504", "reset", "truncated", "garbage"],
)
def test_a_review_stored_with_its_answer_lost_is_there_once(
    there: StandIn,
    publisher: GitHubPublisher,
    pull_there: standin.PullRequest,
    times: Time,
    lost: Effect,
    spoil: Callable[[StandIn], None],
) -> None:
    spoil(there)
    there.fail(lost, "POST", REVIEWS)
    posted = publisher.post(DRAFT)
    assert list(pull_there.reviews) == [posted.review_id]
    assert len(posted.comment_ids) == 2
    assert any(2 <= slept <= 3 for slept in times.slept_s)


def test_a_review_lost_on_its_way_is_sent_again(
    there: StandIn, publisher: GitHubPublisher, pull_there: standin.PullRequest
) -> None:
    there.fail(ServerError(502), "POST", REVIEWS, times=2)
    posted = publisher.post(DRAFT)
    assert list(pull_there.reviews) == [posted.review_id]


def test_a_review_that_stays_lost_is_left_for_later(
    there: StandIn, publisher: GitHubPublisher, pull_there: standin.PullRequest, calls: Calls
) -> None:
    there.fail(ServerError(502), "POST", REVIEWS, times=None)
    with pytest.raises(HostUnavailable, match="lost the answer 3 times"):
        publisher.post(DRAFT)
    assert len(calls.of("POST", "/reviews")) == 3
    assert not pull_there.reviews


def test_a_secondary_limit_is_raised_with_its_wait_and_the_review_is_not_sent_again(
    there: StandIn, publisher: GitHubPublisher, calls: Calls, times: Time
) -> None:
    there.fail(SecondaryLimit(retry_after_s=17), "POST", REVIEWS)
    with pytest.raises(RateLimited) as limited:
        publisher.post(DRAFT)
    assert limited.value.retry_after_s == 17
    assert calls.of("POST", "/reviews") == [403]
    assert times.slept_s == []


def test_a_primary_limit_far_away_is_raised_at_once(
    there: StandIn, publisher: GitHubPublisher, times: Time, calls: Calls
) -> None:
    there.fail(PrimaryLimit(resets_in_s=1800), "POST", REVIEWS)
    with pytest.raises(RateLimited) as limited:
        publisher.post(DRAFT)
    assert 1700 < (limited.value.retry_after_s or 0) < 1900
    before = len(calls)
    with pytest.raises(RateLimited):
        publisher.post(DRAFT)
    assert len(calls) == before, "nothing is sent while the limit holds"
    assert times.slept_s == []


def test_comments_that_github_refuses_go_into_the_text(
    publisher: GitHubPublisher, pull_there: standin.PullRequest
) -> None:
    posted = publisher.post(DRAFT.model_copy(update={"comments": (comment(30, 30),)}))
    [review] = pull_there.reviews.values()
    assert (review.body, posted.inline_refused, posted.comment_ids) == (DRAFT.body_alone, True, {})
    assert not pull_there.review_comments


def test_refused_comments_are_remembered_when_the_review_is_found_again(
    host: GitHubHost, pull: PullRequest, pull_there: standin.PullRequest
) -> None:
    draft = DRAFT.model_copy(update={"comments": (comment(30, 30),)})
    GitHubPublisher(host, pull).post(draft)
    again = GitHubPublisher(host, pull).post(draft)
    assert (again.was_there, again.inline_refused) == (True, True)


def test_a_review_refused_as_a_whole_is_raised(publisher: GitHubPublisher, calls: Calls) -> None:
    too_long = DRAFT.model_copy(update={"body": MARKER + "x" * 70_000, "comments": ()})
    with pytest.raises(Rejected, match="too long"):
        publisher.post(too_long)
    assert calls.of("POST", "/reviews") == [422]


def test_nobody_asks_himself_for_changes(
    there: StandIn, a_host: HostFactory, pull: PullRequest, pull_there: standin.PullRequest
) -> None:
    own = a_host(token=there.token_for("dana"))
    GitHubPublisher(own, pull).post(DRAFT.model_copy(update={"event": "REQUEST_CHANGES"}))
    [review] = pull_there.reviews.values()
    assert (review.state, len(pull_there.review_comments)) == ("COMMENTED", 2)


@with_and_without_graphql
def test_a_marker_copied_by_somebody_else_does_not_silence_us(
    there: StandIn,
    publisher: GitHubPublisher,
    pull_there: standin.PullRequest,
    spoil: Callable[[StandIn], None],
) -> None:
    spoil(there)
    mallory = {"Authorization": f"Bearer {there.token_for('mallory')}"}
    url = f"{there.base_url}/repos/acme/shop/pulls/{pull_there.number}/reviews"
    body = {"body": f"Me too. {MARKER}", "event": "COMMENT"}
    assert requests.post(url, json=body, headers=mallory, timeout=5).status_code == 200
    assert publisher.standing(MARKER).review_id is None
    assert not publisher.post(DRAFT).was_there
    assert len(pull_there.reviews) == 2


@with_and_without_graphql
def test_a_double_review_is_taken_back_when_it_is_seen(
    there: StandIn,
    host: GitHubHost,
    pull: PullRequest,
    pull_there: standin.PullRequest,
    spoil: Callable[[StandIn], None],
) -> None:
    spoil(there)
    first = GitHubPublisher(host, pull).post(DRAFT)
    post_blindly(host, pull, DRAFT)
    assert len(pull_there.review_comments) == 4
    assert GitHubPublisher(host, pull).standing(MARKER).review_id == first.review_id
    kept, double = pull_there.reviews.values()
    assert (kept.id, kept.body) == (first.review_id, DRAFT.body)
    assert MARKER not in double.body
    assert set(pull_there.review_comments) == set(first.comment_ids.values())


def post_blindly(host: GitHubHost, pull: PullRequest, draft: ReviewDraft) -> None:
    """As a worker does whose look came too early to see the other one's review."""
    publisher = GitHubPublisher(host, pull)
    publisher._looked_for = (draft.marker, host.clock())
    publisher.post(draft)


@with_and_without_graphql
def test_standing_tells_how_the_pull_request_is_now(
    there: StandIn,
    shop_there: standin.Repository,
    pull_there: standin.PullRequest,
    pull: PullRequest,
    publisher: GitHubPublisher,
    spoil: Callable[[StandIn], None],
) -> None:
    spoil(there)
    now = publisher.standing(MARKER)
    assert (now.is_open, now.is_draft, now.head_sha, now.base_sha, now.review_id) == (
        True,
        False,
        pull.head_sha,
        pull.base_sha,
        None,
    )
    there.convert_to_draft(shop_there, pull_there)
    there.close_pull_request(shop_there, pull_there)
    now = publisher.standing(MARKER)
    assert (now.is_open, now.is_draft) == (False, True)


@with_and_without_graphql
def test_our_review_is_found_behind_a_hundred_others(
    there: StandIn,
    host: GitHubHost,
    pull: PullRequest,
    pull_there: standin.PullRequest,
    spoil: Callable[[StandIn], None],
) -> None:
    spoil(there)
    posted = GitHubPublisher(host, pull).post(DRAFT)
    robin = {"Authorization": f"Bearer {there.token_for('robin')}"}
    url = f"{there.base_url}/repos/acme/shop/pulls/{pull_there.number}/reviews"
    with requests.Session() as session:
        for number in range(105):
            session.post(url, json={"body": f"Opinion {number}", "event": "COMMENT"}, headers=robin, timeout=5)
    assert GitHubPublisher(host, pull).standing(MARKER).review_id == posted.review_id


def test_a_review_that_shows_only_after_it_was_sent_again_is_not_left_double(
    there: StandIn,
    publisher: GitHubPublisher,
    pull_there: standin.PullRequest,
    pull: PullRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """GitHub stores the review, loses the answer, and one of its servers does not show it yet."""
    there.fail(ServerError(502, after_write=True), "POST", REVIEWS)
    looks = iter([None, None])
    look = publisher._reviews.find
    monkeypatch.setattr(
        publisher._reviews,
        "find",
        lambda marker: next(looks, None) or (look(marker) if len(pull_there.reviews) > 1 else None),
    )
    posted = publisher.post(DRAFT)
    with_marker = [review.id for review in pull_there.reviews.values() if MARKER in review.body]
    assert with_marker == [posted.review_id]
    assert set(pull_there.review_comments) == set(posted.comment_ids.values())
    assert len(pull_there.review_comments) == 2
