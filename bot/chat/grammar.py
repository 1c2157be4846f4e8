"""What people type, in words, and whether it fits the form of a command. Pure.

A form is written as people read it: `mute <rule> [for <days>] [<reason…>]`. Plain words are typed as they stand,
`<slots>` are filled, `[parts]` may be left out, and a slot that ends in `…` takes the rest of the line as it is.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "\u00a0": " "})
_WORD = re.compile(r"\"([^\"]*)\"(?=\s|$)|(?<!\S)'([^']*)'(?=\s|$)|\S+")
_TOKEN = re.compile(r"\[|\]|<[^>]+>|[^\s\[\]<>]+")

_HEX_WORD = r"(?=[0-9a-f]*\d)[0-9a-f]{7,16}"
_SLOTS: Mapping[str, str] = {
    "command": r"[?a-z-]+",
    "finding": r"#?[0-9a-f]{4,16}",
    "rule": r"[a-z][a-z0-9-]+(?:/[a-z0-9-]+)?",
    "days": r"\d{1,3} ?(?:h|hours?|d|days?|w|weeks?)",
    "owner/repo": r"[\w.-]+/[\w.-]+",
    "login": r"@?[a-z0-9](?:[a-z0-9-]{0,38})(?:\[bot\])?",
    "code": r"[0-9a-f]{6,64}",
    "id": r"[giw]-[0-9a-f]{4,12}",
    "run": r"c-[0-9a-f]{4,12}",
    "severity": r"(?:low|medium|high|critical)\+?",
}
"""What may fill a slot, case aside; a slot of any other name takes any word."""


@dataclass(frozen=True)
class Word:
    """One word of a line, or what stood between quotes, and where it began."""

    text: str
    start: int
    is_quoted: bool = False


@dataclass(frozen=True)
class _Literal:
    text: str


@dataclass(frozen=True)
class _Slot:
    name: str
    kinds: tuple[str, ...]
    takes_rest: bool


@dataclass(frozen=True)
class _Option:
    items: tuple["_Item", ...]


_Item = _Literal | _Slot | _Option


@dataclass(frozen=True)
class Form:
    """One way to say a command. `text` is how it is shown, its name included."""

    text: str

    @property
    def name(self) -> str:
        return self.text.split()[0]

    def match(self, line: str, words: Sequence[Word], is_in_thread: bool = False) -> dict[str, str] | None:
        """What fills the slots, plain words as keys of themselves; None where the words do not fit.

        `words` are those after the command's name. `is_in_thread`: a finding is implied, so only what can be nothing
        else is taken for one (`dismiss dead code` gives a reason).
        """
        return next(_matches(_parsed(self.text)[1:], line, words, is_in_thread), None)


def tidy(text: str) -> str:
    """One line with plain quotes and single spaces outside of them, without a `/seawall` before it."""
    line = " ".join(text.translate(_QUOTES).split())
    return re.sub(r"^(?:[/@]seawall\b[:,]?\s*)+", "", line, flags=re.IGNORECASE)


def words_of(line: str) -> tuple[Word, ...]:
    """The words of a tidy line. Backticks around one are left out: handles are copied with them."""
    words = []
    for found in _WORD.finditer(line):
        quoted = found[1] if found[1] is not None else found[2]
        if quoted is not None:
            words.append(Word(quoted, found.start(), is_quoted=True))
        elif bare := found[0].strip("`"):
            words.append(Word(bare, found.start()))
    return tuple(words)


def _parsed(text: str) -> tuple[_Item, ...]:
    tokens = _TOKEN.findall(text)
    items, _ = _sequence(tokens, 0)
    return items


def _sequence(tokens: Sequence[str], at: int) -> tuple[tuple[_Item, ...], int]:
    items: list[_Item] = []
    while at < len(tokens) and tokens[at] != "]":
        token = tokens[at]
        at += 1
        if token == "[":  # noqa: S105 — a bracket
            inner, at = _sequence(tokens, at)
            items.append(_Option(inner))
            at += 1
        elif token.startswith("<"):
            name = token[1:-1].removesuffix("…")
            items.append(_Slot(name, tuple(name.split("|")), takes_rest=token.endswith("…>")))
        else:
            items.append(_Literal(token))
    return tuple(items), at


def _matches(items: Sequence[_Item], line: str, words: Sequence[Word], is_in_thread: bool) -> Iterator[dict[str, str]]:
    """Every reading; those that fill the optional parts come first."""
    if not items:
        if not words:
            yield {}
        return
    first, others = items[0], items[1:]
    if isinstance(first, _Option):
        yield from _matches((*first.items, *others), line, words, is_in_thread)
        yield from _matches(others, line, words, is_in_thread)
        return
    if not words:
        return
    if isinstance(first, _Literal):
        if words[0].text.lower() == first.text and not words[0].is_quoted:
            for rest in _matches(others, line, words[1:], is_in_thread):
                yield {first.text: first.text, **rest}
    elif first.takes_rest:
        yield {first.name: _rest(line, words)}
    elif kind := next((kind for kind in first.kinds if _fits(kind, words[0], is_in_thread)), ""):
        value = words[0].text.lstrip("#@") if kind in ("finding", "login") else words[0].text
        for rest in _matches(others, line, words[1:], is_in_thread):
            yield {first.name: value, **rest}


def _rest(line: str, words: Sequence[Word]) -> str:
    return words[0].text if len(words) == 1 else line[words[0].start :].strip()


def _fits(kind: str, word: Word, is_in_thread: bool) -> bool:
    if word.is_quoted and kind in ("owner/repo", "finding"):
        return False  # somebody's words
    pattern = _HEX_WORD if kind == "finding" and is_in_thread else _SLOTS.get(kind, r".+")
    return re.fullmatch(pattern, word.text, re.IGNORECASE) is not None
