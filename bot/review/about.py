"""What is known of a change beside its code, in lines for a reader: the dearest come first. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from bot.domain import PostureChange
from bot.posture import change_lines
from bot.redaction import masked
from bot.review.stages import Background

if TYPE_CHECKING:  # a laptop's review knows of neither
    from bot.domain import Incident, Point

MOST_POINTS = 12
MOST_INCIDENTS = 3
_MOST_INCIDENT = 300
_SAID: Mapping[str, str] = {
    "open": "open",
    "fixed": "since fixed",
    "accepted": "agreed to, not fixed yet",
    "disputed": "somebody objected",
    "dismissed": "dismissed by people",
}


def points_told(points: "Iterable[Point]") -> list[str]:
    """A line for each point made earlier on this pull request, with what became of it.

    What people answered is left out: anybody may answer, and only who may write to the repository teaches its reader.
    """
    told = [point for point in points if point.state in _SAID and point.said != "held"]
    told.sort(key=lambda point: (point.finding.path, point.finding.start_line))
    return [
        f"Said earlier, {_SAID[point.state]}: {point.finding.path}:{point.finding.start_line} "
        f"{point.finding.rule} — {point.finding.title}"
        for point in told[:MOST_POINTS]
    ]


def incidents_told(incidents: "Sequence[Incident]") -> list[str]:
    """What broke in production before, where this change is made or by the same mode of failure."""
    lines = []
    for incident in incidents[:MOST_INCIDENTS]:
        about = ", ".join(part for part in (incident.class_, *incident.paths[:3]) if part)
        day = f" of {incident.broke_at[:10]}" if incident.broke_at else ""
        text = f": {_one_line(incident.text, _MOST_INCIDENT)}" if incident.text.strip() else ""
        lines.append(f"An incident{day}{f' ({about})' if about else ''}: {_one_line(incident.title, 200)}{text}")
    return lines


def posture_told(posture: PostureChange | None) -> list[str]:
    """What the change does to the calls that leave the process, and to the budget of time along their chains."""
    return [f"Calls to others: {line}" for line in change_lines(posture)] if posture is not None else []


def with_posture(background: Background, posture: PostureChange | None) -> Background:
    """The background of a question that comes after the scan."""
    return background.model_copy(update={"about": (*posture_told(posture), *background.about)})


def _one_line(text: str, most: int) -> str:
    words = " ".join(masked(text).split())
    return words if len(words) <= most else words[:most].rpartition(" ")[0] + " …"
