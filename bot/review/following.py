"""The points of a pull request, recalled before a review, followed after it, tidied up after and written down."""

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from typing import Any

from bot.domain import Point, PullRequest, Record, Result, Review, Step, Threads, Waiver
from bot.domain.tally import Tally
from bot.errors import RefusedError
from bot.ledger import Ledger
from bot.review.about import MOST_INCIDENTS, incidents_told, points_told
from bot.review.citing import with_precedents, words_of
from bot.review.head_reading import head_of
from bot.review.lifecycle import Followed, follow
from bot.review.publishing import Outcome
from bot.review.rank import by_place
from bot.review.stages import Background, Desk, Examined
from bot.review.standing import as_people_left_them
from bot.review.together import cause_of, lines_of
from bot.review.unchanged import digests_of, unchanged

_MOST_GUIDANCE_CHARS = 2000
_SHORT_WORD = 4
"""Letters of words that stand in every title."""


class Recalled(Record):
    """What the record says before this head is read."""

    points: tuple[Point, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    background: Background = Background()
    head_read: str = ""
    dismissed: tuple[str, ...] = ()
    """Fingerprints of points that somebody dismissed since they were last looked at."""
    at: str


def recall(ledger: Ledger, pull_request: PullRequest, desk: Desk, at: str, is_full: bool) -> Recalled:
    """Reads the record. `is_full`: what the model has read at an earlier head, it reads again."""
    key = (pull_request.repository.id, pull_request.number)
    known = ledger.remembered(*key, at)
    as_read: tuple[str, ...] = ()
    if desk.model is not None and not is_full:
        now = digests_of(desk.snapshot.change, desk.snapshot.contents, desk.scope_of)
        as_read = unchanged(now, known.files_read)
    judged = as_people_left_them(known.points, known.evidence)
    before = {point.fingerprint: point.state for point in known.points}
    changed = [point for point in judged if point.state != before[point.fingerprint]]
    if changed:  # nobody has to wait for a sweep to be heeded
        ledger.keep_points(*key, changed)
    taught = "\n".join(f"- {guidance.text}" for guidance in known.guidance)
    return Recalled(
        points=tuple(judged),
        waivers=tuple(known.waivers),
        background=Background(
            unchanged=as_read,
            guidance=taught[:_MOST_GUIDANCE_CHARS],
            about=told_of(ledger, pull_request, desk, judged) if desk.model is not None else (),
            record=heeded_here(ledger, pull_request.repository.id),
        ),
        head_read=known.head_read if as_read else "",
        dismissed=tuple(point.fingerprint for point in changed if point.state == "dismissed"),
        at=at,
    )


def told_of(ledger: Ledger, pull_request: PullRequest, desk: Desk, points: Sequence[Point]) -> tuple[str, ...]:
    """What the record tells a model of this change: what was said of it earlier, and how its code broke before."""
    paths = sorted(desk.snapshot.contents)
    facts = desk.around.facts if desk.around is not None else ()
    touched = sorted({one.scopes[at].name for one in facts for at in one.touched})
    words = " ".join([*touched, *(word for word in pull_request.title.split() if len(word) > _SHORT_WORD)])
    incidents = ledger.incidents_matching(pull_request.repository.id, (), paths, words, MOST_INCIDENTS)
    return (*points_told(points), *incidents_told(incidents))


def heeded_here(ledger: Ledger, repository_id: int) -> dict[str, tuple[int, int]]:
    """Class of defects → comments on it in this repository that were heeded, and those that were judged at all."""
    counted = ledger.rule_records(repository_id, by="class")
    tallies = {of.name: Tally(of.posted, of.fixed, of.accepted, of.disputed, of.ignored) for of in counted}
    return {name: (tally.heeded, tally.judged) for name, tally in tallies.items() if tally.judged}


def follow_points(
    ledger: Ledger, pull_request: PullRequest, desk: Desk, examined: Examined, recalled: Recalled, at: str
) -> Followed:
    """What this head does to the points, and what is to be said of it, incidents cited."""
    head = head_of(desk, recalled.points, examined)
    followed = follow(recalled.points, examined.review, head, pull_request, at, recalled.waivers)
    if not followed.fresh:
        return followed
    incidents = ledger.incidents_matching(
        pull_request.repository.id,
        sorted({finding.class_ for finding in followed.fresh}),
        sorted({finding.path for finding in followed.fresh}),
        words_of(followed.fresh),
    )
    return followed.model_copy(update={"fresh": tuple(with_precedents(followed.fresh, incidents))})


def with_points(review: Review, followed: Followed, recalled: Recalled) -> Review:
    """The review as the check and the record show it: with what stands from earlier heads."""
    notes = list(review.receipt.notes)
    if as_read := recalled.background.unchanged:
        files = "1 file is" if len(as_read) == 1 else f"{len(as_read)} files are"
        notes.append(f"{files} unchanged since {recalled.head_read[:7]}; the model read them then.")
    if carried := len(followed.carried):
        notes.append(f"{carried} earlier {'point stands' if carried == 1 else 'points stand'}, though not raised anew.")
    result = Result.FINDINGS if followed.findings else Result.CLEAN
    receipt = review.receipt.model_copy(update={"result": result, "notes": tuple(notes)})
    dropped = (*review.dropped, *followed.dropped)
    return review.model_copy(update={"receipt": receipt, "findings": followed.findings, "dropped": dropped})


def tidy_threads(
    threads: Threads, followed: Followed, head_sha: str, step: Step, dismissed: Collection[str] = ()
) -> None:
    """Says in their own threads which points are fixed, and resolves those and the dismissed ones. `dismissed`: by
    people, since the last head. A thread that tells of several places is resolved when none of them stands.

    What GitHub refuses is left undone: the record stays true without it.
    """
    for point in followed.became_state("fixed"):
        thread = point if point.comment_id is not None else _told_with(point, followed.points)
        if thread is None or thread.comment_id is None:
            continue
        still = [other for other in followed.points if other.state == "open"]
        left = [other.finding for other in still if _told_with(other, followed.points) is thread]
        if thread is point:
            key = f"fixed:{point.fingerprint}:{point.comment_id}"
            rest = f" It still stands at {lines_of(by_place(left))}." if left else ""
            said = f"Fixed in `{head_sha[:7]}`.{rest}"
            step(f"reply {point.handle}", _tried, threads.reply, thread.comment_id, said, key)
        if thread.state == "fixed" and not left:
            step(f"resolve {thread.handle}", _tried, threads.resolve, thread.comment_id)
    by_people = [point for point in followed.points if point.fingerprint in dismissed and point.state == "dismissed"]
    for point in (*by_people, *followed.became_state("dismissed")):
        if point.comment_id is not None:
            step(f"resolve {point.handle}", _tried, threads.resolve, point.comment_id)


def keep_points(
    ledger: Ledger, pull_request: PullRequest, recalled: Recalled, followed: Followed, outcome: Outcome
) -> None:
    """Writes points, evidence and waivers. What people said while the review ran is not overwritten."""
    key = (pull_request.repository.id, pull_request.number)
    before = {point.fingerprint: point.state for point in recalled.points}
    now = {point.fingerprint: point.state for point in ledger.points(*key)}
    points = []
    for point in followed.points:
        known = now.get(point.fingerprint)
        was_touched = known is not None and known != before.get(point.fingerprint)
        if was_touched and point.fingerprint not in followed.became:
            point = point.model_copy(update={"state": known})
        points.append(_as_said(point, outcome))
    if followed.evidence:
        ledger.keep_seen(*key, followed.evidence)
    for waiver in followed.waivers:
        ledger.keep_waiver(waiver)
    for waiver_id in followed.lifted:
        ledger.end_waiver(waiver_id, "seawall", recalled.at)
    ledger.keep_points(*key, points, recalled.at)  # last: a point already brought here gives no evidence again


def read_now(desk: Desk, examined: Examined) -> dict[str, str]:
    """Path → digest of its patch, for the files that the model read whole at this head."""
    return digests_of(desk.snapshot.change, examined.read_by_model, desk.scope_of)


def _told_with(point: Point, points: Sequence[Point]) -> Point | None:
    """Of these the one in whose comment this point is named; None for a point that is told by itself."""
    cause = cause_of(point.finding)
    if cause is None or point.said != "listed":
        return None
    tellers = [one for one in points if one.comment_id is not None and cause_of(one.finding) == cause]
    if point.finding.suggestion is not None and len(tellers) > 1:
        return None  # each of them told its own
    return tellers[0] if tellers else None


def _as_said(point: Point, outcome: Outcome) -> Point:
    """The point with where this review said it."""
    said = outcome.said.get(point.fingerprint)
    if said is None:
        return point
    comment_id = outcome.posted.comment_ids.get(point.fingerprint) if outcome.posted else None
    return point.model_copy(update={"said": said, "comment_id": comment_id or point.comment_id})


def _tried(call: Callable[..., Any], *arguments: Any) -> None:
    with suppress(RefusedError):
        call(*arguments)
