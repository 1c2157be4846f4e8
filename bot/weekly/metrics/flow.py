"""Is work flowing? How long pull requests take in each part of their course, and what waits."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from bot.weekly.chronicle import Chronicle, Span, Values
from bot.weekly.course import (
    Course,
    comments_by_others,
    is_merged_by_author,
    pushes_after_review,
    working_pickup_h,
)
from bot.weekly.facts import Waiting
from bot.weekly.life import Life
from bot.weekly.metric import TEAM, TWO, Metric, MetricGroup, quantiles
from bot.weekly.sample import Amount, Count, Mean, Sample, Share

MERGED: Final = "pull requests merged"
_PEOPLE: Final = "by people, not by bots"
_HOUR: Final = timedelta(hours=1)


def _hours(part: Callable[[Course], timedelta | None]) -> Callable[[Chronicle, Span], Values]:
    """That part of what was merged; None where it is unknown."""
    return lambda chronicle, span: [_in_hours(part(life.course)) for life in chronicle.merged(span)]


def _hours_of_reviewed(part: Callable[[Course], timedelta | None]) -> Callable[[Chronicle, Span], Values]:
    """The same, of what somebody reviewed: what never was has no such part."""
    return lambda chronicle, span: [_in_hours(part(life.course)) for life in _reviewed(chronicle, span)]


def _merging(chronicle: Chronicle, span: Span) -> Values:
    courses = (life.course for life in chronicle.merged(span))
    return [_in_hours(course.merge) for course in courses if course.merge is not None]


def _pickup(chronicle: Chronicle, span: Span) -> Values:
    known = [_in_hours(life.course.pickup) for life in _picked_up(chronicle, span)]
    return [*known, *([None] * chronicle.unreviewed_at(span.ends))]


def _working_pickup(chronicle: Chronicle, span: Span) -> Values:
    known = [working_pickup_h(life.history, chronicle.working) for life in _picked_up(chronicle, span)]
    return [*known, *([None] * chronicle.unreviewed_at(span.ends))]


def _picked_up(chronicle: Chronicle, span: Span) -> list[Life]:
    """First reviewed within the span; of those reviewed as drafts, those that have become ready since."""
    return [life for life in chronicle.first_reviewed(span) if life.history.ready_at]


def _throughput(chronicle: Chronicle, span: Span) -> Sample:
    return Count(len(chronicle.merged(span)), span.weeks)


def _opened(chronicle: Chronicle, span: Span) -> Sample:
    return Count(sum(span.holds(life.history.opened_at) for life in chronicle.lives), span.weeks)


def _merged_of_bots(chronicle: Chronicle, span: Span) -> Sample:
    return Count(sum(span.holds(life.history.merged_at) for life in chronicle.of_bots), span.weeks)


def _lines(chronicle: Chronicle, span: Span) -> Values:
    return [life.lines for life in chronicle.merged(span)]


def _depth(chronicle: Chronicle, span: Span) -> Sample:
    return Mean([comments_by_others(life.history) for life in chronicle.merged(span)])


def _rework(chronicle: Chronicle, span: Span) -> Sample:
    return Mean([pushes_after_review(life.history) for life in _reviewed(chronicle, span)])


def _reworked(chronicle: Chronicle, span: Span) -> Sample:
    reviewed = _reviewed(chronicle, span)
    return Share(sum(pushes_after_review(life.history) > 0 for life in reviewed), len(reviewed))


def _unreviewed(chronicle: Chronicle, span: Span) -> Sample:
    merged = chronicle.merged(span)
    return Share(sum(life.reviewed_at is None for life in merged), len(merged))


def _self_merged(chronicle: Chronicle, span: Span) -> Sample:
    told = [is_merged_by_author(life.history) for life in chronicle.merged(span)]
    known = [one for one in told if one is not None]
    return Share(sum(known), len(known), missing=len(told) - len(known))


def _reverts(chronicle: Chronicle, span: Span) -> Sample:
    reverting = [life for life in chronicle.merged(span) if life.history.before_merge("reverts")]
    return Count(len(reverting), span.weeks)


def _reviewed(chronicle: Chronicle, span: Span) -> list[Life]:
    return [life for life in chronicle.merged(span) if life.reviewed_at is not None]


def _waiting(which: Callable[[Waiting], bool]) -> Callable[[Chronicle, Span], Sample]:
    def take(chronicle: Chronicle, span: Span) -> Sample:
        return Amount(sum(which(one) for one in chronicle.waiting), len(chronicle.waiting))

    return take


def _in_hours(time: timedelta | None) -> float | None:
    return None if time is None else time / _HOUR


def _state(name: str, title: str, definition: str, which: Callable[[Waiting], bool]) -> Metric:
    of = "pull requests open and no draft"
    told = f"{definition} ({_PEOPLE})."
    return Metric(name, title, "", "count", of, told, _waiting(which), "lower", is_compared=False)


def _of_merged(
    name: str, title: str, what: str, values: Callable[[Chronicle, Span], Values], of: str = MERGED
) -> tuple[Metric, ...]:
    return quantiles(name, title, f"{what}, of pull requests merged in the week ({_PEOPLE}).", of, values)


GROUP = MetricGroup(
    name="flow",
    title="Flow",
    question="Is work flowing?",
    order=1,
    metrics=(
        Metric(
            "throughput", "Merged", "", "count", MERGED, f"Pull requests merged in the week, {_PEOPLE}.", _throughput,
            least_authors=TWO, is_charted=True,
        ),
        Metric(
            "opened", "Opened", "", "count", "pull requests opened",
            f"Pull requests opened in the week, drafts included, {_PEOPLE}.", _opened, least_authors=TWO,
        ),
        Metric(
            "merged-by-bots", "Merged, of bots", "", "count", "pull requests of bots merged",
            "Pull requests opened by bots and merged in the week; no other figure of flow counts them.",
            _merged_of_bots,
        ),
        *quantiles(
            "cycle", "Cycle time", f"First commit to merge, of pull requests merged in the week ({_PEOPLE}).", MERGED,
            _hours(lambda course: course.cycle), least_authors=TWO, is_charted=True,
        ),
        *quantiles(
            "time-to-merge", "Time to merge", f"Ready to merge, of pull requests merged in the week ({_PEOPLE}).",
            MERGED, _hours(lambda course: course.to_merge), least_authors=TWO,
        ),
        *_of_merged("coding", "Coding", "First commit to ready for review", _hours(lambda course: course.coding)),
        *quantiles(
            "pickup", "Pickup",
            "Ready to the first review by a person other than the author, of pull requests first reviewed in the "
            "week; time as a draft or closed left out; missing are those still unreviewed at its end.",
            "pull requests first reviewed", _pickup, is_charted=True,
        ),
        *quantiles(
            "pickup-working", "Pickup, working hours",
            "Ready to the first review by a person other than the author, counting only working hours of working "
            "days, of pull requests first reviewed in the week; missing are those still unreviewed at its end.",
            "pull requests first reviewed", _working_pickup,
        ),
        *_of_merged(
            "review", "Review",
            "First review by another person to the last approval that stood, or to the merge where none did",
            _hours_of_reviewed(lambda course: course.review), "reviewed pull requests merged",
        ),
        *_of_merged(
            "merge", "Merging", "The last approval that stood to the merge", _merging,
            "approved pull requests merged",
        ),
        *quantiles(
            "size", "Size",
            f"Lines added and deleted, of pull requests merged in the week ({_PEOPLE}).", MERGED, _lines,
            unit="lines", least_authors=TWO,
        ),
        Metric(
            "review-depth", "Review depth", "", "mean", MERGED,
            "Comments by people other than the author before the merge, for each pull request merged in the week.",
            _depth, least_authors=TEAM,
        ),
        Metric(
            "rework", "Rework", "", "mean", "reviewed pull requests merged",
            "Pushes after the first review by another person, for each reviewed pull request merged in the week.",
            _rework, "lower", least_authors=TEAM,
        ),
        Metric(
            "reworked", "Reworked", "%", "share", "reviewed pull requests merged",
            "Reviewed pull requests merged in the week that were pushed to after their first review.",
            _reworked, least_authors=TEAM,
        ),
        Metric(
            "merged-unreviewed", "Merged without review", "%", "share", MERGED,
            "Pull requests merged in the week that no person other than the author had reviewed.",
            _unreviewed, "lower", least_authors=TEAM, is_charted=True,
        ),
        Metric(
            "self-merged", "Merged by the author", "%", "share", MERGED,
            "Pull requests merged in the week by their own author; missing where nobody told who merged.",
            _self_merged, least_authors=TEAM,
        ),
        Metric(
            "reverts", "Reverts", "", "count", MERGED,
            "Pull requests merged in the week that take back another.", _reverts, "lower", least_authors=TWO,
        ),
        _state("waiting", "Open", "Pull requests open and no draft at the end of the week", lambda one: True),
        _state(
            "waiting-for-author", "Waiting for the author",
            "Those whose reviews or failed checks wait for an answer", lambda one: one.turn == "author",
        ),
        _state(
            "waiting-for-reviewer", "Waiting for a reviewer", "Those that are new or answered",
            lambda one: one.turn == "reviewer",
        ),
        _state("waiting-for-merge", "Waiting for the merge", "Those approved", lambda one: one.turn == "merge"),
        _state("stale", "Stale", "Those that no person has touched for seven days", lambda one: one.is_stale),
        _state(
            "blocked", "Blocked", "Those with failed checks, or with changes requested",
            lambda one: bool(one.blocked_by),
        ),
    ),
)  # fmt: skip
