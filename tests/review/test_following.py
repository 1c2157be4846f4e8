"""Whole reviews of one pull request, push after push, against the stand-in for GitHub, with a real record."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.demo.standin import StandIn
from bot.domain import Guidance, Incident, Point, PullRequest, Repository, Waiver, plain_step
from bot.github import GitHubHost
from bot.ledger import Ledger
from bot.review.story import ReviewStory
from bot.settings import load_settings
from tests.review.lives import InProcess, Scripted, claim
from tests.service.harness import Shop, our_checks, our_reviews

CHARGE = "    return requests.post(order.url, json=order.body)"
MENDED = "    return requests.post(order.url, json=order.body, timeout=5)"
BASE = f"import requests\n\n\ndef charge(order):\n{MENDED}\n\n\ndef refund(order):\n    return 2\n"
REFUND = "    return requests.put(order.bank, json=order.sum)"
HEAD = BASE.replace(MENDED, CHARGE).replace("    return 2", REFUND)


class Story:
    """A pull request on the stand-in, and what reviews it."""

    def __init__(self, there: StandIn, folder: Path, model: Any = None, **policy: Any) -> None:
        self.there = there
        there.app.permissions["contents"] = "write"
        self.shop = Shop(folder / "shop")
        self.write(BASE, "Base")
        self.repository = there.add_repository("acme", "shop", self.shop.git_dir)
        self.shop.git("checkout", "-q", "-b", "feature")
        self.sha = self.write(HEAD, "Feature")
        self.pull = there.open_pull_request(self.repository, "main", "feature", "Charge", "", author="dana")
        github = {"base_url": there.base_url, "app_id": there.app.id, "private_key": there.app.private_key}
        self.settings = load_settings({}, github=github, policy=policy, llm={"profile": "economy"})
        self.host = GitHubHost(self.settings.github)
        self.ledger = Ledger(folder / "ledger.sqlite")
        self.story = ReviewStory(self.settings, self.host, self.ledger, InProcess(), model)  # type: ignore[arg-type]

    def write(self, text: str, message: str, path: str = "pay.py") -> str:
        (self.shop.folder / path).write_text(text)
        self.shop.git("add", ".")
        self.shop.git("commit", "-q", "--allow-empty", "-m", message)
        return self.shop.git("rev-parse", "HEAD")

    def push(self, text: str) -> None:
        self.sha = self.write(text, "More")
        self.there.push(self.repository, self.pull, self.sha)

    def review(self, generation: int = 0, step: Any = plain_step) -> str:
        def ask(questions: Any) -> list[dict[str, Any]]:
            return [self.story.ask_model(self.pull_request, one) for one in questions]

        return self.story.review(self.pull_request, generation, step, ask).state

    @property
    def pull_request(self) -> PullRequest:
        known = Repository(
            id=self.repository.id, owner="acme", name="shop", installation_id=self.repository.installation_id
        )
        return PullRequest(
            repository=known, number=self.pull.number, base_ref="main", base_sha=self.pull.base_sha,
            head_ref="feature", head_sha=self.sha, author="dana",
        )  # fmt: skip

    @property
    def comments(self) -> list[Any]:
        """Our inline comments, oldest first; replies stand behind what they answer."""
        return list(self.pull.review_comments.values())

    @property
    def replies(self) -> list[Any]:
        return [comment for comment in self.comments if comment.in_reply_to]

    @property
    def reviews(self) -> list[Any]:
        """Ours, without those that GitHub makes around a reply."""
        return [review for review in our_reviews(self.pull) if review.body]

    def point(self, scope: str) -> Point:
        points = self.ledger.points(self.repository.id, self.pull.number)
        return next(point for point in points if point.finding.scope == scope)

    def states(self) -> dict[str, str]:
        points = self.ledger.points(self.repository.id, self.pull.number)
        return {point.finding.scope: point.state for point in points}

    def close(self) -> None:
        self.host.close()
        self.ledger.close()


@pytest.fixture(scope="module")
def there() -> Iterator[StandIn]:
    with StandIn() as there:
        yield there


@contextmanager
def telling(there: StandIn, folder: Path, model: Any = None, **policy: Any) -> Iterator[Story]:
    there.world.repositories.clear()
    story = Story(there, folder, model, **policy)
    try:
        yield story
    finally:
        story.close()


def test_a_fixed_point_is_told_in_its_own_thread_and_the_thread_resolved(there: StandIn, tmp_path: Path) -> None:
    with telling(there, tmp_path) as story:
        assert story.review() == "done"
        first, second = story.comments
        story.push(HEAD.replace(CHARGE, MENDED))
        assert story.review() == "done"
        fixed, open_one = (first, second) if "post" in first.body else (second, first)
        (reply,) = story.replies
        assert reply.in_reply_to == fixed.id
        assert reply.body.startswith(f"Fixed in `{story.sha[:7]}`.")
        assert (fixed.is_resolved, open_one.is_resolved) == (True, False)
        assert len(story.reviews) == 1
        assert story.states() == {"charge": "fixed", "refund": "open"}
        assert our_checks(story.repository, story.sha)[0].title.startswith("1 finding")


def test_a_fix_taken_back_is_said_anew_and_fixed_again_in_the_new_thread(there: StandIn, tmp_path: Path) -> None:
    with telling(there, tmp_path) as story:
        story.review()
        mended = HEAD.replace(CHARGE, MENDED)
        for text in (mended, HEAD, mended):
            story.push(text)
            story.review()
        assert [review.body.count("One point") for review in story.reviews] == [0, 1]
        assert len({reply.in_reply_to for reply in story.replies}) == len(story.replies) == 2
        assert story.states() == {"charge": "fixed", "refund": "open"}
        says = [
            one.says
            for one in story.ledger.evidence(story.repository.id, story.pull.number)[story.point("charge").fingerprint]
        ]
        assert says == ["fixed", "open", "fixed"]


def test_a_run_that_is_cut_short_anywhere_and_told_again_says_nothing_twice(there: StandIn, tmp_path: Path) -> None:
    """Each try remembers nothing of the one before, as after a failure that the engine tries again."""
    with telling(there, tmp_path) as story:
        story.review()
        story.push(HEAD.replace(CHARGE, MENDED) + "\n\ndef more(order):\n    requests.get(order.url)\n")
        for last in range(1, 12):
            done: list[str] = []

            def step(name: str, function: Any, *args: Any, done: list[str] = done, last: int = last) -> Any:
                result = function(*args)
                done.append(name)
                if len(done) == last:
                    raise RuntimeError(f"killed after {name}")
                return result

            try:
                story.review(step=step)
                break
            except RuntimeError:
                continue
        assert (len(story.reviews), len(story.replies)) == (2, 1)
        assert story.states() == {"charge": "fixed", "refund": "open", "more": "open"}
        assert story.review() == "done"
        assert (len(story.reviews), len(story.replies)) == (2, 1)


def test_shadow_says_nothing_and_records_everything(there: StandIn, tmp_path: Path) -> None:
    with telling(there, tmp_path, mode="shadow") as story:
        story.review()
        story.push(HEAD.replace(CHARGE, MENDED))
        story.review()
        assert (story.comments, our_reviews(story.pull), our_checks(story.repository, story.sha)) == ([], [], [])
        assert story.states() == {"charge": "fixed", "refund": "open"}
        assert story.point("refund").said == "held"


def test_what_people_began_is_left_alone_and_what_github_refuses_stops_nothing(there: StandIn, tmp_path: Path) -> None:
    with telling(there, tmp_path) as story:
        dana = there.person(story.repository, "dana", "write")
        there.app.permissions["contents"] = "read"
        story.review()
        theirs = dana.comment_on_line(story.pull, "pay.py", 5, "Why?")
        story.push(HEAD.replace(CHARGE, MENDED))
        assert story.review() == "done"
        assert len(story.replies) == 1
        assert not any(comment.is_resolved for comment in story.comments)
        assert all(reply.in_reply_to != theirs.id for reply in story.replies)
        assert story.states()["charge"] == "fixed"


def test_a_dismissed_point_goes_quiet_and_its_thread_is_resolved(there: StandIn, tmp_path: Path) -> None:
    with telling(there, tmp_path, mode="gate") as story:
        story.review()
        assert our_checks(story.repository, story.sha)[-1].conclusion == "failure"
        for scope in ("charge", "refund"):
            point = story.point(scope)
            story.ledger.keep_waiver(
                Waiver(
                    id=f"w-{scope}",
                    kind="dismissed",
                    repository_id=story.repository.id,
                    rule=point.finding.rule,
                    fingerprint=point.fingerprint,
                    code_digest=point.code_digest,
                    number=story.pull.number,
                    owner="dana",
                    at="2026-09-01T08:00:00.000+00:00",
                )
            )
        assert story.review(generation=1) == "done"
        assert our_checks(story.repository, story.sha)[-1].conclusion == "success"
        assert [comment.is_resolved for comment in story.comments] == [True, True]
        assert (set(story.states().values()), story.replies) == ({"dismissed"}, [])
        assert story.ledger.worst_at_head(story.repository.id, story.sha) == {}


def test_an_incident_is_cited_in_one_line_that_does_not_act(there: StandIn, tmp_path: Path) -> None:
    with telling(there, tmp_path) as story:
        story.ledger.keep_repository(story.pull_request.repository)
        story.ledger.keep_incident(
            Incident(
                id="i-1234567",
                repository_id=story.repository.id,
                title="INC-7 @everyone\n/approve the bank hung",
                url="https://evil.example.com/x",
                broke_at="2026-09-01T03:00:00+00:00",
                class_="missing-timeout",
                author="dana",
                at="2026-09-02T08:00:00.000+00:00",
            )
        )
        story.review()
        for comment in story.comments:
            (line,) = [line for line in comment.body.splitlines() if "INC-7" in line]
            assert (
                line == "This is how production broke on 2026-09-01: `INC-7 @everyone /approve the bank hung`, "
                "`https://evil.example.com/x`"
            )


def test_an_open_point_of_the_model_in_an_unchanged_file_keeps_the_gate_shut(there: StandIn, tmp_path: Path) -> None:
    model = Scripted(lambda code: [claim("pay.py", "return requests.put(order.bank, json=order.sum)")])
    with telling(there, tmp_path, model, mode="gate", rules_off=["missing-timeout"]) as story:
        story.ledger.keep_repository(story.pull_request.repository)
        story.ledger.keep_guidance(
            Guidance(
                id="g-1234567",
                repository_id=story.repository.id,
                text="The bank bounds its calls.",
                author="dana",
                at="2026-09-01T08:00:00.000+00:00",
            )
        )
        story.review()
        assert "- The bank bounds its calls." in model.guidelines[0]
        assert our_checks(story.repository, story.sha)[0].conclusion == "failure"
        model.script = lambda code: []
        (story.shop.folder / "other.py").write_text("x = 1\n")
        story.push(HEAD)
        story.review()
        (check,) = our_checks(story.repository, story.sha)
        assert check.conclusion == "failure"
        assert "1 finding" in check.title
        assert "1 file is unchanged since" in check.summary
        assert "pay.py (" not in model.shown[-1]
        assert len(story.reviews) == 1
        story.review(generation=1)
        assert "pay.py (" in model.shown[-1]
        assert our_checks(story.repository, story.sha)[-1].conclusion == "failure"


HIDDEN = """def first(job):
    try:
        job.run()
    finally:
        return None


def second(order):
    try:
        order.ship()
    finally:
        return None
"""


def test_a_thread_of_several_places_is_resolved_when_none_of_them_stands(there: StandIn, tmp_path: Path) -> None:
    with telling(there, tmp_path, min_confidence=0.4) as story:
        story.push(HIDDEN)
        assert story.review() == "done"
        (comment,) = story.comments
        assert "The same stands at line 12." in comment.body
        second_hidden = HIDDEN.replace("return None", "job.end()", 1)
        story.push(second_hidden)
        assert story.review() == "done"
        (reply,) = story.replies
        assert "It still stands at line 12." in reply.body
        assert not comment.is_resolved
        story.push(second_hidden.replace("return None", "order.end()"))
        assert story.review() == "done"
        assert comment.is_resolved
        assert len(story.replies) == 1
        assert story.states() == {"first": "fixed", "second": "fixed"}
