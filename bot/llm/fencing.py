"""Untrusted text on its way to a model: made legible, its secrets masked, and fenced.

A fence is a pair of lines that carry a number drawn for this one request, so no text written before can close it. What
looks like a fence inside the text is broken up all the same.
"""

import base64
import re

from bot.redaction import masked_closely
from bot.regex import regex

_INVISIBLE = regex(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)
"""Zero-width, bidirectional and tag characters: what a human reviewer does not see, a model shall not read."""
_CONTROL = regex("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_COMMENT = regex(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_CLOSED_COMMENT = regex(r"<!--.*?-->", re.DOTALL)
_LOOKALIKE = regex(r"seawall[\s_-]*data", re.IGNORECASE)

BEGIN = "[seawall-data {nonce} begin {name}]"
END = "[seawall-data {nonce} end {name}]"
REPEATED = "[number of the request]"
"""Stands in an answer for the number it repeats; no finding that holds it is posted."""


def legible(text: str) -> str:
    """The text without characters that do not show. Line numbers stay as they are."""
    return _CONTROL.sub("", _INVISIBLE.sub("", text))


def without_comments(prose: str) -> str:
    """Prose without its HTML comments, which the host's pages do not show. An unclosed one hides the rest."""
    return _COMMENT.sub("", prose)


def blank_comments(markup: str) -> str:
    """Markup with its HTML comments blanked, line for line."""
    return _CLOSED_COMMENT.sub(lambda comment: "\n" * comment.group().count("\n"), markup)


def fence(name: str, text: str, nonce: str, is_prose: bool) -> str:
    """The text between two fence lines, safe to show to a model. Secrets in it are masked."""
    shown = legible(text)
    if is_prose:
        shown = without_comments(shown)
    shown = _LOOKALIKE.sub("seawall data", masked_closely(shown)).replace(nonce, "")
    return f"{BEGIN.format(nonce=nonce, name=name)}\n{shown.strip(chr(10))}\n{END.format(nonce=nonce, name=name)}"


def without_number(answer: str, nonce: str) -> str:
    """The answer without the number of its request, told in whatever way: who is shown a question alone knows it, so
    where it comes back, the question is being repeated."""
    return told_of(nonce).sub(REPEATED, answer)


def told_of(secret: str) -> re.Pattern[str]:
    """Matches a secret as it stands, backwards, with signs between, in hexadecimal, in percent or in base64."""
    between, before_byte = r"[^A-Za-z0-9]{0,3}", r"(?:[^A-Za-z0-9]|[ux](?:00)?){0,3}"
    ways = [between.join(map(re.escape, letters)) for letters in (secret, secret[::-1])]
    ways.append(before_byte.join(f"{byte:02x}" for byte in secret.encode()))
    for shift in range(3):  # wherever in the encoded text it begins
        whole = base64.b64encode(b"\0" * shift + secret.encode()).decode().rstrip("=")
        is_ragged = (shift + len(secret.encode())) % 3
        ways.append(re.escape(whole[(0, 2, 3)[shift] : len(whole) - bool(is_ragged)]))
    return re.compile("|".join(f"(?:{way})" for way in ways), re.IGNORECASE)
