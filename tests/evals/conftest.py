"""What the tests on evaluations share.

The trees of the cases hold tests of their own, which are part of what is reviewed and are not run.
"""

import pytest

from tests.evals.readers import Remembered

collect_ignore_glob = ["*/before/*", "*/after/*"]


@pytest.fixture
def remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cases of ours are read from disk once."""
    monkeypatch.setattr("bot.evals.run.CaseSource", Remembered)
