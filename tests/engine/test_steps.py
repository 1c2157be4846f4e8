"""How a step failed is on disk, and is afterwards the error that it was."""

import json
from collections.abc import Callable

import pytest

from bot.engine.steps import _recorded, _unpack, is_worth_retrying
from bot.errors import HostUnavailable, LedgerError, OutcomeUnknown, RateLimited, Rejected, SeawallError
from bot.github.breaker import CircuitOpen
from bot.github.failures import Garbled


def after_a_crash(failure: Exception) -> SeawallError:
    """What is raised of it from what was written down."""

    def fails() -> None:
        raise failure

    kept = json.loads(json.dumps(_recorded("ask", fails, ())))
    with pytest.raises(SeawallError) as raised:
        _unpack(kept)
    return raised.value


@pytest.mark.parametrize(
    ("failure", "kind", "is_tried_again"),
    [
        (HostUnavailable("away", 7.0), HostUnavailable, True),
        (RateLimited("later", 60.0), RateLimited, True),
        (CircuitOpen("left alone", 29.0), HostUnavailable, True),
        (Garbled("no JSON"), HostUnavailable, True),
        (OutcomeUnknown("lost"), OutcomeUnknown, True),
        (LedgerError("full"), LedgerError, True),
        (Rejected("no"), Rejected, False),
        (ValueError("a bug"), SeawallError, False),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_an_error_of_a_room_is_afterwards_the_one_of_the_house_that_it_is(
    failure: Exception, kind: Callable[..., SeawallError], is_tried_again: bool
) -> None:
    raised = after_a_crash(failure)
    assert type(raised) is kind
    assert is_worth_retrying(raised) == is_tried_again
    assert getattr(raised, "retry_after_s", None) == getattr(failure, "retry_after_s", None)
