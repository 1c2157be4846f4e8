"""Whether a model's prose says only what the facts say: its numbers, its changes, no names, nothing that acts."""

import re
from collections.abc import Collection, Iterator
from typing import Final

from bot.weekly.facts import Facts
from bot.weekly.figure import Figure

MOST_CHARS: Final = 600
SENTENCES: Final = 3
_NUMBER: Final = re.compile(r"(?P<money>US\$ ?|\$ ?)?(?P<number>\d[\d,]*(?:\.\d+)?)(?P<unit> ?%| ?[A-Za-z$€]+)?")
_WORDS: Final = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|seventy|"
    r"eighty|ninety|hundreds?|thousands?|dozens?|half|halved|third|thirds|quarters?|double|doubled|twice|tripled?|"
    r"percent|fold)\b",
    re.IGNORECASE,
)
_ACTS: Final = re.compile(r"https?:|www\.|[@`*_#<>\[\]{}|\\~]|(?:^|\s)/\w")
_CHANGES: Final = (
    (
        "higher",
        re.compile(r"\b(?:rose|risen|rising|higher|grew|grown|increased?|increasing|longer|slower|climbed|up)\b"),
    ),
    ("lower", re.compile(r"\b(?:fell|fallen|falling|lower|dropped|decreased?|decreasing|shorter|faster|fewer|down)\b")),
)
_BETTER: Final = re.compile(r"\b(?:better|improved|improving|improvement)\b")
_WORSE: Final = re.compile(r"\b(?:worse|worsened|deteriorated|declined)\b")
_UNITS: Final = {"hour": "h", "hours": "h", "h": "h", "lines": "lines", "line": "lines", "tokens": "tokens"}
_TIME_WORDS: Final = frozenset({"day", "days", "week", "weeks", "month", "months", "minute", "minutes", "min", "s"})
_OPENERS: Final = frozenset({
    "the", "this", "these", "that", "those", "a", "an", "in", "of", "on", "at", "to", "no", "not", "none", "nothing",
    "most", "many", "some", "few", "work", "flow", "reviews", "review", "reviewers", "pull", "requests", "it", "its",
    "there", "what", "next", "for", "all", "seawall", "with", "while", "however", "attention", "findings", "comments",
    "points", "receipts", "merged",
})  # fmt: skip
"""What a sentence may begin with."""
_CAPITAL: Final = re.compile(r"\b[A-Z][\w'’-]*")


def fault_of(prose: str, facts: Facts, people: Collection[str] = (), given: str = "") -> str:
    """What is wrong with it, in a few words; empty where nothing is. `given`: what the model was shown, whose words it
    may repeat; `people`: logins."""
    parts = [part for part in re.split(r"(?<=[.!?])\s+", prose.strip()) if part]
    if not prose or len(prose) > MOST_CHARS:
        return "it is empty or too long"
    if len(parts) != SENTENCES or not prose.endswith("."):
        return "it is not three sentences"
    if _ACTS.search(prose):
        return "it holds a link, a mention or markup"
    if _names_somebody(prose, people, given):
        return "it names what the figures do not"
    if word := _WORDS.search(prose):
        return f"it writes a number as a word: {word[0]}"
    known = [figure for group in facts.groups for figure in group.figures if figure.is_known]
    for number in _numbers(prose):
        if not _is_told(number, known, facts, given):
            return f"{number[0].strip()} is no figure of this week"
    return next((fault for part in parts if (fault := _false_change(part, known))), "")


def _numbers(prose: str) -> Iterator[tuple[str, str, str]]:
    """(as written, number without commas, unit) of each."""
    for found in _NUMBER.finditer(prose):
        word = (found["unit"] or "").strip()
        unit = "%" if word == "%" else "US$" if found["money"] else _UNITS.get(word.lower(), "")
        unit = f"?{word}" if word.lower() in _TIME_WORDS or (not unit and word and found["unit"][0] != " ") else unit
        yield found[0], found["number"].replace(",", ""), unit


def _is_told(number: tuple[str, str, str], known: list[Figure], facts: Facts, given: str) -> bool:
    written, value, unit = number
    if unit.startswith("?"):  # other units are never computed: only the very words that were given
        return re.search(rf"(?<![\d.,]){re.escape(written.strip())}\b", given) is not None
    if any((value, unit) in _told_by(figure) for figure in known):
        return True
    return not unit and value in _labels(facts, given)


def _told_by(figure: Figure) -> set[tuple[str, str]]:
    """Every number that is printed of a figure: its value, the one before, how many it is made of and are missing."""
    texts = [figure.text, figure.before.text if figure.before and figure.before.value is not None else ""]
    told = {(found["number"].replace(",", ""), figure.unit) for text in texts for found in _NUMBER.finditer(text)}
    return told | {(str(figure.n), ""), (str(figure.missing), "")}


def _labels(facts: Facts, given: str) -> set[str]:
    """Numbers that are names: the week's, those of pull requests, and those in what is worth doing."""
    doing = " ".join(f"{one.title} {one.reason}" for one in facts.worth_doing)
    return set(re.findall(r"\d+", f"{facts.week} {int(facts.week[6:])} {doing}"))


def _names_somebody(prose: str, people: Collection[str], given: str) -> bool:
    words = {word.lower() for word in re.findall(r"[\w'’-]+", given)}
    capitals = {word.lower() for word in _CAPITAL.findall(prose)}
    if capitals - words - _OPENERS:
        return True
    said = {word.lower() for word in re.findall(r"[\w-]+", prose)}
    return bool(said & {person.lower() for person in people})


def _false_change(sentence: str, known: list[Figure]) -> str:
    """A change is told only beside the number of a figure that changed so."""
    beside = [figure for figure in known if _is_beside(sentence, figure)]
    low = sentence.lower()
    for direction, words in _CHANGES:
        if (found := words.search(low)) and not any(figure.change == direction for figure in beside):
            return f"“{found[0]}” is not what the figures say"
    for is_better, word in ((True, _BETTER), (False, _WORSE)):
        if (found := word.search(low)) and not any(figure.is_better is is_better for figure in beside):
            return f"“{found[0]}” is not what the figures say"
    return ""


def _is_beside(sentence: str, figure: Figure) -> bool:
    return any((value, unit) in _told_by(figure) for _, value, unit in _numbers(sentence))
