"""The story of a backtest: each commit of the past is reviewed as a pull request, by the rules alone."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby, islice
from pathlib import Path

from bot.backtest.commit_source import CommitSource
from bot.backtest.figures import classes_of, telling
from bot.backtest.fixes import Fates, Heard
from bot.backtest.parallel import Watch, as_they_come
from bot.backtest.places import Addresses, code_around
from bot.backtest.report import Backtest, Judged, Said, Took
from bot.domain import PatchStatus, Review, SkippedFile, plain_step
from bot.errors import SeawallError
from bot.review.desks import Desks
from bot.review.pipeline import Desk, examine
from bot.settings import Settings, resolve_policy
from bot.source import classify, folders_of_copies
from bot.source.history import CommitDiff, History, MainLine, Which
from bot.syntax import language_of
from bot.syntax.guard import Guard

MOST_FILES = 3000
"""Of one commit; GitHub lists no more of a pull request."""
_CHUNK = 24
"""Commits whose files are read from git in one go."""
_UNREAD_TOLD = 3
_NOTES_TOLD = 8


@dataclass(frozen=True)
class Plan:
    """`which` None: merges or every commit, as the repository's own habit is. `fixes`: look what became of findings."""

    root: Path
    last: int = 500
    which: Which | None = None
    head: str = "HEAD"
    fixes: bool = False
    hands: int = 2


def backtest(
    plan: Plan, settings: Settings, guard: Callable[[], Guard], clock: Callable[[], datetime], watch: Watch
) -> Backtest:
    """Reads the history and judges it by today's rules and the policy of its newest commit.

    `guard` starts guarded processes; they are closed here, since their time is known when they have ended. Ctrl-C ends
    the run with what it has. Raises NotFound and SourceError where there is no history to read.
    """
    history = History(plan.root, settings.reading.max_file_bytes)
    try:
        return _Run(plan, settings, history, clock, watch).report(guard)
    finally:
        history.close()


