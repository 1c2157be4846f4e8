"""What rules cost on a pull request of ten files and on a tree of 5,000, beside parsing alone.

The pull request is the sample service's; the tree is Seawall's own Python, the sample and the rules' examples in all
languages, over and over, each file with a line of its own so that no two are equal.
"""

import itertools
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import bot
from bot.rules import FilePair, ScanOptions, all_rules, scan_pair
from bot.syntax import parse
from bot.syntax.guarded import settle
from tests.bench.figures import Figures
from tests.bench.processes import tree
from tests.source.conftest import Repository

pytestmark = pytest.mark.timeout(900)
SAMPLE = Path(bot.__file__).parent / "demo/sample"
SCANNED = (".py", ".ts", ".go")
ROUNDS = 20
FILES = int(os.environ.get("BENCH_FILES", "5000"))
MEGABYTES = 49 * FILES / 5000
ENTRY = [sys.executable, "-c", "from bot.cli import main; main()"]


def test_a_pull_request_of_ten_files(figures: Figures, n: int, tmp_path: Path) -> None:
    pairs = _pull_request()
    options = ScanOptions()
    for pair in pairs:  # loads grammars, queries and catalogue
        scan_pair(pair, options)
    settle()  # as a guarded process does once the rules are loaded
    scans, parses = [], []
    for _ in range(ROUNDS):
        parses.append(1000 * _cpu_s(lambda: [parse(pair.path, pair.after or b"") for pair in pairs]))
        scans.append(1000 * _cpu_s(lambda: [scan_pair(pair, options) for pair in pairs]))
    lines = sum((pair.after or b"").count(b"\n") for pair in pairs)
    note = f"{len(pairs)} files, {lines} lines"
    figures.add("ten files", "parsing the heads alone, warm", "ms CPU", parses, note=note)
    figures.add("ten files", "rules on base and head, warm", "ms CPU", scans, aim=30)
    figures.add("ten files", "`seawall review --rules-only`, from start", "s wall", _from_start(n, tmp_path), aim=0.5)


def test_a_tree_of_five_thousand_files(figures: Figures, tmp_path: Path) -> None:
    size = _grow(tmp_path / "tree")
    paths = [path for path in sorted((tmp_path / "tree").rglob("*")) if path.is_file()]
    parsing = _cpu_s(lambda: [parse(path.name, path.read_bytes()) for path in paths])
    figures.add(
        "a tree", "parsing alone, one core", "s CPU", [parsing], note=f"{len(paths)} files, {size / 1e6:.0f} MB"
    )
    for share in (0.2, 1.0):
        folder = tmp_path / f"part{share}"
        folder.mkdir()
        for index, path in enumerate(paths[: int(len(paths) * share)]):
            (folder / f"{index:05}{path.suffix}").hardlink_to(path)
        wall, cpu, peak = _measured(
            [*ENTRY, "scan", "--format", "json", "--output", str(tmp_path / "o.json"), str(folder)]
        )
        told = json.loads((tmp_path / "o.json").read_text())
        assert len(told["receipt"]["files"]["reviewed"]) > 0.85 * len(paths) * share  # the rest look generated
        named = f"{int(len(paths) * share)} files"
        figures.add("a tree", f"`seawall scan`, {named}, wall", "s", [wall])
        figures.add(
            "a tree", f"`seawall scan`, {named}, processor", "s", [cpu], note=f"{cpu / (parsing * share):.1f} × parsing"
        )
        figures.add("a tree", f"`seawall scan`, {named}, memory at most", "MB", [peak])


def _pull_request() -> list[FilePair]:
    """Ten files with rules for them, changed or new."""
    heads = [path for path in sorted((SAMPLE / "head").rglob("*")) if path.suffix in SCANNED]
    pairs = []
    for path in heads[:10]:
        before = SAMPLE / "base" / path.relative_to(SAMPLE / "head")
        content = path.read_bytes()
        added = frozenset(range(1, content.count(b"\n") + 2))
        pairs.append(FilePair(path.name, None, before.read_bytes() if before.exists() else None, content, added))
    return pairs


def _from_start(n: int, tmp_path: Path) -> list[float]:
    repository = Repository(tmp_path / "shop")
    for side in ("base", "head"):
        for path in sorted((SAMPLE / side).rglob("*")):
            if path.suffix in SCANNED:
                repository.write(str(path.relative_to(SAMPLE / side)), path.read_bytes())
        repository.commit(side)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(tmp_path / "bytecode")  # an installation is compiled; so is this, at first
    took = []
    for _ in range(n + 1):
        began = time.monotonic()
        command = [*ENTRY, "review", "--base", "HEAD~1", "--rules-only", "--format", "json"]
        ran = subprocess.run(command, cwd=repository.root, env=environment, capture_output=True, text=True, timeout=120)
        took.append(time.monotonic() - began)
        assert ran.returncode == 0, ran.stderr
    return took[1:]


def _grow(folder: Path) -> int:
    """A mixed tree of FILES files and about MEGABYTES; returns its bytes."""
    seeds = [path for path in sorted(Path(bot.__file__).parent.rglob("*.py")) if "sample" not in path.parts]
    own = [(".py", path.read_bytes()) for path in seeds]
    sample = [
        (path.suffix, path.read_bytes()) for path in sorted((SAMPLE / "head").rglob("*")) if path.suffix in SCANNED
    ]
    by_language: dict[str, list[bytes]] = {}
    for rule in all_rules():
        for example in (*rule.bad, *rule.good):
            by_language.setdefault(Path(example.file_name).suffix, []).append(example.code.encode())
    examples = [
        (suffix, b"\n\n".join(codes[at : at + 40]))
        for suffix, codes in by_language.items()
        for at in range(0, len(codes), 40)
    ]
    mixed = itertools.cycle(
        [one for three in zip(own, itertools.cycle(examples), itertools.cycle(sample), strict=False) for one in three]
    )
    written = 0
    for index in range(FILES):
        suffix, content = next(mixed)
        wanted = int((MEGABYTES * 1e6 - written) / (FILES - index))
        while len(content) < wanted:
            content += b"\n" + next(text for kind, text in mixed if kind == suffix)
        place = folder / f"part{index % 50:02}"
        place.mkdir(parents=True, exist_ok=True)
        mark = f"\n# {index}\n" if suffix in (".py", ".yaml", ".tf", ".rb") else f"\n// {index}\n"
        (place / f"file{index}{suffix}").write_bytes(content + (b"" if suffix == ".sql" else mark.encode()))
        written += len(content)
    return written


def _measured(command: list[str]) -> tuple[float, float, float]:
    """(wall seconds, processor seconds with all children, the most memory the processes held together in MB)."""
    began, before = time.monotonic(), os.times()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    peak, done = 0.0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.2):
            peak = max(peak, sum(_pss_mb(pid) for pid in tree(process.pid)))

    watcher = threading.Thread(target=watch)
    watcher.start()
    code = process.wait(timeout=600)
    done.set()
    watcher.join()
    after = os.times()
    assert code == 0
    cpu = after.children_user - before.children_user + after.children_system - before.children_system
    return time.monotonic() - began, cpu, peak


def _pss_mb(pid: int) -> float:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1000 for line in text.splitlines() if line.startswith("Pss:")), 0.0)


def _cpu_s(work: object) -> float:
    began = time.process_time()
    work()  # type: ignore[operator]
    return time.process_time() - began
