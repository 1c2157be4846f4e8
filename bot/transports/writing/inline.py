"""A line of an answer's Markdown, read into runs: what is bold, code or a link. The one place that parses it.

Whatever is not clearly one of these is plain text, so nothing that was said can become a mention, an image or HTML in
a system that would act on it: each writer escapes plain text for itself.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]"
)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_TICKS = re.compile(r"`+")
_LINK = re.compile(r"\[((?:\\.|[^\[\]\\\n]){1,300})\]\(([^()\s<>]{1,2000})\)")
_BARE_LINK = re.compile(r"https?://[^\s<>()\[\]`\"'|\\]{1,2000}")
_BOLD = re.compile(r"(\*\*|__)(?=[^\s*_])([^\n]{1,1000}?)(?<=\S)\1")
_ITALIC = re.compile(r"(?<!\w)([*_])(?=[^\s*_])([^\n*_]{1,500})(?<=\S)\1(?!\w)")
_ENTITY = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"'}
_MARKS = frozenset("\\`*_[]()<>#+-.!|~/:@{}&\"'")
_SPECIAL = re.compile(r"[\\`\[*_&h]|!(?=\[)")
_DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one style. `url` is http or https where it is a link."""

    text: str
    is_bold: bool = False
    is_italic: bool = False
    is_code: bool = False
    url: str = ""


def clean(text: str) -> str:
    """The text without what no reader sees but a terminal, a database or a parser obeys. Line ends become `\\n`."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub("", _LONE_SURROGATE.sub("�", text))


def runs(markdown: str) -> list[Run]:
    """The runs of some Markdown prose (bold, italics, code spans, links); neighbours of one style are joined."""
    return _joined(_read(clean(markdown), 0))


def plain(markdown: str) -> str:
    """What a reader sees of it, links without their address."""
    return "".join(run.text for run in runs(markdown))


def in_pieces(line: Sequence[Run], size: int) -> list[list[Run]]:
    """The runs of a line, parted so that no piece is longer than `size` signs, at a space where there is one near.

    An address counts too; one that is longer than `size` by itself stands in a piece of its own.
    """
    pieces: list[list[Run]] = [[]]
    spare = size
    for run in line:
        text, own = run.text, len(run.url)
        if text and own + 1 > spare:
            pieces.append([])
            spare = size
        spare = spare - own if own < size else size
        while len(text) > spare:
            cut = text.rfind(" ", spare // 2, spare) + 1 or spare
            pieces[-1].append(replace(run, text=text[:cut]))
            pieces.append([])
            text, spare = text[cut:], size - own if own < size else size
        pieces[-1].append(replace(run, text=text))
        spare = spare - len(text) if own < size else 0
    return [whole for piece in pieces if (whole := [run for run in piece if run.text])]


def is_web_address(url: str) -> bool:
    """True for http and https with a host: nothing else is ever made a link."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and "\\" not in url and url.isprintable()
    except ValueError:
        return False


def _read(text: str, depth: int) -> list[Run]:
    found: list[Run] = []
    unclosed: set[int] = set()
    at = start = 0

    def take(until: int, *more: Run) -> None:
        nonlocal at, start
        if start < at:
            found.append(Run(text[start:at]))
        found.extend(more)
        at = start = until

    while special := _SPECIAL.search(text, at):
        at = special.start()
        sign = text[at]
        if sign == "\\" and text[at + 1 : at + 2] in _MARKS:
            take(at + 2, Run(text[at + 1]))
        elif sign == "`":
            take(*_code_span(text, at, unclosed))
        elif sign == "&" and (entity := next((name for name in _ENTITY if text.startswith(name, at)), "")):
            take(at + len(entity), Run(_ENTITY[entity]))
        elif sign in "[!" and (link := _LINK.match(text, at + (sign == "!"))):  # an image is shown as a link to it
            take(link.end(), *_link(link[1], link[2]))
        elif sign == "h" and (bare := _BARE_LINK.match(text, at)) and not text[at - 1 : at].isalnum():
            url = bare[0].rstrip(".,;:!?*_~")
            take(at + len(url), Run(url, url=url) if is_web_address(url) else Run(url))
        elif depth < _DEEPEST and sign in "*_" and (bold := _BOLD.match(text, at)):
            take(bold.end(), *(replace(run, is_bold=True) for run in _read(bold[2], depth + 1)))
        elif depth < _DEEPEST and sign in "*_" and (italic := _ITALIC.match(text, at)):
            take(italic.end(), *(replace(run, is_italic=True) for run in _read(italic[2], depth + 1)))
        else:
            at += 1
    at = len(text)
    take(at)
    return found


def _code_span(text: str, at: int, unclosed: set[int]) -> tuple[int, Run]:
    """Where the span that opens here ends, and the span; the backticks alone where nothing closes them.

    `unclosed`: lengths known to be so, which keeps a line of stray backticks cheap.
    """
    opening = _TICKS.match(text, at)
    assert opening is not None
    length = len(opening[0])
    for closing in _TICKS.finditer(text, opening.end()) if length not in unclosed else ():
        if len(closing[0]) == length:
            inner = text[opening.end() : closing.start()].replace("\n", " ")
            if inner.strip() and inner.startswith(" ") and inner.endswith(" "):
                inner = inner[1:-1]
            return closing.end(), Run(inner, is_code=True)
    unclosed.add(length)
    return opening.end(), Run(opening[0])


def _link(label: str, url: str) -> Iterable[Run]:
    inner = _joined(_read(label, _DEEPEST))
    url = url.replace("&amp;", "&")
    if not is_web_address(url):
        return inner
    return [Run("".join(run.text for run in inner), is_code=all(run.is_code for run in inner), url=url)]


def _joined(found: Iterable[Run]) -> list[Run]:
    whole: list[Run] = []
    for run in found:
        if whole and not run.url and replace(whole[-1], text="") == replace(run, text="") and not run.is_code:
            whole[-1] = replace(run, text=whole[-1].text + run.text)
        elif run.text:
            whole.append(run)
    return whole
