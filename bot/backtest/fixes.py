"""What became of the findings: which later commits took their causes away, if any did."""

from collections.abc import Sequence
from typing import NamedTuple

from bot.backtest.commit_source import Contents
from bot.backtest.look import Looks
from bot.backtest.parallel import Watch, as_they_come
from bot.backtest.places import Addresses
from bot.backtest.report import Said
from bot.backtest.trail import DELETED, STANDING, Trail, Version
from bot.domain import PatchStatus
from bot.rules import ScanOptions
from bot.settings import Policy
from bot.settings.beside import is_of_team
from bot.source.commit_diffs import FileDiff
from bot.source.history import CommitDiff
from bot.syntax.guard import Guard


class Heard(NamedTuple):
    """A finding, and the file that the commit changed when it was made."""

    said: Said
    file: FileDiff


class Fates:
    """`diffs`: the whole line from the oldest finding's commit on, newest first."""

    def __init__(
        self, diffs: Sequence[CommitDiff], contents: Contents, policy: Policy, today: str, addresses: Addresses
    ) -> None:
        self._place = {diff.commit.sha: index for index, diff in enumerate(diffs)}
        self._diffs, self._contents, self._addresses = diffs, contents, addresses
        self._options = ScanOptions(rules_off=policy.rules_off, include_tests=policy.include_tests, today=today)
        self._by_path: dict[str, list[tuple[int, FileDiff]]] = {}
        for index, diff in enumerate(diffs):
            for file in diff.files:
                self._by_path.setdefault(file.patch.path_at_base, []).append((index, file))

    def tell(self, heard: Sequence[Heard], guard: Guard, hands: int, watch: Watch) -> tuple[list[Heard], bool]:
        """The findings with their fates, and whether it was interrupted. Closes the guard."""
        looks = Looks(guard, self._contents, self._options)
        groups: dict[tuple[str, str], list[int]] = {}
        for index, one in enumerate(heard):
            if is_of_team(one.said.finding.rule):
                continue  # a team's own rules run apart from ours, and are not looked for again
            groups.setdefault((one.said.sha, one.file.patch.path), []).append(index)
        told = list(heard)

        def follow(members: list[int]) -> list[tuple[int, Said]]:
            said = self._followed([heard[index].said for index in members], heard[members[0]].file, looks)
            return list(zip(members, said, strict=True))

        try:
            for done, results in enumerate(as_they_come(follow, groups.values(), hands), 1):
                watch("Looking for fixes", done, len(groups))
                for index, said in results:
                    told[index] = told[index]._replace(said=said)
        except KeyboardInterrupt:
            return told, True
        finally:
            guard.close()
        return told, False

    def _followed(self, said: Sequence[Said], first: FileDiff, looks: Looks) -> list[Said]:
        """The findings of one file and commit, with their fates."""
        trails = [Trail(one, one.finding) for one in said]
        versions, is_deleted = self._versions(self._place[said[0].sha], first)
        if versions and not is_deleted:
            last = looks.at(first, versions[-1].file)
            standing = {finding.fingerprint for finding in last.scan.findings} if last else set()
            for trail in trails:
                if trail.now.fingerprint in standing:
                    trail.fate = STANDING
        before = frozenset(trail.now.fingerprint for trail in trails)
        for version in versions:
            open_trails = [trail for trail in trails if not trail.fate]
            seen = looks.at(first, version.file) if open_trails else None
            if seen is None:
                continue
            for trail in open_trails:
                trail.meet(seen, before, version, self._addresses)
            before = frozenset(finding.fingerprint for finding in seen.scan.findings)
        ending = DELETED if is_deleted else STANDING
        return [trail.said.model_copy(update={"fate": trail.fate or ending, "fix": trail.fix}) for trail in trails]

    def _versions(self, place: int, first: FileDiff) -> tuple[list[Version], bool]:
        """The file after each later commit that touched it, oldest first, renames followed; whether it was deleted."""
        versions: list[Version] = []
        path = first.patch.path
        while (found := self._next(path, place)) is not None:
            place, file = found
            if file.patch.status is PatchStatus.REMOVED or file.after is None:
                return versions, True
            versions.append(Version(self._diffs[place].commit, file))
            path = file.patch.path
        return versions, False

    def _next(self, path: str, place: int) -> tuple[int, FileDiff] | None:
        later = (entry for entry in reversed(self._by_path.get(path, [])) if entry[0] < place)
        return next(later, None)
