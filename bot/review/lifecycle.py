"""The life of a finding across pushes, rebases and renames. Pure.

    open ──the code shows it──▶ fixed ──it comes back──▶ open, and said again, once for each return
    open ──its place or its rule is gone──▶ stale        open ──somebody answers for it──▶ dismissed

A point keeps the fingerprint under which it was first said, for ever.
"""

from collections.abc import Iterable, Sequence

from pydantic import Field

from bot.domain import Dropped, Evidence, Finding, Point, PointState, PullRequest, Record, Review, Waiver
from bot.review.head import Head
from bot.review.matching import Seen, match
from bot.review.moves import Move, Scene, dropped_as
from bot.review.rank import weight
from bot.review.trace import trace
from bot.review.waivers import inline_waivers, muting


class Followed(Record):
    """What a head did to the points of a pull request. Findings bear the fingerprints of their points."""

    points: tuple[Point, ...] = ()
    """Every point of the pull request, new ones included; what was not said yet is `held`."""
    findings: tuple[Finding, ...] = ()
    """What weighs on the check: found at this head, or said earlier and not disproved."""
    fresh: tuple[Finding, ...] = ()
    """Of these, what is to be said now."""
    carried: tuple[str, ...] = ()
    """Fingerprints of findings that nobody raised at this head, but that stand."""
    dropped: tuple[Dropped, ...] = ()
    became: dict[str, PointState] = Field(default_factory=dict)
    """Fingerprint → state, for points whose state changed at this head."""
    evidence: dict[str, tuple[Evidence, ...]] = Field(default_factory=dict)
    """Fingerprint → what the code showed at this head."""
    waivers: tuple[Waiver, ...] = ()
    """Comments in the code, for the register."""
    lifted: tuple[str, ...] = ()
    """Ids of such waivers whose comment is gone."""

    def became_state(self, state: PointState) -> list[Point]:
        """The points that came into this state at this head."""
        return [point for point in self.points if self.became.get(point.fingerprint) == state]


def follow(
    points: Sequence[Point],
    review: Review,
    head: Head,
    pull_request: PullRequest,
    at: str,
    waivers: Sequence[Waiver] = (),
) -> Followed:
    """Brings the points of a pull request to a new head. `review` is what this head's readers found, `waivers` those
    in force, `at` the time (ISO 8601, UTC).
    """
    seen = _seen(review, waivers, pull_request.number)
    traces = [trace(point, head) for point in points]
    pairs = match(traces, seen)
    scene = Scene(head, seen, waivers, pull_request.number, review, frozenset(p.fingerprint for p in points))
    moves = [
        scene.matched(there, seen[pairs[mine]]) if mine in pairs else scene.unmatched(there)
        for mine, there in enumerate(traces)
    ]
    born, held_back = scene.born([one for index, one in enumerate(seen) if index not in pairs.values()])
    dismissed = [seen[pairs[mine]] for mine, move in enumerate(moves) if mine in pairs and move.finding is None]
    changed = [move for point, move in zip(points, moves, strict=True) if point.state != move.point.state]
    inline = inline_waivers(review.dropped, pull_request, at)
    known = {waiver.id for waiver in waivers}
    weighing = [move for move in (*moves, *born) if move.finding]
    return Followed(
        points=tuple(move.point for move in (*moves, *born)),
        findings=_weightiest_first(weighing),
        fresh=_weightiest_first([move for move in weighing if move.is_said]),
        carried=tuple(move.point.fingerprint for i, move in enumerate(moves) if i not in pairs and move.finding),
        dropped=(
            *held_back,
            *(dropped_as(one.finding, "dismissed") for one in dismissed if not one.reason),
            *(dropped_as(one.finding, "muted", one.detail) for one in seen if one.reason == "muted"),
        ),
        became={move.point.fingerprint: move.point.state for move in changed},
        evidence={
            move.point.fingerprint: (_evidence(move, head, pull_request, at),)
            for move in changed
            if move.because or move.point.state == "fixed"
        },
        waivers=tuple(waiver for waiver in inline if waiver.id not in known),
        lifted=tuple(
            waiver.id
            for waiver in waivers
            if (waiver.kind, waiver.number) == ("inline", pull_request.number)
            and waiver.path in head.alarms
            and waiver.id not in {one.id for one in inline}
        ),
    )


def _seen(review: Review, waivers: Sequence[Waiver], number: int) -> list[Seen]:
    """What this head's readers raised, said or not."""
    seen = []
    for finding in review.findings:
        waiver = muting(finding, waivers, number)
        seen.append(Seen(finding, "muted", f"by {waiver.owner} ({waiver.id})") if waiver else Seen(finding))
    return seen + [
        Seen(one.finding, one.reason, one.detail)
        for one in review.dropped
        if one.finding is not None and one.reason != "duplicate"
    ]


def _evidence(move: Move, head: Head, pull_request: PullRequest, at: str) -> Evidence:
    state = move.point.state
    actor = (move.actor or pull_request.author) if state == "dismissed" else ""
    detail = head.sha if state == "fixed" else f"{head.sha[:12]}: {move.because}"
    return Evidence(kind="code", says=state, actor=actor, detail=detail[:500], at=at)


def _weightiest_first(moves: Iterable[Move]) -> tuple[Finding, ...]:
    return tuple(sorted((move.finding for move in moves if move.finding), key=weight))
