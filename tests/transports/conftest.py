from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.settings import Settings, load_settings
from tests.transports.slack_double import TOKEN, SlackDouble, slack


@pytest.fixture
def there() -> Iterator[SlackDouble]:
    with slack() as double:
        yield double


@pytest.fixture
def a_setting(tmp_path: Path) -> Callable[..., Settings]:
    """Settings with these of the group `chat`."""

    def make(**chat: Any) -> Settings:
        return load_settings({}, None, data_dir=str(tmp_path), chat=chat)

    return make


@pytest.fixture
def settings(a_setting: Callable[..., Settings], there: SlackDouble) -> Settings:
    return a_setting(slack_signing_secret="8f742231b10e", slack_bot_token=TOKEN, slack_base_url=there.base_url)
