"""Runs a reviewer over cases: what an earlier run has kept is taken, the rest is reviewed, several at a time."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.backtest.parallel import Watch, as_they_come
from bot.domain import Coverage, Model, Occasion, Profile, Review, plain_step
from bot.errors import SeawallError, Superseded
from bot.evals.case import Case
from bot.evals.figures import figures_of, judge
from bot.evals.reading import CaseSource
from bot.evals.report import Figures, Report, Reviewed, Reviewer
from bot.evals.results import Results, key_of
from bot.llm.occasion import asking_for
from bot.review.desks import Desks
from bot.review.pipeline import examine, reason
from bot.review.stages import Desk

RULES_ONLY = "rules-only"
_AT_ONCE = 5
"""Questions of one case under way at a time: as many as there are readings."""
_LONGEST_S = 6 * 3600.0
"""Between two reviews that are ready: questions have deadlines of their own, this one only ends what hangs."""


@dataclass(frozen=True)
class Evaluation:
    """`again`: review also what is kept; a model is not asked again what it has answered. `jobs`: cases at a time."""

    folder: Path
    cases: Sequence[Case]
    reviewer: Reviewer
    results: Results
    max_file_bytes: int
    jobs: int = 1
    again: bool = False

    def run(self, desks: Desks, watch: Watch, clock: Callable[[], float] = time.monotonic) -> Report:
        """Ctrl-C ends it with what there is. Cases that nobody has read are passed over and named."""
        cases = [case for case in self.cases if case.about.read]
        kept = {case.name: review for case in cases if (review := self._at_hand(case))}
        left = [case for case in cases if case.name not in kept]
        reviews = dict(kept)
        is_interrupted = False
        watch("Reviewing", 0, len(left))
        stop = threading.Event()
        try:
            ready = as_they_come(lambda case: self._review(case, desks, clock, stop), left, self.jobs, _LONGEST_S)
            for done, review in enumerate(ready, 1):
                reviews[review.case] = review
                watch("Reviewing", done, len(left))
        except KeyboardInterrupt:
            stop.set()
            is_interrupted = True
        judged = [judge(case, reviews[case.name], case.name in kept) for case in cases if case.name in reviews]
        return Report(
            folder=str(self.folder),
            results=str(self.results.path),
            figures=self._figures(cases, list(reviews.values())),
            judged=tuple(judged),
            unread=tuple(case.name for case in self.cases if not case.about.read),
            ran=len(reviews) - len(kept),
            kept=len(kept),
            is_interrupted=is_interrupted,
            notes=self._notes(reviews.values()),
        )

    def _at_hand(self, case: Case) -> Reviewed | None:
        """The rules cost nothing, so they are always run by what they are today."""
        if self.again or self.reviewer.profile == RULES_ONLY:
            return None
        return self.results.review(case, self.reviewer)

    def _review(self, case: Case, desks: Desks, clock: Callable[[], float], stop: threading.Event) -> Reviewed:
        """Never raises for one case: the others go on."""
        began = clock()
        try:
            desk, review = self._examined(case, desks, stop)
        except SeawallError as broken:
            return Reviewed(
                case=case.name, digest=case.digest, reviewer=self.reviewer, coverage=Coverage.NONE, troubled=str(broken)
            )
        reviewed = self._as_kept(case, desk, review, clock() - began)
        if not reviewed.troubled:
            self.results.keep(reviewed)
        return reviewed

    def _examined(self, case: Case, desks: Desks, stop: threading.Event) -> tuple[Desk, Review]:
        """Each case is a review of its own, with caps and slots of its own."""
        key = f"eval {case.digest} {key_of(self.reviewer)}"
        occasion = Occasion(review_key=key, repository_id=int(case.digest[:7], 16), is_review=True)
        source = CaseSource(case, self.max_file_bytes)
        try:
            desk = desks.lay(source)

            def put(question: dict[str, Any]) -> dict[str, Any]:
                if stop.is_set():
                    raise Superseded("The evaluation was stopped.")
                with asking_for(occasion):
                    return reason(desk, question).to_json()

            def ask(questions: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
                with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="questions") as pool:
                    return list(pool.map(put, questions, timeout=_LONGEST_S))

            with asking_for(occasion):
                return desk, examine(desk, plain_step, ask)
        finally:
            source.close()

    def _as_kept(self, case: Case, desk: Desk, review: Review, took_s: float) -> Reviewed:
        receipt = review.receipt
        is_free = self.reviewer.profile == RULES_ONLY
        return Reviewed(
            case=case.name,
            digest=case.digest,
            reviewer=self.reviewer,
            findings=review.findings,
            dropped=dict(Counter(one.reason for one in review.dropped)),
            coverage=receipt.coverage,
            tokens=receipt.tokens,
            cost_usd=0.0 if is_free else receipt.cost_usd,
            duration_s=round(took_s, 3),
            notes=receipt.notes,
            troubled=_trouble(review, desk, is_free),
        )

    def _figures(self, cases: Sequence[Case], now: Sequence[Reviewed]) -> tuple[Figures, ...]:
        """Of this run, then of every reviewer whose reviews of these very cases are kept, the fullest first."""
        by_name = {case.name: case for case in cases}
        own = key_of(self.reviewer)
        told = [figures_of(self.reviewer, True, by_name, now)]
        earlier = [reviews for key, reviews in self.results.of(cases).items() if key != own]
        for reviews in sorted(earlier, key=len, reverse=True):
            told.append(figures_of(reviews[0].reviewer, False, by_name, reviews))
        return tuple(told)

    def _notes(self, reviews: Iterable[Reviewed]) -> tuple[str, ...]:
        notes = [f"{review.case}: {review.troubled}" for review in reviews if review.troubled]
        if self.results.unreadable:
            notes.append(f"{self.results.unreadable} lines of {self.results.path} cannot be read and were passed over.")
        return tuple(notes)


def _trouble(review: Review, desk: Desk, is_rules_only: bool) -> str:
    """Why this review tells nothing of its reviewer; empty where it does."""
    receipt = review.receipt
    if receipt.coverage is Coverage.NONE:
        return receipt.reason or "nothing was read"
    if is_rules_only:
        return ""
    if desk.model is None:
        return "the policy in before/ keeps this code from the model"
    return receipt.model_missing_because or ("" if receipt.model else "the model was asked nothing")


def reviewer_of(model: Model | None, profile: Profile) -> Reviewer:
    """Who reviews, as results are kept by."""
    if model is None:
        return Reviewer(profile=RULES_ONLY)
    from bot.evals.kept_model import prompts_of  # what only the model's part needs, a run by the rules does without

    return Reviewer(profile=profile, model=model.name, prompts=prompts_of(model, profile))
