"""One review of one head: opened, examined, published, concluded, recorded, each once, whatever crashes in between."""

import threading
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from bot.domain import Ask, CheckDraft, PullRequest, Review, ReviewEnd, Step
from bot.errors import LedgerError, RateLimited, SeawallError
from bot.github import GitHubPublisher
from bot.metrics import count_review
from bot.review.following import Recalled, follow_points, keep_points, read_now, recall, tidy_threads, with_points
from bot.review.lifecycle import Followed
from bot.review.pipeline import examine_again
from bot.review.proving.record import Proved
from bot.review.proving.reviewing import prove_fresh, with_proofs_told
from bot.review.publishing import Outcome, final_check, publish, superseded_by
from bot.review.stages import Examined
from bot.review.threads import OwnThreads
from bot.review.wiring import Wiring
from bot.settings import Mode, Policy, skip_reason


class Run:
    """`is_late`: the model's part, after a review that had to do without it."""

    def __init__(
        self, wiring: Wiring, pull_request: PullRequest, generation: int, step: Step, ask: Ask, is_late: bool = False
    ) -> None:
        self._wiring = wiring
        self._pull_request = pull_request
        self._generation = generation
        self._step = step
        self._ask = ask
        self._is_late = is_late
        self._publisher = GitHubPublisher(wiring.host, pull_request)
        self._is_shown = False
        """True once this run has shown on the check that it is under way."""

    def go(self) -> ReviewEnd:
        """The whole run. Raises RetryableError where it should be run again later."""
        try:
            return self._go()
        except RateLimited as limited:
            if self._is_shown:
                self._say_when(limited)
            raise

    def _go(self) -> ReviewEnd:
        opened = self._step("open", self._reopen if self._is_late else self._open)
        if "end" in opened:
            return ReviewEnd.from_json(opened["end"])
        self._is_shown = opened.get("is_shown", False)
        recalled = Recalled.from_json(self._step("recall", self._recall))
        desk = self._wiring.desk_of(self._pull_request)
        examined = examine_again(desk, self._step, self._ask, recalled.background)
        if self._is_late and (missing := examined.review.receipt.model_missing_because):
            return ReviewEnd(state="degraded", reason=missing)
        return self._close(examined, recalled, opened["at"], opened.get("back_from", ""))

    def _say_when(self, limited: RateLimited) -> None:
        """Tells on the check when the review goes on; where not even that is allowed, the check stays as it is."""
        resumes = self._wiring.clock().astimezone(UTC) + timedelta(seconds=limited.retry_after_s or 0)
        with suppress(SeawallError):
            self._publisher.begin(CheckDraft(title=f"GitHub limits our requests; resumes about {resumes:%H:%M} UTC"))

    def _open(self) -> dict[str, Any]:
        """Decides whether this head is to be reviewed, and shows that it is under way."""
        pull_request = self._pull_request
        if reason := self._not_served():
            return _ended("done", reason)
        if self._generation == 0 and self._wiring.is_settled(pull_request):
            return _ended("done", "this head has its review already")
        source = self._wiring.source_of(pull_request)
        looking = threading.Thread(target=self._look_ahead, daemon=True)
        looking.start()
        policy = self._wiring.desks.of(pull_request, lambda: source).snapshot.policy
        looking.join()
        if reason := superseded_by(pull_request, source.current):
            return _ended("superseded", reason)
        self._wiring.ledger.keep_pull_request(pull_request)
        if reason := _left_alone(pull_request, policy):
            if policy.mode is not Mode.SHADOW and not pull_request.is_draft:
                self._publisher.conclude(CheckDraft(conclusion="neutral", title=f"Left alone: {reason}"))
            return _ended("done", reason)
        if reason := self._paused():
            if policy.mode is not Mode.SHADOW:
                # A gate is not opened by telling the reviewer to look away.
                conclusion: Literal["failure", "neutral"] = "failure" if policy.mode is Mode.GATE else "neutral"
                self._publisher.conclude(CheckDraft(conclusion=conclusion, title=f"Not reviewed: {reason}"))
            return _ended("done", reason)
        if policy.mode is not Mode.SHADOW:
            self._publisher.begin(CheckDraft(title="Reviewing …"))
            self._is_shown = True
        back_from = self._wiring.came_back_from(pull_request)
        return {"at": self._wiring.now(), "back_from": back_from, "is_shown": self._is_shown}

    def _look_ahead(self) -> None:
        """Sees whether this head has a check, unless the record says that it cannot have one."""
        is_first = False
        with suppress(LedgerError):  # a look is always right
            is_first = self._wiring.ledger.begin_review(self._pull_request, self._wiring.now())
        if is_first:
            self._publisher.expect_no_check()
        else:
            self._publisher.look_ahead()

    def _reopen(self) -> dict[str, Any]:
        """Reads anew, and decides whether the model's part is still wanted."""
        source = self._wiring.source_of(self._pull_request)
        self._wiring.desks.clear(self._pull_request)
        self._wiring.desks.of(self._pull_request, lambda: source)
        if reason := self._not_served() or superseded_by(self._pull_request, source.current):
            return _ended("superseded", reason)
        return {"at": self._wiring.now()}

    def _close(self, examined: Examined, recalled: Recalled, started_at: str, back_from: str) -> ReviewEnd:
        """Publishes, concludes the check, tidies up, records. `back_from`: where this head was read before."""
        desk = self._wiring.desk_of(self._pull_request)
        snapshot, policy, ledger = desk.snapshot, desk.snapshot.policy, self._wiring.ledger
        known = self._step("follow", lambda: self._follow(examined, recalled))
        followed = Followed.from_json(known["followed"])
        took_s = (datetime.fromisoformat(known["at"]) - datetime.fromisoformat(started_at)).total_seconds()
        review = with_points(examined.review, followed, recalled)
        receipt = review.receipt.model_copy(update={"duration_s": round(took_s, 3)})
        review = review.model_copy(update={"receipt": receipt})
        outcome = Outcome(said={finding.fingerprint: "held" for finding in followed.fresh})
        if policy.mode is not Mode.SHADOW:
            proofs = prove_fresh(desk, followed.fresh, self._step, self._ask)
            review = with_proofs_told(review, proofs)
            outcome = Outcome.from_json(
                self._step("publish", lambda: self._publish(review, followed, back_from, proofs).to_json())
            )
            if reason := outcome.superseded_by:
                stopped = CheckDraft(conclusion="neutral", title=f"Stopped: {reason}")
                self._step("conclude", lambda: self._publisher.conclude(stopped))
                return ReviewEnd(state="superseded", reason=reason)
            said = {finding.fingerprint: "earlier" for finding in review.findings} | outcome.said
            check = final_check(review, snapshot, said, self._wiring.own_host)
            self._step("conclude", lambda: self._publisher.conclude(check))
            self._is_shown = False
            threads = OwnThreads(self._wiring.host, self._pull_request)
            tidy_threads(threads, followed, self._pull_request.head_sha, self._step, recalled.dismissed)
        kind = "followup" if self._is_late else "review"
        when = (started_at, known["at"])

        def record() -> None:
            digests = read_now(desk, examined)
            # The receipt comes last: once it is there, this head is not reviewed again.
            keep_points(ledger, self._pull_request, recalled, followed, outcome)
            self._wiring.keep(self._pull_request, self._generation, kind, policy, review, outcome, *when, digests)
            count_review(review)

        self._step("record", record)
        self._wiring.desks.clear(self._pull_request)
        is_away = receipt.model_missing_because and not receipt.model_is_refused
        return ReviewEnd(state="degraded" if is_away else "done", reason=receipt.reason)

    def _recall(self) -> dict[str, Any]:
        desk, now = self._wiring.desk_of(self._pull_request), self._wiring.now()
        is_full = self._generation > 0
        return recall(self._wiring.ledger, self._pull_request, desk, now, is_full).to_json()

    def _follow(self, examined: Examined, recalled: Recalled) -> dict[str, Any]:
        desk, at = self._wiring.desk_of(self._pull_request), self._wiring.now()
        followed = follow_points(self._wiring.ledger, self._pull_request, desk, examined, recalled, at)
        return {"followed": followed.to_json(), "at": at}

    def _publish(self, review: Review, followed: Followed, back_from: str, proofs: Mapping[str, Proved]) -> Outcome:
        snapshot, own_host = self._wiring.desk_of(self._pull_request).snapshot, self._wiring.own_host
        fresh = followed.fresh
        return publish(
            self._publisher,
            self._pull_request,
            review,
            fresh,
            snapshot,
            own_host,
            self._generation,
            self._is_late,
            back_from,
            proofs,
        )

    def _paused(self) -> str:
        """Why people want no review now; what one of them asks for in so many words, runs all the same."""
        pull_request = self._pull_request
        if self._generation > 0:
            return ""
        paused = self._wiring.ledger.paused(pull_request.repository.id, pull_request.number)
        return f"reviews are paused, {paused}" if paused else ""

    def _not_served(self) -> str:
        if self._wiring.settings.paused:
            return "Seawall is paused"
        if not self._wiring.serves(self._pull_request.repository):
            return f"{self._pull_request.repository.full_name} is not on the list of repositories"
        return ""


def _left_alone(pull_request: PullRequest, policy: Policy) -> str:
    return skip_reason(
        policy,
        pull_request.author,
        pull_request.author_is_bot,
        pull_request.title,
        pull_request.labels,
        pull_request.is_draft,
    )


def _ended(state: str, reason: str) -> dict[str, Any]:
    return {"end": {"state": state, "reason": reason}}
