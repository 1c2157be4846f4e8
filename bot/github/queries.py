"""The GraphQL that Seawall sends: two queries and one mutation."""

from collections.abc import Mapping, Sequence

from bot.settings.beside import ORGANISATION_RULES_FOLDER

_BLOB = "fragment blob on Blob { byteSize isBinary isTruncated text }"
_STATE = "state isDraft headRefOid baseRefOid"
_FOLDER = "fragment folder on Tree { entries { name mode object { ...blob } } }"
_NAMES = "fragment names on Tree { entries { name } }"
_ORGANISATION = (
    'organisation: repository(owner: $owner, name: ".github") { object(expression: "HEAD:seawall.toml") { ...blob } '
    f'rules: object(expression: "HEAD:{ORGANISATION_RULES_FOLDER}") {{ ...folder }} }}'
)


def texts_query(
    count: int, commits: int, with_organisation: bool, modes: Mapping[int, int], beside: Sequence[str] = ()
) -> str:
    """`count` files by `<commit>:<path>` ($e0 …) as f0 …, the commits they are of ($c0 …) as k0 …, the pull request's
    state, and the organisation's policy. `modes`: the number of a file, by path ($p<n>), whose mode is wanted as m<n>
    below its commit, with the number of that commit. `beside`: the fragments of what is asked for besides ($b0 …)."""
    variables = "".join(f", $e{index}: String!" for index in range(count))
    variables += "".join(f", $c{index}: String!" for index in range(commits))
    variables += "".join(f", $p{index}: String!" for index in modes)
    variables += "".join(f", $b{index}: String!" for index in range(len(beside)))
    known = " ".join(
        f"k{number}: object(expression: $c{number}) {{ oid {_modes_at(number, modes)}}}" for number in range(commits)
    )
    files = " ".join(f"f{index}: object(expression: $e{index}) {{ ...blob }}" for index in range(count))
    files += "".join(
        f" b{index}: object(expression: $b{index}) {{ ...{fragment} }}" for index, fragment in enumerate(beside)
    )
    folders = f"{_FOLDER} {_NAMES}" if beside else _FOLDER if with_organisation else ""
    return (
        f"query Texts($owner: String!, $name: String!, $number: Int!{variables}) {{ "
        f"repository(owner: $owner, name: $name) {{ pullRequest(number: $number) {{ {_STATE} }} {known} {files} }} "
        f"{_ORGANISATION if with_organisation else ''} }} {_BLOB} {folders}"
    )


def _modes_at(commit: int, modes: Mapping[int, int]) -> str:
    asked = " ".join(f"m{index}: file(path: $p{index}) {{ mode }}" for index, at in modes.items() if at == commit)
    return f"... on Commit {{ {asked} }} " if asked else ""


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
