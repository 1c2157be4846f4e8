"""What questions are asked for: said once around the work, so that no prompt's caller carries it along."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from bot.domain import Occasion

_CURRENT: ContextVar[Occasion | None] = ContextVar("what questions to a model are asked for", default=None)


@contextmanager
def asking_for(occasion: Occasion) -> Iterator[None]:
    """Questions put in this block, by this thread, are asked on that occasion."""
    token = _CURRENT.set(occasion)
    try:
        yield
    finally:
        _CURRENT.reset(token)


def current_occasion() -> Occasion | None:
    """None where nobody said."""
    return _CURRENT.get()
