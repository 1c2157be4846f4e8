"""Two reviews of ours with one marker: the later one is taken back, as far as GitHub lets a review be taken back.

That happens where GitHub stored a review, lost the answer, and did not yet show it when it was looked for.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import structlog

from bot.errors import NotFound, SeawallError
from bot.github.api import Api
from bot.github.host import GitHubHost
from bot.github.queries import MINIMIZE
from bot.github.routes import Route, repository_named

SAID_ELSEWHERE = "Posted twice by mistake; the comments are in the other review."
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class OurReview:
    id: int
    node_id: str
    asks_for_changes: bool


def keep_one(host: GitHubHost, api: Api, pull: Route, reviews: Sequence[OurReview]) -> OurReview | None:
    """The first of them. Later ones lose their comments, their marker and their say; None where there is none."""
    if not reviews:
        return None
    first, *later = sorted(reviews, key=lambda review: review.id)
    for double in later:
        try:
            _take_back(host, api, pull, double)
        except SeawallError as failure:
            _log.warning("a double review could not be taken back yet", review_id=double.id, reason=str(failure))
    return first


def _take_back(host: GitHubHost, api: Api, pull: Route, double: OurReview) -> None:
    """The marker goes last: until then the next look finds the double again."""
    review = pull.below("/reviews/{review_id}", review_id=double.id)
    repository = repository_named(str(pull.values["owner"]), str(pull.values["name"]))
    for page in list(api.pages(review.below("/comments"))):
        for comment in page:
            with suppress(NotFound):
                api.write("DELETE", repository.below("/pulls/comments/{comment_id}", comment_id=comment["id"]))
    if double.asks_for_changes:
        api.write("PUT", review.below("/dismissals"), {"message": SAID_ELSEWHERE, "event": "DISMISS"})
    if not host.no_graphql:
        with suppress(SeawallError):
            api.mutate(MINIMIZE, {"id": double.node_id})
    api.write("PUT", review, {"body": SAID_ELSEWHERE})
