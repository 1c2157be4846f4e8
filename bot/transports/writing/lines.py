"""The prose of an answer, read into lines: paragraphs, list items, quotations and code."""

import re
from dataclasses import dataclass
from typing import Literal

from bot.transports.writing.inline import Run, clean, runs

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})([^`\n]*)$")
_ITEM = re.compile(r"(\s*)(?:[-*+]|(\d{1,9})[.)])\s+(?=\S)")
_HEADING = re.compile(r"#{1,6}\s+(?=\S)")
_QUOTE = re.compile(r"\s{0,3}>\s?")

LineKind = Literal["text", "item", "quote", "code", "blank"]


@dataclass(frozen=True, slots=True)
class Line:
    """`depth`: of a list in a list, from 0. `number`: of an item of a numbered list. Code has one plain run."""

    kind: LineKind
    runs: tuple[Run, ...] = ()
    depth: int = 0
    number: str = ""
    language: str = ""

    @property
    def text(self) -> str:
        """What a reader sees, without styles."""
        return "".join(run.text for run in self.runs)


def lines(markdown: str) -> list[Line]:
    """Its lines in order. A code block is one line of kind `code`; blank lines stand between blocks, not at the end."""
    found: list[Line] = []
    fence, language, code = "", "", list[str]()
    for text in clean(markdown).split("\n"):
        opening = _FENCE.match(text)
        if fence:
            if opening and opening[1].startswith(fence) and not opening[2].strip():
                found.append(_code(code, language))
                fence = ""
            else:
                code.append(text)
        elif opening:
            fence, language, code = opening[1], _word(opening[2]), []
        elif not text.strip():
            if found and found[-1].kind != "blank":
                found.append(Line("blank"))
        else:
            found.append(_line(text))
    if fence:
        found.append(_code(code, language))
    while found and found[-1].kind == "blank":
        found.pop()
    return found


def code_lines(text: str) -> list[str]:
    """Lines of code as they may be shown: tabs as four spaces, nothing invisible, no blank end."""
    return clean(text).expandtabs(4).rstrip("\n").split("\n")


def _code(code: list[str], language: str) -> Line:
    return Line("code", (Run("\n".join(code)),), language=language)


def _word(info: str) -> str:
    return re.sub(r"[^\w+#.-].*", "", info.strip())


def _line(text: str) -> Line:
    if item := _ITEM.match(text):
        depth = min(len(item[1].expandtabs(4)) // 2, 3)
        return Line("item", tuple(runs(text[item.end() :])), depth, item[2] or "")
    if heading := _HEADING.match(text):
        return Line("text", tuple(runs(f"**{text[heading.end() :].strip().strip('*#')}**")))
    if quote := _QUOTE.match(text):
        return Line("quote", tuple(runs(text[quote.end() :])))
    return Line("text", tuple(runs(text.strip())))
