"""`seawall scan`: the rules on whole files, for code that is there already."""

import json
import os
import time
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from bot.cli import head_start
from bot.cli.findings_on_disk import FindingsOnDisk, WholeReview
from bot.cli.output import fail_on_option, finish, format_option, head_reader, output_option
from bot.cli.pairs_on_disk import PairsOnDisk
from bot.domain import Finding, Receipt, Result, ReviewedFiles, SkippedFile
from bot.errors import UsageError
from bot.review.desks import guard_of
from bot.review.judging import judging_of, rules_run, scan_files, troubles
from bot.review.rank import by_place, rank
from bot.review.receipt import coverage_of
from bot.rules import FileScan, ScanOptions
from bot.settings import Policy, load_settings, resolve_policy
from bot.settings.globs import is_among
from bot.settings.service import Reading
from bot.source import WholeFiles, classify, folders_of_copies
from bot.source.policy_here import policy_here
from bot.syntax import language_of

QUIET = 0.4
"""How certain a rule is at least that a scan tells of: those of style stay out of reviews by it."""
MOST_JOBS = 256
FILES_A_PROCESS = 40
"""For fewer another process is not started: it would load for longer than it worked."""


@click.command(short_help="Run the rules on whole files.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--baseline",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Leave out what this earlier `--format json` result already has.",
)
@click.option("--tests/--no-tests", "include_tests", default=False, help="Judge test files too.")
@click.option(
    "--jobs",
    type=click.IntRange(1, MOST_JOBS),
    metavar="N",
    help="Processes at most; one for each processor by default.",
)
@format_option
@output_option
@fail_on_option
def scan(
    paths: tuple[Path, ...],
    baseline: Path | None,
    include_tests: bool,
    jobs: int | None,
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
    texts = policy_here(whole.root)
    in_force = resolve_policy(settings.policy, texts)
    options = ScanOptions(
        rules_off=in_force.policy.rules_off,
        include_tests=include_tests or in_force.policy.include_tests,
        whole=True,
        today=datetime.now(UTC).date().isoformat(),
    )
    columns = (TextColumn("Scanning"), BarColumn(), MofNCompleteColumn(), TextColumn("files"))
    console = Console(stderr=True)
    bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    paths_read, skipped = _sorted_out(whole, in_force.policy, settings.reading, folders_of_copies(texts.libraries))
    pairs = PairsOnDisk(whole, paths_read)
    processes = min(jobs or processors(), 1 + len(pairs) // FILES_A_PROCESS)
    policy = _when_asked(in_force.policy)
    with FindingsOnDisk() as fresh:
        files = []
        with bar, guard_of(settings.reading, head_start.take(), processes) as guard:
            task = bar.add_task("", total=len(pairs))
            judging = judging_of(guard, texts, in_force.policy, paths_read)
            for file in scan_files(guard, pairs, options, judging.own, progress=lambda: bar.advance(task)):
                said = rank(file.findings, policy, judging.left).findings
                fresh.add(file.path, by_place(finding for finding in said if finding.fingerprint not in known))
                files.append(replace(file, findings=()))
        files = pairs.told(files)
        notes = (*in_force.notes, *judging.notes, *troubles(files))
        rules = rules_run(files, in_force.policy, judging)
        receipt = _receipt(fresh, files, [*skipped, *whole.unreadable], rules, notes, time.monotonic() - started)
        finish(WholeReview(receipt, fresh), format_, output, fail_on, head_reader(pairs))


def processors() -> int:
    """Those that this process may run on."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # known to Linux alone
        return os.cpu_count() or 1


def _when_asked(policy: Policy) -> Policy:
    """Who asks for a scan is told what a review only counts as well, unless the policy is stricter than the default."""
    if policy.min_confidence > Policy().min_confidence:
        return policy
    return policy.model_copy(update={"min_confidence": min(policy.min_confidence, QUIET)})


def _sorted_out(
    whole: WholeFiles, policy: Policy, reading: Reading, copies: Collection[str]
) -> tuple[list[str], list[SkippedFile]]:
    """The paths to read, and the others with the reason."""
    paths: list[str] = []
    skipped: list[SkippedFile] = []
    for path, content in whole:
        if is_among(path, policy.ignore_paths):
            skipped.append(SkippedFile(path=path, reason="policy ignores it"))
        elif is_among(path, policy.generated_paths):
            skipped.append(SkippedFile(path=path, reason="generated, by policy"))
        elif unreadable := classify(path, content, reading, copies):
            skipped.append(unreadable)
        elif language_of(path):
            paths.append(path)
        else:
            skipped.append(SkippedFile(path=path, reason="no rules for this language"))
    return paths, skipped


def _receipt(
    findings: Collection[Finding],
    scans: list[FileScan],
    skipped: list[SkippedFile],
    rules: tuple[str, ...],
    notes: tuple[str, ...],
    took_s: float,
) -> Receipt:
    for scan in scans:
        if scan.failure:
            skipped.append(SkippedFile(path=scan.path, reason=scan.failure, expected=False))
    read = sorted(scan.path for scan in scans if not scan.failure)
    files = ReviewedFiles(reviewed=tuple(read), skipped=tuple(sorted(skipped, key=lambda file: file.path)))
    coverage, why = coverage_of(files, unlisted_files=0, model_wanted=False, model_missing="", left_out=())
    return Receipt(
        coverage=coverage,
        result=Result.FINDINGS if findings else Result.CLEAN,
        reason=why,
        files=files,
        rules=rules,
        duration_s=round(took_s, 3),
        notes=notes,
    )


def _fingerprints(baseline: Path) -> frozenset[str]:
    try:
        findings = json.loads(baseline.read_text(encoding="utf-8"))["findings"]
        return frozenset(finding["fingerprint"] for finding in findings)
    except (ValueError, KeyError, TypeError, OSError) as unreadable:
        raise UsageError(
            f"{baseline} is no result of `seawall scan --format json` ({type(unreadable).__name__}); write it anew."
        ) from unreadable
