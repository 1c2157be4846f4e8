"""What Seawall posts must not act: no mention, image, raw HTML, off-host link, command line or secret gets through.

A secret is masked however it is told (bot/review/retold.py).

Text of a model, and code of the pull request, may carry any of these. Prose is neutralised outside code spans and
fences; command lines (`/approve`) are broken everywhere, since other bots read them inside fences too.
"""

import re
from urllib.parse import urlsplit

from bot.regex import regex
from bot.review.retold import masked_however_told

# Only fences in the first column count: one inside a list ends with its item, where a reader would not expect it.
_FENCE = regex(r"^(`{3,}|~{3,})")
# GitHub draws these instead of showing them, and a suggestion it commits at a click: ours have been tried, and are
# fenced where they are made.
_ACTING_LANGUAGES = {"mermaid", "geojson", "topojson", "stl", "math", "suggestion"}
_FENCE_IN_PROSE = regex(r"`{3,}|~{3,}")
_CODE_SPAN = regex(r"(?<!`)(`{1,2})(?!`)([^\n]+?)(?<!`)\1(?!`)")
_IMAGE = regex(r"!\[([^\]]{0,500})\](?:\([^)]{0,2000}\)|\[[^\]]{0,200}\])?")
_LINK = regex(r"\[([^\]]{1,500})\]\(\s*<?([^)\s>]{1,2000})>?(?:\s+[^)]{0,500})?\)")
_ADDRESS = regex(r"(?:[a-z][a-z0-9+.-]{1,15}://|www\.)[^\s`<>()\[\]\x00]+", re.IGNORECASE)
_MENTION = regex(r"[\w.+-]*@[\w./-]+")
_COMMAND = regex(r"^(\s*)/(?=[A-Za-z])", re.MULTILINE)
_INVISIBLE = regex(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]"
)
_OWN_MARK = regex(r"<!--(?=\s*seawall)")
"""By our mark we know what we have said already: no text of others may carry it, were it only as code."""
_LINE_ENDS = regex("[\t\n\r\u2028\u2029]+")
_SIGNS = regex(r"([\\`*_\[\]])")


def safe_markdown(text: str, own_host: str = "github.com") -> str:
    """The text, fit to be posted. Links stay only to `own_host`; everything else is said in words or as code."""
    text = unmarked(masked_however_told(_INVISIBLE.sub("", text).replace("\r\n", "\n").replace("\r", "\n")))
    parts: list[str] = []
    prose: list[str] = []
    fence = ""
    lines = text.split("\n")
    for line in lines:
        opening = _FENCE.match(line) if len(lines) > 1 else None  # a title has no room for a block of code
        if fence:
            parts.append(_COMMAND.sub(r"\1 /", line))
            if opening and opening[1].startswith(fence) and not line[opening.end() :].strip():
                fence = ""
        elif opening:
            if prose:
                parts.append(_prose("\n".join(prose), own_host))
                prose = []
            fence = opening[1]
            info = re.match(r"\s*([\w+#.-]*)", line[opening.end() :])
            language = info[1] if info else ""
            parts.append(fence + ("" if language.lower() in _ACTING_LANGUAGES else language))
        else:
            prose.append(line)
    if prose:
        parts.append(_prose("\n".join(prose), own_host))
    if fence:
        parts.append(fence)
    return "\n".join(parts)


def can_be_suggested(text: str) -> bool:
    """False for replacement text that would act when posted: it is committed as it stands, so it cannot be filtered."""
    return not _COMMAND.search(text) and not _INVISIBLE.search(text) and unmarked(masked_however_told(text)) == text


def fenced(text: str, info: str = "") -> str:
    """A code block around any text, with a fence longer than any run of backticks in it."""
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{info}\n{text}\n{fence}"


def safe_code(text: str) -> str:
    """Text for a code block, without what acts even there: secrets, signs that do not show, command lines."""
    text = _INVISIBLE.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    return _COMMAND.sub(r"\1 /", unmarked(masked_however_told(text)))


def safe_url(address: str, own_host: str) -> str:
    """The address where it leads to `own_host`, else nothing."""
    return address if _is_own(address, own_host) else ""


def code(text: str) -> str:
    """A code span around any one-line text, such as a path from a pull request."""
    lines = _LINE_ENDS.sub("\n", _INVISIBLE.sub("", text))
    return f"`{unmarked(on_one_line(masked_however_told(lines))).replace('`', 'ˋ')}`"


def literal(text: str) -> str:
    """Words that are no Markdown, such as an error's, with every sign as it stands: `SEAWALL_LLM__MODEL` is no bold."""
    return _SIGNS.sub(r"\\\1", text)


def on_one_line(text: str) -> str:
    """A name, such as a path, without line ends and signs that do not show."""
    return _LINE_ENDS.sub(" ", _INVISIBLE.sub("", text))


def unmarked(text: str) -> str:
    """The text with our mark broken, however its blanks are written."""
    return _OWN_MARK.sub("<! --", text)


def _prose(text: str, own_host: str) -> str:
    """Neutralises prose; code spans stay as they are."""
    kept: list[str] = []

    def keep(span: str) -> str:
        kept.append(span)
        return f"\x00{len(kept) - 1}\x00"

    def link(match: re.Match[str]) -> str:
        if _is_own(match[2], own_host):
            return keep("[") + match[1] + keep(f"]({match[2]})")
        return match[1]

    text = text.replace("\x00", "")
    text = _CODE_SPAN.sub(lambda match: keep(match[0]), text)
    text = text.replace("`", "ˋ")  # a stray one could pair with the spans made below
    text = _FENCE_IN_PROSE.sub(lambda match: "ˋ" * len(match[0]), text)
    text = _IMAGE.sub(lambda match: match[1], text)
    text = _LINK.sub(link, text)
    text = _ADDRESS.sub(lambda match: match[0] if _is_own(match[0], own_host) else keep(code(match[0])), text)
    text = _MENTION.sub(lambda match: keep(code(match[0])), text)
    for acting, inert in (("&", "&amp;"), ("<", "&lt;"), ("![", "!\\["), ("](", "]\\("), ("]:", "]\\:")):
        text = text.replace(acting, inert)
    text = _COMMAND.sub(r"\1\\/", text)
    text = re.sub("\\\\*(\x00\\d+\x00)", r"\1", text)  # a backslash would open the span after it
    text = re.sub("(\x00\\d+\x00)(?=\x00)", r"\1 ", text)  # spans that touch would merge
    return re.sub("\x00(\\d+)\x00", lambda match: kept[int(match[1])], text)


def _is_own(address: str, own_host: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    holds_another = "://" in address[8:] or "www." in address[8:]
    return parts.scheme == "https" and parts.hostname == own_host and "@" not in parts.netloc and not holds_another
