"""What the merge queue is told: it waits for our check on a commit that nobody reviews by itself."""

from bot.domain import CheckDraft, Coverage, MergeGroupQueued, Receipt
from bot.regex import regex
from bot.settings import Mode

_QUEUED = regex(r"/pr-(\d+)-[0-9a-f]{7,40}$")


def queued_number(job: MergeGroupQueued) -> int | None:
    """The pull request a merge group ends with; GitHub names its branch `gh-readonly-queue/main/pr-12-<sha>`."""
    match = _QUEUED.search(job.head_ref)
    return int(match[1]) if match else None


def merge_check(number: int | None, receipt: Receipt | None, mode: Mode, was_stopped: bool) -> CheckDraft:
    """The answer from the review of the pull request's head. `was_stopped`: its own check had failed."""
    if number is None or receipt is None or receipt.coverage is Coverage.NONE:
        who = f"#{number}" if number else "its pull request"
        title = f"Not reviewed: there is no receipt for {who}"
        return CheckDraft(conclusion="failure" if mode is Mode.GATE else "neutral", title=title)
    if was_stopped:
        return CheckDraft(conclusion="failure", title=f"The review of #{number} stands against merging")
    return CheckDraft(conclusion="success", title=f"Reviewed as #{number}: {receipt.result}, {receipt.coverage}")
