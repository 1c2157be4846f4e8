"""The instalment rate, from treasury. Changes once a day; an old one is better than none."""

import logging
import random
import time
from pathlib import Path

import requests

log = logging.getLogger(__name__)

TREASURY = "http://treasury.internal/rates/instalments"
KEPT_S = 3600
ATTEMPTS = 3
_CACHE = Path("/var/cache/payments/rate")


def current() -> str:
    """The rate as a decimal string, at most an hour old unless treasury is down."""
    if _age_s() < KEPT_S:
        return _CACHE.read_text()
    try:
        rate = _fetch()
    except requests.RequestException:
        log.exception("treasury does not answer, using the last rate")
        return _CACHE.read_text()
    with _CACHE.open("w") as cache:
        cache.write(rate)
    return rate


def _fetch() -> str:
    for attempt in range(1, ATTEMPTS + 1):
        try:
            answer = requests.get(TREASURY, timeout=(0.2, 0.5))
            answer.raise_for_status()
            return answer.json()["rate"]
        except requests.RequestException:
            if attempt == ATTEMPTS:
                raise
            time.sleep(random.uniform(0, 0.1 * 2**attempt))
    raise AssertionError("unreachable")


def _age_s() -> float:
    return time.time() - _CACHE.stat().st_mtime if _CACHE.exists() else float("inf")
