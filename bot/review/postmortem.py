"""What a text about something that broke tells: its title, its day, its failure mode, its pull requests. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from bot.domain import Incident, IncidentVerdict, Point
from bot.redaction import masked
from bot.regex import regex
from bot.settings.taxonomy import taxonomy

_DATE = regex(r"\b(20\d\d)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?:[T ]([01]\d|2[0-3]):([0-5]\d)(?::\d\d)?Z?)?")
_URL = regex(r"https?://[^\s<>()\[\]\"'`]+")
_PULL = regex(r"https?://(?P<host>[^/\s]+)/(?P<name>[\w.-]+/[\w.-]+)/pull/(?P<number>\d{1,9})")
_SHORT = regex(r"(?<![\w/])(?P<name>[\w.-]+/[\w.-]+)#(?P<number>\d{1,9})\b")
_NUMBERED = regex(r"(?<![\w/])(?P<name>[\w.-]+/[\w.-]+)?#(?P<number>\d{1,9})\b")
_MENDED = regex(r"\b(?:fix\w*|mend\w*|resolv\w*|repair\w*|solved|revert\w*|undone)\b[^.;\n]*$", re.IGNORECASE)
_NEAR_CHARS = 60
_FRONT = regex(r"\A---\s*\n(?P<matter>.{0,4000}?)\n---\s*(?:\n|\Z)", re.DOTALL)
_FRONT_TITLE = regex(r"^title:\s*[\"']?(.+?)[\"']?\s*$", re.MULTILINE | re.IGNORECASE)
_HEADING = regex(r"^#{1,3}\s+(.+?)\s*#*$", re.MULTILINE)
_WORD = regex(r"[a-z]+")
_COMMON = frozenset({
    "async", "call", "context", "error", "hang", "loop", "missing", "never", "no", "one", "on", "in", "and", "of",
    "or", "per", "queue", "state", "server", "session", "lost", "stale", "without", "with", "wrong",
})  # fmt: skip
"""Words of the taxonomy that stand in any story of an outage and tell nothing of its cause."""
_PHRASE, _WORD_WEIGHT = 4, 1
MOST_TITLE, MOST_TEXT = 200, 20_000


@dataclass(frozen=True)
class Told:
    """What the text says of itself."""

    title: str
    broke_at: str
    """ISO date, with the time where it is told; empty where neither is."""
    class_: str
    """Empty where no failure mode of the taxonomy is named."""
    url: str
    pulls: tuple[tuple[str, int], ...]
    """`owner/name` and number of each pull request it links to, in order."""


def told(text: str) -> Told:
    """Reads a whole post-incident review in Markdown, or one line typed in chat."""
    text = masked(text)[:MOST_TEXT]  # in this order: half a secret is one nobody recognises
    front = _FRONT.match(text)
    body = text[front.end() :] if front else text
    heading = (_FRONT_TITLE.search(front["matter"]) if front else None) or _HEADING.search(body)
    first = heading[1] if heading else next((line.strip() for line in body.splitlines() if line.strip()), "")
    date = _DATE.search(text)
    links = [found for found in _URL.findall(text) if not _PULL.match(found)]
    pulls = [(found["name"], int(found["number"])) for pattern in (_PULL, _SHORT) for found in pattern.finditer(text)]
    return Told(
        title=" ".join(_plain(first).split())[:MOST_TITLE],
        broke_at=_iso(date) if date else "",
        class_=class_in(text),
        url=links[0].rstrip(".,;") if links else "",
        pulls=tuple(dict.fromkeys(pulls)),
    )


def mended_by(text: str, full_name: str) -> int | None:
    """The pull request of that repository by which it was mended, where the text says so: `fixed in #13`."""
    here = full_name.lower()
    for pattern in (_PULL, _NUMBERED):
        for found in pattern.finditer(text):
            told = _MENDED.search(text[max(0, found.start() - _NEAR_CHARS) : found.start()])
            if told and (found["name"] or here).lower() == here:
                return int(found["number"])
    return None


def class_in(text: str) -> str:
    """The failure mode whose words weigh most; empty where none is named, or two weigh the same."""
    words = [_stem(word) for word in _WORD.findall(text.lower())]
    line = f" {' '.join(words)} "
    weights: dict[str, int] = {}
    for class_, (phrases, singles) in _vocabulary().items():
        weight = _PHRASE * sum(line.count(f" {phrase} ") for phrase in phrases)
        weight += _WORD_WEIGHT * sum(word in singles for word in words)
        if weight:
            weights[class_] = weight
    ranked = sorted(weights.items(), key=lambda item: -item[1])
    if not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return ""
    return ranked[0][0]


def with_verdict(incident: Incident, points: Iterable[Point]) -> Incident:
    """The incident, judged by what was said on the pull request that brought it: `fired`, `dismissed` or `missing`.

    Where its class is not known, nobody can tell.
    """
    if not incident.class_:
        return incident
    same = [point for point in points if point.finding.class_ == incident.class_]
    said = [point for point in same if point.said != "held"]
    verdict: IncidentVerdict = "missing"
    if said:
        verdict = "dismissed" if all(point.state == "dismissed" for point in said) else "fired"
    return incident.model_copy(
        update={
            "verdict": verdict,
            "rule": said[0].finding.rule if said else "",
            "paths": tuple(dict.fromkeys(point.finding.path for point in same)),
            "scopes": tuple(dict.fromkeys(point.finding.scope for point in same if point.finding.scope)),
        }
    )


@cache
def _vocabulary() -> Mapping[str, tuple[tuple[str, ...], frozenset[str]]]:
    """Class → its phrases of two words or more, and the single words that are its own."""
    named: dict[str, set[str]] = {class_: set() for class_ in taxonomy()}
    owners: dict[str, str] = {}
    phrases: dict[str, tuple[str, ...]] = {}
    for class_, kinds in taxonomy().items():
        spoken = [tuple(map(_stem, name.split("-"))) for name in (class_, *kinds)]
        phrases[class_] = tuple(" ".join(words) for words in dict.fromkeys(spoken) if len(words) > 1)
        for word in spoken[0]:
            if word not in _COMMON and len(word) > 3 and owners.setdefault(word, class_) == class_:
                named[class_].add(word)
    return {class_: (phrases[class_], frozenset(named[class_])) for class_ in taxonomy()}


def _stem(word: str) -> str:
    """Near enough to tell retries from rhythm: retries, retried and retry are one word."""
    for ending, instead in (("ies", "y"), ("ied", "y"), ("ing", ""), ("ed", ""), ("s", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 4 and not word.endswith("ss"):
            return word[: -len(ending)] + instead
    return word


def _iso(date: re.Match[str]) -> str:
    day = f"{date[1]}-{date[2]}-{date[3]}"
    return f"{day}T{date[4]}:{date[5]}:00+00:00" if date[4] else day


def _plain(line: str) -> str:
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", line).replace("**", "").strip("*_# ")
