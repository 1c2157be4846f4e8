"""Rules and survey on the same parsed files, in the guarded processes: no file is parsed twice for its posture."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from bot.domain import PostureChange
from bot.errors import GuardError
from bot.posture.comparing import change_of
from bot.posture.elsewhere import clients_for, without_called
from bot.posture.joining import map_of
from bot.posture.records import FileSurvey, KeptClient
from bot.posture.survey import survey
from bot.rules import FilePair, FileScan, ParsedPair, ScanOptions, scan_parsed
from bot.rules.moving import without_moved
from bot.syntax import SourceFile, is_test_path, parse
from bot.syntax.guard import Guard

_OUTBOUND = b"import requests\n\n\ndef load(url):\n    return requests.get(url)\n"
"""Code with a finding, a suggestion and a call that leaves the process."""


@dataclass(frozen=True)
class PairScan:
    """What the rules say of a pair, and the calls that leave the process on each side of it."""

    rules: FileScan
    base: FileSurvey | None = None
    head: FileSurvey | None = None
    flaw: str = ""
    """Why its posture could not be told; the rules' word stands all the same."""


def scan_and_survey(pair: FilePair, options: ScanOptions) -> PairScan:
    """Runs in a guarded process."""
    files = ParsedPair(pair)
    scan = scan_parsed(files, options)
    if is_test_path(pair.path) and not options.include_tests:
        return PairScan(scan)
    try:
        return PairScan(scan, _survey(files.base, pair.path), _survey(files.head, pair.path))
    except Exception as failed:  # noqa: BLE001 — findings are not lost for a map that cannot be drawn
        return PairScan(scan, flaw=f"{type(failed).__name__}: {failed}"[:200])


def warm_up(paths: Sequence[str] = ()) -> None:
    """Runs in a guarded process: what tasks need is loaded before there is one.

    `paths`: of languages beside Python that tasks will be in, such as `x.go`.
    """
    for path in dict.fromkeys(("x.py", *paths)):
        scan_and_survey(FilePair(path, None, None, _OUTBOUND if path == "x.py" else b"load(1)\n"), ScanOptions())


def scan_all(
    guard: Guard, pairs: Sequence[FilePair], options: ScanOptions, progress: Callable[[], object] | None = None
) -> list[PairScan]:
    """Each pair, in order. A file that breaks its process says so in the `failure` of the rules' part."""
    results = guard.map(partial(scan_and_survey, options=options), pairs, progress)
    scans = [
        PairScan(FileScan(pair.path, failure=f"{pair.path}: {result}")) if isinstance(result, GuardError) else result
        for pair, result in zip(pairs, results, strict=True)
    ]
    moved = without_moved(guard, pairs, [scan.rules for scan in scans], options)
    return _joined(guard, pairs, [replace(scan, rules=rules) for scan, rules in zip(scans, moved, strict=True)])


def _joined(guard: Guard, pairs: Sequence[FilePair], scans: Sequence[PairScan]) -> list[PairScan]:
    """The scans, with the clients that one changed file builds for another. Each side of the change by itself."""
    base = survey_again(guard, [(pair.path_at_first, pair.before) for pair in pairs], [scan.base for scan in scans])
    head = survey_again(guard, [(pair.path, pair.after) for pair in pairs], [scan.head for scan in scans])
    return [replace(scan, base=old, head=new) for scan, old, new in zip(scans, base, head, strict=True)]


def change_between(scans: Sequence[PairScan], hosts: Mapping[str, str], service: str = "") -> PostureChange | None:
    """What a change does to the posture, as far as the files it touches tell; None where it does nothing."""
    base = map_of([scan.base for scan in scans if scan.base is not None], service, hosts)
    return change_of(base, map_of([scan.head for scan in scans if scan.head is not None], service, hosts))


def survey_all(
    guard: Guard, files: Sequence[tuple[str, bytes]], progress: Callable[[], object] | None = None
) -> list[FileSurvey | str]:
    """Whole files, without rules: the survey of each, or the reason why there is none."""
    results = guard.map(survey_content, files, progress)
    read = [result if isinstance(result, FileSurvey) else None for result in results]
    again = survey_again(guard, files, read)
    return [
        str(result) if isinstance(result, GuardError) else one or result
        for one, result in zip(again, results, strict=True)
    ]


def survey_again(
    guard: Guard, files: Sequence[tuple[str, bytes | None]], read: Sequence[FileSurvey | None]
) -> list[FileSurvey | None]:
    """The surveys, those anew whose clients others of these files build. What breaks on the way stays as it was."""
    found = clients_for([one for one in read if one is not None])
    if not found:
        return list(read)
    meant = [index for index, one in enumerate(read) if one is not None and one.path in found]
    tasks = [(*files[index], one.path, found[one.path]) for index in meant if (one := read[index]) is not None]
    surveys = list(read)
    for index, result in zip(meant, guard.map(survey_with, tasks), strict=True):
        if isinstance(result, FileSurvey):
            surveys[index] = result
    called = [kept for answers in found.values() for kept in answers.values()]
    return without_called(surveys, called)


def survey_content(named: tuple[str, bytes]) -> FileSurvey:
    """Runs in a guarded process."""
    path, content = named
    file = parse(path, content)
    return FileSurvey(path=path) if file is None else survey(file)


def survey_with(asked: tuple[str, bytes | None, str, Mapping[str, KeptClient]]) -> FileSurvey:
    """Runs in a guarded process: a file that was surveyed before, with the clients it asked for."""
    path, content, told_as, kept = asked
    file = parse(path, content or b"")
    return FileSurvey(path=told_as) if file is None else survey(file, told_as, kept)


def _survey(file: SourceFile | None, path: str) -> FileSurvey | None:
    return survey(file, path) if file is not None else None
