"""The GraphQL about the past of pull requests: several in one query, of about ten points of GitHub's hourly 5,000."""

ITEMS = 100
THREADS = 40
COMMENTS = 30
"""So many of each at once. A pull request that has more is read by REST."""

_ACTOR = "{ __typename login }"
_PAGE = "pageInfo { hasNextPage }"
_EVENTS = (
    "BaseRefChangedEvent", "ClosedEvent", "ConvertToDraftEvent", "HeadRefForcePushedEvent", "MergedEvent",
    "ReadyForReviewEvent", "ReopenedEvent", "ReviewRequestedEvent", "ReviewRequestRemovedEvent",
)  # fmt: skip
_TYPES = """
  BASE_REF_CHANGED_EVENT, CLOSED_EVENT, CONVERT_TO_DRAFT_EVENT, HEAD_REF_FORCE_PUSHED_EVENT, ISSUE_COMMENT,
  MERGED_EVENT, PULL_REQUEST_COMMIT, PULL_REQUEST_REVIEW, READY_FOR_REVIEW_EVENT, REOPENED_EVENT,
  REVIEW_DISMISSED_EVENT, REVIEW_REQUESTED_EVENT, REVIEW_REQUEST_REMOVED_EVENT
"""
_PAST = f"""
fragment past on PullRequest {{
  additions deletions changedFiles mergedBy {_ACTOR}
  commits(first: 1) {{ totalCount }}
  timelineItems(first: {ITEMS}, itemTypes: [{_TYPES}]) {{
    {_PAGE}
    nodes {{
      __typename
      {" ".join(f"... on {event} {{ createdAt actor {_ACTOR} }}" for event in _EVENTS)}
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
