"""Whether the record tells the truth: histories whose end is known, and what the ledger says of each point.

What stays undecidable, told in the histories themselves: a call that goes through another client, whose bound is set
elsewhere (said to be `ignored`, being fixed), and a fix in a head that nobody read (`unknown`). In both the record
errs to its own disadvantage; it never claims a fix that is none.
"""

from collections import Counter
from itertools import product
from pathlib import Path
from typing import get_args

import pytest

from bot.domain import Fate
from tests.life.histories import HISTORIES
from tests.life.history import History

FATES: tuple[Fate, ...] = get_args(Fate)


def fate_of(name: str, found: dict[str, str]) -> str:
    """`name` is a part of the code; `…#2` means the second of equal ones."""
    text, _, turn = name.partition("#")
    meant = [code for code in found if text in code and code.partition("#")[2] == turn]
    assert len(meant) == 1, f"{name!r} means {meant} of {list(found)}"
    return found[meant[0]]


@pytest.mark.parametrize("history", HISTORIES, ids=lambda history: history.name)
def test_the_record_says_what_became_of_every_point(history: History, tmp_path: Path) -> None:
    found = history.play(tmp_path)
    judged = {name: fate_of(name, found) for name in history.truth}
    assert judged == history.expected, found
    assert len(found) == len(history.truth), f"a point too many, or too few: {found}"


def matrix() -> Counter[tuple[str, str]]:
    """(true, judged) → points; what each history is judged as is asserted above, one by one."""
    return Counter((truth, each.expected[name]) for each in HISTORIES for name, truth in each.truth.items())


def test_the_matrix_holds_no_wrong_fixed() -> None:
    cells = matrix()
    print(table(cells))
    wrong = {cell: count for cell, count in cells.items() if cell[0] != cell[1]}
    assert all(judged != "fixed" for _, judged in wrong), wrong
    assert wrong == {("fixed", "ignored"): 2, ("fixed", "unknown"): 1}
    assert all(cells[fate, fate] for fate in FATES), "each fate is tried"
    assert len(HISTORIES) >= 40
    assert {each.language for each in HISTORIES} == {"python", "typescript", "go", "java"}
    assert all(each.because for each in HISTORIES if each.judged), "what cannot be known has its reason"


def table(cells: Counter[tuple[str, str]]) -> str:
    """Rows are true, columns judged."""
    width = 10
    rows = [["true \\ judged", *FATES]]
    rows += [[truth, *(str(cells[truth, judged] or "·") for judged in FATES)] for truth in FATES]
    count = sum(cells[cell] for cell in product(FATES, FATES))
    lines = [f"{row[0]:<14}" + "".join(f"{cell:>{width}}" for cell in row[1:]) for row in rows]
    return "\n".join(["", *lines, f"{count} points in {len(HISTORIES)} histories"])
