"""From a finished review to the pull request: what is said, posted once, and what the check concludes."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from pydantic import Field

from bot.domain import CheckDraft, Finding, Posted, Publisher, PullRequest, Record, Review, Standing, marker_of
from bot.ledger import Said
from bot.review.proving.record import Proved
from bot.review.proving.reviewing import proofs_told
from bot.review.receipt import check_of
from bot.review.render import check_page, draft_of
from bot.review.snapshot import Snapshot

NOTHING_PROVED: Mapping[str, Proved] = MappingProxyType({})
LATE_LEAD = "**Seawall**: the model is back; this is its part of the review."


class Outcome(Record):
    """What publishing came to."""

    superseded_by: str = ""
    """Why nothing was posted, where the pull request had moved on."""
    posted: Posted | None = None
    said: dict[str, Said] = Field(default_factory=dict)
    """Fingerprint → inline or listed, for what this review says."""


def publish(
    publisher: Publisher,
    pull_request: PullRequest,
    review: Review,
    fresh: Sequence[Finding],
    snapshot: Snapshot,
    own_host: str,
    generation: int,
    is_late: bool,
    back_from: str = "",
    proofs: Mapping[str, Proved] = NOTHING_PROVED,
) -> Outcome:
    """Posts the findings not said before, once, if the pull request still stands at this head. `back_from`: the head
    that was pushed back to this one, which has a review already. `proofs`: fingerprint → its fault test.
    """
    identity = (pull_request.key, pull_request.base_ref, pull_request.head_sha, generation, is_late)
    marker = marker_of(*identity, back_from) if back_from else marker_of(*identity)
    standing = publisher.standing(marker)
    if reason := superseded_by(pull_request, standing):
        return Outcome(superseded_by=reason)
    if not fresh:
        return Outcome()
    lead = LATE_LEAD if is_late else ""
    below, beside = proofs_told(proofs, fresh, pull_request.head_sha, own_host)
    draft = draft_of(review, fresh, snapshot.change, snapshot.policy, marker, own_host, lead, below, beside)
    posted = publisher.post(draft)
    inline = set() if posted.inline_refused else {comment.fingerprint for comment in draft.comments}
    said: dict[str, Said] = {
        finding.fingerprint: "inline" if finding.fingerprint in inline else "listed" for finding in fresh
    }
    known = {fingerprint: id_ for fingerprint, id_ in posted.comment_ids.items() if fingerprint in said}
    return Outcome(posted=posted.model_copy(update={"comment_ids": known}), said=said)


def superseded_by(pull_request: PullRequest, standing: Standing | None) -> str:
    """Why nothing may be said of this head any more; empty while it is the one. None: nobody knows, so go on."""
    if standing is None:
        return ""
    if not standing.is_open:
        return "the pull request is closed"
    if standing.head_sha != pull_request.head_sha:
        return f"a newer head, {standing.head_sha[:10]}"
    return ""


def final_check(review: Review, snapshot: Snapshot, said: Mapping[str, str], own_host: str) -> CheckDraft:
    """The finished check, carrying the receipt."""
    page = check_page(review, said, own_host)
    return check_of(review.receipt, review.findings, snapshot.policy, page)
