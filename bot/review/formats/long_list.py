"""A JSON text with a list that is too long to be made at once."""

from collections.abc import Iterable, Iterator

_STEP = "  "


def filled(frame: str, name: str, depth: int, items: Iterable[str]) -> Iterator[str]:
    """The text of `frame`, in which the empty list of that name at that depth has these items, each a JSON text.

    All are indented by two. No text that is quoted has a line's end in it, so the first place that fits is the list.
    """
    margin = "\n" + depth * _STEP
    before, empty, after = frame.partition(f'{margin}"{name}": []')
    yield before + empty.removesuffix("]")
    comma = ""
    for item in items:
        yield f"{comma}{margin}{_STEP}" + item.replace("\n", margin + _STEP)
        comma = ","
    yield (f"{margin}]" if comma else "]") + after
