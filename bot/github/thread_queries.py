"""The GraphQL about review threads. Page sizes keep a query under ten points of GitHub's hourly 5,000."""

THREADS_A_PAGE = 50

_COMMENT = """
fragment comment on PullRequestReviewComment {
  fullDatabaseId author { __typename login } body createdAt
  reactions(first: 20) { pageInfo { hasNextPage } nodes { content createdAt user { login } } }
}
"""
_PAGE = "pageInfo { hasNextPage endCursor }"

THREADS = f"""
query Threads($owner: String!, $name: String!, $number: Int!, $after: String) {{
  repository(owner: $owner, name: $name) {{
    pullRequest(number: $number) {{
      reviewThreads(first: {THREADS_A_PAGE}, after: $after) {{
        {_PAGE}
        nodes {{
          id isResolved isOutdated viewerCanResolve path line resolvedBy {{ login }}
          comments(first: 20) {{ {_PAGE} nodes {{ ...comment }} }}
        }}
      }}
    }}
  }}
}}
{_COMMENT}
"""

MORE_COMMENTS = f"""
query MoreComments($owner: String!, $name: String!, $id: ID!, $after: String) {{
  repository(owner: $owner, name: $name) {{ id }}
  node(id: $id) {{
    ... on PullRequestReviewThread {{ comments(first: 100, after: $after) {{ {_PAGE} nodes {{ ...comment }} }} }}
  }}
}}
{_COMMENT}
"""

THREAD_NOW = """
query ThreadNow($owner: String!, $name: String!, $id: ID!) {
  repository(owner: $owner, name: $name) { id }
  node(id: $id) {
    ... on PullRequestReviewThread {
      isResolved viewerCanResolve comments(first: 1) { nodes { author { __typename login } body } }
    }
  }
}
"""

RESOLVE = """
mutation Resolve($id: ID!) {
  resolveReviewThread(input: {threadId: $id}) { thread { isResolved } }
}
"""
