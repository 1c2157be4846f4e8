"""What one head does to each point: raised again, or not, with what people said of it in mind. Pure."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from bot.domain import Dropped, Finding, Point, PointState, Review, Waiver
from bot.review.head import Head, surroundings
from bot.review.matching import Seen
from bot.review.proof import what_became
from bot.review.rank import UNSURE
from bot.review.trace import Trace
from bot.review.waivers import dismissing, muting

_UNSURE = (*UNSURE, "refuted", "unchallenged")
_OFF = ("rule-off", "muted", "left-to-linter", "shadow", *_UNSURE)
"""Why a finding is not said, where policy or people switched it off as a whole."""
_PAST = ("fixed", "stale")
_SETTLED = (*_PAST, "dismissed")


@dataclass(frozen=True)
class Move:
    """A point after this head. `finding` weighs on the check where it is not None; `is_said`: it is to be said now."""

    point: Point
    finding: Finding | None = None
    is_said: bool = False
    because: str = ""
    actor: str = ""
    """Who answers for it, where that is not the author."""


@dataclass(frozen=True)
class Scene:
    """What every point of one head is judged by."""

    head: Head
    seen: Sequence[Seen]
    waivers: Sequence[Waiver]
    number: int
    review: Review
    names: frozenset[str]
    """Fingerprints of all the points that were there before."""

    def matched(self, there: Trace, one: Seen) -> Move:
        """A point that this head raises again."""
        old = there.point
        if one.reason in _UNSURE and (old.finding.source == "model" or _was_borne_out(old.finding, one.finding)):
            one = replace(one, finding=_placed(there), reason="")  # a model is less sure of the same code now and then
        if one.reason in _OFF:
            return _moved_to(old, old.state if old.state in _SETTLED else "stale", one.reason)
        point = self._seen_again(old, one.finding)
        if one.reason == "suppressed":
            return _moved_to(point, "dismissed", one.detail)
        digest = self._digest(one.finding)
        is_other_code = bool(old.code_digest and digest and old.code_digest != digest)
        if waiver := dismissing(_names(old), digest, self.waivers, self.number):
            move = _moved_to(_as_when_judged(point, old), "dismissed", f"by {waiver.owner} ({waiver.id})")
            return replace(move, actor=waiver.owner)
        if old.state == "dismissed":
            is_said = is_other_code or old.said == "held"
            return _moved_to(point, "open", "its dismissal holds no more", one.finding, is_said)
        if old.state == "disputed":
            if is_other_code and not there.is_kept:
                return _moved_to(point, "open", "its code changed", one.finding, is_said=True)
            return _moved_to(_as_when_judged(point, old), "disputed", "", one.finding)
        is_said = old.state == "fixed" or old.said == "held"
        if old.state in _PAST:
            return _moved_to(point, "open", "it came back", one.finding, is_said)
        return _moved_to(point, old.state, "", one.finding, is_said)

    def unmatched(self, there: Trace) -> Move:
        """A point that nobody raises at this head."""
        old = there.point
        if old.state in _PAST:
            return Move(old)
        point = old.model_copy(update={"last_head": self.head.sha})
        if old.state == "dismissed" or dismissing(_names(old), old.code_digest, self.waivers, self.number):
            return _moved_to(point, "dismissed")
        if waiver := muting(old.finding, self.waivers, self.number):
            return _moved_to(point, "stale", f"muted by {waiver.owner}")
        verdict = what_became(there, self.seen, self.head)
        if verdict.state != "open":
            return _moved_to(point, verdict.state, verdict.because)
        return _moved_to(point, old.state, "", _placed(there) if verdict.counts else None)

    def born(self, unclaimed: Iterable[Seen]) -> tuple[list[Move], list[Dropped]]:
        """New points out of findings that are none of the known ones, and those that a dismissal elsewhere stops."""
        taken = set(self.names)
        far = [waiver for waiver in self.waivers if waiver.code_digest]
        born: list[Move] = []
        dropped: list[Dropped] = []
        for finding in (one.finding for one in unclaimed if not one.reason):
            if waiver := dismissing({finding.fingerprint}, self._digest(finding), far, self.number):
                dropped.append(dropped_as(finding, "dismissed", f"by {waiver.owner} ({waiver.id})"))
                continue
            named = finding.model_copy(update={"fingerprint": _free_name(finding.fingerprint, taken)})
            taken.add(named.fingerprint)
            born.append(Move(self._new_point(named), named, is_said=True))
        return born, dropped

    def _new_point(self, finding: Finding) -> Point:
        receipt = self.review.receipt
        is_by_model = finding.source == "model"
        return Point(
            fingerprint=finding.fingerprint,
            finding=finding,
            first_head=self.head.sha,
            last_head=self.head.sha,
            prompt_version=receipt.prompt_versions.get("review", "") if is_by_model else "",
            model=(receipt.model or "") if is_by_model else "",
        ).model_copy(update=surroundings(finding, self.head.outlines.get(finding.path)))

    def _seen_again(self, old: Point, finding: Finding) -> Point:
        """The point at its new place. A fingerprint that is another point's name does not become an alias of it."""
        own = old.fingerprint if finding.fingerprint in self.names else finding.fingerprint
        return old.model_copy(
            update=surroundings(finding, self.head.outlines.get(finding.path))
            | {"finding": finding.model_copy(update={"fingerprint": own}), "last_head": self.head.sha}
        )

    def _digest(self, finding: Finding) -> str:
        outline = self.head.outlines.get(finding.path)
        return outline.digest_of(finding.scope) if outline else ""


def _was_borne_out(then: Finding, now: Finding) -> bool:
    """It was said with a certainty that its rule alone cannot lend it: a model's, or that of a record of before."""
    return bool(now.own_confidence) and then.confidence > now.confidence


def _names(point: Point) -> set[str]:
    return {point.fingerprint, point.finding.fingerprint}


def _as_when_judged(point: Point, old: Point) -> Point:
    """Keeps the digest of the code that people spoke of, so that its change is noticed however many heads later."""
    return point.model_copy(update={"code_digest": old.code_digest or point.code_digest})


def _moved_to(
    point: Point, state: PointState, because: str = "", finding: Finding | None = None, is_said: bool = False
) -> Move:
    named = finding.model_copy(update={"fingerprint": point.fingerprint}) if finding else None
    return Move(point.model_copy(update={"state": state}), named, is_said, because)


def _placed(there: Trace) -> Finding:
    """The finding as last seen, where its code stands now."""
    finding = there.point.finding
    start = there.kept[0].number if there.kept else finding.start_line
    length = finding.end_line - finding.start_line
    place = {"path": there.path or finding.path, "start_line": start, "end_line": start + length, "suggestion": None}
    return finding.model_copy(update=place)


def _free_name(fingerprint: str, taken: Collection[str]) -> str:
    """The fingerprint, or one made of it where another point has that name: equals change their ordinals."""
    name, turn = fingerprint, 0
    while name in taken:
        turn += 1
        name = hashlib.sha256(f"{fingerprint}\0{turn}".encode()).hexdigest()[: len(fingerprint)]
    return name


def dropped_as(finding: Finding, reason: str, detail: str = "") -> Dropped:
    return Dropped(finding=finding, rule=finding.rule, path=finding.path, reason=reason, detail=detail)
