"""One look at a file as it became later: does what was said of it still stand?"""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from bot.errors import GuardError
from bot.rules import FilePair, FileScan, ScanOptions, scan_pair
from bot.source.commit_diffs import FileDiff
from bot.syntax import parse
from bot.syntax.guard import Guard


class Seen(NamedTuple):
    """What the rules say of a version, compared with the file as it was before the finding came."""

    scan: FileScan
    scopes: frozenset[str]


def look(task: tuple[FilePair, ScanOptions]) -> Seen:
    """Runs in a guarded process."""
    pair, options = task
    file = parse(pair.path, pair.after or b"")
    shapes = (*file.functions, *file.classes) if file is not None else ()
    return Seen(scan_pair(pair, options), frozenset(shape.scope for shape in shapes))


class Looks:
    """Versions as the rules see them, each looked at once."""

    def __init__(
        self, guard: Guard, contents: Callable[[Iterable[str]], Mapping[str, bytes]], options: ScanOptions
    ) -> None:
        self._guard, self._contents, self._options = guard, contents, options
        self._seen: dict[tuple[str | None, str], Seen | None] = {}

    def at(self, first: FileDiff, version: FileDiff) -> Seen | None:
        """None where the version cannot be read."""
        assert version.after is not None
        key = (first.before, version.after)
        if key not in self._seen:
            self._seen[key] = self._look(first, version)
        return self._seen[key]

    def _look(self, first: FileDiff, version: FileDiff) -> Seen | None:
        found = self._contents(filter(None, (first.before, version.after)))
        after = found.get(version.after or "")
        if after is None:
            return None
        pair = FilePair(version.patch.path, first.patch.path_at_base, found.get(first.before or ""), after)
        (seen,) = self._guard.map(look, [(pair, self._options)])
        return None if isinstance(seen, GuardError) else seen
