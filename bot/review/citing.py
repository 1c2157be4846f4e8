"""One line under a finding: this is how something broke before."""

from collections.abc import Sequence

from bot.domain import Finding, Incident
from bot.review.filter import code

_MOST_TITLE = 100


def with_precedents(findings: Sequence[Finding], incidents: Sequence[Incident]) -> list[Finding]:
    """The findings; one that an incident touches says so in its last line. Pure."""
    return [_with_precedent(finding, incidents) for finding in findings]


def words_of(findings: Sequence[Finding]) -> str:
    """What to search incidents by: the scopes of the findings."""
    scopes = (finding.scope.replace(".", " ") for finding in findings)
    return " ".join(dict.fromkeys(scope for scope in scopes if scope))


def _with_precedent(finding: Finding, incidents: Sequence[Incident]) -> Finding:
    incident = next((one for one in incidents if _touches(one, finding)), None)
    return finding.model_copy(update={"body": f"{finding.body}\n\n{_line(incident)}"}) if incident else finding


def _touches(incident: Incident, finding: Finding) -> bool:
    """The same failure mode, or the very scope; a word in common is not enough to be cited."""
    is_there = not incident.paths or any(
        finding.path == path or finding.path.startswith(f"{path.rstrip('/')}/") for path in incident.paths if path
    )
    is_in_scope = bool(finding.scope) and finding.scope in incident.scopes and is_there
    return is_in_scope or finding.rule == incident.rule or (bool(incident.class_) and incident.class_ == finding.class_)


def _line(incident: Incident) -> str:
    """Nothing of the title acts: it is shown as code. A link off the host is made inert when it is rendered."""
    day = incident.broke_at[:10]
    title = " ".join(incident.title.split())
    title = title.removeprefix(day).lstrip(" :–-") or title  # the day is told already
    on = f" on {day}" if day else ""
    address = "" if any(sign in incident.url for sign in " \n<>()[]`") else incident.url
    return f"This is how production broke{on}: {code(title[:_MOST_TITLE])}{f', {address}' if address else ''}"
