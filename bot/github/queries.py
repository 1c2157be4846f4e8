"""The GraphQL that Seawall sends: two queries and one mutation."""

_BLOB = "fragment blob on Blob { byteSize isBinary isTruncated text }"
_STATE = "state isDraft headRefOid baseRefOid"
_ORGANISATION = (
    'organisation: repository(owner: $owner, name: ".github") { object(expression: "HEAD:seawall.toml") { ...blob } }'
)


def texts_query(count: int, commits: int, with_organisation: bool) -> str:
    """`count` files by `<commit>:<path>` ($e0 …) as f0 …, the commits they are of ($c0 …) as k0 …, the pull request's
    state, and the organisation's policy."""
    variables = "".join(f", $e{index}: String!" for index in range(count))
    variables += "".join(f", $c{index}: String!" for index in range(commits))
    known = " ".join(f"k{index}: object(expression: $c{index}) {{ oid }}" for index in range(commits))
    files = " ".join(f"f{index}: object(expression: $e{index}) {{ ...blob }}" for index in range(count))
    return (
        f"query Texts($owner: String!, $name: String!, $number: Int!{variables}) {{ "
        f"repository(owner: $owner, name: $name) {{ pullRequest(number: $number) {{ {_STATE} }} {known} {files} }} "
        f"{_ORGANISATION if with_organisation else ''} }} {_BLOB}"
    )


STANDING = f"""
query Standing($owner: String!, $name: String!, $number: Int!, $before: String) {{
  repository(owner: $owner, name: $name) {{
    pullRequest(number: $number) {{
      {_STATE}
      reviews(last: 100, before: $before) {{
        pageInfo {{ hasPreviousPage startCursor }}
        nodes {{ id fullDatabaseId author {{ __typename login }} body state }}
      }}
    }}
  }}
}}
"""

MINIMIZE = """
mutation Minimize($id: ID!) {
  minimizeComment(input: {subjectId: $id, classifier: DUPLICATE}) { minimizedComment { isMinimized } }
}
"""
