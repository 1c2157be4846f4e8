"""Our reviews on a pull request: finding one by its marker, and posting one exactly once."""

from collections.abc import Mapping
from typing import Any

from bot.domain import Comment, Posted, PullRequest, ReviewDraft, Standing
from bot.errors import Rejected, RetryableError
from bot.github.api import Api
from bot.github.doubles import OurReview, keep_one
from bot.github.graphql import ask
from bot.github.host import GitHubHost
from bot.github.queries import STANDING
from bot.github.routes import Route, of_pull_request

MOST_PAGES = 30
"""Pages of 100 reviews that are searched for a marker."""


class Reviews:
    """`ours` means written by our own login: anybody could copy a marker."""

    def __init__(self, host: GitHubHost, pull_request: PullRequest) -> None:
        self._host = host
        self._api: Api = host.api(pull_request.repository.installation_id)
        self._pull = of_pull_request(pull_request)
        self._url = pull_request.url

    def standing(self, marker: str) -> Standing:
        """The pull request now and our review with this marker: one query, or two requests without GraphQL."""
        if (now := self._by_graphql(marker)) is not None:
            return now
        found = self._api.get(self._pull)
        review = self._by_rest(marker)
        return Standing(
            is_open=found["state"] == "open",
            is_draft=bool(found.get("draft")),
            base_sha=found["base"]["sha"],
            head_sha=found["head"]["sha"],
            review_id=review.id if review else None,
        )

    def find(self, marker: str) -> int | None:
        """The id of our review with this marker. A double of it, where there is one, is taken back."""
        if (now := self._by_graphql(marker)) is not None:
            return now.review_id
        review = self._by_rest(marker)
        return review.id if review else None

    def post(self, draft: ReviewDraft, head_sha: str, is_known_absent: bool) -> Posted:
        """One review in the end, whatever is lost on the way. `is_known_absent`: it has just been looked for.

        Raises RateLimited at once; HostUnavailable where every answer is lost and no review appears; Rejected where
        GitHub takes not even the text alone.
        """
        sending = _Sending(self._api, self._pull, head_sha, draft)

        def find() -> int | None:
            return None if is_known_absent and not sending.tries else self.find(draft.marker)

        review_id, was_there = self._api.retries.once(find, sending.send)
        if sending.tries > 1 and not was_there:
            self._api.retries.pause()
            review_id = self.find(draft.marker) or review_id
        comment_ids = self._comment_ids(review_id, draft.comments)
        return Posted(
            review_id=review_id,
            url=sending.made.get(review_id) or (f"{self._url}#pullrequestreview-{review_id}" if self._url else ""),
            comment_ids=comment_ids or {},
            inline_refused=sending.inline_refused or (was_there and bool(draft.comments) and comment_ids == {}),
            was_there=was_there,
        )

    def _by_graphql(self, marker: str) -> Standing | None:
        """None where GraphQL cannot tell, or the pull request has more reviews than are searched."""
        standing, before, ours = None, None, []
        for _ in range(MOST_PAGES):
            reply = ask(self._host, self._api, STANDING, self._pull.values | {"before": before})
            if reply is None or (standing := reply.standing()) is None:
                return None
            reviews = reply.repository["pullRequest"]["reviews"]
            marked = [node for node in reviews["nodes"] if marker in (node["body"] or "")]
            ours += [_from_graphql(node) for node in marked if self._is_ours(_login(node["author"]), node["state"])]
            if not reviews["pageInfo"]["hasPreviousPage"]:
                break
            before = reviews["pageInfo"]["startCursor"]
        kept = keep_one(self._host, self._api, self._pull, ours)
        return standing.model_copy(update={"review_id": kept.id if kept else None}) if standing else None

    def _by_rest(self, marker: str) -> OurReview | None:
        reviews = [one for page in self._api.pages(self._pull.below("/reviews"), limit=MOST_PAGES) for one in page]
        marked = [review for review in reviews if marker in (review["body"] or "")]
        ours = [
            OurReview(review["id"], review["node_id"], review["state"] == "CHANGES_REQUESTED")
            for review in marked
            if self._is_ours((review["user"] or {}).get("login", ""), review["state"])
        ]
        return keep_one(self._host, self._api, self._pull, ours)

    def _is_ours(self, login: str, state: str) -> bool:
        return state != "PENDING" and login.lower() == self._host.own_login().lower()

    def _comment_ids(self, review_id: int, comments: tuple[Comment, ...]) -> dict[str, int] | None:
        """Fingerprint → comment id; None where that cannot be learnt now, which is no reason to fail."""
        if not comments:
            return {}
        try:
            pages = self._api.pages(self._pull.below("/reviews/{review_id}/comments", review_id=review_id))
            there = {(found["path"], _plain(found["body"])): int(found["id"]) for page in pages for found in page}
        except RetryableError:
            return None
        placed = ((comment.fingerprint, there.get((comment.path, _plain(comment.body)))) for comment in comments)
        return {fingerprint: comment_id for fingerprint, comment_id in placed if comment_id is not None}


class _Sending:
    """The review on its way: with its comments, and after a refusal as one text."""

    def __init__(self, api: Api, pull: Route, head_sha: str, draft: ReviewDraft) -> None:
        self.tries = 0
        self.made: dict[int, str] = {}
        """Review id → its page, for the answers that came."""
        self.inline_refused = False
        self._api = api
        self._pull = pull
        self._head_sha = head_sha
        self._draft = draft
        self._event: str = draft.event

    def send(self) -> int:
        """The id of the review made. Raises OutcomeUnknown where the answer was lost."""
        self.tries += 1
        try:
            return self._send()
        except Rejected as refusal:
            if self._event != "COMMENT" and "own pull request" in str(refusal).lower():
                self._event = "COMMENT"  # GitHub lets nobody ask himself for changes
            elif self._draft.comments and not self.inline_refused:
                self.inline_refused = True
            else:
                raise
        return self._send()

    def _send(self) -> int:
        comments = () if self.inline_refused else self._draft.comments
        review = {
            "commit_id": self._head_sha,
            "body": self._draft.body_alone if self.inline_refused else self._draft.body,
            "event": self._event,
            "comments": [_inline(comment) for comment in comments],
        }
        made = self._api.write("POST", self._pull.below("/reviews"), review)
        self.made[int(made["id"])] = made.get("html_url", "")
        return int(made["id"])


def _inline(comment: Comment) -> dict[str, object]:
    placed: dict[str, object] = {
        "path": comment.path,
        "body": comment.body,
        "line": comment.end_line,
        "side": comment.side,
    }
    if comment.start_line < comment.end_line:
        placed |= {"start_line": comment.start_line, "start_side": comment.side}
    return placed


def _from_graphql(node: Mapping[str, Any]) -> OurReview:
    return OurReview(int(node["fullDatabaseId"]), node["id"], node["state"] == "CHANGES_REQUESTED")


def _login(author: Mapping[str, Any] | None) -> str:
    """As REST names it: GraphQL leaves a bot's `[bot]` away."""
    if not author:
        return ""
    return f"{author['login']}[bot]" if author["__typename"] == "Bot" else str(author["login"])


def _plain(body: str) -> str:
    return body.replace("\r\n", "\n").strip()
