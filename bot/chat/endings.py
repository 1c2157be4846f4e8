"""How a review that somebody asked for ended, told where it was asked for."""

from bot.chat.asked import ChatDesk
from bot.chat.seal import seal
from bot.chat.wording import listing, one_of
from bot.domain import CommandGiven, Coverage, Part, Point, PullRequest, Receipt, Reply, Review, Severity, Words
from bot.review.standing import points_now
from bot.transports.announcement import announcement

_SHOWN = 10


def end_of(given: CommandGiven, desk: ChatDesk, pull_request: PullRequest, state: str, reason: str) -> Reply:
    """`state` is the engine's word for it: done, degraded, superseded, gave-up."""
    subject = f"{pull_request.repository.full_name}#{pull_request.number}"
    head = pull_request.head_sha[:7]
    receipt = desk.ledger.receipt_for(
        pull_request.repository.id, pull_request.number, pull_request.base_sha, pull_request.head_sha
    )
    if state == "superseded":
        reply = _reply("done", f"The review of {head} was overtaken", f"{reason or 'A newer head came'}.".capitalize())
    elif receipt is None or receipt.coverage is Coverage.NONE:
        why = (receipt.reason if receipt else "") or reason or "the log of the worker says why"
        reply = _reply("failed", f"{subject} at {head} was not reviewed", f"{why[:1].upper()}{why[1:]}.")
    else:
        reply = _told(desk, pull_request, subject, receipt)
    return seal(reply.model_copy(update={"run_id": given.run_id}), desk.own_host)


def announcement_to(wants: dict[str, object], desk: ChatDesk, pull_request: PullRequest, state: str) -> Reply | None:
    """What a subscribed channel hears of a review: what is new and weighty enough. None: nothing."""
    floor = str(wants.get("findings") or "")
    if state not in ("done", "degraded") or floor not in set(Severity):
        return None
    key = (pull_request.repository.id, pull_request.number)
    receipt = desk.ledger.receipt_for(*key, pull_request.base_sha, pull_request.head_sha)
    if receipt is None:
        return None
    said = [point for point in desk.ledger.points(*key) if point.said != "held"]
    fresh = tuple(point.finding for point in said if point.first_head == pull_request.head_sha)
    reply = announcement(Review(receipt=receipt, findings=fresh), pull_request, Severity(floor))
    return seal(reply, desk.own_host) if reply else None


def _told(desk: ChatDesk, pull_request: PullRequest, subject: str, receipt: Receipt) -> Reply:
    points = points_now(desk.ledger, pull_request.repository.id, pull_request.number)
    still_open = [point for point in points if point.state == "open"]
    why = f" ({receipt.reason})" if receipt.reason else ""
    facts = f"Head `{pull_request.head_sha[:7]}`, coverage `{receipt.coverage}`{why}, in {receipt.duration_s:.1f} s."
    title = f"{subject} is reviewed: {one_of(len(still_open), 'open finding') if still_open else 'nothing found'}"
    return _reply("done", title, facts, listing(map(_line, still_open), most=_SHOWN) if still_open else "")


def _line(point: Point) -> str:
    finding = point.finding
    return f"`{point.handle}` **{finding.severity}** {finding.title}, `{finding.path}:{finding.start_line}`"


def _reply(state: str, title: str, *texts: str) -> Reply:
    parts: tuple[Part, ...] = tuple(Words(text=text) for text in texts if text)
    return Reply.model_validate({"state": state, "title": title, "parts": parts})
