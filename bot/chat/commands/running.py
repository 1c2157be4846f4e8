"""`status` and `cancel`: what was asked for, how it goes, and an end to it."""

from datetime import timedelta
from typing import Any, ClassVar

from bot.chat.access import may_see, require
from bot.chat.asked import Asked
from bot.chat.command import Command, Declined, Example, Use, said
from bot.chat.wording import listing, moment, one_of, quote, times_said, typed
from bot.domain import Answer, CancelReviews, Facts, PullRequest, Repository
from bot.errors import SeawallError
from bot.review.standing import points_now

_STATES = {
    "": "under way", "done": "done", "started": "done, its review was started", "refused": "refused",
    "misunderstood": "not understood", "failed": "failed",
}  # fmt: skip
_LOOKS_BACK = timedelta(days=14)


class Status(Command):
    name = "status"
    topic = "a pull request"
    summary = "Tells how a pull request, a repository or one run stands"
    uses = (Use("status <run>", "read", "anything"), Use("status [<owner/repo>]", "read", "anything"))
    aliases: ClassVar = {"st": "status"}
    examples = (
        Example("status", "acme/shop#7 at "),
        Example("status c-3f9a2b1", "There is no run c-3f9a2b1", state="misunderstood"),
    )

    def run(self, asked: Asked) -> Answer:
        if wanted := asked.value("run"):
            return _run_told(asked, _run(asked, wanted, "read"))
        if asked.repository_or_none is None:
            raise Declined("Which repository?", "Say `status owner/repo#12`, or `status` and a run's id.",
                           state="misunderstood")  # fmt: skip
        return _pull_request_told(asked) if asked.number else _repository_told(asked)


class Cancel(Command):
    name = "cancel"
    topic = "a pull request"
    summary = "Stops the review of this pull request, or the one a run started"
    uses = (Use("cancel <run>", "write", "anything"), Use("cancel", "write", "pull request"))
    aliases: ClassVar = {"stop": "cancel", "abort": "cancel"}
    examples = (
        Example("cancel", "Nothing is under way on acme/shop#7"),
        Example("cancel c-3f9a2b1", "There is no run c-3f9a2b1", state="misunderstood"),
    )

    def run(self, asked: Asked) -> Answer:
        pull_request = asked.pull_request if not asked.value("run") else _pull_request_of_run(asked)
        name = f"{pull_request.repository.full_name}#{pull_request.number}"
        if not asked.desk.under_way(pull_request.key):
            return said(f"Nothing is under way on {name}")
        return said(
            f"Stopping the review of {name}",
            f"By {quote(asked.who)}. The check says that it was stopped; {typed(asked, 'review')} starts it again.",
            wants=(CancelReviews(pull_request=pull_request),),
        )


def _run(asked: Asked, wanted: str, permission: str) -> dict[str, Any]:
    """The row of a command, where the asker may see what it was about. Raises Declined; of what he may not see, with
    the same words as if it were not there.
    """
    row = asked.desk.ledger.command(wanted)
    unknown = Declined(f"There is no run {wanted.lower()}", "Run ids stand under each answer.", state="misunderstood")
    if row is None:
        raise unknown
    is_own = row["person_key"] == asked.given.person.key
    if row["repository_id"] is not None:
        repository = _repository(asked, int(row["repository_id"]))
        is_here = asked.given.place.transport != "github" or repository == asked.repository_or_none
        if not is_here:  # all who read this pull request would read of another repository
            raise unknown
        if not may_see(asked, repository):
            raise unknown
        require(asked, "write" if permission == "write" else "read", "see that run", repository)
    elif not is_own and asked.given.person.transport != "terminal":
        raise unknown
    return row


def _repository(asked: Asked, repository_id: int) -> Repository:
    for repository in asked.desk.ledger.known_repositories():
        if repository.id == repository_id:
            return repository
    raise Declined("That repository is not served any more")


def _run_told(asked: Asked, row: dict[str, Any]) -> Answer:
    rows = [("Command", f"`{row['name'] or '?'}`"), ("Given", moment(row["at"]))]
    if row["ended_at"]:
        rows.append(("Answered", moment(row["ended_at"])))
    if row["title"]:
        rows.append(("Answer", quote(row["title"])))
    if row["awaits"]:
        rows.append(("Waits for", "the end of its review"))
    return said(f"{row['run_id']} is {_STATES.get(row['state'], row['state'])}", Facts(rows=tuple(rows)))


