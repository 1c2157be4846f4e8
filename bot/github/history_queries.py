"""The GraphQL about the past of pull requests: several in one query, of about ten points of GitHub's hourly 5,000."""

from bot.github import history_told

ITEMS = 100
THREADS = 40
COMMENTS = 30
"""So many of each at once. A pull request that has more is read by REST."""

EVENTS = {f"{name.title().replace('_', '')}Event": event for name, event in history_told.EVENTS.items()}
"""Type of an item → our name of it: `ReadyForReviewEvent` → `ready`."""

_ACTOR = "{ __typename login }"
_PAGE = "pageInfo { hasNextPage }"
_TYPES = ", ".join((
    "ISSUE_COMMENT", "PULL_REQUEST_COMMIT", "PULL_REQUEST_REVIEW", "REVIEW_DISMISSED_EVENT",
    *(f"{name.upper()}_EVENT" for name in history_told.EVENTS),
))  # fmt: skip
_PAST = f"""
fragment past on PullRequest {{
  additions deletions changedFiles mergedBy {_ACTOR}
  commits(first: 1) {{ totalCount }}
  timelineItems(first: {ITEMS}, itemTypes: [{_TYPES}]) {{
    {_PAGE}
    nodes {{
      __typename
      {" ".join(f"... on {event} {{ createdAt actor {_ACTOR} }}" for event in EVENTS)}
      ... on ReviewDismissedEvent {{ createdAt previousReviewState review {{ fullDatabaseId }} }}
      ... on PullRequestReview {{ fullDatabaseId submittedAt state author {_ACTOR} }}
      ... on IssueComment {{ fullDatabaseId createdAt body author {_ACTOR} }}
      ... on PullRequestCommit {{ commit {{ authoredDate committedDate author {{ name user {{ login }} }} }} }}
    }}
  }}
  reviewThreads(first: {THREADS}) {{
    {_PAGE}
    nodes {{
      comments(first: {COMMENTS}) {{ {_PAGE} nodes {{ fullDatabaseId createdAt body author {_ACTOR} }} }}
    }}
  }}
}}
"""


def past_query(count: int) -> str:
    """`count` pull requests by number ($n0 …), as p0 …"""
    variables = "".join(f", $n{index}: Int!" for index in range(count))
    asked = " ".join(f"p{index}: pullRequest(number: $n{index}) {{ ...past }}" for index in range(count))
    return (
        f"query Past($owner: String!, $name: String!{variables}) {{ "
        f"repository(owner: $owner, name: $name) {{ {asked} }} }} {_PAST}"
    )
