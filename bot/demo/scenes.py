"""The scenes a story is told in: plain values, so that whoever tells it needs to know nothing of the terminal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Title:
    """Opens the story."""

    text: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Doing:
    """Under way until the next scene; a spinner on a terminal."""

    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """One thing done: `✓ The service is up · http://127.0.0.1:40123   0.8 s`."""

    text: str
    detail: str = ""
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """The check on the head commit. `summary` is GitHub's Markdown; no conclusion means still in progress."""

    name: str
    title: str
    summary: str = ""
    conclusion: str | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """The review's own text."""

    author: str
    body: str
    state: str = "COMMENTED"


@dataclass(frozen=True, slots=True)
class InlineComment:
    """A comment on lines of a file. `text` is the whole file as it stands at the head (or base, for the LEFT side)."""

    path: str
    start_line: int
    end_line: int
    body: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Talk:
    """What was said in one thread, in order: who, and the Markdown."""

    said: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a table of the ledger; columns are the keys of the first row."""

    title: str
    rows: Sequence[Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Places:
    """Where things lie: name → path or address."""

    places: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do next: pairs of a command (or setting) and what it does."""

    steps: Sequence[tuple[str, str]] = field(default_factory=tuple)
    title: str = "What next"


Scene = Title | Doing | Done | Check | Review | InlineComment | Talk | Rows | Places | Advice
