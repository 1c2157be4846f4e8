from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.webhooks.edge import MemoryInbox, edge_settings
from webhooks.app import create_app


@pytest.fixture
def inbox() -> MemoryInbox:
    return MemoryInbox()


@pytest.fixture
def client(tmp_path: Path, inbox: MemoryInbox) -> FlaskClient:
    return create_app(edge_settings(tmp_path), inbox).test_client()
