"""Remarks in attributes of what stands around code: `@SuppressWarnings("x")`, `[SuppressMessage(…)]`, `#[allow(x)]`."""

import re
from collections.abc import Iterator

from bot.regex import regex
from bot.syntax import Node, text_of

_QUOTED = regex(r'"([^"]*)"')
_SUPPRESS = regex(r"\bSuppress(?:Warnings|Message|Lint)?\b")
_ALLOW = regex(r"^#!?\[\s*(?:allow|expect)\s*\((?P<names>[^\]]*)\)\s*\]$", re.DOTALL)
_LISTS = frozenset({"modifiers", "attribute_list", "inner_attribute_item", "file_annotation", "annotated_expression"})
LOOKED_AT = 60
"""So many parts at the head of each thing around are looked at."""


def annotations_around(node: Node) -> Iterator[tuple[frozenset[str], str]]:
    """(names in lower case, the text) of each that stands on something around a node, innermost first."""
    here: Node | None = node
    while here is not None:
        for part in (*_before(here), *here.children[:LOOKED_AT]):
            if part.type in _LISTS or part.type == "attribute_item":
                yield from _read(text_of(part))
        here = here.parent


def _before(node: Node) -> Iterator[Node]:
    """Rust's attributes are the statements and items ahead of what they are about."""
    ahead = node.prev_named_sibling
    while ahead is not None and (ahead.type == "attribute_item" or "comment" in ahead.type):
        yield ahead
        ahead = ahead.prev_named_sibling


def _read(text: str) -> Iterator[tuple[frozenset[str], str]]:
    shown = " ".join(text.split())
    if (allowed := _ALLOW.match(text)) is not None:
        yield frozenset(name.strip().lower() for name in allowed["names"].split(",")), shown
    elif (found := _SUPPRESS.search(text)) is not None:
        # `CA2016:Forward the token` names the rule and says what it is about
        quoted = _QUOTED.findall(text[found.end() :])
        names = {one.lower() for one in quoted} | {one.split(":")[0].lower() for one in quoted}
        yield frozenset(names), shown
