"""Our own pace: what a limit of GitHub holds back, and what is said all the same."""

import pytest

from bot.errors import RateLimited
from bot.github.throttle import WORDS, Throttle


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def throttle(clock: Clock) -> Throttle:
    return Throttle(70, 450, 30.0, clock, lambda seconds: None)


def headers(remaining: object, resets_at: object = 2_000, limit: object = 5_000) -> dict[str, str]:
    told = {"limit": limit, "remaining": remaining, "reset": resets_at}
    return {f"x-ratelimit-{name}": str(value) for name, value in told.items()}


def test_while_a_limit_holds_a_few_words_go_out_and_nothing_else(throttle: Throttle, clock: Clock) -> None:
    throttle.rest(60.0)
    for _ in range(WORDS):
        with pytest.raises(RateLimited):
            throttle.admit(is_write=False)
        throttle.admit(is_write=True, is_word=True)
    with pytest.raises(RateLimited) as held:
        throttle.admit(is_write=True, is_word=True)
    assert held.value.retry_after_s == pytest.approx(60.0)
    throttle.rest(90.0)  # the same limit, heard again: no new words
    with pytest.raises(RateLimited):
        throttle.admit(is_write=True, is_word=True)
    clock.now += 91.0
    throttle.admit(is_write=False)
    throttle.rest(60.0)
    throttle.admit(is_write=True, is_word=True)


def test_it_rests_while_there_is_still_something_left_to_say_so_with(throttle: Throttle) -> None:
    throttle.heed(headers(WORDS + 1))
    throttle.admit(is_write=False)
    throttle.heed(headers(WORDS))
    with pytest.raises(RateLimited) as held:
        throttle.admit(is_write=False)
    assert held.value.retry_after_s == pytest.approx(1_001.0)
    throttle.admit(is_write=True, is_word=True)


@pytest.mark.parametrize(
    "told",
    [{}, headers("none"), headers(0, resets_at=900), headers(0, resets_at=10**30), headers(1, limit=WORDS)],
    ids=["nothing", "no number", "an hour that is over", "never", "a server with a tiny limit"],
)
def test_what_is_no_hourly_limit_holds_nothing_back(throttle: Throttle, told: dict[str, str]) -> None:
    throttle.heed(told)
    throttle.admit(is_write=False)
