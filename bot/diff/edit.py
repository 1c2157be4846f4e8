"""From one side of a change to the other, by its hunks alone."""

from bot.domain import Hunk, Line, LineOp, Patch

_LOST = "\ufffd"
"""Stands for bytes that were not UTF-8: such a line cannot be written back."""


def undo(head: bytes, patch: Patch) -> bytes | None:
    """The base file. None unless every hunk fits the head byte for byte, so that the answer is certain."""
    return _rewrite(head, patch, leaves="+", returns="-")


def apply(base: bytes, patch: Patch) -> bytes | None:
    """The head file. None unless every hunk fits the base byte for byte, so that the answer is certain."""
    return _rewrite(base, patch, leaves="-", returns="+")


def _rewrite(given: bytes, patch: Patch, leaves: LineOp, returns: LineOp) -> bytes | None:
    """Walks the given side: context stays, lines that `leaves` marks go, lines that `returns` marks come."""
    if patch.is_binary or not patch.is_complete:
        return None
    rows = given.split(b"\n")
    rows = [row + b"\n" for row in rows[:-1]] + ([rows[-1]] if rows[-1] else [])
    made: list[bytes] = []
    at = 0
    for hunk in patch.hunks:
        start, made_start = _first_rows(hunk, leaves, returns)
        if not at <= start <= len(rows):
            return None
        made += rows[at:start]
        at = start
        if len(made) != made_start:
            return None
        for line in hunk.lines:
            if line.op == returns:
                if _LOST in line.text:
                    return None
                made.append(_row(line))
                continue
            if at >= len(rows) or rows[at] != _row(line):
                return None
            if line.op == " ":
                made.append(rows[at])
            at += 1
    made += rows[at:]
    return b"".join(made) if _ends_once(made) else None


def _first_rows(hunk: Hunk, leaves: LineOp, returns: LineOp) -> tuple[int, int]:
    """Indexes where the hunk begins on the given and on the made side. A side without lines names the line before."""
    starts = {"-": hunk.old_start, "+": hunk.new_start}

    def first(op: LineOp) -> int:
        return starts[op] - any(line.op in (op, " ") for line in hunk.lines)

    return first(leaves), first(returns)


def _row(line: Line) -> bytes:
    return line.text.encode("utf-8", "surrogatepass") + (b"" if line.ends_file else b"\n")


def _ends_once(rows: list[bytes]) -> bool:
    return all(row.endswith(b"\n") for row in rows[:-1])
