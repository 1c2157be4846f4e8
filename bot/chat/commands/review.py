"""`review`: reviews the head of a pull request now."""

from typing import ClassVar

from bot.chat.asked import Asked
from bot.chat.command import Command, Declined, Example, Use, said
from bot.chat.wording import one_of, times_said, typed
from bot.domain import Answer, Coverage, PullRequest, Receipt, StartReview
from bot.review.standing import points_now
from bot.settings import skip_reason


class Review(Command):
    name = "review"
    topic = "a pull request"
    summary = "Reviews the pull request now; `full` reads everything again"
    uses = (Use("review [full]", "write", "pull request"),)
    aliases: ClassVar = {
        "full review": "review full",
        "re-review": "review full",
        "rereview": "review full",
        "recheck": "review",
        "retest": "review",
        "rerun": "review full",
    }
    examples = (
        Example("review", "A review of acme/shop#7 is on its way", state="started"),
        Example("review full", "A full review of acme/shop#7 is on its way", state="started"),
        Example("full review", "A full review of acme/shop#7 is on its way", state="started"),
    )

    def run(self, asked: Asked) -> Answer:
        pull_request, is_full = asked.pull_request, "full" in asked
        _refuse_where_none_would_run(asked, pull_request)
        desk = asked.desk
        awaits = pull_request.review_key
        if any(run.startswith("review:") and awaits in run for run in desk.under_way(pull_request.key)):
            title = f"This head of {asked.subject} is being reviewed already"
            return said(title, "The end is told here.", state="started", awaits=awaits)
        receipt = desk.ledger.receipt_for_head(pull_request.repository.id, pull_request.head_sha, pull_request.base_ref)
        if receipt and receipt.coverage is not Coverage.NONE and not is_full:
            return said(
                f"This head of {asked.subject} has its review already",
                _told(asked, pull_request, receipt),
                f"{typed(asked, 'review full')} reads everything again.",
            )
        title = f"A {'full ' if is_full else ''}review of {asked.subject} is on its way"
        head = f"Head `{pull_request.head_sha[:7]}`; the end is told here."
        wants = (StartReview(pull_request=pull_request, is_full=is_full),)
        return said(title, head, state="started", wants=wants, awaits=awaits)


def _refuse_where_none_would_run(asked: Asked, pull_request: PullRequest) -> None:
    if not pull_request.is_open:
        raise Declined(f"{asked.subject} is closed", "Seawall reviews open pull requests; reopen it first.")
    if asked.desk.settings.paused:
        raise Declined(
            "Seawall is paused everywhere", "Whoever runs it has set `paused`; reviews go on when they end that."
        )
    if paused := asked.desk.ledger.paused(asked.repository.id, asked.number):
        raise Declined(
            f"Reviews of {asked.subject} are paused",
            f"Paused {times_said(paused)}. {typed(asked, 'resume')} ends that; the repository's pause ends where no "
            "pull request is named, and needs an administrator.",
        )
    reason = skip_reason(
        asked.policy,
        pull_request.author,
        pull_request.author_is_bot,
        pull_request.title,
        pull_request.labels,
        pull_request.is_draft,
    )
    if reason:
        raise Declined(
            f"Policy leaves {asked.subject} alone",
            f"It is so because {reason}. The policy lies in `.github/seawall.toml` on `{pull_request.base_ref}`; "
            f"{typed(asked, 'config')} shows it.",
        )


def _told(asked: Asked, pull_request: PullRequest, receipt: Receipt) -> str:
    points = points_now(asked.desk.ledger, pull_request.repository.id, pull_request.number)
    still_open = sum(point.state == "open" for point in points)
    reason = f" ({receipt.reason})" if receipt.reason else ""
    return (
        f"Head `{pull_request.head_sha[:7]}`, coverage `{receipt.coverage}`{reason}, result `{receipt.result}`; "
        f"{one_of(still_open, 'finding')} still open on this pull request."
    )
