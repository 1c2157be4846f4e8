"""Believes of the model only what the head file proves. Pure.

The quote decides where a finding stands, the file what its evidence is, the taxonomy what it may be called, and the
server how grave it may be. Whatever fails is dropped with its reason, and counted.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.domain import Candidate, Change, Dropped, Finding, Patch, PatchStatus, Severity, Suggestion
from bot.llm import legible
from bot.llm.fencing import REPEATED
from bot.redaction import MASK
from bot.review.excerpt import ScopeOf, no_scope
from bot.review.placeholders import PLACEHOLDER
from bot.review.quote import HeadText, Place, Restore
from bot.review.retold import masked_however_told
from bot.review.words import in_plain_words
from bot.settings.taxonomy import taxonomy

MAY_BE_CRITICAL = frozenset({
    "correctness", "migration-hazard", "non-idempotent-retry", "security", "shutdown-ordering", "thundering-herd",
    "unbounded-retry",
})  # fmt: skip
"""Classes that can lose or double data, or spread to others; elsewhere the model's "critical" is read as high."""
AT_MOST_MEDIUM = frozenset({"log-hygiene", "lost-cause", "maintainability", "tests"})
MOST_CONFIDENCE = 0.95
_MOST_EVIDENCE_LINES = 20
_MOST_BODY_CHARS = 4000
OTHER = "other"


class Verified(NamedTuple):
    kept: tuple[Finding, ...]
    dropped: tuple[Dropped, ...]


@dataclass(frozen=True)
class _Refuted(Exception):
    reason: str
    detail: str = ""


def verify(
    candidates: Sequence[Candidate],
    change: Change,
    contents: Mapping[str, bytes],
    scope_of: ScopeOf = no_scope,
    restore: Restore = str,
) -> Verified:
    """Findings that stand, and what was dropped: `outside-change`, `unknown-class`, `quote-mismatch`, `malformed`,
    `repeats-question`. What says the same twice is for bot.review.merge to tell.

    `contents` is path → head bytes; `restore` gives back what stands for a secret in a quote, to compare it. Evidence
    is the file's own text, its secrets masked.
    """
    heads: dict[str, HeadText] = {}
    kept: list[Finding] = []
    dropped: list[Dropped] = []
    for candidate in candidates:
        try:
            kept.append(_finding(candidate, change, contents, heads, scope_of, restore))
        except _Refuted as refuted:
            rule = one_line(f"{candidate.class_}/{candidate.kind}", 100)
            dropped.append(
                Dropped(rule=rule, path=one_line(candidate.path, 300), reason=refuted.reason, detail=refuted.detail)
            )
    return Verified(tuple(kept), tuple(dropped))


def _finding(
    candidate: Candidate,
    change: Change,
    contents: Mapping[str, bytes],
    heads: dict[str, HeadText],
    scope_of: ScopeOf,
    restore: Restore,
) -> Finding:
    path = candidate.path.strip().removeprefix("./")
    patch = change.by_path.get(path)
    if patch is None or path not in contents or patch.status is PatchStatus.REMOVED:
        raise _Refuted("outside-change", "the file is not part of what was read of this change")
    if any(REPEATED in (text or "") for text in (candidate.title, candidate.body, candidate.replacement)):
        raise _Refuted("repeats-question", "it tells what the model was shown instead of a defect")
    class_ = class_of(candidate.class_)
    title = one_line(candidate.title.strip().rstrip("."), 80)
    said = masked_however_told(legible(candidate.body)).strip()[:_MOST_BODY_CHARS]
    if not title or not said:
        raise _Refuted("malformed", "a finding needs a title and a body")
    body = in_plain_words(title, said)
    head = heads.setdefault(path, HeadText(path, contents[path], restore))
    place = _locate(candidate, head, patch, scope_of)
    kind = kind_of(class_, candidate.kind)
    scope = scope_of(path, place.start_line)
    scope_name = scope.name if scope else ""
    return Finding(
        path=path,
        start_line=place.start_line,
        end_line=place.end_line,
        class_=class_,
        kind=kind,
        rule=f"{class_}/{kind}",
        severity=min(candidate.severity, ceiling_of(class_), key=lambda severity: severity.rank),
        confidence=min(candidate.confidence, MOST_CONFIDENCE),
        source="model",
        title=title,
        body=body,
        evidence=head.text_of(place.start_line, min(place.end_line, place.start_line + _MOST_EVIDENCE_LINES - 1)),
        suggestion=_suggestion(candidate, place, patch, head),
        scope=scope_name,
        fingerprint=_fingerprint(f"{class_}/{kind}", patch.path_at_base, scope_name, head, place, scope_of),
    )


