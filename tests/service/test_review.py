"""A pull request comes in, a review goes out, and the record stays."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.demo.standin import ServerError, StandIn
from tests.service.harness import Service, Shop, concluded, our_checks, our_reviews, wait_until
from tests.service.model import SmallModel


def test_an_opened_pull_request_gets_one_review_one_check_and_one_record(
    host: StandIn, shop: Shop, serve: Callable[..., Service]
) -> None:
    service = serve()
    repository = host.add_repository("acme", shop.name, shop.git_dir)
    head = shop.branch("feature", 1)
    pull = host.open_pull_request(repository, "main", "feature", "Charge", "", author="dana")
    wait_until(lambda: concluded(repository, head), "the check")
    (review,) = our_reviews(pull)
    (check,) = our_checks(repository, head)
    assert check.conclusion == "neutral"
    assert "by rules only" in check.title
    assert {comment.path for comment in pull.review_comments.values()} == {"pay.py"}
    assert "```suggestion" in "".join(comment.body for comment in pull.review_comments.values())
    wait_until(lambda: service.ledger().counts()["reviews"] == 1, "the record")
    (row,) = service.ledger().recent_reviews()
    assert row["coverage"] == "rules-only"
    assert row["url"].endswith(f"pullrequestreview-{review.id}")
    assert service.stop() == 0


def test_a_clean_pull_request_gets_a_check_and_no_comment(shop: Shop, standing: Service) -> None:
    host = standing.host
    repository = host.add_repository("acme", shop.name, shop.git_dir)
    shop.git("checkout", "-q", "-b", "docs")
    (shop.folder / "pay.py").write_text((shop.folder / "pay.py").read_text() + "\n\nVERSION = 2\n")
    shop.git("commit", "-q", "-a", "-m", "Docs")
    head = shop.git("rev-parse", "HEAD")
    pull = host.open_pull_request(repository, "main", "docs", "Version", "", author="dana")
    wait_until(lambda: concluded(repository, head), "the check")
    assert our_checks(repository, head)[0].conclusion == "success"
    assert our_reviews(pull) == []


def test_the_models_findings_are_verified_and_posted_with_the_rules(
    host: StandIn, shop: Shop, serve_with_model: Callable[..., Service], model: SmallModel
) -> None:
    service = serve_with_model()
    repository = host.add_repository("acme", shop.name, shop.git_dir)
    head = shop.branch("feature", 7)
    pull = host.open_pull_request(repository, "main", "feature", "Charge", "", author="dana")
    wait_until(lambda: concluded(repository, head), "the check")
    bodies = "\n".join(comment.body for comment in pull.review_comments.values())
    assert "Stock is overwritten by concurrent orders" in bodies
    assert "can wait for ever" in bodies
    assert our_checks(repository, head)[0].title.endswith("in 1 file")
    wait_until(lambda: service.ledger().counts()["model_calls"] == 1, "the model call's row")
    assert sum(model.finished.values()) == 1


def test_a_second_push_says_only_what_is_new(shop: Shop, standing: Service) -> None:
    host = standing.host
    repository = host.add_repository("acme", shop.name, shop.git_dir)
    first = shop.branch("feature", 1)
    pull = host.open_pull_request(repository, "main", "feature", "Charge", "", author="dana")
    wait_until(lambda: concluded(repository, first), "the first check")
    (shop.folder / "pay.py").write_text((shop.folder / "pay.py").read_text() + "\n\nVERSION = 2\n")
    shop.git("commit", "-q", "-a", "-m", "Nothing new")
    second = shop.git("rev-parse", "HEAD")
    host.push(repository, pull, second)
    wait_until(lambda: concluded(repository, second), "the second check")
    assert len(our_reviews(pull)) == 1
    assert our_checks(repository, second)[0].conclusion == "neutral"


@pytest.mark.parametrize("has_graphql", [True, False])
def test_a_review_of_one_file_takes_seven_requests_or_eight_without_graphql(
    host: StandIn, shop: Shop, serve: Callable[..., Service], has_graphql: bool
) -> None:
    """Once the process knows who it is and the policy of this base."""
    if not has_graphql:
        host.fail(ServerError(404), "POST", ".*/graphql$", times=None)
    service = serve(ENGINE__RECONCILE_EVERY_S=86400, ENGINE__SWEEP_EVERY_S=86400)  # their rounds ask GitHub, too
    repository = host.add_repository("acme", shop.name, shop.git_dir)
    for number in (1, 2):
        head = shop.branch(f"feature-{number}", number)
        wait_until(service.is_idle, "the end of what goes before")
        host.journal.clear()
        host.open_pull_request(repository, "main", f"feature-{number}", "Charge", "", author="dana")
        wait_until(lambda head=head: concluded(repository, head), "the check")
        wait_until(lambda number=number: service.ledger().counts()["reviews"] == number, "the record")
    asked = [f"{one.method} {one.template.rpartition('>')[2] or one.template}" for one in host.journal.asked()]
    checks, reads = ["POST /check-runs", "PATCH /repos/<owner>/<repo>/check-runs/<int:check_id>"], ["GET /files"]
    reads += (
        ["POST /graphql"] * 2
        if has_graphql
        else [
            "GET /repos/<owner>/<repo>/contents/<path:path>",
            "GET /repos/<owner>/<repo>/pulls/<int:number>",
            "GET /reviews",
        ]
    )
    assert sorted(asked) == sorted([*checks, *reads, "POST /reviews", "GET /comments"])


def test_a_forgotten_person_or_repository_is_in_no_file_of_ours(
    host: StandIn, shop: Shop, serve: Callable[..., Service], tmp_path: Path
) -> None:
    service = serve()
    books = Shop(tmp_path / "books", "books")
    for here, author in ((shop, "dana"), (books, "zelda")):
        repository = host.add_repository("acme", here.name, here.git_dir)
        head = here.branch("feature", 1)
        host.open_pull_request(repository, "main", "feature", "Charge", "", author=author)
        wait_until(lambda repository=repository, head=head: concluded(repository, head), "the check")
        wait_until(lambda repository=repository: service.recorded("reviews", repository) == 1, "the record")
    assert service.stop() == 0
    for option, value, word in (("--user", "zelda", "zelda"), ("--repo", f"acme/{shop.name}", shop.name)):
        assert files_that_name(service, word) == ["engine.sqlite", "ledger.sqlite"]
        said = service.run("forget", option, value, "--yes")
        assert "engine: " in said
        assert "forget again" not in said
        assert files_that_name(service, word) == []


def files_that_name(service: Service, word: str) -> list[str]:
    files = [path for path in service.data.rglob("*") if path.is_file()]
    return sorted({path.name.removesuffix("-wal") for path in files if word.encode() in path.read_bytes()})