class _Run:
    def __init__(
        self, plan: Plan, settings: Settings, history: History, clock: Callable[[], datetime], watch: Watch
    ) -> None:
        self._plan, self._settings, self._history = plan, settings, history
        self._clock, self._watch = clock, watch
        self._started, self._cpu_at_start = time.monotonic(), _cpu_s()
        self._addresses = Addresses(history.origin)
        self._line = history.main_line(plan.head, plan.last, plan.which)
        self._policy = history.policy(self._line.head)
        self._copies = folders_of_copies(self._policy.libraries)
        self._told: dict[str, None] = {}
        """What readers must know of policy and teams' own rules, in order, each once."""
        self._judged: dict[str, Judged] = {}
        self._heard: dict[str, list[Heard]] = {}

    def report(self, guard: Callable[[], Guard]) -> Backtest:
        diffs = self._diffs()
        is_interrupted = self._judge([diff for diff in diffs if diff.commit in set(self._line.chosen)], guard())
        wall_s, cpu_s = time.monotonic() - self._started, _cpu_s() - self._cpu_at_start
        commits = [self._judged[commit.sha] for commit in self._line.chosen if commit.sha in self._judged]
        heard = [one for commit in commits for one in self._heard[commit.sha]]
        looked = self._plan.fixes and not is_interrupted
        if looked:
            policy = resolve_policy(self._settings.policy, self._policy).policy
            fates = Fates(diffs, self._history.contents, policy, self._clock().date().isoformat(), self._addresses)
            heard, is_interrupted = fates.tell(heard, guard(), self._plan.hands, self._watch)
        said = [one.said for one in heard]
        return Backtest(
            repository=self._addresses.repository or self._history.name,
            head_sha=self._line.head.sha,
            head_title=self._line.head.title,
            taken=self._line.which,
            taken_because=_because(self._line, self._plan.which),
            there_were=len(self._line.chosen),
            is_interrupted=is_interrupted,
            notes=self._notes(),
            commits=tuple(commits),
            said=tuple(said),
            classes=classes_of(said),
            telling=telling(said),
            looked_for_fixes=looked,
            took=Took(
                wall_s=round(wall_s, 3),
                cpu_s=round(cpu_s, 3),
                cpu_s_per_commit=round(cpu_s / len(commits), 4) if commits else 0.0,
            ),
        )

    def _diffs(self) -> list[CommitDiff]:
        commits = self._line.commits if self._plan.fixes else self._line.chosen
        diffs = []
        for diff in self._history.diffs(commits, lambda path: language_of(path) is not None, MOST_FILES):
            diffs.append(diff)
            self._watch("Reading the history", len(diffs), len(commits))
        return diffs

    def _judge(self, diffs: Sequence[CommitDiff], guard: Guard) -> bool:
        """Fills `_judged` and `_heard`. True where it was interrupted."""
        desks = Desks(self._settings, guard, None, self._clock)

        def one(diff: CommitDiff) -> tuple[Judged, list[Heard]]:
            return self._judged_commit(diff, desks)

        try:
            self._watch("Judging", 0, len(diffs))
            for judged, heard in as_they_come(one, self._prefetched(diffs), self._plan.hands):
                self._judged[judged.sha], self._heard[judged.sha] = judged, heard
                self._watch("Judging", len(self._judged), len(diffs))
        except KeyboardInterrupt:
            return True
        finally:
            guard.close()
        return False

    def _prefetched(self, diffs: Sequence[CommitDiff]) -> Iterator[CommitDiff]:
        """The same; what a chunk of commits will read is asked of git at once."""
        left = iter(diffs)
        while chunk := list(islice(left, _CHUNK)):
            self._history.contents(blob for diff in chunk for blob in self._blobs_of(diff))
            yield from chunk

    def _blobs_of(self, diff: CommitDiff) -> Iterator[str]:
        for file in diff.files[: self._settings.reading.max_files]:
            is_read = file.patch.status is not PatchStatus.REMOVED and not file.patch.is_symlink
            if is_read and classify(file.patch.path, None, self._settings.reading, self._copies) is None:
                yield from filter(None, (file.after, file.before))

    def _judged_commit(self, diff: CommitDiff, desks: Desks) -> tuple[Judged, list[Heard]]:
        if diff.unread:
            return _judged(diff, 0, 0, [SkippedFile(path="", reason=diff.unread, expected=False)]), []
        source = CommitSource(diff, self._history.contents, self._policy, self._history.search)
        try:
            desk = desks.lay(source)
            self._told |= dict.fromkeys(desk.judging.notes)
            review = examine(desk, plain_step, _nobody)
        except SeawallError as broken:
            return _judged(diff, 0, 0, [SkippedFile(path="", reason=str(broken), expected=False)]), []
        heard = self._said(diff, desk, review)
        files = review.receipt.files
        return _judged(diff, len(heard), len(files.reviewed), _unexpected(files.skipped, diff)), heard

    def _said(self, diff: CommitDiff, desk: Desk, review: Review) -> list[Heard]:
        files = {file.patch.path: file for file in diff.files}
        heard = []
        for finding in review.findings:
            start, code = code_around(finding, desk.snapshot.contents[finding.path])
            said = Said(
                finding=finding,
                sha=diff.commit.sha,
                title=_one_line(diff.commit.title),
                committed_at=_iso(diff.commit.committed_at),
                url=self._addresses.of_line(diff.commit.sha, finding.path, finding.start_line),
                code_start=start,
                code=code,
            )
            heard.append(Heard(said, files[finding.path]))
        return heard

    def _notes(self) -> tuple[str, ...]:
        notes = [*resolve_policy(self._settings.policy, self._policy).notes, *self._told][:_NOTES_TOLD]
        if self._line.is_cut:
            found = len(self._line.chosen)
            notes.append(f"This clone is shallow and ends after {found} of them. More: `git fetch --unshallow`.")
        return tuple(notes)


def _judged(diff: CommitDiff, findings: int, files: int, unread: Sequence[SkippedFile]) -> Judged:
    return Judged(
        sha=diff.commit.sha,
        title=_one_line(diff.commit.title),
        committed_at=_iso(diff.commit.committed_at),
        findings=findings,
        files=files,
        unread=tuple(unread),
    )


def _unexpected(skipped: Sequence[SkippedFile], diff: CommitDiff) -> list[SkippedFile]:
    """Of many files with one reason only how many there were."""
    told: list[SkippedFile] = []
    unread = sorted((file for file in skipped if not file.expected), key=lambda file: (file.reason, file.path))
    for reason, of_reason in groupby(unread, key=lambda file: file.reason):
        files = list(of_reason)
        told += files if len(files) <= _UNREAD_TOLD else [_many(len(files), reason)]
    if diff.unlisted_files:
        told.append(_many(diff.unlisted_files, f"more than {MOST_FILES} files in one commit"))
    return told


def _many(files: int, reason: str) -> SkippedFile:
    return SkippedFile(path=f"({files} files)", reason=reason, expected=False)


def _because(line: MainLine, which: Which | None) -> str:
    merges, looked_at = line.merges_of
    if which:
        return f"as asked; {merges} of the latest {looked_at} commits are merges"
    if line.which == "merges":
        return f"{merges} of the latest {looked_at} commits are merges: each stands for a pull request"
    few = f"only {merges}" if merges else "none"
    return f"{few} of the latest {looked_at} commits are merges: each commit stands for a pull request"


def _nobody(questions: object) -> list[dict[str, object]]:
    """There is no model to ask."""
    return []


def _one_line(text: str) -> str:
    return " ".join(text.split())[:200]


def _iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def _cpu_s() -> float:
    """Of this process and of those it started that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
