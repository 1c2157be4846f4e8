"""What tests of the rules share."""

import pytest


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every rule is heard as sure as it is of itself, whatever stands on record for it."""
    monkeypatch.setattr("bot.rules.weighing.is_said", lambda rule, language, sort: True)
