"""The hunks of one file, as GitHub's API gives them: the `patch` field, without any file header."""

import re
from dataclasses import replace

from bot.domain import Hunk, Line
from bot.errors import SourceError
from bot.regex import regex

_HEADER = regex(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ ?(.*)", re.DOTALL)


def parse_hunks(patch_text: str) -> tuple[Hunk, ...]:
    """Hunks in order. Lines end at \\n alone: a carriage return, form feed or U+2028 is part of the line's text.

    Raises SourceError where the text stops before its last hunk is complete, or holds something else than hunks.
    """
    hunks: list[Hunk] = []
    rows = iter(patch_text.removesuffix("\n").split("\n") if patch_text else ())
    for row in rows:
        header = _HEADER.fullmatch(row)
        if header:
            old_start, new_start = int(header[1]), int(header[3])
            old_left, new_left = int(header[2] or 1), int(header[4] or 1)
            body = _Body(old_start, new_start, old_left, new_left)
            while body.is_open:
                body.take(next(rows, None))
            hunks.append(Hunk(old_start, new_start, header[5].strip(), tuple(body.lines)))
        elif row.startswith("\\") and hunks:
            hunks[-1] = _ending_the_file(hunks[-1])
        elif row.startswith("@@@"):
            raise SourceError("This is a combined diff of a merge; ask for the diff against one parent.")
        else:
            raise SourceError(f"The patch holds a line outside its hunks: {row[:80]!r}. Fetch the file's patch again.")
    return tuple(hunks)


class _Body:
    """The lines of a hunk; its header's counts, not the look of a line, say where it ends."""

    def __init__(self, old_no: int, new_no: int, old_left: int, new_left: int) -> None:
        self.lines: list[Line] = []
        self._old_no, self._new_no = old_no, new_no
        self._old_left, self._new_left = old_left, new_left

    @property
    def is_open(self) -> bool:
        return self._old_left > 0 or self._new_left > 0

    def take(self, row: str | None) -> None:
        if row is None:
            raise SourceError("The patch is cut short: its last hunk lacks lines. Read the two files instead.")
        op = row[:1]
        if op == "\\" and self.lines:
            self.lines[-1] = replace(self.lines[-1], ends_file=True)
        elif op == "+" and self._new_left:
            self.lines.append(Line("+", None, self._new_no, row[1:]))
            self._new_no, self._new_left = self._new_no + 1, self._new_left - 1
        elif op == "-" and self._old_left:
            self.lines.append(Line("-", self._old_no, None, row[1:]))
            self._old_no, self._old_left = self._old_no + 1, self._old_left - 1
        elif op in ("", " ", "\r") and self._old_left and self._new_left:  # mail programs strip the lone space
            self.lines.append(Line(" ", self._old_no, self._new_no, row if op == "\r" else row[1:]))
            self._old_no, self._old_left = self._old_no + 1, self._old_left - 1
            self._new_no, self._new_left = self._new_no + 1, self._new_left - 1
        else:
            raise SourceError(f"A hunk does not fit its header at {row[:80]!r}. Fetch the file's patch again.")


def _ending_the_file(hunk: Hunk) -> Hunk:
    if not hunk.lines:
        return hunk
    return replace(hunk, lines=(*hunk.lines[:-1], replace(hunk.lines[-1], ends_file=True)))
