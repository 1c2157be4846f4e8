"""Do we stand better than before? Calls to others, and what limits their waits."""

from collections.abc import Callable
from typing import Final

from bot.weekly.chronicle import Chronicle, Span, within
from bot.weekly.metric import Metric, MetricGroup
from bot.weekly.posture_trail import Step, calls_at
from bot.weekly.sample import Absent, Amount, Sample

NO_MAP: Final = "not measured: no posture map is kept; “seawall posture” keeps one"
NO_REVIEWS: Final = "not measured: nothing was reviewed"
_MERGED: Final = "merged pull requests that changed it"


def _calls(chronicle: Chronicle, span: Span) -> Sample:
    if not chronicle.calls_kept:
        return Absent(NO_MAP)
    calls, _ = calls_at(span.ends, chronicle.calls_kept, chronicle.posture_steps)
    return Amount(calls, len(chronicle.calls_kept))


def _unprotected(chronicle: Chronicle, span: Span) -> Sample:
    if not chronicle.calls_kept:
        return Absent(NO_MAP)
    calls, unprotected = calls_at(span.ends, chronicle.calls_kept, chronicle.posture_steps)
    return Amount(unprotected / calls if calls else None, calls, why="" if calls else "no calls to others are known")


def _changed(count: Callable[[Step], int]) -> Callable[[Chronicle, Span], Sample]:
    def take(chronicle: Chronicle, span: Span) -> Sample:
        if not within(chronicle.reviews, span):
            return Absent(NO_REVIEWS)
        steps = [step for step in chronicle.posture_steps if span.holds(step.at)]
        return Amount(sum(map(count, steps)) / span.weeks, len(steps))

    return take


GROUP = MetricGroup(
    name="resilience",
    title="Resilience",
    question="Do we stand better than before?",
    order=4,
    metrics=(
        Metric(
            "calls", "Calls to others", "", "count", "repositories mapped",
            "Places in the code that call other services, databases or queues, at the end of the week.", _calls,
        ),
        Metric(
            "unprotected", "Calls without a timeout", "%", "share", "calls to others",
            "Of the calls to others at the end of the week, those whose wait nothing limits.", _unprotected, "lower",
            is_charted=True,
        ),
        Metric(
            "unprotected-added", "Unprotected calls added", "", "count", _MERGED,
            "Calls that came without a timeout or lost theirs, in pull requests merged in the week.",
            _changed(lambda step: step.unprotected_added), "lower", is_charted=True,
        ),
        Metric(
            "unprotected-removed", "Unprotected calls removed", "", "count", _MERGED,
            "Calls without a timeout that went or got one, in pull requests merged in the week.",
            _changed(lambda step: step.unprotected_removed), "higher", is_charted=True,
        ),
        Metric(
            "protections-gained", "Protections gained", "", "count", _MERGED,
            "Timeouts, retries, breakers and their like that calls gained, in pull requests merged in the week.",
            _changed(lambda step: step.gained), "higher",
        ),
        Metric(
            "protections-lost", "Protections lost", "", "count", _MERGED,
            "Timeouts, retries, breakers and their like that calls lost, in pull requests merged in the week.",
            _changed(lambda step: step.lost), "lower",
        ),
    ),
)  # fmt: skip
