"""What answers carry beside their page: cookies, policies, how long they may be kept, where they lead."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from bot.dashboard.addresses import http_url
from bot.dashboard.people import new_link
from bot.ledger import Ledger
from tests.dashboard.test_signing_in import form_token
from tests.webhooks.edge import MemoryInbox, edge_settings
from webhooks.app import create_app

HERE = "http://127.0.0.1:8080"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
BROWSER = {"Accept": "text/html"}


@pytest.fixture
def browser(tmp_path: Path) -> FlaskClient:
    """Of whoever signed in with a one-time link."""
    settings = edge_settings(tmp_path)
    with Ledger(settings.ledger_path) as ledger:
        link = new_link(ledger, HERE, NOW)
    client = create_app(settings, MemoryInbox(), lambda: NOW).test_client()
    form = {"csrf_token": form_token(client.get(link, base_url=HERE)), "code": link.partition("code=")[2]}
    assert client.post("/sign-in/link", data=form, base_url=HERE).status_code == 303
    return client


@pytest.mark.parametrize("address", ["/static/seawall.css", "/healthz", "/metrics"])
def test_what_others_may_keep_carries_nobodys_cookie(browser: FlaskClient, address: str) -> None:
    answer = browser.get(address, base_url=HERE)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers


def test_what_is_not_there_is_not_kept_for_a_year(browser: FlaskClient) -> None:
    assert "immutable" in browser.get("/static/seawall.css", base_url=HERE).headers["Cache-Control"]
    assert browser.get("/static/other.css", base_url=HERE).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("address", ["/nothing", "/reviews/nothing"])
def test_an_error_page_may_load_its_style_wherever_it_stands(browser: FlaskClient, address: str) -> None:
    answer = browser.get(address, base_url=HERE, headers=BROWSER)
    assert answer.status_code == 404
    assert "seawall.css" in answer.text
    assert "style-src 'self'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "origin", ["http://[x", "127.0.0.1:8080", "http://evil.test", "http://127.0.0.1:8080.evil.test"]
)
def test_an_origin_that_is_not_ours_is_refused_however_it_is_spelt(browser: FlaskClient, origin: str) -> None:
    form = {"csrf_token": form_token(browser.get("/", base_url=HERE))}
    assert browser.post("/sign-out", data=form, base_url=HERE, headers={"Origin": origin}).status_code == 403
    assert browser.post("/sign-out", data=form, base_url=HERE, headers={"Origin": HERE}).status_code == 303


@pytest.mark.parametrize("kept", ["https://[x", "javascript:alert(1)", "//evil.test", "https:///x", "", None])
def test_an_address_on_record_that_leads_to_no_page_is_no_link(kept: str | None) -> None:
    assert http_url(kept) == ""
