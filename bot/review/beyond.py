"""What a review can know beyond the change itself."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from bot.domain.searching import Search


class Beyond(NamedTuple):
    """`search`: all files of the head; where there is none, `why_not` tells readers of the receipt. `settles`: the
    issues that the change says it settles, in lines; asked for once, when a model is."""

    search: Search | None = None
    why_not: str = ""
    settles: Callable[[], Sequence[str]] = tuple
