"""What the rules cost: milliseconds for 1,000 lines of each language, beside parsing alone; and the command's start.

The code is the rules' own examples, bad ones and good ones in files of a few lines: dense with what rules look at, a
worst case. The sample service and our own Python stand beside them as ordinary code.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import bot
from bot.rules import FilePair, ScanOptions, all_rules, scan_pair
from bot.syntax import language_names, parse
from tests.bench.figures import Figures
from tests.service.harness import Shop

pytestmark = pytest.mark.timeout(600)
ROUNDS = 5
LINES = 1000


def test_what_the_rules_cost(figures: Figures) -> None:
    for language in language_names():
        _compare(figures, language, list(_examples(language)))
    sample = Path(bot.__file__).parent / "demo/sample/head"
    for suffix in (".py", ".ts", ".go"):
        files = [(path.name, path.read_bytes()) for path in sorted(sample.rglob(f"*{suffix}"))]
        _compare(figures, f"the sample service's {suffix}", files)
    own = [(f"bot/{path.name}", path.read_bytes()) for path in sorted(Path(bot.__file__).parent.glob("[el]*/*.py"))]
    _compare(figures, "our own python", own)


def test_how_fast_the_command_line_is(figures: Figures, n: int, tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop")
    shop.branch("feature", 1)
    entry = [sys.executable, "-c", "from bot.cli import main; main()"]
    figures.add("command line", "python -c pass, for comparison", "s", _runs([sys.executable, "-c", "pass"], n, shop))
    figures.add("command line", "seawall --version", "s", _runs([*entry, "--version"], n, shop))
    figures.add("command line", "seawall scan of one file", "s", _runs([*entry, "scan", "pay.py"], n, shop))
    figures.add(
        "command line",
        "seawall review of one changed file",
        "s",
        _runs([*entry, "review", "--base", "main", "--rules-only"], n, shop),
    )


def _compare(figures: Figures, name: str, files: list[tuple[str, bytes]]) -> None:
    """Each round parses and scans the same files, one right after the other, so that the ratio is of one moment."""
    lines = sum(content.count(b"\n") + 1 for _, content in files)
    options = ScanOptions(include_tests=True, whole=False)
    for path, content in files:  # loads grammar, queries and catalogue
        scan_pair(FilePair(path, None, None, content), options)
    scans, ratios = [], []
    for _ in range(ROUNDS):
        parsing = _cpu_s(lambda: [parse(path, content) for path, content in files])
        scanning = _cpu_s(lambda: [scan_pair(FilePair(path, None, None, content), options) for path, content in files])
        scans.append(1000 * scanning / lines * LINES)
        ratios.append(scanning / parsing)
    figures.add("rules", f"{name}, 1,000 lines", "ms", scans, note=f"{lines} lines in {len(files)} files")
    figures.add("rules", "    scan (parsing in it) to parsing alone", "times", ratios)


def _examples(language: str) -> Iterator[tuple[str, bytes]]:
    for rule in all_rules():
        for example in (*rule.bad, *rule.good):
            if example.language == language:
                prefix = "package service\n\n" if language == "go" else ""
                yield example.file_name, (prefix + example.code).encode()


def _cpu_s(work: Callable[[], object]) -> float:
    """Processor seconds of this process: what else runs on the machine counts less."""
    began = time.process_time()
    work()
    return time.process_time() - began


def _runs(command: list[str], n: int, shop: Shop) -> list[float]:
    took = []
    for _ in range(n + 1):
        began = time.monotonic()
        ran = subprocess.run(command, cwd=shop.folder, capture_output=True, text=True, timeout=120)
        took.append(time.monotonic() - began)
        assert ran.returncode == 0, ran.stderr
    return took[1:]
