"""Looking around in the head of a change: where a name stands, and what other files hold."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol, runtime_checkable

MayShow = Callable[[str, bytes | None], bool]
"""Whether a file may be shown to a model or to people, by its path; with its content, by that too."""


def everything(path: str, content: bytes | None) -> bool:
    """For where no policy holds anything back."""
    return True


class Hit(NamedTuple):
    """One line of the head that holds one of the names asked for, as a whole word."""

    path: str
    line: int
    """From 1."""
    text: str


class Search(Protocol):
    """All files of one head, always at the same commit. Raises errors.SourceError where they cannot be had."""

    def find(self, names: Sequence[str], suffixes: Sequence[str]) -> Sequence[Hit]:
        """Lines of text files with these endings (`.py`), in the order of paths and lines; as many as are bearable."""

    def read(self, paths: Sequence[str]) -> Mapping[str, bytes]:
        """The regular files among these paths. What is too large is left out."""


@runtime_checkable
class Searchable(Protocol):
    """A source that can be searched beyond what changed."""

    def search(self) -> Search:
        """The files of its head. Nothing is read before they are asked for."""
