"""Whose clock a page shows: that of the organisation, or of the repository, where nothing else is in sight."""

import json
from collections.abc import Iterator

import pytest

from bot.ledger import Ledger
from tests.dashboard.two_teams import HERE, OURS, THEIRS, Board, a_board, keep_two_teams

CLOCKS = [
    {"of": "acme", "zone": "Asia/Kathmandu"},
    {"of": "acme/checkout", "zone": "Pacific/Auckland"},
]


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    folder = tmp_path_factory.mktemp("clocks")
    with Ledger(folder / "ledger.sqlite") as ledger:
        keep_two_teams(ledger)
        yield a_board(folder, ledger, weekly={"clocks": CLOCKS})


@pytest.mark.parametrize(
    ("address", "zone"),
    [
        ("/", "Asia/Kathmandu"),
        ("/weeks", "Asia/Kathmandu"),
        ("/?repository=acme/checkout", "Pacific/Auckland"),
        ("/repositories/acme/checkout", "Pacific/Auckland"),
        ("/repositories/acme/airship", "Asia/Kathmandu"),
    ],
)
def test_times_are_those_of_what_is_in_sight(board: Board, address: str, zone: str) -> None:
    page = board.as_person((OURS, THEIRS)).get(address, base_url=HERE)
    assert page.status_code == 200
    assert f"Times are those of {zone}" in page.get_data(as_text=True)


def test_who_sees_one_repository_alone_has_its_clock(board: Board) -> None:
    page = board.as_person((OURS,)).get("/", base_url=HERE).get_data(as_text=True)
    assert "Times are those of Pacific/Auckland" in page


def test_a_page_for_nobody_in_particular_has_the_clock_for_all(board: Board) -> None:
    page = board.app.test_client().get("/sign-in", base_url=HERE).get_data(as_text=True)
    assert "Times are those of UTC" in page


def test_a_week_taken_along_begins_where_the_organisation_is(board: Board) -> None:
    client = board.as_person((OURS, THEIRS))
    week = json.loads(client.get("/weeks/2026-W46?format=json", base_url=HERE).get_data())
    assert (week["zone"], week["starts"]) == ("Asia/Kathmandu", "2026-11-08T18:15:00+00:00")