def _pull_request_of_run(asked: Asked) -> PullRequest:
    row = _run(asked, asked.value("run"), "write")
    number = row["number"] or _number_in(row["awaits"])
    if not number or (row["repository_id"] is None and not row["awaits"]):
        raise Declined(f"{row['run_id']} started no review", "There is nothing to cancel.", state="misunderstood")
    repository_id = int(row["repository_id"] or row["awaits"].partition("#")[0])
    repository = _repository(asked, repository_id)
    require(asked, "write", "cancel that review", repository)
    return asked.desk.pull_requests.of(repository, int(number))


def _number_in(review_key: str) -> str:
    """`42#7@<base>..<head>` → `7`."""
    return review_key.partition("#")[2].partition("@")[0]


def _as_known(asked: Asked) -> tuple[PullRequest, str]:
    """As GitHub describes it; while GitHub cannot be asked, as last heard of, and that it is so."""
    try:
        return asked.pull_request, ""
    except (Declined, SeawallError) as failure:
        is_away = not isinstance(failure, Declined) or failure.reply.state == "failed"
        known = asked.desk.ledger.pull_request(asked.repository.id, asked.number or 0) if is_away else None
        if known is None:
            raise
        return known, "GitHub cannot be asked just now; this is how it was last heard of."


def _pull_request_told(asked: Asked) -> Answer:
    (pull_request, caveat), ledger = _as_known(asked), asked.desk.ledger
    points = points_now(ledger, asked.repository.id, pull_request.number)
    receipt = ledger.receipt_for_head(asked.repository.id, pull_request.head_sha, pull_request.base_ref)
    under_way = asked.desk.under_way(pull_request.key)
    rows = [
        ("Review", "under way" if under_way else _receipt(receipt.coverage, receipt.reason) if receipt else "none yet")
    ]
    counted = {state: sum(point.state == state for point in points) for state in dict.fromkeys(p.state for p in points)}
    rows.append(("Findings", ", ".join(f"{count} {state}" for state, count in counted.items()) or "none"))
    if paused := ledger.paused(asked.repository.id, asked.number):
        rows.append(("Paused", quote(times_said(paused))))
    if not pull_request.is_open:
        rows.append(("Pull request", "closed"))
    open_points = [point for point in points if point.state == "open"]
    listed = listing(f"`{point.handle}` {quote(point.finding.title)}" for point in open_points)
    title = f"{asked.subject} at {pull_request.head_sha[:7]}"
    return said(title, Facts(rows=tuple(rows)), listed, _recent(asked), caveat)


def _receipt(coverage: str, reason: str) -> str:
    return f"done, coverage `{coverage}`" + (f" ({quote(reason)})" if reason else "")


def _repository_told(asked: Asked) -> Answer:
    paused = asked.desk.ledger.paused(asked.repository.id, None)
    since = (asked.desk.now() - _LOOKS_BACK).isoformat(timespec="seconds")
    runs = [
        row
        for row in asked.desk.ledger.recent_reviews(100)
        if row["repository"] == asked.repository.full_name and row["finished_at"] >= since
    ]
    shown = listing((f"#{row['number']} `{row['head_sha'][:7]}`: {row['result']}, coverage `{row['coverage']}`, "
                     f"{moment(row['finished_at'])}" for row in runs), most=10)  # fmt: skip
    title = f"{asked.repository.full_name}: {one_of(len(runs), 'review')} in {_LOOKS_BACK.days} days"
    return said(title, f"Paused {quote(times_said(paused))}." if paused else "", shown, _recent(asked))


def _recent(asked: Asked) -> str:
    rows = asked.desk.ledger.recent_commands(asked.repository.id, asked.number, 6)
    others = [row for row in rows if row["id"] != asked.given.id and row["name"]][:5]
    listed = listing(f"`{row['run_id']}` `{row['name']}`: {_STATES.get(row['state'], row['state'])}" for row in others)
    return f"Latest commands:\n{listed}" if others else ""
