"""`seawall waivers` and `seawall incidents`: the registers on the host."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import seawall
from bot.domain import Point, PullRequest, Repository, Waiver
from bot.errors import NotFound
from bot.ledger import Ledger
from tests.review.builders import a_finding

REPOSITORY = Repository(id=42, owner="acme", name="shop")


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    monkeypatch.setenv("SEAWALL_DATA_DIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        sides = {"base_ref": "main", "base_sha": "b" * 40, "head_ref": "x", "head_sha": "a" * 40}
        ledger.keep_pull_request(PullRequest.model_validate({"repository": REPOSITORY, "number": 7, **sides}))
        yield ledger


def run(*arguments: str) -> Result:
    return CliRunner().invoke(seawall, arguments, catch_exceptions=False)


def test_waivers_are_listed_with_owner_and_reason(ledger: Ledger) -> None:
    assert run("waivers").output == "No waiver is in force.\n"
    waiver = Waiver(
        id="w-1234567",
        kind="muted",
        repository_id=42,
        rule="resource-leak",
        owner="mona",
        reason="the pool",
        at="2026-11-01T09:00:00+00:00",
    )
    ledger.keep_waiver(waiver)
    shown = " ".join(run("waivers", "--repo", "Acme/Shop").output.split())
    for part in ("w-1234567", "acme/shop", "muted", "resource-leak", "mona", "1 in force"):
        assert part in shown
    (row,) = json.loads(run("waivers", "--format", "json").output)
    assert (row["rule"], row["reason"]) == ("resource-leak", "the pool")


def test_a_repository_that_is_not_known_is_named_with_the_nearest(ledger: Ledger) -> None:
    with pytest.raises(NotFound, match="did you mean acme/shop"):
        run("waivers", "--repo", "acme/shp")


def test_a_folder_of_stories_is_taken_in_once(ledger: Ledger, tmp_path: Path) -> None:
    point = Point(
        fingerprint="f" * 16, finding=a_finding(), said="inline", first_head="a" * 40, last_head="a" * 40
    )  # fmt: skip
    ledger.keep_points(42, 7, [point])
    folder = tmp_path / "stories"
    (folder / ".hidden").mkdir(parents=True)
    (folder / ".hidden" / "draft.md").write_text("# Not yet")
    (folder / "picture.png").write_bytes(b"\x89PNG")
    (folder / "bank.md").write_text(
        "# The bank hung\n\n2026-10-03: a missing timeout, brought by https://github.com/acme/shop/pull/7\n"
    )
    (folder / "plug.md").write_text("# The plug\n\nSomebody pulled it.\n")
    (folder / "empty.md").write_text("")
    for _ in range(2):
        told = run("incidents", "import", str(folder), "--repo", "acme/shop")
        assert "2 taken in, 1 left out" in told.stderr
    by_title = {incident.title: incident for incident in ledger.incidents(42)}
    assert set(by_title) == {"The bank hung", "The plug"}
    bank = by_title["The bank hung"]
    assert (bank.number, bank.class_, bank.verdict, bank.broke_at) == (7, "missing-timeout", "fired", "2026-10-03")
    assert by_title["The plug"].verdict == "unknown"
    assert "The bank hung #7" in run("incidents", "list").output


def test_a_story_that_links_to_a_pull_request_finds_its_repository(ledger: Ledger, tmp_path: Path) -> None:
    story = tmp_path / "bank.txt"
    story.write_text("The bank hung\nacme/shop#7 had a missing timeout")
    run("incidents", "import", str(story))
    (incident,) = ledger.incidents(None)
    assert (incident.repository_id, incident.number, incident.verdict) == (42, 7, "missing")


def test_import_wants_files_and_list_wants_none(ledger: Ledger, tmp_path: Path) -> None:
    assert run("incidents", "import").exit_code == 2
    assert run("incidents", "list", str(tmp_path)).exit_code == 2
