"""What is worked out of a file once, however many rules and alarms ask."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar, cast

from bot.syntax import SourceFile

P = ParamSpec("P")
T = TypeVar("T")


def once_a_file(tell: Callable[P, T]) -> Callable[P, T]:
    """For functions of a file, their last argument. Answers are kept with the file, for each of the other arguments,
    and go with it."""

    @wraps(tell)
    def told(*asked: P.args, **named: P.kwargs) -> T:
        *about, file = asked
        kept = cast(SourceFile, file).told
        key = (tell, *about, *named.items())
        if key not in kept:
            kept[key] = tell(*asked, **named)
        return cast(T, kept[key])

    return told
