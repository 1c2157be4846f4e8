"""Where the code of a point went between two heads."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain import Finding, Point
from bot.review.alignment import Alignment, Fate, line_digest
from bot.review.head import Head
from bot.review.likeness import likeness, quoted_code
from bot.review.outline import CodeLine, Outline

_MENDED = 0.6
"""So much like the old line is a line that took its place."""


@dataclass(frozen=True)
class Trace:
    """`path`: what its file is called now, if it is part of the change. `lines`: its scope, as it is now."""

    point: Point
    path: str | None
    outline: Outline | None
    lines: tuple[CodeLine, ...]
    fates: tuple[Fate, ...]
    """Of each line that the point quotes."""
    lost_others: bool
    """True where another line of the scope is gone or changed, too."""
    written: tuple[CodeLine, ...]
    """Lines that the scope did not have before."""

    @property
    def quoted(self) -> list[str]:
        """The quoted lines, as they were written."""
        return quoted_code(self.point.finding.evidence)

    @property
    def is_certain(self) -> bool:
        return all(fate.is_certain for fate in self.fates)

    @property
    def is_kept(self) -> bool:
        """Every quoted line stands in the scope as it was."""
        return all(fate.kept is not None for fate in self.fates)

    @property
    def is_split(self) -> bool:
        """Every quoted line stands, with others written between them."""
        places = [fate.kept for fate in self.fates if fate.kept is not None]
        return self.is_kept and places != list(range(places[0], places[0] + len(places)))

    @property
    def kept(self) -> tuple[CodeLine, ...]:
        """The quoted lines that are still there."""
        return tuple(self.lines[fate.kept] for fate in self.fates if fate.kept is not None)

    @property
    def is_gone(self) -> bool:
        """Its file, its scope or all of its lines are gone, and nothing stands in their place."""
        if self.path is None or self.outline is None:
            return self.path is None
        return not self.outline.has(self.point.finding.scope) or (
            self.is_certain and not self.kept and not self.replacing
        )

    @property
    def replacing(self) -> tuple[CodeLine, ...]:
        """The lines that stand where quoted ones stood."""
        indices = sorted({index for fate in self.fates for index in fate.replaced})
        return tuple(self.lines[index] for index in indices)

    def is_mended_beside(self, alarmed: frozenset[int], alike: float = 0.0) -> bool:
        """True where a line took its place that is none of the `alarmed` ones, much like the quoted one, and more so
        than `alike`."""
        first = next(iter(self.quoted), "")
        beside = (likeness(first, line.code) for line in self.replacing if line.number not in alarmed)
        return (best := max(beside, default=0.0)) >= _MENDED and best > alike


def trace(point: Point, head: Head) -> Trace:
    """Follows the lines of a point. One of which nothing is remembered has a fate that is not certain."""
    path = head.path_of(point.finding.path)
    outline = head.outlines.get(path) if path else None
    lines = tuple(outline.lines_in(point.finding.scope)) if outline else ()
    alignment = Alignment(point.lines, [line_digest(line.text) for line in lines])
    own = range(point.line_at, point.line_at + max(1, len(quoted_code(point.finding.evidence))))
    others = (index for index in range(len(point.lines)) if index not in own)
    return Trace(
        point=point,
        path=path,
        outline=outline,
        lines=lines,
        fates=tuple(alignment.of(index) for index in own if index == own.start or index < len(point.lines)),
        written=tuple(lines[index] for index in alignment.written(len(lines))),
        lost_others=any(alignment.of(index).kept is None for index in others),
    )


def covered(findings: Sequence[Finding]) -> frozenset[int]:
    """The lines that these findings stand on."""
    return frozenset(number for finding in findings for number in range(finding.start_line, finding.end_line + 1))
