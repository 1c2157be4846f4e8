"""Where a finding stands: the code around it, and its address at the code host."""

import re
from urllib.parse import quote

from bot.domain import Finding
from bot.redaction import masked

_AROUND = 3
_MOST_LINES = 14
_REMOTE = re.compile(
    r"(?:(?:https?|ssh|git)://(?:[^@/]*@)?|[\w.-]+@)(?P<host>[\w.-]+)(?::\d+)?[:/](?P<path>[\w./-]+?)(?:\.git)?/?$"
)


def code_around(finding: Finding, content: bytes) -> tuple[int, str]:
    """The number of the first line shown, and the lines, secrets masked. Of a long finding its beginning."""
    lines = masked(content.decode("utf-8", "replace")).split("\n")
    first = max(1, finding.start_line - _AROUND)
    last = min(len(lines), finding.end_line + _AROUND, first + _MOST_LINES - 1)
    return first, "\n".join(line.rstrip("\r") for line in lines[first - 1 : last])


class Addresses:
    """`origin`: the clone's remote. Without one that is known to be a GitHub every address is empty."""

    def __init__(self, origin: str) -> None:
        told = _REMOTE.match(origin)
        is_known = told is not None and "github" in told["host"] and told["path"].count("/") == 1
        self._base = f"https://{told['host']}/{told['path']}" if told and is_known else ""
        self.repository = told["path"] if told and is_known else ""

    def of_line(self, sha: str, path: str, line: int) -> str:
        return f"{self._base}/blob/{sha}/{quote(path)}#L{line}" if self._base else ""

    def of_commit(self, sha: str) -> str:
        return f"{self._base}/commit/{sha}" if self._base else ""
