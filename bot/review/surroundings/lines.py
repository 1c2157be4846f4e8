"""The lines of a file of which little is shown: secrets are looked for around what is, not in all of it."""

from collections.abc import Sequence
from typing import overload

from bot.llm.fencing import legible
from bot.redaction import masked_closely
from bot.review.excerpt import MARKUP, Hide, head_lines

_CHUNK = 100
_REACH = 60
"""Lines before and after a chunk that are looked at with it; a key in text form is shorter."""


class ShownLines(Sequence[str]):
    """As `head_lines` gives them, each chunk masked when it is first asked for."""

    def __init__(self, path: str, content: bytes, hide: Hide = masked_closely) -> None:
        self._hide = hide
        self._raw = content.decode("utf-8", "replace").split("\n")
        if self._raw and not self._raw[-1]:
            self._raw.pop()
        self._chunks: dict[int, list[str]] = {}
        if path.lower().endswith(MARKUP):  # a comment may be open from far above
            whole = head_lines(path, content, hide)
            self._chunks = {at // _CHUNK: whole[at : at + _CHUNK] for at in range(0, len(whole), _CHUNK)}

    def __len__(self) -> int:
        return len(self._raw)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        number, place = divmod(range(len(self))[at], _CHUNK)
        if number not in self._chunks:
            self._chunks[number] = self._masked(number * _CHUNK)
        return self._chunks[number][place]

    def _masked(self, start: int) -> list[str]:
        first = max(0, start - _REACH)
        text = "\n".join(self._raw[first : start + _CHUNK + _REACH])
        return [line.rstrip("\r") for line in self._hide(legible(text)).split("\n")][start - first :][:_CHUNK]
