"""The defect that a rule is drafted of: the code in which it was found, and what took its place. Pure but for reading.

The code is looked for in the head that is read now; where it is mended there, in the head in which it was first found.
A mend may leave the quoted line as it was and move it: what the record calls fixed is not looked for in the head.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot.domain import PullRequest
from bot.domain.life import Point
from bot.errors import GuardError
from bot.review.drafting.outline import Outline, outline_of
from bot.review.excerpt import head_lines
from bot.review.quote import HeadText, Place
from bot.review.stages import Desk
from bot.syntax import language_of

ReadAt = Callable[[PullRequest, str, str], bytes | None]
"""A file of an earlier head: pull request, commit, path. Raises SeawallError where it cannot be asked for."""
_AROUND = 12
_MOST_LINES = 160


class NoCase(Exception):
    """There is nothing to draft a rule of; the words say why."""


@dataclass(frozen=True)
class Case:
    """`content` is the file with the defect at `place`; `mended` the same file after, where it was mended."""

    point: Point
    path: str
    language: str
    content: bytes
    place: Place
    outline: Outline
    mended: bytes | None = None

    @property
    def scope(self) -> str:
        return self.outline.scope

    def shown(self) -> str:
        """The function with the defect and a little around it, numbered."""
        return numbered(self.path, self.content, self.place, self.outline)

    def shown_mended(self, outline: Outline | None) -> str:
        """The same function as it is now; empty where the defect still stands."""
        if self.mended is None or outline is None:
            return ""
        return numbered(self.path, self.mended, Place(outline.start_line, outline.end_line), outline)


def case_of(laid: Desk, pull_request: PullRequest, point: Point, read_at: ReadAt) -> Case:
    """Raises NoCase where the code of the finding cannot be found any more, or no rule could read it."""
    finding = point.finding
    language = language_of(finding.path)
    if language is None:
        raise NoCase(f"no rule reads files such as {finding.path}")
    now = laid.snapshot.contents.get(finding.path)
    place = place_in(finding.path, now, finding.evidence, finding.start_line)
    if now is not None and place is not None and point.state != "fixed":
        return Case(point, finding.path, language.name, now, place, _outline(laid, finding.path, now, place))
    first = read_at(pull_request, point.first_head, finding.path)
    place = place_in(finding.path, first, finding.evidence, finding.start_line)
    if first is None or place is None:
        raise NoCase("the code in which it was found cannot be read any more")
    return Case(point, finding.path, language.name, first, place, _outline(laid, finding.path, first, place), now)


def place_in(path: str, content: bytes | None, evidence: str, near: int) -> Place | None:
    """Where the finding's quote stands in the file, nearest to the line it was last seen at."""
    places = HeadText(path, content).places(evidence) if content is not None else []
    return min(places, key=lambda place: abs(place.start_line - near), default=None)


def outline_there(laid: Desk, case: Case) -> Outline | None:
    """Of the same function in the mended file; None where it is not mended, or gone."""
    if case.mended is None:
        return None
    (found,) = laid.guard.map(outline_of, [(case.path, case.mended, 0, 0, case.scope)])
    return None if isinstance(found, GuardError) or not found.start_line else found


def numbered(path: str, content: bytes, place: Place, outline: Outline) -> str:
    """Numbered lines: the whole function and a little around it, or of a long one what is around the place."""
    lines = head_lines(path, content)
    first, last = outline.start_line or place.start_line, outline.end_line or place.end_line
    if last - first > _MOST_LINES:
        first, last = place.start_line - _MOST_LINES // 2, place.end_line + _MOST_LINES // 2
    first, last = max(1, first - _AROUND), min(len(lines), last + _AROUND)
    width = len(str(last))
    shown = [f"{number:>{width}}   {lines[number - 1]}" for number in range(first, last + 1)]
    return "\n".join([f"### {path}", *shown])


def _outline(laid: Desk, path: str, content: bytes, place: Place) -> Outline:
    (found,) = laid.guard.map(outline_of, [(path, content, place.start_line, place.end_line, "")])
    if isinstance(found, GuardError):
        raise NoCase(f"its file could not be parsed: {found}")
    return found
