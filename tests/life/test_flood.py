"""Two hundred commands in a minute on one pull request, against the whole service: answered or refused, once, and
nobody's push has to wait for them."""

import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing

import pytest

from bot.demo.standin import StandIn
from tests.service.conftest import host, serve, shop
from tests.service.harness import PATIENCE_S, Service, Shop, concluded, our_reviews, wait_until

__all__ = ["host", "serve", "shop"]

PEOPLE = ("dana", "erin", "femi", "gus", "hana")
EACH = 40
LIMIT = 10
US = "seawall[bot]"


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_two_hundred_comments_get_fifty_answers_and_five_notices(
    host: StandIn, shop: Shop, serve: Callable[..., Service]
) -> None:
    service = serve(GITHUB__WRITES_PER_MINUTE=400)  # else the test takes as long as GitHub's own limit
    repository = host.add_repository("acme", "shop", shop.git_dir)
    head = shop.branch("feature", 1)
    pull = host.open_pull_request(repository, "main", "feature", "Charge", "", author="dana")
    wait_until(lambda: concluded(repository, head), "the first check")
    people = [host.person(repository, login, "write") for login in PEOPLE]
    asked = []
    for turn in range(EACH):
        asked += [person.comment(pull, "/seawall whoami") for person in people]
        if turn == EACH // 2:
            head = shop.commit(2)
            host.push(repository, pull, head)
            pushed_at = time.monotonic()
    wait_until(lambda: concluded(repository, head), "the check of the push in between")
    waited_s = time.monotonic() - pushed_at
    assert _ended(service) < len(asked) or waited_s < PATIENCE_S, f"the push waited {waited_s:.0f} s"
    wait_until(lambda: _ended(service) == len(asked), "an end to each command", 3 * PATIENCE_S)
    wait_until(lambda: sum(map(_is_ended, asked)) >= len(PEOPLE) * (LIMIT + 1), "the last reactions", 3 * PATIENCE_S)
    ours = [comment for comment in list(pull.comments.values()) if comment.user.login == US]
    notices = [comment for comment in ours if "More than 10 commands in a minute" in comment.body]
    ends = Counter((comment.user.login, _end(comment)) for comment in asked)
    assert len(ours) == len(PEOPLE) * (LIMIT + 1), "each within the limit answered, and one notice for each person"
    assert len(notices) == len(PEOPLE)
    each = {"rocket": LIMIT, "confused": 1, "": EACH - LIMIT - 1}
    assert ends == {(login, end): count for login in PEOPLE for end, count in each.items()}
    run_ids = [comment.body.rpartition("_`")[2].partition("`")[0] for comment in ours]
    assert len(set(run_ids)) == len(ours), "no command is answered twice"
    assert service.ledger().counts()["commands"] == len(asked)
    assert len([review for review in our_reviews(pull) if review.body]) == 1, "the push brought nothing new to say"


def _end(comment: object) -> str:
    return next((each.content for each in comment.reactions if each.content != "eyes"), "")  # type: ignore[attr-defined]


def _ended(service: Service) -> int:
    """Commands of which the record says what came of them."""
    with closing(sqlite3.connect(service.data / "ledger.sqlite")) as record:
        return int(record.execute("SELECT COUNT(*) FROM commands WHERE ended_at != ''").fetchone()[0])


def _is_ended(comment: object) -> bool:
    return bool(_end(comment))
