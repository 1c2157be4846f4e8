"""Tries again what a busy or restarting peer could not do."""

from collections.abc import Callable

import httpx

ATTEMPTS = 3
_FIRST_WAIT_S = 0.5
_LONGEST_WAIT_S = 4.0
_WORTH_ANOTHER_TRY = (502, 503, 504)


def with_retries(
    send: Callable[[], httpx.Response], sleep: Callable[[float], None], random: Callable[[], float]
) -> httpx.Response:
    """The first answer that is final, or the last one. Raises httpx.TransportError of the last try.

    Waits between tries are drawn from zero to a bound that doubles (full jitter). `random` gives 0.0 to 1.0.
    """
    for attempt in range(ATTEMPTS):
        is_last = attempt == ATTEMPTS - 1
        try:
            response = send()
        except httpx.TransportError:
            if is_last:
                raise
        else:
            if is_last or response.status_code not in _WORTH_ANOTHER_TRY:
                return response
        sleep(random() * min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2**attempt))
    raise AssertionError("the last try returns or raises")
