"""What the service's processes cost, from /proc: processor time and memory, each process by its role."""

import os
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

_TICK_S = 1 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Memory:
    """Megabytes (10^6). `pss` shares each page by all who map it, strangers on this machine included; `alone` counts
    what this process tree would hold with the machine to itself, each file's page once."""

    pss: float
    alone: float
    by_role: dict[str, float]
    """PSS of each process."""


def tree(root: int) -> list[int]:
    """The process and all below it that are alive."""
    children = defaultdict(list)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (stat := _read(entry / "stat")):
            children[int(stat.rpartition(")")[2].split()[1])].append(int(entry.name))
    found, left = [], [root]
    while left:
        pid = left.pop()
        found.append(pid)
        left += children[pid]
    return found


def cpu_s(root: int) -> float:
    """Processor seconds, user and system, of the tree so far, and of its children that have ended."""
    ticks = 0
    for pid in tree(root):
        if stat := _read(Path(f"/proc/{pid}/stat")):
            ticks += sum(int(field) for field in stat.rpartition(")")[2].split()[11:15])
    return ticks * _TICK_S


def cpu_by_role(root: int) -> dict[str, float]:
    """Processor seconds so far of each process, by role."""
    found: dict[str, float] = defaultdict(float)
    for pid in tree(root):
        if stat := _read(Path(f"/proc/{pid}/stat")):
            found[role_of(pid, root)] += sum(int(field) for field in stat.rpartition(")")[2].split()[11:15]) * _TICK_S
    return dict(found)


def memory(root: int) -> Memory:
    by_role: dict[str, float] = defaultdict(float)
    own = 0.0
    files: dict[tuple[str, str], float] = defaultdict(float)
    for pid in tree(root):
        rollup = _sizes(_read(Path(f"/proc/{pid}/smaps_rollup")))
        by_role[role_of(pid, root)] += rollup.get("Pss", 0) / 1e6
        own += (rollup.get("Pss_Anon", 0) + rollup.get("Pss_Shmem", 0)) / 1e6
        for place, resident in _file_mappings(_read(Path(f"/proc/{pid}/smaps"))):
            files[place] = max(files[place], resident / 1e6)
    return Memory(sum(by_role.values()), own + sum(files.values()), dict(by_role))


def role_of(pid: int, root: int) -> str:
    """`supervisor`, `web master`, `web`, `worker` or `guard`."""
    command = _read(Path(f"/proc/{pid}/cmdline")).replace("\0", " ").strip()
    if pid == root:
        return "supervisor"
    if "bot.syntax.guarded" in command:
        return "guard"
    if command.endswith(" web"):
        is_master = any(role_of(child, root) == "web" for child in tree(pid)[1:])
        return "web master" if is_master else "web"
    return "worker" if command.endswith(" worker") else command[-40:] or "ended"


def _file_mappings(smaps: str) -> list[tuple[tuple[str, str], float]]:
    """(file, offset) and the resident bytes that are the file's own, of each mapping of a file."""
    found: list[tuple[tuple[str, str], float]] = []
    place, sizes = ("", ""), {}
    for line in smaps.splitlines():
        name, _, rest = line.partition(":")
        if rest.endswith(" kB"):
            sizes[name] = int(rest.split()[0]) * 1024
            if name == "Anonymous" and place[0].startswith("/"):
                found.append((place, max(0, sizes["Rss"] - sizes["Anonymous"])))
        else:
            parts = line.split(None, 5)
            if len(parts) >= 5 and "-" in parts[0]:
                place = (parts[5] if len(parts) == 6 else "", parts[2])
    return found


def _sizes(text: str) -> dict[str, int]:
    """Bytes by name, of lines such as `Pss: 123 kB`."""
    rows = (line.split() for line in text.splitlines() if line.endswith(" kB"))
    return {row[0].rstrip(":"): int(row[1]) * 1024 for row in rows}


def _read(path: Path) -> str:
    """Empty where the process has ended meanwhile."""
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""
