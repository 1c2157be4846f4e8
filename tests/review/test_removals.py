"""What a change takes away is for a scan where its title says so, or where it goes through many files."""

import pytest

from bot.review.removals import MOST_FILES, removals_weighed
from bot.rules.weighing import SHOWN_ONLY
from tests.review.repositories import Repository

LOST = Repository({"a.py": "ask()\n"}, "a.py", "ask()", kind="timeout-removed").finding
FEW = [f"{number}.py" for number in range(MOST_FILES)]
NEW = Repository({"a.py": "ask()\n"}, "a.py", "ask()").finding


@pytest.mark.parametrize(
    "title",
    ["Remove snapshot deletion timeout (#7282)", "fix: dropped the deadline of reads", "Disable request time-outs"],
)
def test_who_says_so_in_the_title_has_decided(title):
    lost, new = removals_weighed([LOST, NEW], title, FEW)
    assert (lost.confidence, new.confidence) == (SHOWN_ONLY, 0.9)


@pytest.mark.parametrize("title", ["", "Remove unused imports", "Timeouts: remove them not", "Raise the timeout"])
def test_other_titles_decide_nothing(title):
    assert removals_weighed([LOST, NEW], title, FEW) == (LOST, NEW)


def test_what_is_less_certain_stays_so():
    [lost] = removals_weighed([LOST.model_copy(update={"confidence": 0.2})], "Remove the timeout", FEW)
    assert lost.confidence == 0.2


def test_what_many_files_go_through_has_mostly_moved():
    own = LOST.model_copy(update={"rule": "own/timeout-removed"})
    found = removals_weighed([LOST, NEW, own], "Rework the client", [*FEW, "last.py"])
    assert [one.confidence for one in found] == [SHOWN_ONLY, 0.9, 0.9]
