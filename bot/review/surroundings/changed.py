"""Which lines of a head a change concerns, and what it took away. Pure."""

from bot.domain import Patch
from bot.regex import regex

_DEFINED = regex(
    r"^\s*(?:export\s+|public\s+|private\s+|protected\s+|internal\s+|static\s+|async\s+|abstract\s+|final\s+|pub\s+)*"
    r"(?:def|func|function|fn|fun|class|interface|struct|trait|enum)\s+(?:\([^)]*\)\s*)?(\w+)"
)
_MOST_GONE = 20


def changed_lines(patch: Patch) -> frozenset[int]:
    """Lines of the head that the change wrote, and those on both sides of a place where it only took something away."""
    added = patch.added()
    lines = set(added)
    for hunk in patch.hunks:
        following = hunk.new_start if any(line.op != "-" for line in hunk.lines) else hunk.new_start + 1
        has_gap = False
        for line in hunk.lines:
            if line.op == "-":
                has_gap = has_gap or following - 1 not in added
                continue
            if has_gap and line.op == " ":
                lines |= {max(1, following - 1), following}
            has_gap, following = False, (line.new_no or following) + 1
        if has_gap:
            lines.add(max(1, following - 1))
    return frozenset(lines)


def taken_away(patch: Patch) -> list[str]:
    """Names that were defined on a removed line and are defined on no added one."""
    removed = {found[1] for line in patch.lines() if line.op == "-" and (found := _DEFINED.match(line.text))}
    added = {found[1] for line in patch.lines() if line.op == "+" and (found := _DEFINED.match(line.text))}
    return sorted(removed - added)[:_MOST_GONE]
