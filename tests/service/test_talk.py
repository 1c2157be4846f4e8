"""People talk to the real service on a pull request, and it answers in the thread."""

import pytest

from bot.demo.standin import PullRequest, Repository, StandIn
from tests.service.harness import Service, Shop, concluded, our_checks, our_reviews, wait_until

US = "seawall[bot]"


@pytest.fixture
def host(standing: Service) -> StandIn:
    return standing.host


@pytest.fixture
def reviewed(standing: Service, shop: Shop) -> tuple[Service, Repository, PullRequest]:
    """A pull request with its first review."""
    host = standing.host
    repository = host.add_repository("acme", shop.name, shop.git_dir)
    head = shop.branch("feature", 1)
    pull = host.open_pull_request(repository, "main", "feature", "Charge", "", author="dana")
    wait_until(lambda: concluded(repository, head), "the check")
    return standing, repository, pull


def answers(pull: PullRequest) -> list[str]:
    return [comment.body for comment in list(pull.comments.values()) if comment.user.login == US]


def reactions(comment: object) -> set[str]:
    return {each.content for each in list(comment.reactions)}  # type: ignore[attr-defined]


def test_a_command_is_seen_answered_and_marked_done(
    host: StandIn, reviewed: tuple[Service, Repository, PullRequest]
) -> None:
    _, repository, pull = reviewed
    asked = host.person(repository, "dana", "write").comment(pull, "/seawall help")
    wait_until(lambda: reactions(asked) == {"eyes", "rocket"}, "the reactions")
    (answer,) = answers(pull)
    assert "dismiss" in answer
    assert "`/seawall help` lists every command" in answer


def test_a_finding_is_dismissed_in_its_own_thread_and_the_record_knows_why(
    host: StandIn, reviewed: tuple[Service, Repository, PullRequest]
) -> None:
    service, repository, pull = reviewed
    dana = host.person(repository, "dana", "write")
    finding = next(each for each in pull.review_comments.values() if "wait for ever" in each.body)
    asked = dana.reply(pull, finding.id, "/seawall dismiss the gateway bounds it")
    wait_until(lambda: "rocket" in reactions(asked), "the dismissal")
    (answer,) = [each for each in pull.review_comments.values() if each.user.login == US and each.in_reply_to]
    assert answer.in_reply_to == finding.id
    assert "the gateway bounds it" in answer.body
    (waiver,) = service.ledger().waivers(repository.id, "2026-11-22T00:00:00Z")
    assert (waiver.kind, waiver.owner, waiver.reason) == ("dismissed", "dana", "the gateway bounds it")


def test_who_may_not_push_is_told_who_may(host: StandIn, reviewed: tuple[Service, Repository, PullRequest]) -> None:
    service, repository, pull = reviewed
    asked = host.person(repository, "mallory", "read").comment(pull, "/seawall pause")
    wait_until(lambda: reactions(asked) == {"eyes", "confused"}, "the refusal")
    (answer,) = answers(pull)
    assert f"whoever can push to {repository.full_name}" in answer
    assert service.ledger().paused(repository.id, pull.number) == ""


def test_a_full_review_is_begun_and_its_end_told_in_the_thread(
    host: StandIn, reviewed: tuple[Service, Repository, PullRequest]
) -> None:
    _, repository, pull = reviewed
    asked = host.person(repository, "dana", "write").comment(pull, "/seawall review full")
    wait_until(lambda: reactions(asked) == {"eyes", "rocket"}, "the end of the review")
    begun, ended = answers(pull)
    assert "is on its way" in begun
    assert f"{repository.full_name}#{pull.number} is reviewed: 2 open findings" in ended
    assert len(our_reviews(pull)) == 1, "nothing new to say"
    assert len({check.head_sha for check in our_checks(repository, pull.head_sha)}) == 1


def test_a_paused_pull_request_is_left_alone_until_it_is_resumed(
    host: StandIn, shop: Shop, reviewed: tuple[Service, Repository, PullRequest]
) -> None:
    _, repository, pull = reviewed
    dana = host.person(repository, "dana", "write")
    asked = dana.comment(pull, "/seawall pause until the release")
    wait_until(lambda: "rocket" in reactions(asked), "the pause")
    head = shop.commit(2)
    host.push(repository, pull, head)
    wait_until(lambda: concluded(repository, head), "the check of the paused head")
    (check,) = our_checks(repository, head)
    assert check.conclusion == "neutral"
    assert "paused" in check.title.lower()
    resumed = dana.comment(pull, "/seawall resume")
    wait_until(lambda: "rocket" in reactions(resumed), "the end of the pause")
    again = dana.comment(pull, "/seawall review")
    wait_until(lambda: "rocket" in reactions(again), "the review")
    assert any("finding" in check.title for check in our_checks(repository, head))


def test_a_bot_and_a_quotation_are_not_heard(host: StandIn, reviewed: tuple[Service, Repository, PullRequest]) -> None:
    service, repository, pull = reviewed
    host.person(repository, "renovate[bot]", "write").comment(pull, "/seawall help")
    dana = host.person(repository, "dana", "write")
    dana.comment(pull, "> /seawall help\n\nWhat does this do?")
    last = dana.comment(pull, "/seawall whoami")
    wait_until(lambda: "rocket" in reactions(last), "the last answer")
    assert len(answers(pull)) == 1
    assert service.recorded("commands", repository) == 1
