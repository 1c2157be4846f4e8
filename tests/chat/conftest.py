"""The town, one guarded process and one edge for all of its tests."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.syntax.guard import Guard
from tests.chat.town import Town, settle
from tests.chat.ways import AtOnce, Edge
from tests.transports.signing import SIGNED_SECRET, SLACK_SECRET, TEAMS_SECRET
from tests.transports.slack_double import TOKEN, slack
from tests.webhooks.edge import edge_settings
from webhooks.app import create_app

Edges = Callable[[Town], Edge]


@pytest.fixture(scope="session")
def guard() -> Iterator[Guard]:
    with Guard(processes=1, timeout_s=30) as guard:
        yield guard


@pytest.fixture
def town(tmp_path: Path, guard: Guard) -> Iterator[Town]:
    town = settle(tmp_path, guard)
    yield town
    town.ledger.close()


@pytest.fixture(scope="session")
def edges(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edges]:
    """The edge, before which that town lies from now on."""
    secrets = {"slack_signing_secret": SLACK_SECRET, "teams_secret": TEAMS_SECRET, "signed_secret": SIGNED_SECRET}
    with slack() as there:
        bot = {"slack_bot_token": TOKEN, "slack_base_url": there.base_url}
        settings = edge_settings(tmp_path_factory.mktemp("edge"), chat=secrets | bot)
        inbox = AtOnce()
        client = create_app(settings, inbox).test_client()

        def before(town: Town) -> Edge:
            inbox.town = town
            return Edge(inbox, client, settings, there)

        yield before
