"""What the doctor says of the ways a week takes, before Monday."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.demo.standin import StandIn
from bot.errors import RetryableError, SettingsError
from bot.settings import load_settings
from bot.weekly.delivery.folder import write
from bot.weekly.delivery.readiness import readiness
from tests.weekly.mail_server import MailServer, mail_server

MAIL = {"to_mail": ["lead@acme.example"], "mail_host": "127.0.0.1", "mail_from": "seawall@acme.example"}


@pytest.fixture
def there(tmp_path: Path) -> Iterator[MailServer]:
    with mail_server(tmp_path) as server:
        server.offers_tls = False
        yield server


def said(is_offline: bool = True, github: dict[str, Any] | None = None, **weekly: Any) -> dict[str, tuple[Any, str]]:
    settings = load_settings({}, None, trust_here=False, weekly=weekly, github=github or {})
    return {line.part: (line.is_well, f"{line.says} {line.advice}") for line in readiness(settings, is_offline)}


def test_without_destinations_it_says_when_and_to_whom() -> None:
    ((part, (is_well, says)),) = said(zone="Europe/Berlin").items()
    assert (part, is_well) == ("weekly", True)
    assert says.strip() == "on Mondays at 08:00 (Europe/Berlin), to channels that subscribed"


def test_who_lives_by_a_clock_of_its_own_has_a_line_of_its_own() -> None:
    found = said(clocks=[{"of": "acme", "zone": "Asia/Kathmandu", "day": "sun"}])
    assert found["weekly of acme"] == (True, "on Sundays at 08:00 (Asia/Kathmandu) ")


@pytest.mark.parametrize("channel", ["slack:C024BE91L", "teams", "signed"])
def test_a_channel_that_cannot_be_posted_to_is_told(channel: str) -> None:
    assert said(channels=[channel])["weekly chat"][0] is False


def test_mail_without_a_server_is_told() -> None:
    assert said(to_mail=["lead@acme.example"])["weekly mail"][0] is False


def test_the_mail_server_is_asked(there: MailServer) -> None:
    found = said(False, **MAIL, mail_port=there.port, mail_security="none")["weekly mail"]
    assert found[0] is True
    assert "answers" in found[1]
    assert said(False, **MAIL, mail_port=1)["weekly mail"][0] is False
    assert there.taken == []


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    assert said(folder=str(tmp_path / "weeks"))["weekly folder"][0] is True
    (tmp_path / "file").write_text("")
    assert said(folder=str(tmp_path / "file" / "weeks"))["weekly folder"][0] is False


def test_an_app_that_may_write_no_issue_is_told() -> None:
    with StandIn() as github:
        github.add_repository("acme", "ops", "nowhere")
        app = {"base_url": github.base_url, "app_id": github.app.id, "private_key": github.app.private_key}
        assert said(False, app, issue_repository="acme/ops")["weekly issue"] == (True, "in acme/ops ")
        github.app.permissions["issues"] = "read"
        is_well, says = said(False, app, issue_repository="acme/ops")["weekly issue"]
        assert is_well is False
        assert "issues: write" in says
        assert said(False, app, issue_repository="acme/other")["weekly issue"][0] is False
        github.app.permissions["issues"] = "write"


def test_files_are_replaced_as_a_whole_and_stay_in_their_folder(tmp_path: Path) -> None:
    for text in ("first", "second"):
        (path,) = write(tmp_path, "acme/shop", "2026-W47", {"md": text})
    assert path == tmp_path / "acme/shop/2026-W47.md"
    assert path.read_text() == "second"
    assert [one.name for one in path.parent.iterdir()] == ["2026-W47.md"]
    for strange in ("../etc", "acme/..", "/acme", "acme/", "acme\\shop"):
        with pytest.raises(SettingsError):
            write(tmp_path, strange, "2026-W47", {"md": ""})


def test_a_disk_that_takes_nothing_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "acme").write_text("a file where a folder should be")
    with pytest.raises(RetryableError, match=r"weekly\.folder"):
        write(tmp_path, "acme/shop", "2026-W47", {"md": ""})
