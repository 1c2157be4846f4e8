"""GitHub's Markdown without its HTML, which a terminal cannot show."""

import re

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_SUMMARY = re.compile(r"<summary>(.*?)</summary>", re.DOTALL)
_SUB = re.compile(r"<sub>(.*?)</sub>", re.DOTALL)
_TAG = re.compile(r"</?(?:details|br|p|sup)\s*/?>")
_BLANKS = re.compile(r"\n{3,}")


def spoken(markdown: str) -> str:
    """Hidden comments go, folded parts open under their heading, small print becomes plain text."""
    text = _COMMENT.sub("", markdown)
    text = _SUMMARY.sub(r"\n**\1**\n", text)
    text = _SUB.sub(r"\1", text)
    return _BLANKS.sub("\n\n", _TAG.sub("", text)).strip()
