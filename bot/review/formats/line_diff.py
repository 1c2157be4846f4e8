"""The lines that an edit takes, brings and keeps."""

import difflib
from collections.abc import Iterator, Sequence


def line_diff(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int | None, str, str]]:
    """Index in `old` (None for a new line), sign (`-`, `+` or a space), line; what goes stands before what comes."""
    for op, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        for index in range(a, b):
            yield index, " " if op == "equal" else "-", old[index]
        if op != "equal":
            for line in new[c:d]:
                yield None, "+", line
