"""The conversation of a pull request: what is said, answered and resolved, and the webhook that tells of it.

It is the same whoever speaks: a person (`people`) or a program (`routes`). GitHub tells an App of its own comments too.
"""

from collections.abc import Sequence

from bot.demo.standin import judge, reviewing, talk_payloads
from bot.demo.standin.courier import Courier
from bot.demo.standin.links import Links
from bot.demo.standin.records import Account, IssueComment, PullRequest, Reaction, Repository, ReviewComment
from bot.demo.standin.refusals import invalid, not_found
from bot.demo.standin.shapes import JSON
from bot.demo.standin.shapes.reviews import REACTIONS
from bot.demo.standin.world import World


class Talk:
    """Hold the world's lock around it. `sender` is the account that does the deed."""

    def __init__(self, world: World, courier: Courier, links: Links) -> None:
        self._world = world
        self._courier = courier
        self._links = links

    def comment(self, repository: Repository, pull: PullRequest, sender: Account, text: object) -> IssueComment:
        body, now = judge.check_body("IssueComment", text), self._world.clock()
        comment = IssueComment(self._world.next_id(), sender, body, now, now)
        pull.comments[comment.id] = comment
        pull.updated_at = now
        self._told_of_comment("created", repository, pull, comment, sender)
        return comment

    def reply(
        self, repository: Repository, pull: PullRequest, sender: Account, to: object, text: object
    ) -> ReviewComment:
        body = judge.check_body("PullRequestReviewComment", text)
        answer = reviewing.reply(self._world, pull, sender, to, body)
        self.told_of_review_comments("created", repository, pull, [answer], sender)
        return answer

    def edit(
        self,
        repository: Repository,
        pull: PullRequest,
        sender: Account,
        one: IssueComment | ReviewComment,
        text: object,
    ) -> None:
        is_inline = isinstance(one, ReviewComment)
        before, one.body = one.body, judge.check_body("PullRequestReviewComment" if is_inline else "IssueComment", text)
        one.updated_at = self._world.clock()
        changes = {"body": {"from": before}}
        if isinstance(one, ReviewComment):
            self.told_of_review_comments("edited", repository, pull, [one], sender, changes=changes)
        else:
            self._told_of_comment("edited", repository, pull, one, sender, changes=changes)

    def delete(
        self, repository: Repository, pull: PullRequest, sender: Account, one: IssueComment | ReviewComment
    ) -> None:
        if isinstance(one, ReviewComment):
            thread = pull.thread_of(one)
            if one is thread[0] and len(thread) > 1:
                thread[1].is_resolved, thread[1].resolved_by = one.is_resolved, one.resolved_by
            del pull.review_comments[one.id]
            self.told_of_review_comments("deleted", repository, pull, [one], sender)
        else:
            del pull.comments[one.id]
            self._told_of_comment("deleted", repository, pull, one, sender)

    def react(self, to: list[Reaction], sender: Account, content: object) -> tuple[Reaction, bool]:
        """The reaction, and whether it is new: the same by the same account is there once. No webhook tells of it."""
        if content not in REACTIONS:
            raise invalid("Reaction", "content")
        for there in to:
            if there.user is sender and there.content == content:
                return there, False
        to.append(Reaction(self._world.next_id(), sender, str(content), self._world.clock()))
        return to[-1], True

    def take_back(self, of: list[Reaction], reaction_id: int) -> None:
        found = next((one for one in of if one.id == reaction_id), None)
        if found is None:
            raise not_found()
        of.remove(found)

    def resolve(
        self, repository: Repository, pull: PullRequest, sender: Account, thread: list[ReviewComment], is_resolved: bool
    ) -> None:
        """Resolving what is resolved changes and tells nothing."""
        first = thread[0]
        if first.is_resolved == is_resolved:
            return
        first.is_resolved, first.resolved_by = is_resolved, sender if is_resolved else None
        if self._is_heard("pull_request_review_thread"):
            payload = talk_payloads.review_thread(
                "resolved" if is_resolved else "unresolved", repository, pull, thread, sender, self._links
            )
            self._courier.announce("pull_request_review_thread", payload)

    def told_of_review_comments(
        self,
        action: str,
        repository: Repository,
        pull: PullRequest,
        comments: Sequence[ReviewComment],
        sender: Account,
        **extra: JSON,
    ) -> None:
        """Announces inline comments, one delivery each."""
        if self._is_heard("pull_request_review_comment"):
            for comment in comments:
                payload = talk_payloads.review_comment(action, repository, pull, comment, sender, self._links, **extra)
                self._courier.announce("pull_request_review_comment", payload)

    def _told_of_comment(
        self,
        action: str,
        repository: Repository,
        pull: PullRequest,
        comment: IssueComment,
        sender: Account,
        **extra: JSON,
    ) -> None:
        if self._is_heard("issue_comment"):
            payload = talk_payloads.issue_comment(action, repository, pull, comment, sender, self._links, **extra)
            self._courier.announce("issue_comment", payload)

    def _is_heard(self, event: str) -> bool:
        """True if the App is subscribed, and somebody listens."""
        return self._courier.target is not None and event in self._world.app.events
