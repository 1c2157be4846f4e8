"""How the time of a review is shared between its rounds of questions."""

from bot.engine.asking import SHARE_BEFORE_ANOTHER, SHARE_OF_TIME, share_of


def test_a_round_that_is_followed_by_another_leaves_it_room() -> None:
    assert share_of([{"index": 0, "is_followed": True}, {"index": 1, "is_followed": True}]) == SHARE_BEFORE_ANOTHER
    left = 1 - SHARE_BEFORE_ANOTHER
    assert left * SHARE_OF_TIME >= 0.3, "of fifteen minutes, more than four for the doubt"


def test_the_last_round_leaves_only_what_publishing_needs() -> None:
    assert share_of([{"index": 0, "is_followed": False}]) == SHARE_OF_TIME
    assert share_of([{"index": 0}]) == SHARE_OF_TIME
