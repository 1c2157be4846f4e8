"""`seawall scan`: the rules on whole files, for code that is there already."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from bot.cli.output import fail_on_option, finish, format_option, head_reader, output_option
from bot.domain import Finding, PolicyTexts, Receipt, Result, Review, ReviewedFiles, SkippedFile
from bot.errors import UsageError
from bot.review.desks import guard_of, warm_up
from bot.review.rank import by_place, rank
from bot.review.receipt import coverage_of
from bot.rules import FilePair, FileScan, ScanOptions, rule_names_for, scan_all
from bot.settings import Policy, PolicyInForce, load_settings, resolve_policy
from bot.settings.globs import is_among
from bot.settings.policy import REPOSITORY_FILE
from bot.settings.service import Reading
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
    whole = WholeFiles(paths, settings.reading)
    in_force = _policy_at(whole.root, settings.policy)
    options = ScanOptions(
        rules_off=in_force.policy.rules_off,
        include_tests=include_tests or in_force.policy.include_tests,
        whole=True,
        today=datetime.now(UTC).date().isoformat(),
    )
    columns = (TextColumn("Scanning"), BarColumn(), MofNCompleteColumn(), TextColumn("files"))
    console = Console(stderr=True)
    bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    with bar, guard_of(settings.reading) as guard:
        warm_up(guard)
        pairs, skipped = _sorted_out(whole, in_force.policy, settings.reading)
        task = bar.add_task("", total=len(pairs))
        files = scan_all(guard, pairs, options, progress=lambda: bar.advance(task))
    ranked = rank([finding for file in files for finding in file.findings], in_force.policy)
    fresh = [finding for finding in ranked.findings if finding.fingerprint not in known]
    result = _review(fresh, files, [*skipped, *whole.unreadable], in_force.notes, time.monotonic() - started)
    finish(result, format_, output, fail_on, head_reader({pair.path: pair.after for pair in pairs}))


def _policy_at(root: Path, defaults: Policy) -> PolicyInForce:
    """The policy of the code being scanned; whoever scans it has it on their own disk."""
    file = root / REPOSITORY_FILE
    text = file.read_text(encoding="utf-8", errors="replace") if file.is_file() else None
    return resolve_policy(defaults, PolicyTexts(repository=text))


def _sorted_out(whole: WholeFiles, policy: Policy, reading: Reading) -> tuple[list[FilePair], list[SkippedFile]]:
    pairs: list[FilePair] = []
    skipped: list[SkippedFile] = []
    for path, content in whole:
        if is_among(path, policy.ignore_paths):
            skipped.append(SkippedFile(path=path, reason="policy ignores it"))
        elif is_among(path, policy.generated_paths):
            skipped.append(SkippedFile(path=path, reason="generated, by policy"))
        elif unreadable := classify(path, content, reading):
            skipped.append(unreadable)
        elif language_of(path):
            pairs.append(FilePair(path, None, None, content))
        else:
            skipped.append(SkippedFile(path=path, reason="no rules for this language"))
    return pairs, skipped


def _review(
    findings: list[Finding], scans: list[FileScan], skipped: list[SkippedFile], notes: tuple[str, ...], took_s: float
) -> Review:
    for scan in scans:
        if scan.failure:
            skipped.append(SkippedFile(path=scan.path, reason=scan.failure, expected=False))
    read = sorted(scan.path for scan in scans if not scan.failure)
    files = ReviewedFiles(reviewed=tuple(read), skipped=tuple(sorted(skipped, key=lambda file: file.path)))
    coverage, why = coverage_of(files, unlisted_files=0, model_wanted=False, model_missing="", left_out=())
    receipt = Receipt(
        coverage=coverage,
        result=Result.FINDINGS if findings else Result.CLEAN,
        reason=why,
        files=files,
        rules=rule_names_for({scan.language for scan in scans if scan.language}),
        duration_s=round(took_s, 3),
        notes=notes,
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
