"""Whether the author has settled an alarm by a remark to another linter."""

from bot.rules.findings import Raised, evidence
from bot.rules.once import once_a_file
from bot.rules.remarks.annotations import annotations_around
from bot.rules.remarks.comments import Remark, remarks_in
from bot.rules.remarks.equivalents import names_of
from bot.syntax import Binding, Call, SourceFile

ANNOTATED = frozenset({"java", "kotlin", "csharp", "rust"})
SHOWN = 160


def settled_by(one: Raised) -> str:
    """The remark that lets an equivalent of the alarm's rule pass at its place, as written; empty without one."""
    at = one.alarm.at
    told = evidence(one, at.file)
    names = {name for names, where in names_of(one.rule.covered_by) if where in told for name in names}
    if not names:
        return ""
    last = max(one.end_line, at.end_line) if isinstance(at, Call | Binding) else one.end_line
    by_name = _remarks(one.alarm.at.file)
    for remark in (remark for name in sorted(names) for remark in by_name.get(name, ())):
        if remark.first_line <= last and one.start_line <= remark.last_line:
            return remark.text[:SHOWN]
    if at.file.language.name in ANNOTATED:
        for allowed, text in annotations_around(at.node):
            if names & allowed:
                return text[:SHOWN]
    return ""


@once_a_file
def _remarks(file: SourceFile) -> dict[str, list[Remark]]:
    """Name → the file's remarks that have it."""
    found: dict[str, list[Remark]] = {}
    for remark in remarks_in(file):
        for name in remark.names:
            found.setdefault(name, []).append(remark)
    return found
