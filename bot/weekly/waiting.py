"""What waits, and for whom: the turn of the author, of a reviewer, or of whoever merges. A turn, never a person."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from bot.weekly.facts import Turn, Waiting
from bot.weekly.history import History, Moment

STALE_AFTER: Final = timedelta(days=7)
_FAILED: Final = frozenset({"failure", "timed_out", "startup_failure", "action_required"})
_TOUCHES: Final = frozenset(
    {"opened", "reopened", "drafted", "ready", "pushed", "review-requested", "commented", "reviewed"}
)
_HEADS: Final = frozenset({"opened", "reopened", "ready", "pushed", "base-changed"})


class Turned(NamedTuple):
    turn: Turn
    since: datetime
    blocked_by: str = ""


def waiting(histories: Iterable[History], as_of: datetime) -> list[Waiting]:
    """Of every pull request that is open and no draft; the longest wait first."""
    told = [waiting_of(history, as_of) for history in histories if history.is_live()]
    return sorted(told, key=lambda one: (-one.waited_h, one.repository, one.number))


def waiting_of(history: History, as_of: datetime) -> Waiting:
    """Of one that is open and no draft."""
    turned = turn_of(history)
    touched = [one.at for one in history.moments if one.event in _TOUCHES and not one.is_by_bot]
    idle = as_of - max((*touched, history.opened_at))
    return Waiting(
        repository=history.repository,
        number=history.number,
        title=history.title,
        url=history.url,
        turn=turned.turn,
        since=turned.since.astimezone(UTC).isoformat(timespec="seconds"),
        waited_h=round(max(timedelta(), as_of - turned.since) / timedelta(hours=1), 1),
        is_stale=idle > STALE_AFTER,
        blocked_by=turned.blocked_by,
    )


def turn_of(history: History) -> Turned:
    """Failed checks and unanswered reviews are the author's; what is new or answered a reviewer's; what is approved
    waits for its merge."""
    live_since = history.stretches[-1].begins
    answers = [one.at for one in history.moments if _is_answer(history, one)]
    verdicts = _verdicts(history)
    refused = [at for at, state in verdicts if state == "changes-requested"]
    approved = [at for at, state in verdicts if state == "approved"]
    if failed := _failed_at(history):
        return Turned("author", max(failed, live_since), "failed checks")
    if refused:
        after = [at for at in answers if at > max(refused)]
        turn: Turn = "reviewer" if after else "author"
        return Turned(turn, max(live_since, after[0] if after else max(refused)), "changes requested")
    if approved:
        pushed = [one.at for one in history.moments if one.event == "pushed"]
        return Turned("merge", max(live_since, *approved, *pushed))
    remarks = [one.at for one in history.moments if _is_remark(history, one)]
    if not remarks:
        return Turned("reviewer", live_since)
    after = [at for at in answers if at > max(remarks)]
    return Turned("reviewer" if after else "author", max(live_since, after[0] if after else max(remarks)))


def _verdicts(history: History) -> list[tuple[datetime, str]]:
    """The latest of each reviewer that still stands: approved or changes-requested."""
    latest: dict[str, tuple[datetime, str]] = {}
    for one in history.reviews:
        state, review_id = one.details.get("state"), one.details.get("review_id")
        if state in ("approved", "changes-requested"):
            latest.pop(one.actor, None)
            if review_id not in history.dismissed:
                latest[one.actor] = (one.at, state)
    return list(latest.values())


def _is_answer(history: History, one: Moment) -> bool:
    """What gives the turn back to a reviewer."""
    if one.event in ("pushed", "ready", "reopened", "review-requested"):
        return not one.is_by_bot
    return one.event in ("commented", "reviewed") and not one.is_by_bot and one.actor == history.author != ""


def _is_remark(history: History, one: Moment) -> bool:
    return one.event in ("commented", "reviewed") and history.is_by_other_person(one)


def _failed_at(history: History) -> datetime | None:
    """When the checks of the latest head failed, by the latest word of each app; None where they did not, or nobody
    told which head it is."""
    head = _head_of(history)
    latest = {
        one.details.get("app"): one
        for one in history.moments
        if head and one.event == "checked" and one.details.get("sha") == head
    }
    failed = [one.at for one in latest.values() if one.details.get("conclusion") in _FAILED]
    return min(failed) if failed else None


def _head_of(history: History) -> str:
    """As webhooks announced it; else the one whose checks were found on looking back, and after which none came."""
    heads = [one for one in history.moments if one.event in _HEADS]
    told = next((str(one.details["head_sha"]) for one in reversed(heads) if "head_sha" in one.details), "")
    if told and not (heads[-1].event == "pushed" and "head_sha" not in heads[-1].details):
        return told
    found = [one for one in history.moments if one.event == "checked" and one.details.get("is_head")]
    return str(found[-1].details["sha"]) if found and (not heads or found[-1].at >= heads[-1].at) else ""
