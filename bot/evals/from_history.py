"""Makes cases of a team's own past: a change that was merged, and the later one that mended it.

They are drafts. Whether the fix mended a defect that a reviewer could have seen is for a person to say, so each is
written with `read = false` and does not count until somebody has read it.
"""

import difflib
import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from bot.backtest.parallel import Watch
from bot.backtest.run import MOST_FILES, Plan, backtest
from bot.evals.reading import FILE
from bot.evals.tracing import Traced, Tracer, clusters
from bot.settings import Settings
from bot.source import classify, folders_of_copies
from bot.source.history import CommitDiff, History
from bot.syntax import language_of
from bot.syntax.guard import Guard

READ_ME_FIRST = """\
# Made from history: read it before it counts. fix.diff shows what the fix did.
# 1. Was this a defect, and could a reviewer have seen it in this change? If not, delete the folder.
# 2. Say in `why` what is wrong, and below it what a right remark must be of or mention.
# 3. Set `complete = true` where nothing else is wrong with the change, and `read = true`.
"""
_NAME_CHARS = 60
_BESIDE = re.compile(r"\.\w|.*tests?\b|test_|spec\b|docs?$|examples?$|bench|scripts?$|tools?$|setup\.py", re.IGNORECASE)


class Made(NamedTuple):
    """Names of the cases that were written, and of those that were there already and are left as they are."""

    written: tuple[str, ...]
    there: tuple[str, ...]
    fixes: int
    """Fixes that could be traced."""


@dataclass(frozen=True)
class Past:
    """`last`: how many pull requests of the main line of `root` are looked at."""

    root: Path
    last: int
    settings: Settings
    guard: Callable[[], Guard]
    clock: Callable[[], datetime]
    watch: Watch

    def write(self, into: Path) -> Made:
        """One folder a case. Raises NotFound and SourceError where there is no history to read."""
        history = History(self.root, self.settings.reading.max_file_bytes)
        try:
            traced = self._traced(history)
            classes = self._classes() if traced else {}
            written, there = [], []
            for done, one in enumerate(traced, 1):
                self.watch("Writing cases", done, len(traced))
                name = _name(one)
                if (into / name).exists():
                    there.append(name)
                elif _write(into / name, one, history, classes.get((one.brought.commit.sha, one.fix.commit.sha), ())):
                    written.append(name)
            return Made(tuple(written), tuple(there), len(traced))
        finally:
            history.close()

    def _traced(self, history: History) -> list[Traced]:
        line = history.main_line("HEAD", self.last)
        copies = folders_of_copies(history.policy(line.head).libraries)
        diffs: list[CommitDiff] = []
        for diff in history.diffs(line.commits, lambda path: self._is_code(path, copies), MOST_FILES):
            diffs.append(diff)
            self.watch("Reading the history", len(diffs), len(line.commits))
        return list(Tracer(diffs).traced())

    def _is_code(self, path: str, copies: Collection[str]) -> bool:
        """What is read in a review. A fix of tests, examples or pipelines alone mends no service."""
        is_beside = any(_BESIDE.match(part) for part in PurePosixPath(path).parts)
        if is_beside or language_of(path) is None:
            return False
        return classify(path, None, self.settings.reading, copies) is None

    def _classes(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """Bringing and mending commit → classes, where a rule finds it, and finds it gone with the fix."""
        plan = Plan(self.root, self.last, fixes=True)
        report = backtest(plan, self.settings, self.guard, self.clock, self.watch)
        found: dict[tuple[str, str], tuple[str, ...]] = {}
        for said in report.said:
            if said.fix:
                key = (said.sha, said.fix.sha)
                found[key] = tuple(dict.fromkeys((*found.get(key, ()), said.finding.class_)))
        return found


def _write(folder: Path, traced: Traced, history: History, classes: Sequence[str]) -> bool:
    """False where a file of the change can no longer be read, or has a name that no tree should have."""
    trees: dict[str, bytes] = {}
    for file in traced.brought.files:
        for side, path, blob in (
            ("before", file.patch.path_at_base, file.before),
            ("after", file.patch.path, file.after),
        ):
            if blob is None:
                continue
            content = history.contents([blob]).get(blob)
            if content is None or not _is_safe(path):
                return False
            trees[f"{side}/{path}"] = content
    for side in ("before", "after"):
        (folder / side).mkdir(parents=True, exist_ok=True)
    for name, content in trees.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    (folder / "fix.diff").write_text("".join(_diff(traced.fix, history)), encoding="utf-8")
    (folder / FILE).write_text(_about(traced, classes), encoding="utf-8")
    return True


def _about(traced: Traced, classes: Sequence[str]) -> str:
    brought, fix = traced.brought.commit, traced.fix.commit
    first, *others = clusters(traced.lines)
    also = "\n".join(f"  {{ path = {_text(path)}, lines = [{start}, {end}] }}," for path, start, end in others[:5])
    listed = ", ".join(map(_text, classes))
    return "\n".join([
        READ_ME_FIRST + "read = false",
        f"title = {_text(brought.title)}",
        f"body = {_text(brought.body.strip())}",
        "",
        "[history]",
        f"brought = {_text(brought.sha)}",
        f"fix = {_text(fix.sha)}",
        f"fixed_by = {_text(fix.title)}",
        "",
        "[[expected]]",
        f"why = {_text(f'The fix says: {fix.title}')}",
        f"path = {_text(first[0])}",
        f"lines = [{first[1]}, {first[2]}]",
        f"classes = [{listed}]    # of config/taxonomy.toml, such as missing-timeout",
        'mentions = []    # or patterns that a right remark matches, all of them, such as "retr(y|ies)", "twice|again"',
        *(["also_at = [", also, "]"] if also else []),
        "",
    ])  # fmt: skip


def _diff(fix: CommitDiff, history: History) -> Iterator[str]:
    for file in fix.files:
        blobs = history.contents(filter(None, (file.before, file.after)))
        old, new = (
            blobs.get(blob or "", b"").decode("utf-8", "replace").splitlines() for blob in (file.before, file.after)
        )
        for line in difflib.unified_diff(old, new, file.patch.path_at_base, file.patch.path, lineterm=""):
            yield f"{line}\n"


def _name(traced: Traced) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", traced.fix.commit.title.lower()).strip("-")
    return f"{traced.fix.commit.sha[:8]}-{slug}"[:_NAME_CHARS].rstrip("-")


def _is_safe(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return bool(parts) and not path.startswith("/") and not {".."} & set(parts) and ".git" not in map(str.lower, parts)


def _text(text: str) -> str:
    """As a basic string of TOML, which allows no half characters and no control characters."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return json.dumps(whole, ensure_ascii=False).replace("\x7f", "\\u007f")
