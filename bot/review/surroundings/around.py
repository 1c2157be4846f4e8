"""What a review knows of the code around its change: gathered when a model is first asked, and once."""

import re
import threading
from collections.abc import Mapping, Sequence
from functools import cached_property

from bot.domain import Change
from bot.domain.searching import Hit, MayShow, Search, everything
from bot.errors import GuardError
from bot.redaction import masked_closely
from bot.review.excerpt import Hide
from bot.review.surroundings.affinity import kin_of
from bot.review.surroundings.changed import changed_lines
from bot.review.surroundings.gathering import Gathered, gather
from bot.review.surroundings.reading import Facts, read_changed
from bot.syntax import language_of
from bot.syntax.guard import Guard


class Around:
    """`search` None: nothing but the changed files can be looked at. `why_not`: the reason, for the receipt."""

    def __init__(
        self,
        change: Change,
        contents: Mapping[str, bytes],
        guard: Guard,
        search: Search | None,
        why_not: str = "",
        may_show: MayShow = everything,
        hide: Hide = masked_closely,
    ) -> None:
        self._change, self._contents, self._guard = change, contents, guard
        self._search, self._why_not, self._may_show, self._hide = search, why_not, may_show, hide
        self._lock = threading.Lock()
        self._gathered: Gathered | None = None

    @cached_property
    def facts(self) -> tuple[Facts, ...]:
        """Of the changed files, however little else can be had: the same for the same change."""
        changed = {patch.path: changed_lines(patch) for patch in self._change.patches}
        asked = [
            (path, content, changed.get(path, frozenset()))
            for path, content in sorted(self._contents.items())
            if language_of(path)
        ]
        return tuple(fact for fact in self._guard.map(read_changed, asked) if not isinstance(fact, GuardError))

    @cached_property
    def kin(self) -> dict[str, frozenset[str]]:
        """Which changed files call each other."""
        return kin_of(self.facts)

    def gathered(self) -> Gathered:
        """The pieces; asked for from several threads, they are gathered by one."""
        with self._lock:
            if self._gathered is None:
                self._gathered = self._gather()
            return self._gathered

    def _gather(self) -> Gathered:
        if self._search is not None:
            found = gather(
                self.facts, self._change.patches, self._contents, self._search, self._guard, self._may_show, self._hide
            )
            if not found.note:
                return found
            note = found.note
        else:
            note = self._why_not
        alone = gather(
            self.facts, self._change.patches, self._contents, ChangedAlone(self._contents), self._guard, hide=self._hide
        )
        return Gathered(alone.pieces, note)


class ChangedAlone:
    """A search where there is nothing but the changed files."""

    def __init__(self, contents: Mapping[str, bytes]) -> None:
        self._contents = contents

    def find(self, names: Sequence[str], suffixes: Sequence[str]) -> Sequence[Hit]:
        wanted = re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b") if names else None
        return [
            Hit(path, number, line)
            for path, content in sorted(self._contents.items())
            if wanted is not None and path.endswith(tuple(suffixes))
            for number, line in enumerate(content.decode("utf-8", "replace").split("\n"), 1)
            if wanted.search(line)
        ]

    def read(self, paths: Sequence[str]) -> Mapping[str, bytes]:
        return {}
