"""What a scan takes and gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from bot.domain import Dropped, Finding
from bot.rules.findings import Look
from bot.rules.teams.record import TeamRule
from bot.syntax import SourceFile, parse


@dataclass(frozen=True)
class FilePair:
    """One file of a change. `before` is None where it is new, `after` where it is gone."""

    path: str
    old_path: str | None
    before: bytes | None
    after: bytes | None
    patch_added: frozenset[int] = frozenset()
    """Line numbers of the head that the change wrote."""

    @property
    def path_at_first(self) -> str:
        return self.old_path or self.path


class ParsedPair:
    """Both sides of a pair, each parsed when it is first asked for and then kept."""

    def __init__(self, pair: FilePair) -> None:
        self.pair = pair

    @cached_property
    def head(self) -> SourceFile | None:
        return parse(self.pair.path, self.pair.after) if self.pair.after is not None else None

    @cached_property
    def base(self) -> SourceFile | None:
        return parse(self.pair.path_at_first, self.pair.before) if self.pair.before is not None else None


@dataclass(frozen=True)
class ScanOptions:
    """How files are scanned."""

    rules_off: tuple[str, ...] = ()
    include_tests: bool = False
    whole: bool = False
    """Report everything in the file, not only what the change brings."""
    today: str = ""
    """ISO date, for ignores with `until=`; empty: none expires."""
    own: tuple[TeamRule, ...] = ()
    """Where there are any, these alone are run: they are others' data, and are run apart from our rules."""


@dataclass(frozen=True)
class FileScan:
    """What the rules say of one file."""

    path: str
    findings: tuple[Finding, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    language: str = ""
    """Empty where Seawall has no grammar for the file."""
    failure: str = ""
    """Why the file could not be scanned; empty where it was."""
    looks: Mapping[str, Look] = field(default_factory=dict)
    """Of the findings that stand in the head, by fingerprint; not of what the change took away."""
    trouble: tuple[tuple[str, str], ...] = ()
    """Own rules that failed on this file, each with the reason."""
