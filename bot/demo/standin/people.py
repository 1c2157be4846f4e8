"""People in the conversation of a pull request: what they say, answer, press and push."""

import re
from typing import TYPE_CHECKING

from bot.demo.standin import git_writing, reviewing
from bot.demo.standin.records import Account, IssueComment, PullRequest, Reaction, Repository, ReviewComment
from bot.demo.standin.refusals import not_found, unprocessable
from bot.demo.standin.talk import Talk

if TYPE_CHECKING:
    from bot.demo.standin.server import StandIn

_SUGGESTION = re.compile(r"^(`{3,})suggestion[^\n]*\n(.*?)^\1", re.DOTALL | re.MULTILINE)


class Person:
    """One person in one repository. Each deed is announced by a signed webhook, except reactions: GitHub sends none.

    dana = host.person(shop, "dana", "write")
    dana.comment(pull, "/seawall help")
    dana.react(pull, comment_id, "-1")
    """

    def __init__(self, host: "StandIn", repository: Repository, account: Account, talk: Talk) -> None:
        self._host = host
        self._lock = host.world.lock
        self._repository = repository
        self._account = account
        self._talk = talk

    def comment(self, pull: PullRequest, text: str) -> IssueComment:
        with self._lock:
            return self._talk.comment(self._repository, pull, self._account, text)

    def comment_on_line(self, pull: PullRequest, path: str, line: int, text: str) -> ReviewComment:
        """Begins a thread on a line of the head that the diff shows."""
        asked = {"path": path, "line": line, "body": text, "commit_id": pull.head_sha}
        with self._lock:
            comment = reviewing.create_comment(self._host.world, self._repository, pull, self._account, asked)
            self._talk.told_of_review_comments("created", self._repository, pull, [comment], self._account)
            return comment

    def reply(self, pull: PullRequest, to: int, text: str) -> ReviewComment:
        """In the thread of that inline comment."""
        with self._lock:
            return self._talk.reply(self._repository, pull, self._account, to, text)

    def edit(self, pull: PullRequest, comment_id: int, text: str) -> None:
        with self._lock:
            self._talk.edit(self._repository, pull, self._account, _comment(pull, comment_id), text)

    def delete(self, pull: PullRequest, comment_id: int) -> None:
        with self._lock:
            self._talk.delete(self._repository, pull, self._account, _comment(pull, comment_id))

    def react(self, pull: PullRequest, comment_id: int, content: str) -> Reaction:
        """`content` as REST names it: `+1`, `-1`, `eyes` …"""
        with self._lock:
            return self._talk.react(_comment(pull, comment_id).reactions, self._account, content)[0]

    def take_back(self, pull: PullRequest, comment_id: int, reaction: Reaction) -> None:
        with self._lock:
            self._talk.take_back(_comment(pull, comment_id).reactions, reaction.id)

    def resolve(self, pull: PullRequest, comment_id: int, is_resolved: bool = True) -> None:
        """The thread of that inline comment; with False it is opened again."""
        with self._lock:
            thread = pull.thread_of(_inline(pull, comment_id))
            self._talk.resolve(self._repository, pull, self._account, thread, is_resolved)

    def push(self, pull: PullRequest, new_head: str) -> None:
        """Any commit that is in the git repository, force-pushed where it does not follow the head."""
        with self._lock:
            git_writing.move_branch(self._repository.git.git_dir, pull.head_ref, self._sha(new_head))
        self._host.push(self._repository, pull, new_head)

    def rebase(self, pull: PullRequest, onto: str = "") -> str:
        """The pull request's commits on top of the base branch as it is now (or of `onto`), force-pushed. The head."""
        git = self._repository.git
        fork, target = git.merge_base(pull.base_sha, pull.head_sha), self._sha(onto or pull.base_ref)
        head = git_writing.rebased(git.git_dir, fork, pull.head_sha, target, self._account.login)
        self.push(pull, head)
        return head

    def commit_suggestion(self, pull: PullRequest, comment_id: int) -> str:
        """Presses "Commit suggestion" on an inline comment. The head; 422 where GitHub would not show the button."""
        comment = _inline(pull, comment_id)
        found = _SUGGESTION.search(comment.body)
        if found is None or comment.line is None or comment.side != "RIGHT":
            raise unprocessable("This comment has no suggestion that can be committed")
        blob = self._repository.git.file(pull.head_sha, comment.path)
        if blob is None:
            raise not_found()
        lines = blob.content.split(b"\n")
        lines[(comment.start_line or comment.line) - 1 : comment.line] = found[2].encode().split(b"\n")[:-1]
        author = comment.user
        message = (
            f"Apply suggestion from @{author.login}\n\n"
            f"Co-authored-by: {author.login} <{author.id}+{author.login}@users.noreply.github.com>\n"
        )
        git_dir = self._repository.git.git_dir
        head = git_writing.commit_file(
            git_dir, pull.head_sha, comment.path, b"\n".join(lines), message, self._account.login
        )
        self.push(pull, head)
        return head

    def merge(self, pull: PullRequest) -> None:
        self._host.close_pull_request(self._repository, pull, merged_by=self._account.login)

    def _sha(self, revision: str) -> str:
        sha = self._repository.git.resolve(revision)
        if sha is None:
            raise not_found()
        return sha


def _comment(pull: PullRequest, comment_id: int) -> IssueComment | ReviewComment:
    return pull.comments[comment_id] if comment_id in pull.comments else _inline(pull, comment_id)


def _inline(pull: PullRequest, comment_id: int) -> ReviewComment:
    if comment_id not in pull.review_comments:
        raise not_found()
    return pull.review_comments[comment_id]
