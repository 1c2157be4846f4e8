"""The GraphQL that Seawall sends: two queries and one mutation."""

from collections.abc import Mapping

from bot.settings.beside import ORGANISATION_RULES_FOLDER

_BLOB = "fragment blob on Blob { byteSize isBinary isTruncated text }"
_STATE = "state isDraft headRefOid baseRefOid"
_FOLDER = "fragment folder on Tree { entries { name mode object { ...blob } } }"
_ORGANISATION = (
    'organisation: repository(owner: $owner, name: ".github") { object(expression: "HEAD:seawall.toml") { ...blob } '
    f'rules: object(expression: "HEAD:{ORGANISATION_RULES_FOLDER}") {{ ...folder }} }}'
)


def texts_query(count: int, commits: int, with_organisation: bool, modes: Mapping[int, int], beside: int = 0) -> str:
    """`count` files by `<commit>:<path>` ($e0 …) as f0 …, the commits they are of ($c0 …) as k0 …, the pull request's
    state, and the organisation's policy. `modes`: the number of a file, by path ($p<n>), whose mode is wanted as m<n>
    below its commit, with the number of that commit. `beside`: so many files ($b0 …) as b0 …, the first a folder."""
    variables = "".join(f", $e{index}: String!" for index in range(count))
    variables += "".join(f", $c{index}: String!" for index in range(commits))
    variables += "".join(f", $p{index}: String!" for index in modes)
    variables += "".join(f", $b{index}: String!" for index in range(beside))
    known = " ".join(
        f"k{number}: object(expression: $c{number}) {{ oid {_modes_at(number, modes)}}}" for number in range(commits)
    )
    files = " ".join(f"f{index}: object(expression: $e{index}) {{ ...blob }}" for index in range(count))
    files += "".join(
        f" b{index}: object(expression: $b{index}) {{ ...{'blob' if index else 'folder'} }}" for index in range(beside)
    )
    return (
        f"query Texts($owner: String!, $name: String!, $number: Int!{variables}) {{ "
        f"repository(owner: $owner, name: $name) {{ pullRequest(number: $number) {{ {_STATE} }} {known} {files} }} "
        f"{_ORGANISATION if with_organisation else ''} }} {_BLOB} {_FOLDER if with_organisation or beside else ''}"
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
