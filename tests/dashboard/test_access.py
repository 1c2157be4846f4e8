"""Who sees what: each cell of the table is a test."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from bot.ledger import Ledger
from tests.dashboard.two_teams import HERE, OURS, SECRET_WORD, THEIRS, Board, a_board

REVIEW = "/reviews/{0}%2312@bbbbbbbbbbbb..aaaaaaaaaaaa~1"
OF_OURS, OF_THEIRS = REVIEW.format(OURS), REVIEW.format(THEIRS)

PEOPLE: dict[str, Callable[[Board], FlaskClient]] = {
    "nobody": lambda board: _nobody(board),
    "a member without repositories": lambda board: board.as_person([]),
    "a member of our team": lambda board: board.as_person([OURS]),
    "an owner of the organisation": lambda board: board.as_person([OURS, THEIRS], is_admin=True),
    "whoever sits at the machine": lambda board: board.as_person(None, is_admin=True),
}
PAGES = {
    # page: what each of PEOPLE gets, in their order
    "/": (303, 200, 200, 200, 200),
    "/repositories": (303, 200, 200, 200, 200),
    "/repositories/acme/checkout": (303, 404, 200, 200, 200),
    "/repositories/acme/airship": (303, 404, 404, 200, 200),
    "/repositories/acme/nothing": (303, 404, 404, 404, 404),
    "/reviews": (303, 200, 200, 200, 200),
    OF_OURS: (303, 404, 200, 200, 200),
    OF_THEIRS: (303, 404, 404, 200, 200),
    "/reviews/nothing": (303, 404, 404, 404, 404),
    "/?repository=acme/airship": (303, 404, 404, 200, 200),
    "/reviews?repository=acme/airship": (303, 404, 404, 200, 200),
    "/charts/flow.svg": (303, 404, 200, 200, 200),
    "/charts/merged.svg?week=2026-W47": (303, 404, 200, 200, 200),
    "/charts/flow.svg?repository=acme/checkout": (303, 404, 200, 200, 200),
    "/charts/flow.svg?repository=acme/airship": (303, 404, 404, 200, 200),
    "/charts/nothing.svg": (303, 404, 404, 404, 404),
    "/weeks": (303, 200, 200, 200, 200),
    "/weeks/2026-W47": (303, 200, 200, 200, 200),
    "/weeks/2026-W47?repository=acme/airship": (303, 404, 404, 200, 200),
    "/rules": (303, 200, 200, 200, 200),
    "/incidents": (303, 200, 200, 200, 200),
    "/search?q=post": (303, 200, 200, 200, 200),
    "/operations": (303, 200, 200, 200, 200),
    f"/operations/deliveries/guid-{OURS}": (303, 404, 200, 200, 200),
    f"/operations/deliveries/guid-{THEIRS}": (303, 404, 404, 200, 200),
    "/operations/deliveries/guid-of-none": (303, 404, 404, 404, 200),
    "/sign-in": (200, 200, 200, 200, 200),
    "/static/seawall.css": (200, 200, 200, 200, 200),
}


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory, two_teams: Path) -> Iterator[Board]:
    """One for all of these: they only look."""
    folder = tmp_path_factory.mktemp("board")
    with Ledger(Path(shutil.copy(two_teams, folder / "ledger.sqlite"))) as ledger:
        yield a_board(folder, ledger)


CELLS = [
    pytest.param(person, page, status, id=f"{person} at {page}")
    for page, statuses in PAGES.items()
    for person, status in zip(PEOPLE, statuses, strict=True)
]


def _nobody(board: Board) -> FlaskClient:
    client = board.app.test_client()
    client.environ_base["HTTP_HOST"] = "127.0.0.1:8080"
    return client


@pytest.mark.parametrize(("person", "page", "status"), CELLS)
def test_who_sees_what(board: Board, person: str, page: str, status: int) -> None:
    assert PEOPLE[person](board).get(page, base_url=HERE).status_code == status


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("export", ["", "format=csv", "format=json&table=waiting", "format=json&table=runs"])
def test_no_page_and_no_export_tells_our_team_of_theirs(board: Board, page: str, export: str) -> None:
    address = f"{page}{'&' if '?' in page else '?'}{export}"
    answer = board.as_person([OURS]).get(address, base_url=HERE)
    told = answer.text.replace(page.partition("?")[0], "")  # a wrong address may be told back
    assert SECRET_WORD not in answer.text
    assert "airship" not in told or answer.status_code != 200


def test_what_may_not_be_seen_and_what_is_not_there_look_the_same(board: Board) -> None:
    """Otherwise the address would tell which repositories there are."""
    ours = board.as_person([OURS])
    hidden = ours.get("/repositories/acme/airship", base_url=HERE)
    nothing = ours.get("/repositories/acme/nothing", base_url=HERE)
    assert (hidden.status_code, hidden.text) == (nothing.status_code, nothing.text)
    assert ours.get(OF_THEIRS, base_url=HERE).text == ours.get("/reviews/nothing", base_url=HERE).text


def test_facts_computed_for_one_person_are_not_shown_to_another(board: Board) -> None:
    everything = board.as_person(None).get("/", base_url=HERE).text
    ours = board.as_person([OURS]).get("/", base_url=HERE).text
    nothing = board.as_person([]).get("/", base_url=HERE).text
    assert "acme/airship" in everything
    assert "acme/airship" not in ours
    assert "acme/checkout" not in nothing


@pytest.mark.parametrize("page", ["/", "/repositories/acme/checkout", OF_OURS])
def test_no_person_is_named(board: Board, page: str) -> None:
    board.ledger.keep_event(OURS, 12, "opened", "2026-11-20T09:00:00Z", "mona")
    board.ledger.keep_event(
        OURS, 12, "reviewed", "2026-11-20T10:00:00Z", "hubot", {"state": "approved", "review_id": 1}
    )
    page_text = board.as_person(None).get(page, base_url=HERE).text
    assert "mona" not in page_text
    assert "hubot" not in page_text
