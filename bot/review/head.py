"""What was read at one head, for following the points of a pull request."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain import Change, Finding, PatchStatus, SkippedFile
from bot.review.alignment import line_digest
from bot.review.outline import Outline

_MOST_LINES = 300
"""Of a scope, remembered around a point."""


@dataclass(frozen=True)
class Head:
    """`alarms`: path → all that the rules raise in the head file, whoever brought it; a file they could not read, or
    were not to read, is missing. `read_by_model`: files that the model was shown whole at this head, and answered.
    """

    sha: str
    change: Change
    outlines: Mapping[str, Outline]
    alarms: Mapping[str, tuple[Finding, ...]]
    read_by_model: frozenset[str] = frozenset()
    skipped: Mapping[str, SkippedFile] = field(default_factory=dict)
    rules_off: tuple[str, ...] = ()
    judge_known_calls: frozenset[str] = frozenset()
    """Rules that judge only calls of which something is known: of any other call their silence says nothing."""
    is_kept_from_model: bool = False
    """True where policy lets no model see this code any more."""
    renames: Mapping[str, str] = field(default_factory=dict)
    """Files that the pull request itself brought and has renamed since: the diff from the base does not show it."""

    def path_of(self, path: str) -> str | None:
        """What a file of an earlier head is called now; None where it is gone, or no longer part of the change."""
        patch = self.change.by_path.get(path)
        if patch is not None and patch.status is not PatchStatus.REMOVED:
            return path
        renamed = (patch for patch in self.change.patches if patch.status is PatchStatus.RENAMED)
        return next((patch.path for patch in renamed if patch.old_path == path), self.renames.get(path))


def surroundings(finding: Finding, outline: Outline | None) -> dict[str, object]:
    """What a point remembers of where it stands: `lines`, `line_at` and `code_digest` of a Point."""
    if outline is None:
        return {"lines": (), "line_at": 0, "code_digest": ""}
    lines = outline.lines_in(finding.scope)
    at = next((index for index, line in enumerate(lines) if line.number >= finding.start_line), 0)
    first = max(0, at - _MOST_LINES // 2)
    window = lines[first : first + _MOST_LINES]
    return {
        "lines": tuple(line_digest(line.text) for line in window),
        "line_at": at - first,
        "code_digest": outline.digest_of(finding.scope),
    }
