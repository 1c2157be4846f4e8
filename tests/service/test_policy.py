"""What a repository and its operator decide: shadow, gate, left alone, paused, and a policy file that is broken."""

import time
from collections.abc import Callable
from pathlib import Path

from bot.demo.standin import PullRequest, Repository, StandIn
from tests.service.harness import Service, Shop, concluded, our_checks, our_reviews, wait_until

Start = Callable[..., Service]


def opened(
    host: StandIn, shop: Shop, policy: str = "", labels: tuple[str, ...] = (), owner: str = "acme"
) -> tuple[Repository, PullRequest, str]:
    """A pull request to a repository that has this policy on its base branch."""
    if policy:
        (shop.folder / ".github").mkdir()
        (shop.folder / ".github/seawall.toml").write_text(policy)
        shop.git("add", ".")
        shop.git("commit", "-q", "-m", "Policy")
    repository = host.add_repository(owner, shop.name, shop.git_dir)
    head = shop.branch("feature", 1)
    pull = host.open_pull_request(repository, "main", "feature", "Charge", "", author="dana", labels=labels)
    return repository, pull, head


def test_in_shadow_everything_is_recorded_and_nothing_is_said(shop: Shop, standing: Service) -> None:
    repository, pull, head = opened(standing.host, shop, 'mode = "shadow"\n')
    wait_until(lambda: standing.recorded("reviews", repository) == 1, "the record")
    assert standing.recorded("findings", repository) == 2
    assert our_reviews(pull) == []
    assert our_checks(repository, head) == []


def test_as_a_gate_a_high_finding_fails_the_check(shop: Shop, standing: Service) -> None:
    repository, pull, head = opened(standing.host, shop, 'mode = "gate"\nrequest_changes = true\n')
    wait_until(lambda: concluded(repository, head), "the check")
    assert our_checks(repository, head)[0].conclusion == "failure"
    assert our_reviews(pull)[0].state == "CHANGES_REQUESTED"


def test_a_branch_cannot_change_the_policy_it_is_judged_by(shop: Shop, standing: Service) -> None:
    repository = standing.host.add_repository("acme", shop.name, shop.git_dir)
    shop.git("checkout", "-q", "-b", "feature")
    (shop.folder / ".github").mkdir()
    (shop.folder / ".github/seawall.toml").write_text('mode = "shadow"\nignore_paths = ["*.py"]\n')
    shop.git("add", ".")
    head = shop.commit(1)
    pull = standing.host.open_pull_request(repository, "main", "feature", "Charge", "", author="dana")
    wait_until(lambda: concluded(repository, head), "the check")
    assert len(pull.review_comments) == 2


def test_a_broken_policy_file_gives_a_review_with_a_visible_note(shop: Shop, standing: Service) -> None:
    repository, pull, head = opened(standing.host, shop, "max_coments = 3\n")
    wait_until(lambda: concluded(repository, head), "the check")
    assert len(our_reviews(pull)) == 1
    assert "did you mean max_comments" in our_checks(repository, head)[0].summary


def test_what_the_organisation_locks_no_repository_can_set_and_the_check_says_so(
    shop: Shop, standing: Service, tmp_path: Path
) -> None:
    theirs = Shop(tmp_path / "theirs", ".github")
    (theirs.folder / "seawall.toml").write_text('mode = "gate"\nmax_comments = 1\n[lock]\nkeys = ["mode"]\n')
    theirs.git("add", ".")
    theirs.git("commit", "-q", "-m", "Policy of all")
    standing.host.add_repository("globex", theirs.name, theirs.git_dir)
    repository, pull, head = opened(standing.host, shop, 'mode = "shadow"\nfail_on = "medium"\n', owner="globex")
    wait_until(lambda: concluded(repository, head), "the check")
    (check,) = our_checks(repository, head)
    assert check.conclusion == "failure"
    assert "the organisation has locked it" in check.summary
    assert len(pull.review_comments) == 1


def test_a_label_leaves_a_pull_request_alone_and_says_so(shop: Shop, standing: Service) -> None:
    repository, pull, head = opened(standing.host, shop, labels=("no-seawall",))
    wait_until(lambda: concluded(repository, head), "the check")
    (check,) = our_checks(repository, head)
    assert (check.conclusion, our_reviews(pull)) == ("neutral", [])
    assert "no-seawall" in check.title


def test_while_paused_deliveries_are_kept_and_nothing_is_reviewed(host: StandIn, shop: Shop, serve: Start) -> None:
    service = serve(PAUSED="true", ENGINE__RECONCILE_EVERY_S=1)
    repository, pull, head = opened(host, shop)
    wait_until(lambda: service.ledger().counts()["deliveries"] == 1, "the delivery")
    time.sleep(2)
    assert our_checks(repository, head) == []
    assert our_reviews(pull) == []


def test_with_a_token_a_commit_status_stands_in_for_the_check(host: StandIn, shop: Shop, serve: Start) -> None:
    serve(GITHUB__APP_ID=0, GITHUB__PRIVATE_KEY="", GITHUB__TOKEN=host.token_for("dana"))
    repository, pull, _ = opened(host, shop)
    wait_until(lambda: bool(repository.statuses) and repository.statuses[-1].state != "pending", "the status")
    assert repository.statuses[-1].state == "success"
    assert "2 findings" in (repository.statuses[-1].description or "")
    assert len(pull.reviews) == 1
