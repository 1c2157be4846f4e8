"""The words of a model's finding, made fit to post: plain, short, to the point. Pure.

Whole sentences are kept or dropped, so that nothing is garbled; what says nothing but courtesy goes first.
"""

import re
from collections.abc import Iterable, Iterator

from bot.regex import regex

MOST_WORDS = 120
_FENCE = regex(r"(^```.*?^```[ \t]*$)", re.MULTILINE | re.DOTALL)
_BREAK = regex(r"(?<=[.!?])(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bvs\.)(?<!\betc\.)[)\"']?\s+(?=[A-Z`(\"'0-9])")
_SPAN = regex(r"`[^`\n]*`")
_BULLET = regex(r"^\s*(?:[-*+]|\d+[.)])\s+")
_WHEN = regex(
    r"\b(when|whenever|if|once|after|while|until|before|as soon as|under|during|where|unless|"
    r"on (?:every|each|a|an|the)|every time|each time|for (?:a|an|any|every|each))\b",
    re.IGNORECASE,
)
_COURTESY = regex(
    r"^(?:(?:very |really )?(?:nice|good|great|awesome|excellent|lovely)"
    r"(?:[.!,]| (?:work|job|catch|change|idea|use|start|clean-?up|refactoring|to see)\b)"
    r"|(?:well done|thanks|thank you|kudos|hi|hello)\b"
    r"|(?:overall|in summary|in conclusion|to summari[sz]e|note that this is|please note)\b"
    r"|(?:i hope|hope this|let me know|feel free|happy to)\b"
    r"|(?:as an ai|i am an ai|as a reviewer)\b)",
    re.IGNORECASE,
)
_RESTATES = regex(
    r"^(?:this|the) (?:pr|pull request|change|commit|diff|patch|new code|added code|code) (?:\w+ly )?"
    r"(?:adds?|added|introduces?|introduced|modifies|modified|updates?|updated|changes?|changed|refactors?)\b",
    re.IGNORECASE,
)
_SOFT = (
    regex(
        r"^(?:(?:so|then|also|therefore|instead|to fix this|as a fix),? )?(?:please )?"
        r"(?:you (?:may|might|could|should) (?:also )?(?:want to )?)?consider (?P<doing>\w+ing\b.*)$",
        re.IGNORECASE | re.DOTALL,
    ),
    regex(
        r"^(?:i(?: would|'d)? |we(?: would|'d)? )?(?:suggest|recommend) (?P<doing>\w+ing\b.*)$",
        re.IGNORECASE | re.DOTALL,
    ),
    regex(r"^(?:you|one|we) (?:may|might|could) (?:also )?want to (?P<do>.*)$", re.IGNORECASE | re.DOTALL),
    regex(
        r"^it (?:is|would be) (?:recommended|advisable|better|best|good|wise|suggested)(?: practice)? to (?P<do>.*)$",
        re.IGNORECASE | re.DOTALL,
    ),
)
_HEDGE = regex(
    r"\b(?:consider|(?:may|might|could) want to|it is recommended|would be (?:nice|good|better|great))\b", re.IGNORECASE
)


def says_when(body: str) -> bool:
    """True where the words name an occasion."""
    return _WHEN.search(_SPAN.sub("", body)) is not None


def in_plain_words(title: str, body: str, failure: str = "") -> str:
    """The body without courtesy, questions, hedges and what the diff shows anyway, under 120 words.

    `failure`, where the body names no occasion, is said first. Where nothing is left, the title and the failure speak.
    """
    pieces = [piece for piece in _plain(_pieces(body)) if piece]
    if failure and not says_when("".join(pieces)):
        pieces = [f"{_whole(failure)} ", *pieces]
    fitting = _fitting(pieces)
    return "".join(fitting).strip() or _fallback(title, failure)


def _pieces(body: str) -> Iterator[str]:
    """Sentences with the white space that follows them; a block of code is one piece."""
    for number, part in enumerate(_FENCE.split(body.strip())):
        if number % 2:
            yield part
            continue
        for line in part.splitlines(keepends=True):
            yield from _sentences(line)


def _sentences(line: str) -> Iterator[str]:
    hidden = _SPAN.sub(lambda span: "`" + "x" * (len(span.group()) - 2) + "`", line)
    begin = 0
    for gap in _BREAK.finditer(hidden):
        yield line[begin : gap.end()]
        begin = gap.end()
    yield line[begin:]


def _plain(pieces: Iterable[str]) -> Iterator[str]:
    for piece in pieces:
        if piece.startswith("```") or not piece.strip():
            yield piece
            continue
        bullet = found[0] if (found := _BULLET.match(piece)) else ""
        said = piece[len(bullet) :]
        end = said[len(said.rstrip()) :]
        plain = _said_plainly(said.strip())
        yield bullet + plain + end if plain else end if "\n" in end else ""


def _said_plainly(sentence: str) -> str:
    if _COURTESY.match(sentence) or _RESTATES.match(sentence) or sentence.endswith("?"):
        return ""
    for soft in _SOFT:
        if found := soft.match(sentence):
            parts = found.groupdict()
            if doing := parts.get("doing"):
                return f"Fix: {doing}"
            return _capital(parts["do"])
    return "" if _HEDGE.search(_SPAN.sub("", sentence)) else sentence


def _fitting(pieces: list[str]) -> list[str]:
    """As many as make under 120 words: the first ones, and the last, which is the fix."""
    if _count(pieces) < MOST_WORDS or not pieces:
        return pieces
    last = next(piece for piece in reversed(pieces) if piece.strip())
    left = MOST_WORDS - 1 - _count([last])
    kept: list[str] = []
    for piece in pieces[: pieces.index(last)]:
        if _count([*kept, piece]) > left:
            break
        kept.append(piece)
    return [*kept, last] if left >= 0 else kept


def _count(pieces: list[str]) -> int:
    return sum(len(piece.split()) for piece in pieces)


def _fallback(title: str, failure: str) -> str:
    said = f"{_whole(_capital(title))} {_whole(failure)}".strip()
    return said if len(said.split()) < MOST_WORDS else _whole(_capital(title))


def _whole(sentence: str) -> str:
    sentence = sentence.strip()
    return sentence if not sentence or sentence[-1] in ".!?…" else f"{sentence}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
