"""A pull request on GitHub as a Publisher: one check, one review."""

from bot.domain import CheckDraft, Posted, PullRequest, ReviewDraft, Standing
from bot.github.checks import LOOK_HOLDS_S, Check
from bot.github.host import GitHubHost
from bot.github.reviews import Reviews


class GitHubPublisher:
    """Each call may be repeated by another instance after a crash, and then finds what is there."""

    def __init__(self, host: GitHubHost, pull_request: PullRequest) -> None:
        self._host = host
        self._head_sha = pull_request.head_sha
        self._check = Check(host, pull_request.repository, pull_request.head_sha, pull_request.review_key)
        self._reviews = Reviews(host, pull_request)
        self._looked_for = ("", 0.0)

    def look_ahead(self) -> None:
        """Sees whether the check is there, while the change is being read. Changes nothing, raises nothing."""
        self._check.look_ahead()

    def expect_no_check(self) -> None:
        """Says that nobody can have shown a check of this head yet, so that it need not be looked for."""
        self._check.expect_none()

    def begin(self, check: CheckDraft) -> None:
        self._check.show(check)

    def standing(self, marker: str) -> Standing:
        looked_at = self._host.clock()
        standing = self._reviews.standing(marker)
        self._looked_for = ("" if standing.review_id else marker, looked_at)
        return standing

    def post(self, draft: ReviewDraft) -> Posted:
        marker, looked_at = self._looked_for
        is_known_absent = marker == draft.marker and self._host.clock() - looked_at < LOOK_HOLDS_S
        self._looked_for = ("", 0.0)
        return self._reviews.post(draft, self._head_sha, is_known_absent)

    def conclude(self, check: CheckDraft) -> None:
        self._check.show(check)

    def end(self, check: CheckDraft, may_be_final: bool) -> None:
        """Concludes the check only where it stands in progress; `may_be_final`: what stands there may be a verdict."""
        self._check.end(check, may_be_final)
