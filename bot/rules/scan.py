"""A file before and after a change: what the change brings. The public face of the rules."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial

from bot.domain import Dropped, Suggestion
from bot.errors import GuardError
from bot.rules.bringing import brought, is_of_copy
from bot.rules.engine import alarms_in, alarms_of_change
from bot.rules.findings import Raised, finding, fingerprint, look_of, numbered
from bot.rules.offering import Text, offered
from bot.rules.remarks import settled_by
from bot.rules.scanned import FilePair, FileScan, ParsedPair, ScanOptions
from bot.rules.suggestion import Judged, reason_against
from bot.rules.suppression import Ignore, ignores_in
from bot.rules.weighing import confidence_of
from bot.syntax import SourceFile, is_test_path, language_of, parse
from bot.syntax.guard import Guard

TRIES_PER_FILE = 20
BYTES_TRIED = 500_000
"""Each try of a suggestion parses the file again: large files get fewer."""


@dataclass(frozen=True)
class _Scanned:
    """All alarms of one text, identified, and those that a comment silences."""

    file: SourceFile
    alarms: tuple[tuple[Raised, str], ...]
    ignores: tuple[Ignore, ...]
    trouble: dict[str, str] = field(default_factory=dict)
    """Own rules that failed, each with the reason."""

    def suppressed_by(self, one: Raised) -> str:
        """The comment that silences it: ours, or a remark to a linter that finds the same."""
        ours = (ignore.text for ignore in self.ignores if not ignore.flaw and ignore.matches(one))
        return next(ours, "") or settled_by(one)

    def asked_for(self) -> list[tuple[Raised, str]]:
        """Those that no comment of ours silences: who takes ours away asks what stands there; who takes a linter's
        remark away has not touched the code."""
        ours = [ignore for ignore in self.ignores if not ignore.flaw]
        return [(one, mark) for one, mark in self.alarms if not any(ignore.matches(one) for ignore in ours)]


def scan_pair(pair: FilePair, options: ScanOptions) -> FileScan:
    """Findings of the head that the base lacks, by identity; with `whole` all of them. Never raises on odd code."""
    return scan_parsed(ParsedPair(pair), options)


def scan_parsed(files: ParsedPair, options: ScanOptions) -> FileScan:
    """The same, for whoever needs the parsed files as well."""
    pair = files.pair
    language = language_of(pair.path)
    if language is None or pair.after is None:
        return FileScan(pair.path, language=language.name if language else "")
    if is_test_path(pair.path) and not options.include_tests:
        return FileScan(pair.path, language=language.name)
    head = _scan(files.head, pair.path_at_first, options, pair.patch_added)
    if head is None:
        return FileScan(pair.path, language=language.name)
    fresh = list(head.alarms)
    if pair.before is not None and fresh and not options.whole:
        concerned = frozenset(one.rule.name for one, _ in fresh)  # an alarm stands for one of its own rule only
        base = _scan(files.base, pair.path_at_first, options, frozenset(), concerned)
        fresh = brought(fresh, base.asked_for() if base is not None else [])
        if base is not None:
            fresh = [one for one in fresh if not is_of_copy(one[0], base.file)]
    looks = {mark: look_of(one) for one, mark in fresh} if not (options.whole or options.own) else {}
    if pair.before is not None and not options.own:
        fresh = _with_losses(fresh, _lost(head, files, options), head.file)
    dropped = _invalid(head, fresh, pair, options) if not options.own else []
    standing: list[tuple[Raised, str]] = []
    for one, mark in fresh:
        if by := head.suppressed_by(one):
            dropped.append(Dropped(finding=finding(one, mark, head.file), reason="suppressed", detail=by))
        else:
            standing.append((one, mark))
    offers = _offers([one for one, _ in standing], head, pair.after, options)
    findings = [finding(one, mark, head.file, offers.get(id(one))) for one, mark in standing]
    told = tuple(head.trouble.items())
    return FileScan(pair.path, tuple(findings), tuple(dropped), language.name, trouble=told, looks=looks)


def left_behind(files: ParsedPair, options: ScanOptions, only: frozenset[str]) -> list[Raised]:
    """What these rules say of the base of a file, and no longer of its head, where there is one."""
    pair = files.pair
    base = _scan(files.base, pair.path_at_first, options, frozenset(), only)
    head = _scan(files.head, pair.path_at_first, options, pair.patch_added, only)
    there = list(head.alarms) if head is not None else []
    return [one for one, _ in brought(base.asked_for(), there)] if base is not None else []


def scan_all(
    guard: Guard,
    pairs: Sequence[FilePair],
    options: ScanOptions,
    progress: Callable[[], object] | None = None,
) -> list[FileScan]:
    """Scans each file in the guarded processes, in order. A file that breaks its process says so in `failure`."""
    return list(scan_each(guard, pairs, options, progress))


def scan_each(
    guard: Guard,
    pairs: Sequence[FilePair],
    options: ScanOptions,
    progress: Callable[[], object] | None = None,
) -> Iterator[FileScan]:
    """The same, one file's after the other: whoever keeps none can scan a tree of any size."""
    for at, result in enumerate(guard.stream(partial(scan_pair, options=options), pairs, progress)):
        yield _failed(pairs[at].path, result) if isinstance(result, GuardError) else result


