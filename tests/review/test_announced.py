"""A limit that goes as the change's title says is for a scan."""

import pytest

from bot.review.announced import announced_is_shown_only
from bot.rules.weighing import SHOWN_ONLY
from tests.review.repositories import Repository

LOST = Repository({"a.py": "ask()\n"}, "a.py", "ask()", kind="timeout-removed").finding
NEW = Repository({"a.py": "ask()\n"}, "a.py", "ask()").finding


@pytest.mark.parametrize(
    "title",
    ["Remove snapshot deletion timeout (#7282)", "fix: dropped the deadline of reads", "Disable request time-outs"],
)
def test_who_says_so_in_the_title_has_decided(title):
    lost, new = announced_is_shown_only([LOST, NEW], title)
    assert (lost.confidence, new.confidence) == (SHOWN_ONLY, 0.9)


@pytest.mark.parametrize("title", ["", "Remove unused imports", "Timeouts: remove them not", "Raise the timeout"])
def test_other_titles_decide_nothing(title):
    assert announced_is_shown_only([LOST, NEW], title) == (LOST, NEW)


def test_what_is_less_certain_stays_so():
    [lost] = announced_is_shown_only([LOST.model_copy(update={"confidence": 0.2})], "Remove the timeout")
    assert lost.confidence == 0.2
