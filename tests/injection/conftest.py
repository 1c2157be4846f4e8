"""A scene for each attack its own; the doubles around it."""

import io
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from bot.logs import set_up_logs
from bot.settings.service import Log
from tests.injection.obedient import Obedient
from tests.injection.scene import Scene
from tests.injection.watched import ENVIRONMENT_SECRET
from tests.transports.receiver import Receiver, receiver
from tests.transports.slack_double import SlackDouble, slack


@pytest.fixture(scope="session")
def slack_side() -> Iterator[SlackDouble]:
    with slack() as double:
        yield double


@pytest.fixture(scope="session")
def hook() -> Iterator[Receiver]:
    with receiver() as posted:
        yield posted


@pytest.fixture(scope="session")
def obedient() -> Iterator[Obedient]:
    model = Obedient()
    yield model
    model.close()


@pytest.fixture
def logs() -> Iterator[io.StringIO]:
    """What the service logs, as its operator would read it."""
    root, stream = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers[:], root.level
    set_up_logs(Log(level="info", format="json"), stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def prepare(
    tmp_path: Path,
    obedient: Obedient,
    slack_side: SlackDouble,
    hook: Receiver,
    logs: io.StringIO,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Callable[..., Scene]]:
    """`prepare(mode="gate")` makes a scene under that policy; each is its own."""
    monkeypatch.setenv("DATABASE_PASSWORD", ENVIRONMENT_SECRET)
    for kept in (obedient.requests, obedient.obeyed, slack_side.posted, slack_side.called, hook.got):
        kept.clear()
    made: list[Scene] = []

    def make(**policy: Any) -> Scene:
        made.append(Scene(tmp_path / f"scene-{len(made)}", obedient, slack_side, hook, logs, **policy))
        return made[-1]

    yield make
    for scene in made:
        scene.close()


@pytest.fixture
def scene(prepare: Callable[..., Scene]) -> Scene:
    return prepare()
