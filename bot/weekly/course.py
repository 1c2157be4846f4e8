"""The course of a pull request from its first commit to its merge, in parts that add up to the whole."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.weekly.history import History
from bot.weekly.week import WorkingTime


@dataclass(frozen=True, slots=True)
class Course:
    """A part is None where it did not happen, or where its beginning is unknown. None is ever negative."""

    coding: timedelta | None
    """First commit → ready for review; None where the first commit is unknown."""
    pickup: timedelta | None
    """Ready → first review by another person; time as a draft or closed left out. None: not reviewed yet, or never."""
    review: timedelta | None
    """First review → the last approval that stood, or the merge where none did; None unless merged and reviewed."""
    merge: timedelta | None
    """That approval → the merge; None unless merged and approved."""
    unreviewed: timedelta | None
    """Ready → merge of what nobody reviewed."""
    aside: timedelta | None
    """As a draft or closed, between ready and merged; None unless merged."""
    to_merge: timedelta | None
    """Ready → merge, all of it; None unless merged."""
    cycle: timedelta | None
    """First commit → merge, all of it; None unless merged, or where the first commit is unknown."""


def course_of(history: History) -> Course:
    ready, merged = history.ready_at, history.merged_at
    if ready is None:
        return Course(None, None, None, None, None, None, None, None)
    first_commit = min(history.first_commit_at, ready) if history.first_commit_at else None
    coding = ready - first_commit if first_commit else None
    reviewed = history.reviewed_at
    pickup = history.live_time(ready, reviewed) if reviewed else None
    if merged is None:
        return Course(coding, pickup, None, None, None, None, None, None)
    live = history.live_time(ready, merged)
    begins = max(ready, reviewed) if reviewed else merged
    approved = standing_approval_at(history)
    passed = min(max(begins, approved), merged) if approved else merged
    return Course(
        coding=coding,
        pickup=pickup,
        review=history.live_time(begins, passed) if reviewed else None,
        merge=history.live_time(passed, merged) if approved else None,
        unreviewed=None if reviewed else live,
        aside=merged - ready - live,
        to_merge=merged - ready,
        cycle=merged - first_commit if first_commit else None,
    )


def standing_approval_at(history: History) -> datetime | None:
    """The last approval by another person that was not dismissed."""
    approvals = [one for one in history.reviews if one.details.get("state") == "approved"]
    standing = [one.at for one in approvals if one.details.get("review_id") not in history.dismissed]
    return standing[-1] if standing else None


def working_pickup_h(history: History, working: WorkingTime) -> float | None:
    """Pickup in working hours."""
    ready, reviewed = history.ready_at, history.reviewed_at
    if ready is None or reviewed is None:
        return None
    return sum(working.hours(begins, ends) for begins, ends in history.live_between(ready, reviewed))


def pushes_after_review(history: History) -> int:
    """By people, after the first review by another person; a forced push is one push."""
    reviewed = history.reviewed_at
    if reviewed is None:
        return 0
    return sum(1 for one in history.before_merge("pushed") if one.at > reviewed and not one.is_by_bot)


def comments_by_others(history: History) -> int:
    """Comments before the merge, by people other than the author."""
    return sum(1 for one in history.before_merge("commented") if history.is_by_other_person(one))


def changed_lines(history: History) -> int | None:
    """Lines added and deleted, as last told; None where nobody told."""
    for one in reversed(history.moments):
        if one.event in ("size", "opened", "merged") and "additions" in one.details and "deletions" in one.details:
            return int(one.details["additions"]) + int(one.details["deletions"])
    return None


def is_merged_by_author(history: History) -> bool | None:
    """None where nobody told who merged it."""
    merged = next((one for one in history.moments if one.event == "merged"), None)
    if merged is None:
        return None
    merger = str(merged.details.get("merged_by") or merged.actor).lower()
    return merger == history.author if merger and history.author else None