def _failed(path: str, why: GuardError) -> FileScan:
    return FileScan(path, failure=str(why))


def try_suggestion(path: str, content: bytes, suggestion: Suggestion, options: ScanOptions) -> str:
    """Applies a suggestion in memory; empty where it may be offered, else the reason why not.

    It must change something, parse without new errors and raise no finding.
    """
    return reason_against(content, suggestion, partial(_judged, path, options))


def _scan(
    file: SourceFile | None,
    path_at_first: str,
    options: ScanOptions,
    added: frozenset[int],
    only: frozenset[str] | None = None,
) -> _Scanned | None:
    """What all rules, or those named, say of one side."""
    if file is None:
        return None
    trouble: dict[str, str] = {}
    if options.own:
        from bot.rules.teams.running import sought  # few repositories have own rules

        own = sought(options.own, file, options.rules_off)
        alarms, trouble = own.alarms, own.trouble
    else:
        alarms = alarms_in(file, options.rules_off, only, options.include_tests)
    identified = [(one, fingerprint(one, ordinal, path_at_first)) for one, ordinal in numbered(alarms, added)]
    identified.sort(key=lambda pair: (pair[0].start_line, pair[0].rule.name))
    return _Scanned(file, tuple(identified), tuple(ignores_in(file, options.today)), trouble)


def _lost(head: _Scanned, files: ParsedPair, options: ScanOptions) -> list[tuple[Raised, str]]:
    """Protections that the base had and the head has not, at the place that lost them."""
    pair = files.pair
    if files.base is None:
        return []
    lost = alarms_of_change(files.base, head.file, options.rules_off, options.include_tests)
    return [(one, fingerprint(one, ordinal, pair.path_at_first)) for one, ordinal in numbered(lost, pair.patch_added)]


_OF_ONE_KIND = frozenset({"fire-and-forget", "unhandled-async-error"})
"""A promise that nobody takes up, whichever of the two it is called."""


def _with_losses(
    fresh: list[tuple[Raised, str]], lost: list[tuple[Raised, str]], file: SourceFile
) -> list[tuple[Raised, str]]:
    """One finding a place and class: what is said of it anyway is told together with what was there before, and the
    loss by itself where that is surer."""
    kept = list(fresh)
    for one, mark in lost:
        same = [
            index
            for index, (other, _) in enumerate(kept)
            if _is_one_point(other.rule.class_, one.rule.class_) and not set(other.lines).isdisjoint(one.lines)
        ]
        for index in same[:1]:
            other, its_mark = kept[index]
            if confidence_of(one.rule, one.alarm, file) > confidence_of(other.rule, other.alarm, file):
                kept[index] = (one, mark)
            elif one.alarm.was and one.alarm.was not in other.alarm.body:
                told = replace(other.alarm, body=f"{other.alarm.body} {one.alarm.was}")
                kept[index] = (replace(other, alarm=told), its_mark)
        if not same:
            kept.append((one, mark))
    return sorted(kept, key=lambda pair: (pair[0].start_line, pair[0].rule.name))


def _is_one_point(class_: str, other: str) -> bool:
    return class_ == other or {class_, other} <= _OF_ONE_KIND


def _invalid(head: _Scanned, fresh: list[tuple[Raised, str]], pair: FilePair, options: ScanOptions) -> list[Dropped]:
    """Ignores that count for nothing, where this change meets them."""
    return [
        Dropped(path=pair.path, rule=", ".join(ignore.names), reason="suppression-invalid", detail=_explained(ignore))
        for ignore in head.ignores
        if ignore.flaw
        and (options.whole or ignore.line in pair.patch_added or any(ignore.matches(one) for one, _ in fresh))
    ]


def _explained(ignore: Ignore) -> str:
    return f"line {ignore.line}: `{ignore.text}` is not heeded: {ignore.flaw}"


def _offers(standing: list[Raised], head: _Scanned, content: bytes, options: ScanOptions) -> dict[int, Suggestion]:
    """`id` of an alarm → its suggestion, where one was tried and did well."""
    tries = min(TRIES_PER_FILE, 1 + BYTES_TRIED // (len(content) + 1))
    wanted = [one for one in standing if one.alarm.edits][:tries]
    if not wanted:
        return {}
    text = Text(content, head.file, [one for one, _ in head.alarms])
    return offered(text, wanted, options.rules_off, partial(_judged, head.file.path, options))


@lru_cache(maxsize=2)
def _judged(path: str, options: ScanOptions, content: bytes) -> Judged | None:
    file = parse(path, content)
    if file is None:
        return None
    return Judged(
        file.error_count,
        Counter(one.identity for one in alarms_in(file, options.rules_off, None, options.include_tests)),
    )
