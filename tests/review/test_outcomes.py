"""What became of a point, from all that was seen to happen to it."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Evidence, Fate, PointState
from bot.review.outcomes import fate_of, state_of

_CODE_FIXED, _CODE_BACK, _CODE_GONE = ("code", "fixed", ""), ("code", "open", ""), ("code", "stale", "")
_MERGED, _CLOSED = ("merged", "ignored", ""), ("closed", "open", "")
_UP, _DOWN = ("reaction", "accepted", "ada"), ("reaction", "disputed", "ben")
_TAKEN_BACK = ("reaction", "open", "ben")
_DISMISSED, _RAISED_AGAIN = ("command", "dismissed", "ada"), ("command", "open", "ada")
_COMMITTED = ("suggestion-committed", "fixed", "ada")
_RESOLVED = ("thread", "ignored", "ada")


def seen(*told: tuple[str, str, str]) -> list[Evidence]:
    """One after the other, a minute apart."""
    return [
        Evidence.model_validate(
            {"kind": kind, "says": says, "actor": actor, "at": f"2026-11-22T10:{minute:02}:00+00:00"}
        )
        for minute, (kind, says, actor) in enumerate(told)
    ]


@pytest.mark.parametrize(
    ("told", "state", "fate"),
    [
        ((), "open", "unknown"),
        ((_CODE_FIXED,), "fixed", "unknown"),
        ((_CODE_FIXED, _MERGED), "fixed", "fixed"),
        ((_CODE_FIXED, _CODE_BACK, _MERGED), "open", "ignored"),
        ((_CODE_FIXED, _CODE_BACK, _CODE_FIXED, _MERGED), "fixed", "fixed"),
        ((_CODE_GONE, _MERGED), "stale", "stale"),
        ((_MERGED,), "open", "ignored"),
        ((_CLOSED,), "open", "unknown"),
        ((("merged", "open", ""),), "open", "unknown"),
        ((_UP, _MERGED), "accepted", "accepted"),
        ((_DOWN, _MERGED), "disputed", "disputed"),
        ((_DOWN, _TAKEN_BACK, _MERGED), "open", "ignored"),
        ((_UP, _DOWN, _MERGED), "disputed", "disputed"),
        ((_DOWN, _UP, _MERGED), "accepted", "accepted"),
        ((_UP, _CODE_FIXED, _MERGED), "fixed", "fixed"),
        ((_DOWN, _CODE_FIXED, _MERGED), "disputed", "disputed"),
        ((_DOWN, _CODE_FIXED, _COMMITTED, _MERGED), "fixed", "fixed"),
        ((_COMMITTED, _MERGED), "open", "ignored"),
        ((_DISMISSED, _MERGED), "dismissed", "dismissed"),
        ((_DISMISSED, _CODE_FIXED, _MERGED), "dismissed", "dismissed"),
        ((_DISMISSED, _RAISED_AGAIN, _CODE_FIXED, _MERGED), "fixed", "fixed"),
        ((_RESOLVED, _MERGED), "open", "ignored"),
        ((_RESOLVED, _CODE_FIXED, _MERGED), "fixed", "fixed"),
    ],
)
def test_each_course_of_events_has_its_state_and_its_fate(
    told: tuple[tuple[str, str, str], ...], state: PointState, fate: Fate
) -> None:
    evidence = seen(*told)
    assert (state_of(evidence), fate_of(evidence)) == (state, fate)


_ANY = (
    _CODE_BACK,
    _CODE_GONE,
    _UP,
    _DOWN,
    _TAKEN_BACK,
    _DISMISSED,
    _RAISED_AGAIN,
    _RESOLVED,
    _COMMITTED,
    _MERGED,
    _CLOSED,
)


@given(st.lists(st.sampled_from(_ANY), max_size=8))
def test_without_code_that_shows_it_nothing_is_ever_fixed(told: list[tuple[str, str, str]]) -> None:
    assert state_of(seen(*told)) != "fixed"
    assert fate_of(seen(*told)) != "fixed"


@given(st.lists(st.sampled_from((*_ANY, _CODE_FIXED)), max_size=5))
def test_the_order_in_which_evidence_was_written_down_does_not_matter(told: list[tuple[str, str, str]]) -> None:
    evidence = seen(*told)
    assert {fate_of(order) for order in itertools.islice(itertools.permutations(evidence), 24)} == {fate_of(evidence)}
