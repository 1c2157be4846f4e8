"""What a change makes worse along the chains of calls of the fleet, as findings of the rules that are named for it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain import Change, Dropped, Finding, PostureChange
from bot.domain.posture import CallSite, WorseChain
from bot.review.snapshot import Snapshot
from bot.rules import rule_named
from bot.rules.suppression import ignores_in
from bot.rules.weighing import SHOWN_ONLY
from bot.syntax import parse
from bot.syntax.guard import Guard

WAIT, RETRIES = "missing-timeout/deadline-not-propagated", "unbounded-retry/nested-retry"
EVIDENCE_CHARS = 400


@dataclass(frozen=True)
class Told:
    """What is said of chains of calls."""

    findings: tuple[Finding, ...] = ()
    dropped: tuple[Dropped, ...] = ()


@dataclass(frozen=True)
class Place:
    """A line of the head, as the guarded process reads it."""

    scope: str
    evidence: str
    silenced_by: str
    """The comment that silences the rule there."""


def chain_findings(posture: PostureChange | None, snapshot: Snapshot, guard: Guard, today: str) -> Told:
    """One for each chain that gets worse at a line that the change wrote. The receipt tells of the others."""
    if posture is None or not posture.worse:
        return Told()
    found: list[Finding] = []
    dropped: list[Dropped] = []
    for one in posture.worse:
        site = _written(one, snapshot.change)
        rule = RETRIES if one.kind == "retries" else WAIT
        content = snapshot.contents.get(site.path) if site is not None else None
        if site is None or content is None or not snapshot.policy.allows_rule(rule):
            continue
        [place] = guard.map(read_place, [(site.path, content, site.line, rule, today)])
        if not isinstance(place, Place):
            continue
        finding = _finding(one, rule, site, place)
        if any((other.rule, other.path, other.start_line) == (rule, site.path, site.line) for other in found):
            continue  # one comment a line; the receipt goes on telling the other chain
        if place.silenced_by:
            dropped.append(Dropped(finding=finding, reason="suppressed", detail=place.silenced_by))
        else:
            found.append(finding)
    return Told(tuple(found), tuple(dropped))


def read_place(asked: tuple[str, bytes, int, str, str]) -> Place | None:
    """Runs in a guarded process."""
    path, content, line, rule, today = asked
    file = parse(path, content)
    if file is None:
        return None
    names = {rule, rule.split("/")[0]}
    silencing = (
        one.text for one in ignores_in(file, today) if not one.flaw and line in one.covers and names & {*one.names}
    )
    return Place(file.scope_at(line), file.line_text(line)[:EVIDENCE_CHARS], next(silencing, ""))


def without_told(posture: PostureChange | None, findings: Sequence[Finding]) -> PostureChange | None:
    """The change of posture, without the chains that a finding tells."""
    if posture is None or not posture.worse:
        return posture
    told = {finding.fingerprint for finding in findings}
    texts = {one.text for one in posture.worse if not told.isdisjoint(_marks(one))}
    return posture.model_copy(update={"chains": tuple(text for text in posture.chains if text not in texts)})


def _written(one: WorseChain, change: Change) -> CallSite | None:
    """The likeliest of its places that stands on a line of this change."""
    added = {patch.path: patch.added() for patch in change.patches}
    return next((site for site in one.places if site.line in added.get(site.path, ())), None)


def _finding(one: WorseChain, name: str, site: CallSite, place: Place) -> Finding:
    rule = rule_named(name)
    title, costs, fix = _words(one)
    return Finding(
        path=site.path,
        start_line=site.line,
        end_line=site.line,
        class_=rule.class_,
        kind=rule.kind,
        rule=name,
        severity=rule.severity,
        confidence=rule.confidence if one.is_known else SHOWN_ONLY,
        source="rule",
        title=title,
        body=f"On record, with this change: {one.text}. {costs}\n\n**Fix:** {fix}",
        evidence=place.evidence,
        scope=place.scope,
        fingerprint=_mark(one, site),
    )


def _marks(one: WorseChain) -> set[str]:
    return {_mark(one, site) for site in one.places}


def _mark(one: WorseChain, site: CallSite) -> str:
    """Of the hop that got worse: numbers, lines and words may change without making it another point."""
    parts = (RETRIES if one.kind == "retries" else WAIT, site.path, one.caller, one.callee, str(one.gives_up_first))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def _words(one: WorseChain) -> tuple[str, str, str]:
    """Title, what it costs, and what to do."""
    if one.kind == "retries":
        return (
            "Retries multiply along the chain of calls",
            "When the last service fails, all of them arrive at once, and their load keeps it down.",
            "Retry on one hop of the chain, the one nearest to the failure, and hand the failure on everywhere else.",
        )
    if one.gives_up_first:
        return (
            "This gives up before what it calls has given up",
            "When that is slow, it goes on working for an answer that nobody reads, while its caller tries again.",
            "Wait at least as long as the chain below, its tries included, or shorten the waits there first.",
        )
    return (
        "This waits longer than its callers wait for it",
        "When the callee is slow, its callers have long given up while it goes on working for an answer nobody reads.",
        "Set a limit, tries and pauses included, that ends before the caller's, or hand the caller's deadline on.",
    )