def _locate(candidate: Candidate, head: HeadText, patch: Patch, scope_of: ScopeOf) -> Place:
    """Where the quote stands: at the lines claimed, or at the only other place in the changed hunks."""
    claimed = Place(candidate.start_line, max(candidate.start_line, candidate.end_line))
    places = head.places(candidate.quote)
    if not places:
        raise _Refuted("quote-mismatch", "the quoted code is not in the head file")
    shown = patch.commentable("RIGHT")
    at_claim = [place for place in places if place.overlaps(claimed)]
    if at_claim:
        place = min(at_claim, key=lambda place: abs(place.start_line - claimed.start_line))
    else:
        in_hunks = [place for place in places if place.touches(shown)]
        if len(in_hunks) != 1:
            where = f"{len(in_hunks)} places of" if in_hunks else "nowhere in"
            raise _Refuted("quote-mismatch", f"the quoted code is not at those lines, and {where} the changed hunks")
        place = in_hunks[0]
    if not place.touches(shown) and not _is_in_changed_scope(patch, place, scope_of):
        raise _Refuted("outside-change", "the quoted lines are not part of what changed")
    return place


def _is_in_changed_scope(patch: Patch, place: Place, scope_of: ScopeOf) -> bool:
    span = scope_of(patch.path, place.start_line)
    return span is not None and Place(span.start_line, span.end_line).touches(patch.added())


def ceiling_of(class_: str) -> Severity:
    """The gravest that the model may call a defect of this class."""
    ceiling = Severity.CRITICAL if class_ in MAY_BE_CRITICAL else Severity.HIGH
    return Severity.MEDIUM if class_ in AT_MOST_MEDIUM else ceiling


def _suggestion(candidate: Candidate, place: Place, patch: Patch, head: HeadText) -> Suggestion | None:
    """The replacement, where it changes something that one comment can carry and that we have seen unmasked."""
    if candidate.replacement is None or not candidate.replacement.strip():
        return None
    text = candidate.replacement.strip("\n").replace("\r\n", "\n")
    shift = 0
    if not place.overlaps(Place(candidate.start_line, max(candidate.start_line, candidate.end_line))):
        shift = place.start_line - candidate.start_line
    start, end = candidate.start_line + shift, max(candidate.start_line, candidate.end_line) + shift
    hunk = patch.hunk_at(start)
    if start < 1 or hunk is None or hunk is not patch.hunk_at(end) or end > head.last_line:
        return None
    before = head.text_of(start, end)
    if (
        MASK in before
        or PLACEHOLDER.search(text)
        or masked_however_told(text) != text
        or _squeezed(text) == _squeezed(before)
    ):
        return None
    suggestion = Suggestion(start_line=start, end_line=end, text=text)
    return None if repeats_border(head, suggestion) else suggestion


def repeats_border(head: HeadText, suggestion: Suggestion) -> bool:
    """True where its first or last line says again the line before or after it, which would then stand there twice."""
    start, end, lines = suggestion.start_line, suggestion.end_line, suggestion.text.split("\n")
    return (start > 1 and _repeats(lines[0], head.text_of(start - 1, start - 1))) or (
        end < head.last_line and _repeats(lines[-1], head.text_of(end + 1, end + 1))
    )


def _repeats(line: str, neighbour: str) -> bool:
    """True where a replacement says again what stands next to it: it was meant for more lines than it names."""
    return line.rstrip() == neighbour.rstrip() and sum(map(str.isalnum, line)) > 3


def _squeezed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.split("\n"))


def _fingerprint(rule: str, path: str, scope: str, head: HeadText, place: Place, scope_of: ScopeOf) -> str:
    """Stands on the first quoted line in full, since how much a model quotes varies from one answer to the next."""
    code = head.squashed(place.start_line)
    ordinal = 0
    for line in head.lines_like(code):
        if line >= place.start_line:
            break
        span = scope_of(head.path, line)
        ordinal += (span.name if span else "") == scope
    identity = "\x00".join((rule, path, scope, code, str(ordinal)))
    return hashlib.sha256(identity.encode("utf-8", "replace")).hexdigest()[:16]


def class_of(claimed: str) -> str:
    """The class that was claimed; also where it was written with its kind, or where its kind alone was."""
    name = claimed.strip().lower().replace("_", "-").replace(" ", "-")
    classes = taxonomy()
    of_kind = [class_ for class_, kinds in classes.items() if name in kinds]
    found = next((one for one in (name, name.split("/")[0]) if one in classes), of_kind[0] if len(of_kind) == 1 else "")
    if not found:
        raise _Refuted("unknown-class")
    return found


def kind_of(class_: str, claimed: str) -> str:
    """The kind of this class that was claimed, or the one that shares most words with it, more than half of them."""
    claimed = claimed.strip().lower()
    kinds = taxonomy()[class_]
    if claimed in kinds:
        return claimed
    said = set(re.split(r"[^a-z]+", claimed)) - {""}
    likeness = {kind: _likeness(said, set(kind.split("-"))) for kind in kinds}
    best = max(kinds, key=lambda kind: likeness[kind])
    return best if likeness[best] > 0.5 else OTHER


def _likeness(some: set[str], others: set[str]) -> float:
    return len(some & others) / len(some | others)


def one_line(text: str, most: int) -> str:
    """Words of a model, masked, on one line, cut between words."""
    line = re.sub(r"\s+", " ", masked_however_told(legible(text))).strip()
    if len(line) <= most:
        return line
    return line[: most - 1].rsplit(" ", 1)[0].rstrip(" ,;:")[: most - 1] + "…"
