"""Figures over cases. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence

from bot.domain import ModelUse
from bot.domain.tally import wilson
from bot.evals.case import Case
from bot.evals.matching import match
from bot.evals.report import Figures, Judged, Rate, Reviewed, Reviewer, Share
from bot.weekly.noise import rate_interval


def judge(case: Case, review: Reviewed, is_kept: bool = False) -> Judged:
    """What a review is worth. A remark beyond what is expected is false only where the case is known in full."""
    matched = match(case, review.findings)
    beyond = tuple(review.findings[index] for index in matched.beyond)
    return Judged(
        case=case.name,
        is_clean=case.about.clean,
        expected=len(case.about.expected),
        found=len(matched.found),
        missed=tuple(one.why for index, one in enumerate(case.about.expected) if index not in matched.found),
        again=len(matched.again),
        false=beyond if case.judges_all else (),
        unjudged=() if case.judges_all else beyond,
        comments=len(review.findings),
        is_kept=is_kept,
        troubled=review.troubled,
    )


def figures_of(reviewer: Reviewer, is_now: bool, cases: Mapping[str, Case], reviews: Sequence[Reviewed]) -> Figures:
    """`reviews`: by this reviewer, of these cases, each once. Troubled ones cost, but tell nothing of the reviewer."""
    told = [review for review in reviews if not review.troubled]
    judged = [judge(cases[review.case], review) for review in told]
    clean = [one for one in judged if one.is_clean]
    right, false = sum(one.found for one in judged), sum(len(one.false) for one in judged)
    costs = [review.cost_usd for review in reviews]
    return Figures(
        reviewer=reviewer,
        is_now=is_now,
        cases=len(told),
        recall=share(right, sum(one.expected for one in judged)),
        precision=share(right, right + false),
        quiet=share(sum(not one.comments for one in clean), len(clean)),
        comments=rate(sum(one.comments for one in judged), len(judged)),
        comments_if_clean=rate(sum(one.comments for one in clean), len(clean)),
        again=sum(one.again for one in judged),
        unjudged=sum(len(one.unjudged) for one in judged),
        tokens=sum((review.tokens for review in reviews), ModelUse()),
        cost_usd=None if None in costs else sum(cost for cost in costs if cost),
        duration_s=round(sum(review.duration_s for review in reviews), 3),
        by_model=sum(finding.source == "model" for review in told for finding in review.findings),
        dropped=dict(sum((Counter(review.dropped) for review in told), Counter())),
    )


def share(hits: int, of: int) -> Share:
    low, high = wilson(hits, of)
    return Share(hits=hits, of=of, low=low, high=high)


def rate(events: int, of: int) -> Rate:
    low, high = rate_interval(events, of) if of else (0.0, 0.0)
    return Rate(events=events, of=of, low=low, high=high)
