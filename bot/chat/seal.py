"""Nothing leaves that acts: every text of every answer goes through the filter, whoever wrote it.

`Reply.title`, labels and commands of buttons are plain text and made inert under any markup; everything else is
Markdown that has passed `safe_markdown` and must not be escaped again.
"""

import re

from bot.domain import Button, Buttons, Code, Facts, Part, Reply, Table, Words
from bot.redaction import masked
from bot.review.filter import safe_code, safe_markdown, safe_url

_MOST_TITLE, _MOST_TEXT, _MOST_CELL, _MOST_CODE = 200, 8000, 600, 8000
_INVISIBLE = re.compile("[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_PLAIN = str.maketrans({"@": "＠", "<": "‹", ">": "›", "`": "'", "[": "(", "]": ")", "|": "¦", "\\": "∖"})
_LANGUAGES = re.compile(r"[a-z][a-z0-9+#.-]{0,20}")
_DRAWN = {"mermaid", "geojson", "topojson", "stl", "math"}


def seal(reply: Reply, own_host: str) -> Reply:
    """The reply, fit to be said anywhere."""
    return reply.model_copy(
        update={
            "title": plain(reply.title, _MOST_TITLE),
            "parts": tuple(_sealed(part, own_host) for part in reply.parts),
        }
    )


def plain(text: str, most: int = _MOST_TITLE) -> str:
    """One line that means nothing but its letters in Markdown, in Slack's markup and to other bots."""
    line = masked(_INVISIBLE.sub(" ", text))
    line = " ".join(line.split()).translate(_PLAIN).replace("://", ":∕∕").replace("www.", "www․")
    line = re.sub(r"^[/#>*+=~-]+(?=\S)", lambda signs: f"\u2009{signs[0]}", line)
    return line if len(line) <= most else line[: most - 1] + "…"


def _sealed(part: Part, own_host: str) -> Part:
    match part:
        case Words():
            return Words(text=safe_markdown(_cut(part.text, _MOST_TEXT), own_host))
        case Facts():
            return Facts(rows=tuple((plain(name), _cell(value, own_host)) for name, value in part.rows))
        case Table():
            rows = tuple(tuple(_cell(cell, own_host) for cell in row) for row in part.rows)
            return Table(columns=tuple(plain(column) for column in part.columns), rows=rows)
        case Code():
            language = part.language.lower()
            is_known = _LANGUAGES.fullmatch(language) and language not in _DRAWN
            return Code(text=safe_code(_cut(part.text, _MOST_CODE)), language=language if is_known else "")
        case Buttons():
            return Buttons(buttons=tuple(_button(button, own_host) for button in part.buttons))


def _cell(text: str, own_host: str) -> str:
    return safe_markdown(" ".join(_cut(text, _MOST_CELL).split()), own_host)


def _button(button: Button, own_host: str) -> Button:
    return button.model_copy(
        update={
            "label": plain(button.label, 40),
            "command": plain(button.command, 200),
            "url": safe_url(button.url, own_host),
        }
    )


def _cut(text: str, most: int) -> str:
    text = masked(text)  # before it is cut: half a secret is one nobody recognises
    return text if len(text) <= most else text[: most - 2] + " …"
