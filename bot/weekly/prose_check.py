"""Whether a model's prose says only what the facts say: its numbers, its changes, no names, nothing that acts."""

import re
from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

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
_ALSO_CALLED: Final = {"precision": frozenset({"heeded"}), "receipt-in-time": frozenset({"receipt", "receipts"})}
"""Figure → words that name it beside its title."""
_OPENERS: Final = frozenset({
    "the", "this", "these", "that", "those", "a", "an", "in", "of", "on", "at", "to", "no", "not", "none", "nothing",
    "most", "many", "some", "few", "work", "flow", "reviews", "review", "reviewers", "pull", "requests", "it", "its",
    "there", "what", "next", "for", "all", "seawall", "with", "while", "however", "attention", "findings", "comments",
    "points", "receipts", "merged", "is", "are", "was", "were", "has", "have",
})  # fmt: skip
"""What a sentence may begin with."""
_WORD_LIKE: Final = re.compile(r"[\w/#-]+")
_CAPITAL: Final = re.compile(r"\b[A-Z][\w'’-]*")


def fault_of(prose: str, facts: Facts, people: Collection[str] = (), given: str = "") -> str:
    """What is wrong with it, in a few words; empty where nothing is. `given`: what the model was shown, whose words it
    may repeat; `people`: logins."""
    parts = sentences_in(prose)
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
    for part in (_without_ids(part, given) for part in parts):
        named = [figure for figure in known if _is_named(figure, part)]
        for number in _numbers(part):
            if not _is_told(number, named, facts, given):
                return f"{number.written} is no figure that its sentence names"
        if fault := _false_change(part, named):
            return fault
    return ""


def sentences_in(prose: str) -> tuple[str, ...]:
    """Parted at blanks after a full stop, a question mark or an exclamation mark."""
    return tuple(part for part in re.split(r"(?<=[.!?])\s+", prose.strip()) if part)


class _Number(NamedTuple):
    written: str
    value: str
    """Without commas."""
    unit: str
    """Of a figure; `?` and the word where figures have no such unit."""
    next_word: str


def _numbers(prose: str) -> Iterator[_Number]:
    for found in _NUMBER.finditer(prose):
        word, is_glued = (found["unit"] or "").strip(), not (found["unit"] or " ").startswith(" ")
        unit = "US$" if found["money"] else "%" if word == "%" else _UNITS.get(word.lower(), "")
        if not unit and word and (is_glued or word.lower() in _TIME_WORDS):
            unit = f"?{word}"
        written = f"{found['money'] or ''}{found['number']}"
        if unit and not found["money"]:
            written += found["unit"]
        yield _Number(written, found["number"].replace(",", ""), unit, word.lower())


def _is_told(number: _Number, named: list[Figure], facts: Facts, given: str) -> bool:
    if number.unit.startswith("?"):  # other units are never computed: only the very words that were given
        return re.search(rf"(?<![\d.,]){re.escape(number.written)}\b", given) is not None
    if any((number.value, number.unit) in _told_by(figure) for figure in named):
        return True
    return (number.value, number.next_word) in _counted(facts) or number.value == str(int(facts.week[6:]))


def _told_by(figure: Figure) -> set[tuple[str, str]]:
    """Every number that is printed of a figure: its value, the one before, how many it is made of and are missing."""
    texts = [figure.text, figure.before.text if figure.before and figure.before.value is not None else ""]
    told = {(found["number"].replace(",", ""), figure.unit) for text in texts for found in _NUMBER.finditer(text)}
    return told | {(str(figure.n), ""), (str(figure.missing), "")}


def _is_named(figure: Figure, sentence: str) -> bool:
    """All words of its title stand in the sentence, or another word for it."""
    said = set(re.findall(r"[a-z0-9]+", sentence.lower()))
    words = {word for word in re.findall(r"[a-z0-9]+", figure.title.lower()) if len(word) > 3 or word[0].isdigit()}
    return all(said & {word, f"{word}s"} for word in words) or bool(said & _ALSO_CALLED.get(figure.name, frozenset()))


def _counted(facts: Facts) -> set[tuple[str, str]]:
    """Numbers of what is worth doing, each with the word that follows it: (7, high)."""
    doing = " ".join(f"{one.title} {one.reason}" for one in facts.worth_doing)
    return {(number, word.lower()) for number, word in re.findall(r"(?<![\w#/.-])(\d+) ([A-Za-z]+)", doing)}


def _without_ids(prose: str, given: str) -> str:
    """Without words that hold letters and digits and were given so, such as `acme/shop#12` and `i-0a1b2c3`."""
    ids = {word for word in _WORD_LIKE.findall(given) if re.search(r"\d", word) and re.search(r"[A-Za-z]", word)}
    return _WORD_LIKE.sub(lambda found: "" if found[0] in ids else found[0], prose)


def _names_somebody(prose: str, people: Collection[str], given: str) -> bool:
    words = {word.lower() for word in re.findall(r"[\w'’-]+", given)}
    capitals = {word.lower() for word in _CAPITAL.findall(prose)}
    if capitals - words - _OPENERS:
        return True
    said = {word.lower() for word in re.findall(r"[\w-]+", prose)}
    return bool(said & {person.lower() for person in people} - words - _OPENERS)  # a login may be a word, too


def _false_change(sentence: str, named: list[Figure]) -> str:
    """A change is told only beside a number of a figure that changed so."""
    numbers = {(number.value, number.unit) for number in _numbers(sentence)}
    beside = [figure for figure in named if numbers & _told_by(figure)]
    low = sentence.lower()
    for direction, words in _CHANGES:
        if (found := words.search(low)) and not any(figure.change == direction for figure in beside):
            return f"“{found[0]}” is not what the figures say"
    for is_better, word in ((True, _BETTER), (False, _WORSE)):
        if (found := word.search(low)) and not any(figure.is_better is is_better for figure in beside):
            return f"“{found[0]}” is not what the figures say"
    return ""
