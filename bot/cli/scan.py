"""`seawall scan`: the rules on whole files, for code that is there already."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from bot.cli.output import fail_on_option, finish, format_option, head_reader, output_option
from bot.domain import Finding, Receipt, Result, Review, ReviewedFiles, SkippedFile
from bot.errors import UsageError
from bot.review.desks import guard_of
from bot.review.rank import by_place, rank
from bot.review.receipt import coverage_of
from bot.rules import FilePair, ScanOptions, rule_names_for, scan_all
from bot.settings import Policy, load_settings
from bot.source import WholeFiles, classify
from bot.syntax import language_of


@click.command(short_help="Run the rules on whole files.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--baseline",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Leave out what this earlier `--format json` result already has.",
)
@click.option("--tests/--no-tests", "include_tests", default=False, help="Judge test files too.")
@format_option
@output_option
@fail_on_option
def scan(
    paths: tuple[Path, ...],
    baseline: Path | None,
    include_tests: bool,
    format_: str,
    output: Path | None,
    fail_on: str | None,
) -> None:
    """Run the rules on whole files and folders. Nothing is sent anywhere.

    \b
    seawall scan src/                                         everything the rules know
    seawall scan . --format json --output baseline.json       adopt what is there …
    seawall scan . --baseline baseline.json --fail-on high    … and stop only what is new
    """
    settings = load_settings(trust_here=False)
    known = _fingerprints(baseline) if baseline else frozenset()
    started = time.monotonic()
    pairs: list[FilePair] = []
    skipped: list[SkippedFile] = []
    for path, content in WholeFiles(paths, settings.reading):
        if reason := classify(path, content, settings.reading):
            skipped.append(reason)
        elif language_of(path):
            pairs.append(FilePair(path, None, None, content, frozenset()))
        else:
            skipped.append(SkippedFile(path=path, reason="no rules for this language"))
    options = ScanOptions(
        rules_off=(), include_tests=include_tests, whole=True, today=datetime.now(UTC).date().isoformat()
    )
    bar = Progress(
        TextColumn("Scanning"), BarColumn(), MofNCompleteColumn(), TextColumn("files"), transient=True, disable=None
    )
    bar.console.stderr = True
    with bar, guard_of(settings.reading) as guard:
        task = bar.add_task("", total=len(pairs))
        files = scan_all(guard, pairs, options, progress=lambda done: bar.update(task, completed=done))
    for file in files:
        if file.failure:
            skipped.append(SkippedFile(path=file.path, reason=file.failure, expected=False))
    read = [file.path for file in files if not file.failure]
    ranked = rank([finding for file in files for finding in file.findings], Policy())
    fresh = [finding for finding in ranked.findings if finding.fingerprint not in known]
    finish(
        _review(fresh, read, skipped, {file.language for file in files if file.language}, started),
        format_,
        output,
        fail_on,
        head_reader({pair.path: pair.after for pair in pairs}),
    )


def _review(
    findings: list[Finding], read: list[str], skipped: list[SkippedFile], languages: set[str], started: float
) -> Review:
    files = ReviewedFiles(reviewed=tuple(sorted(read)), skipped=tuple(sorted(skipped, key=lambda file: file.path)))
    coverage, why = coverage_of(files, unlisted_files=0, model_wanted=False, model_missing="", left_out=())
    receipt = Receipt(
        coverage=coverage,
        result=Result.FINDINGS if findings else Result.CLEAN,
        reason=why,
        files=files,
        rules=tuple(rule_names_for(languages)),
        duration_s=round(time.monotonic() - started, 3),
    )
    return Review(receipt=receipt, findings=tuple(by_place(findings)))


def _fingerprints(baseline: Path) -> frozenset[str]:
    try:
        findings = json.loads(baseline.read_text(encoding="utf-8"))["findings"]
        return frozenset(finding["fingerprint"] for finding in findings)
    except (ValueError, KeyError, TypeError, OSError) as unreadable:
        raise UsageError(
            f"{baseline} is no result of `seawall scan --format json` ({type(unreadable).__name__}); write it anew."
        ) from unreadable
