"""What became of what we said: reactions, replies and threads are looked at, judged, and the record learns from them.

Nobody announces a reaction, so our threads are read from time to time, and once more when a pull request ends.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from hashlib import sha256

from bot.domain import (
    Evidence,
    Guidance,
    Point,
    PullRequest,
    ReplyNoted,
    Repository,
    ThreadNoted,
    is_marked,
)
from bot.errors import SeawallError
from bot.github import (
    Conversation,
    GitHubHost,
    Thread,
    fetch_pull_request,
    read_threads,
    resolve,
    suggestion_commits,
)
from bot.ledger import Ledger
from bot.redaction import masked
from bot.review.filter import safe_markdown
from bot.review.muting import mute_the_unheeded
from bot.review.opinions import opinion_of_reaction, opinion_of_reply
from bot.review.outcomes import fate_of, state_of
from bot.settings import Policy

_DETAIL_CHARS = 500
_MAY_TEACH = ("write", "admin")
"""Whose objections are told to the model: anybody may object, not everybody may steer."""


class Sweeper:
    """Every method may be repeated and then changes nothing. `policy_of` gives the policy on the default branch."""

    def __init__(
        self,
        host: GitHubHost,
        ledger: Ledger,
        policy_of: Callable[[Repository], Policy],
        clock: Callable[[], datetime],
        own_host: str,
    ) -> None:
        self._host = host
        self._ledger = ledger
        self._policy_of = policy_of
        self._clock = clock
        self._own_host = own_host

    def note(self, job: ReplyNoted | ThreadNoted) -> None:
        """Writes down what people did in one of our threads. Asks GitHub nothing: deliveries wait behind it."""
        if isinstance(job, ReplyNoted):
            found = self._ledger.point_of_comment(job.repository.id, job.in_reply_to)
            if found and found[0] == job.number:
                self._keep(job.repository.id, job.number, found[1], _reply(job.author, job.body, job.at))
            return
        if _is_bot(job.actor) or self._is_us(job.actor):
            return
        for comment_id in job.comment_ids:
            found = self._ledger.point_of_comment(job.repository.id, comment_id)
            if found and found[0] == job.number:
                self._keep(job.repository.id, job.number, found[1], _thread(job.is_resolved, job.actor, job.at))

    def _is_us(self, login: str) -> bool:
        """With a person's token, what we resolve ourselves is told as that person's deed."""
        try:
            return login.lower() == self._host.own_login().lower()
        except SeawallError:
            return False  # nobody knows just now; the sweep looks again

    def to_sweep(self) -> list[PullRequest]:
        """Pull requests on which something we said may have been answered."""
        return self._ledger.unsettled()

    def has_spoken(self, pull_request: PullRequest) -> bool:
        """True if there is a point on it that a sweep would look at."""
        return bool(self._said(pull_request))

    def sweep(self, known: PullRequest) -> None:
        """Reads our threads on a pull request, judges each point, and where it has ended, learns from it."""
        repository, number = known.repository, known.number
        points = self._said(known)
        if not points:
            return
        pull_request = self._as_it_is(known)
        threads = self._read(pull_request, points)
        self._note_commits(pull_request, points)
        ended = None if pull_request.is_open else self._ledger.ended(repository.id, number)
        if ended:
            for point in points:
                self._keep(repository.id, number, point, _end(*ended, point, pull_request.head_sha))
        self._judge(repository, number, points, has_ended=ended is not None)
        self._tidy(repository, number, threads)
        if ended:
            rules = {point.finding.rule for point in points}
            mute_the_unheeded(self._ledger, repository, rules, self._policy_of(repository).mute_below, self._now())

    def _said(self, pull_request: PullRequest) -> list[Point]:
        points = self._ledger.points(pull_request.repository.id, pull_request.number)
        return [point for point in points if point.said != "held"]

    def _as_it_is(self, known: PullRequest) -> PullRequest:
        """As GitHub describes it now; its closing may not have been delivered."""
        pull_request = fetch_pull_request(self._host, known.repository, known.number)
        if pull_request.is_open != known.is_open:
            self._ledger.keep_pull_request(pull_request)
        return pull_request

    def _read(self, pull_request: PullRequest, points: list[Point]) -> list[Thread]:
        """Our threads, all that was seen in them written down."""
        by_comment = {point.comment_id: point for point in points if point.comment_id}
        if not by_comment:
            return []
        ours = []
        for thread in read_threads(self._host, pull_request):
            point = by_comment.get(thread.comments[0].id) if thread.comments else None
            if point is None:
                continue
            for evidence in self._seen_in(thread, pull_request, point):
                self._keep(pull_request.repository.id, pull_request.number, point, evidence)
            ours.append(thread)
        return ours

    def _tidy(self, repository: Repository, number: int, threads: Sequence[Thread]) -> None:
        """Resolves those whose points are settled: as they are judged now, for there may be no other look."""
        settled = {
            point.comment_id
            for point in self._ledger.points(repository.id, number)
            if point.state in ("dismissed", "fixed")
        }
        for thread in threads:
            if thread.comments[0].id in settled and thread.is_ours and thread.id and not thread.is_resolved:
                resolve(self._host, repository, thread.id)

    def _note_commits(self, pull_request: PullRequest, points: list[Point]) -> None:
        """A commit that credits us took one of our suggestions: the one whose code it is, where only one is fixed."""
        suggested = [point for point in points if point.finding.suggestion and point.state == "fixed"]
        if not suggested:
            return
        for commit in suggestion_commits(self._host, pull_request):
            if not commit.credits_us:
                continue
            for point in suggested:
                evidence = Evidence(
                    kind="suggestion-committed", says="fixed", actor=commit.author, detail=commit.sha, at=commit.at
                )
                if point.finding.path in commit.message or len(suggested) == 1:
                    self._keep(pull_request.repository.id, pull_request.number, point, evidence)

    def _seen_in(self, thread: Thread, pull_request: PullRequest, point: Point) -> Iterable[Evidence]:
        earlier = self._ledger.evidence(pull_request.repository.id, pull_request.number).get(point.fingerprint, [])
        for comment in thread.comments[1:]:
            if not comment.login or _is_bot(comment.login) or is_marked(comment.body) or _is_command(comment.body):
                continue
            evidence = _reply(comment.login, comment.body, comment.at)
            yield evidence
            if evidence.says == "disputed":
                self._learn(pull_request, point, comment.login, comment.body, comment.at)
        yield from self._reactions(thread, earlier)
        yield from self._resolution(thread, earlier)

    def _resolution(self, thread: Thread, earlier: Sequence[Evidence]) -> Iterable[Evidence]:
        """By whom a thread was resolved, where the delivery that tells when was lost."""
        known = [each for each in earlier if each.kind == "thread"]
        is_known = bool(known) and known[-1].says == "ignored"
        by = thread.resolved_by
        if thread.is_resolved and by and not is_known and by.lower() != self._host.own_login().lower():
            yield _thread(True, by, self._now())
        elif thread.is_resolved is False and is_known:
            yield _thread(False, "", self._now())

    def _reactions(self, thread: Thread, earlier: Sequence[Evidence]) -> Iterable[Evidence]:
        """Those that stand now, and those that were taken back since."""
        standing = [each for each in thread.comments[0].reactions if each.login and not _is_bot(each.login)]
        for each in standing:
            yield Evidence(
                kind="reaction",
                says=opinion_of_reaction(each.content),
                actor=each.login,
                detail=each.content,
                at=each.at,
            )
        last = {each.actor: each for each in earlier if each.kind == "reaction"}
        for actor, known in last.items():
            if known.says != "open" and actor not in {one.login for one in standing}:
                detail = f"{known.detail} taken back"
                yield Evidence(kind="reaction", says="open", actor=actor, detail=detail, at=self._now())

    def _learn(self, pull_request: PullRequest, point: Point, author: str, body: str, at: str) -> None:
        """Keeps an objection with a reason as guidance, if its author may change the code."""
        text = " ".join(safe_markdown(body, self._own_host).split())[:_DETAIL_CHARS]
        if len(text.split()) < 3:
            return  # "no", "false positive": an objection, but nothing to learn
        if Conversation(self._host, pull_request.repository).permission_of(author) not in _MAY_TEACH:
            return
        name = sha256(f"{pull_request.key}:{point.fingerprint}:{author}:{at}".encode()).hexdigest()[:7]
        self._ledger.keep_guidance(
            Guidance(
                id=f"g-{name}",
                repository_id=pull_request.repository.id,
                rule=point.finding.rule,
                text=f"On “{point.finding.title}”: {text}",
                author=author,
                number=pull_request.number,
                at=at,
            )
        )

    def _judge(self, repository: Repository, number: int, points: list[Point], has_ended: bool) -> None:
        seen = self._ledger.evidence(repository.id, number)
        changed = []
        for point in points:
            evidence = seen.get(point.fingerprint, [])
            if (state := state_of(evidence)) != point.state:
                changed.append(point.model_copy(update={"state": state}))
            if has_ended:
                fate = fate_of([each for each in evidence if self._counts(repository, each)])
                self._ledger.keep_fate(repository.id, number, point.fingerprint, fate, self._now())
        if changed:
            self._ledger.keep_points(repository.id, number, changed)

    def _counts(self, repository: Repository, evidence: Evidence) -> bool:
        """Whether it may decide a rule's record: anybody may object, but strangers could mute a rule in that way."""
        if evidence.kind not in ("reaction", "reply") or evidence.says != "disputed":
            return True
        return Conversation(self._host, repository).permission_of(evidence.actor) in _MAY_TEACH

    def _keep(self, repository_id: int, number: int, point: Point, evidence: Evidence) -> None:
        self._ledger.keep_evidence(repository_id, number, point.fingerprint, evidence)

    def _now(self) -> str:
        return self._clock().astimezone(UTC).isoformat(timespec="seconds")


def _reply(author: str, body: str, at: str) -> Evidence:
    detail = " ".join(masked(body).split())[:_DETAIL_CHARS]  # masked first: half a secret is one nobody recognises
    return Evidence(kind="reply", says=opinion_of_reply(body), actor=author, detail=detail, at=at)


def _thread(is_resolved: bool, actor: str, at: str) -> Evidence:
    return Evidence(kind="thread", says="ignored" if is_resolved else "open", actor=actor, at=at)


def _end(how: str, at: str, point: Point, head_sha: str) -> Evidence:
    """Merged with a head nobody read says nothing about a point."""
    if how == "merged":
        says = "ignored" if point.last_head == head_sha else "open"
        return Evidence.model_validate({"kind": "merged", "says": says, "detail": head_sha, "at": at})
    return Evidence(kind="closed", says="open", detail=head_sha, at=at)


def _is_bot(login: str) -> bool:
    return login.endswith("[bot]")


def _is_command(body: str) -> bool:
    return body.lstrip().lower().startswith(("/seawall", "@seawall"))
