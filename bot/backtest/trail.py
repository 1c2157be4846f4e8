"""One finding on its way through the later versions of its file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from bot.backtest.look import Seen
from bot.backtest.places import Addresses
from bot.backtest.report import Fix, Said
from bot.domain import Finding
from bot.source.commit_diffs import FileDiff
from bot.source.history import Commit

FIXED, STANDING, SILENCED, DELETED, REWRITTEN = "fixed", "standing", "silenced", "deleted", "rewritten"
"""Fates. Deleted: the file is gone. Rewritten: the function is gone, or only code far away was changed."""
_NEAR = 10
"""Lines. A change further away did not mend this place."""


class Version(NamedTuple):
    """A file after a later commit that touched it."""

    commit: Commit
    file: FileDiff


@dataclass
class Trail:
    """One finding on its way through later versions. It may move, and its code may change while its flaw stays."""

    said: Said
    now: Finding
    fate: str = ""
    fix: Fix | None = None

    def meet(self, seen: Seen, before: frozenset[str], version: Version, addresses: Addresses) -> None:
        """One version further. `before`: fingerprints of what stood in the version before."""
        standing = {finding.fingerprint: finding for finding in seen.scan.findings}
        if self.now.fingerprint in standing:
            self.now = standing[self.now.fingerprint]
        elif heir := self._heir([one for mark, one in standing.items() if mark not in before]):
            self.now = heir
        elif any(drop.finding and drop.finding.fingerprint == self.now.fingerprint for drop in seen.scan.dropped):
            self.fate = SILENCED
        elif (self.now.scope and self.now.scope not in seen.scopes) or not self._is_near(version.file):
            self.fate = REWRITTEN
        else:
            since = datetime.fromisoformat(self.said.committed_at).timestamp()
            days = max(0, version.commit.committed_at - since) / 86400
            sha = version.commit.sha
            title = " ".join(version.commit.title.split())[:200]
            self.fate = FIXED
            self.fix = Fix(sha=sha, title=title, days=round(days, 3), url=addresses.of_commit(sha))

    def _heir(self, fresh: Sequence[Finding]) -> Finding | None:
        """The same flaw in other words, or in another place."""
        same = [one for one in fresh if one.rule == self.now.rule]
        moved = (one for one in same if one.evidence.split() == self.now.evidence.split())
        edited = (one for one in same if one.scope == self.now.scope)
        return next(moved, None) or next(edited, None)

    def _is_near(self, file: FileDiff) -> bool:
        for hunk in file.patch.hunks:
            removed = sum(line.op == "-" for line in hunk.lines)
            last = hunk.old_start + removed
            if hunk.old_start - _NEAR <= self.now.end_line and self.now.start_line <= last + _NEAR:
                return True
        return False
