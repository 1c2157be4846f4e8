"""What left the service and what it kept: whether any of it acts, and whether any of it tells a secret.

Written from what GitHub, Slack and Teams do with text, and not with the filter under test.
"""

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from markdown_it import MarkdownIt

_READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
_READER.validateLink = lambda url: True  # type: ignore[method-assign]  # it would show some as text; GitHub is judged
_OWN_HTML = re.compile(r"<details><summary>\d+ files? not read</summary>\s*|</details>\s*|</?sub>")
_OWN_MARKER = re.compile(r"<!-- seawall:[0-9a-f]{20} -->\s*\Z")
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]"
)
_ADDRESS = re.compile(r"(?i)(?<![\w.])(?:[a-z][a-z0-9+.-]{1,15}://|www\.|mailto:|xmpp:)[^\s<>]+")
_MENTION = re.compile(r"(?<![\w`＠])@[\w-]")
_COMMAND = re.compile(r"(?m)^[ \t]*/[A-Za-z]")
_DRAWN = {"mermaid", "geojson", "topojson", "stl", "math"}


def acts_on_github(text: str, own: str, may_suggest: bool = False) -> list[str]:
    """What GitHub, or a bot that reads its comments, would do with this Markdown beyond showing it.

    `own`: where links may lead. `may_suggest`: one block that can be committed with a click is meant.
    """
    found = [f"hides {sign!a}" for sign in set(_HIDDEN.findall(text))]
    found += [f"gives a command {line!r}" for line in _COMMAND.findall(text)]
    shown = _OWN_MARKER.sub("", text)
    if re.search(r"<!--\s*seawall", shown):
        found.append("forges our mark")
    found += _acting(_READER.parse(shown), own, may_suggest)
    return found


def _acting(tokens: Iterable[Any], own: str, may_suggest: bool) -> Iterator[str]:
    suggestions = 0
    for token in tokens:
        if token.type == "html_block" and _OWN_HTML.sub("", token.content).strip():
            yield f"writes HTML {token.content!r}"
        if token.type == "fence":
            language = token.info.strip().split(" ")[0].lower()
            suggestions += language == "suggestion"
            if language in _DRAWN:
                yield f"draws {language}"
        depth = 0
        for child in token.children or []:
            if child.type == "image":
                yield f"loads {child.attrs['src']}"
            if child.type == "html_inline" and not _OWN_HTML.fullmatch(child.content):
                yield f"writes HTML {child.content}"
            if child.type == "link_open":
                depth += 1
                if not str(child.attrs["href"]).startswith(own):
                    yield f"links to {child.attrs['href']}"
            depth -= child.type == "link_close"
            if child.type == "text":
                if _MENTION.search(child.content):
                    yield f"mentions somebody in {child.content!r}"
                if not depth:
                    yield from (f"links to {one}" for one in _ADDRESS.findall(child.content) if not one.startswith(own))
    if suggestions > may_suggest:
        yield "offers lines to commit"


def acts_in_slack(message: Mapping[str, Any], own: str) -> list[str]:
    """What Slack would do with a message beyond showing it."""
    found: list[str] = []
    for kind, text in _texts(message):
        found += [f"hides {sign!a}" for sign in set(_HIDDEN.findall(text))]
        if kind == "plain_text":
            continue
        for target in re.findall(r"<([^>]*)>", text):
            if not target.startswith(own):
                found.append(f"makes {target} act")
    found += [f"opens {url}" for url in _values(message, "url") if not url.startswith(own)]
    found += [f"loads {url}" for name in ("image_url", "thumb_url") for url in _values(message, name)]
    found += [
        "reads addresses by itself"
        for text in _dicts(message)
        if text.get("type") == "mrkdwn" and not text.get("verbatim")
    ]
    return found


def acts_in_teams(message: Mapping[str, Any], own: str) -> list[str]:
    """What Teams would do with a message or a card beyond showing it."""
    found = [f"opens {url}" for url in _values(message, "url") if not url.startswith(own)]
    found += ["mentions somebody" for _ in _values(message, "mentioned")]
    for part in _dicts(message):
        if part.get("type") in ("TextBlock", "Image", "Media", "Action.Submit", "Action.Execute"):
            found.append(f"holds a {part['type']}, which acts")
        if part.get("type") == "message" and re.search(r"<\w|</", str(part.get("text", ""))):
            found.append(f"writes HTML {part['text']!r}")
        found += [f"hides {sign!a}" for sign in set(_HIDDEN.findall(str(part.get("text", ""))))]
    return found


def leaks(text: str, secrets: Iterable[str]) -> list[str]:
    """The secrets that somebody could put together again from this: plain, parted by signs, encoded, backwards."""
    forms = {"plain": text, "unescaped": html.unescape(text), "JSON": _unescaped(text)}
    joined = [re.sub(r"\s", "", form) for form in forms.values()]
    squeezed = {name: re.sub(r"[^A-Za-z0-9]", "", form) for name, form in forms.items()}
    found = []
    for secret in secrets:
        bare = re.sub(r"[^A-Za-z0-9]", "", secret)
        for name, form in squeezed.items():
            if bare in form or bare[::-1] in form or any(one.encode().hex() in form for one in (bare, secret)):
                found.append(f"{secret} ({name})")
        if any(_in_base64(secret, form) for form in joined):
            found.append(f"{secret} (base64)")
    return found


def _in_base64(secret: str, text: str) -> bool:
    """Wherever in the encoded text it stands."""
    cores = (base64.b64encode(b"\0" * shift + secret.encode())[4 if shift else 0 : -4].decode() for shift in range(3))
    return any(core in text for core in cores)


def _unescaped(text: str) -> str:
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)


def _texts(message: Any) -> Iterator[tuple[str, str]]:
    for part in _dicts(message):
        if isinstance(part.get("text"), str):
            yield str(part.get("type", "mrkdwn")), part["text"]


def _values(message: Any, name: str) -> Iterator[str]:
    for part in _dicts(message):
        if name in part:
            yield json.dumps(part[name]) if not isinstance(part[name], str) else part[name]


def _dicts(message: Any) -> Iterator[dict[str, Any]]:
    if isinstance(message, Mapping):
        yield dict(message)
        for part in message.values():
            yield from _dicts(part)
    elif isinstance(message, (list, tuple)):
        for part in message:
            yield from _dicts(part)
