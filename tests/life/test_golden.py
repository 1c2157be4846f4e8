"""What people read on a pull request, to the letter. After a change that is meant: `GOLDEN=write pytest tests/life`,
and read what it wrote."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.life.golden_stories import STORIES, told
from tests.life.stage import Stage

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_a_story_reads_as_it_did(story: Callable[[Stage], str], tmp_path: Path) -> None:
    page = told(story, tmp_path)
    kept = GOLDEN / f"{story.__name__}.md"
    if os.environ.get("GOLDEN") == "write":
        kept.write_text(page)
    assert page == kept.read_text()
