"""`seawall: ignore[rule-or-class] reason`, in a comment on the line or on the line above."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.regex import regex
from bot.rules.findings import Raised
from bot.rules.registry import rule_or_class_exists
from bot.settings.beside import OWN
from bot.syntax import SourceFile

_IGNORE = regex(r"seawall:\s*ignore\s*\[(?P<names>[^\]]*)\](?P<reason>[^\n]*)")
_UNTIL = regex(r"\buntil=(\S+)")
_LETTERS = regex(r"\w{2,}")


@dataclass(frozen=True)
class Ignore:
    """One such comment. `flaw` says why it counts for nothing; empty where it counts."""

    line: int
    covers: frozenset[int]
    names: tuple[str, ...]
    text: str
    flaw: str

    def matches(self, one: Raised) -> bool:
        says = (one.rule.name, one.rule.class_, one.rule.name.split("/")[0])
        return any(name in says for name in self.names) and not self.covers.isdisjoint(one.lines)


def ignores_in(file: SourceFile, today: str) -> Iterator[Ignore]:
    """Every ignore comment of a file. `today` is an ISO date; without it nothing expires."""
    alone = {comment.end_line: comment for comment in file.comments if comment.stands_alone}
    for comment in file.comments:
        for match in _IGNORE.finditer(comment.text) if "seawall:" in comment.text else ():
            covers = {comment.start_line}
            if comment.stands_alone:
                next_line = comment.end_line + 1
                while next_line in alone:
                    next_line += 1
                covers.add(next_line)
            names = tuple(name.strip() for name in match["names"].split(",") if name.strip())
            reason = match["reason"].replace("*/", "").replace("-->", "").strip()
            flaw = _flaw(names, reason, today)
            yield Ignore(comment.start_line, frozenset(covers), names, match.group().strip(), flaw)


def _flaw(names: tuple[str, ...], reason: str, today: str) -> str:
    if not names:
        return "it names no rule or class between the brackets"
    if unknown := [name for name in names if not (_is_own(name) or rule_or_class_exists(name))]:
        return f"there is no rule or class named {unknown[0]}"
    until = _UNTIL.search(reason)
    if not _LETTERS.search(_UNTIL.sub("", reason)):
        return "it gives no reason after the brackets"
    if until is None:
        return ""
    try:
        last = date.fromisoformat(until[1].rstrip(".,;)"))
    except ValueError:
        return f"until={until[1]} is no date such as 2027-01-31"
    if today and date.fromisoformat(today) > last:
        return f"it expired on {last.isoformat()}"
    return ""


def _is_own(name: str) -> bool:
    """A rule of the team's own, or all of them; which ones there are is not known here."""
    return name.split("/")[0] == OWN
