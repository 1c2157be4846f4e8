"""`seawall dashboard login`: the link it prints opens the pages of that record."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner

from bot.cli.dashboard import dashboard
from bot.errors import SettingsError
from tests.webhooks.edge import MemoryInbox, edge_settings
from webhooks.app import create_app

HERE = "http://127.0.0.1:8080"


def test_the_link_that_is_printed_signs_one_person_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEAWALL_DATA_DIR", str(tmp_path))
    ran = CliRunner().invoke(dashboard, ["login"], catch_exceptions=False)
    link = ran.stdout.splitlines()[0]
    assert link.startswith(f"{HERE}/sign-in/link?code=")
    browser = create_app(edge_settings(tmp_path), MemoryInbox()).test_client()
    page = browser.get(link, base_url=HERE).text
    token = re.search(r'csrf_token" value="([^"]+)', page)
    assert token
    form = {"csrf_token": token[1], "code": parse_qs(urlsplit(link).query)["code"][0]}
    assert browser.post("/sign-in/link", data=form, base_url=HERE).status_code == 303
    assert browser.get("/repositories", base_url=HERE).status_code == 200


def test_it_names_the_public_address_where_there_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEAWALL_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SEAWALL_DASHBOARD__URL", "https://seawall.acme.example/")
    link = CliRunner().invoke(dashboard, ["login"], catch_exceptions=False).stdout
    assert link.startswith("https://seawall.acme.example/sign-in/link?code=")


@pytest.mark.parametrize(("name", "value"), [("DASHBOARD__ENABLED", "false"), ("WEB__PORT", "0")])
def test_without_pages_or_an_address_it_says_what_to_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv("SEAWALL_DATA_DIR", str(tmp_path))
    monkeypatch.setenv(f"SEAWALL_{name}", value)
    with pytest.raises(SettingsError, match="SEAWALL_"):
        CliRunner().invoke(dashboard, ["login"], catch_exceptions=False)
