"""Figures: what was measured, how often, and how it is spread; as a table for people and as JSON for machines."""

import os
import platform
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Row:
    """One figure. `aim` is what it should stay under (0: nothing is aimed at); it is compared with the column named."""

    group: str
    name: str
    unit: str
    n: int
    median: float
    p90: float
    p95: float
    p99: float
    most: float
    load: float
    """Load average of the last minute when it was taken: of what else ran on this machine."""
    aim: float = 0.0
    aim_at: str = "median"
    note: str = ""

    @property
    def of_aim(self) -> float:
        """How much of what is allowed it takes: 0.5 is half of it; 0 where nothing is aimed at."""
        return float(getattr(self, self.aim_at)) / self.aim if self.aim else 0.0

    @property
    def verdict(self) -> str:
        if not self.aim:
            return ""
        return "met" if self.of_aim <= 1 else "MISSED"


@dataclass
class Figures:
    """All figures of one run."""

    began_at: float
    rows: list[Row] = field(default_factory=list)

    def add(
        self,
        group: str,
        name: str,
        unit: str,
        values: Sequence[float],
        aim: float = 0.0,
        aim_at: str = "median",
        note: str = "",
    ) -> Row:
        """Sums up the values, at least one."""
        ordered = sorted(values)
        row = Row(
            group=group,
            name=name,
            unit=unit,
            n=len(ordered),
            median=statistics.median(ordered),
            p90=quantile(ordered, 0.90),
            p95=quantile(ordered, 0.95),
            p99=quantile(ordered, 0.99),
            most=ordered[-1],
            load=os.getloadavg()[0],
            aim=aim,
            aim_at=aim_at,
            note=note,
        )
        self.rows.append(row)
        return row

    def table(self) -> str:
        width = max(len(row.name) for row in self.rows)
        lines, group = [], ""
        groups = list(dict.fromkeys(row.group for row in self.rows))
        for row in sorted(self.rows, key=lambda row: groups.index(row.group)):
            if row.group != group:
                group = row.group
                lines += [
                    "",
                    group,
                    f"  {'':{width}}  {'unit':>9} {'n':>6} {'median':>9} {'p90':>9} {'p95':>9} {'p99':>9}  load  aim",
                ]
            aim = f"{row.aim_at} ≤ {row.aim:g}: {row.verdict}, {row.of_aim:.0%} of it" if row.aim else ""
            numbers = " ".join(f"{shown(value):>9}" for value in (row.median, row.p90, row.p95, row.p99))
            note = f"  {row.note}" if row.note else ""
            lines.append(
                f"  {row.name:{width}}  {row.unit:>9} {row.n:>6} {numbers} {row.load:>5.1f}  {aim}{note}".rstrip()
            )
        return "\n".join(lines)

    def to_json(self) -> dict[str, Any]:
        return {
            "began_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.began_at)),
            "took_s": round(time.time() - self.began_at, 1),
            "machine": {
                "processors": os.cpu_count(),
                "system": platform.platform(),
                "python": sys.version.split()[0],
            },
            "figures": [vars(row) | {"of_aim": round(row.of_aim, 3), "verdict": row.verdict} for row in self.rows],
        }


def quantile(ordered: Sequence[float], share: float) -> float:
    """The smallest value that so large a share of the values does not exceed (nearest rank)."""
    rank = max(1, -(-len(ordered) * round(share * 100) // 100))
    return ordered[rank - 1]


def shown(value: float) -> str:
    if value and abs(value) < 0.01:
        return f"{value:.4f}"
    return f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"
