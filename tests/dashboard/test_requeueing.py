"""A delivery once more: for administrators, by a form that is ours, and written down."""

import re

import pytest
from flask.testing import FlaskClient

from tests.dashboard.two_teams import HERE, OURS, THEIRS, Board

PAGE = f"/operations/deliveries/guid-{OURS}"


def form_of(client: FlaskClient, page: str = PAGE) -> dict[str, str]:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page, base_url=HERE).text)
    assert found is not None
    return {"csrf_token": found[1]}


def audit(board: Board) -> list[dict[str, object]]:
    return board.ledger.ask("audit-seen", repositories="[71, 72]", unbound=1, since="", limit=9)


def test_what_a_delivery_asked_for_is_asked_once_more_and_written_down(board: Board) -> None:
    client = board.as_person(None, is_admin=True)
    answer = client.post(f"{PAGE}/requeue", data=form_of(client), base_url=HERE)
    assert (answer.status_code, answer.location) == (303, f"{PAGE}?told=queued")
    (taken,) = board.engine.taken
    assert taken.guid == f"guid-{OURS}+again-20261122T1200"
    assert taken.jobs[0].kind == "review"
    assert taken.repository is not None
    assert taken.repository.installation_id == 5
    assert "It is in line again." in client.get(answer.location, base_url=HERE).text
    (row,) = audit(board)
    assert (row["who"], row["done"], row["subject"], row["outcome"]) == (
        "p1",
        "requeue",
        f"delivery guid-{OURS}",
        "queued",
    )
    assert "delivery guid-71" in client.get("/operations", base_url=HERE).text


def test_pressed_twice_it_is_once(board: Board) -> None:
    client = board.as_person(None, is_admin=True)
    form = form_of(client)
    told = [client.post(f"{PAGE}/requeue", data=form, base_url=HERE).location for _ in range(2)]
    assert [one.partition("told=")[2] for one in told] == ["queued", "known"]
    assert len(board.engine.taken) == 1


def test_an_engine_that_is_away_is_said_and_the_page_stands(board: Board) -> None:
    client = board.as_person(None, is_admin=True)
    form = form_of(client)
    board.engine.is_away = True
    answer = client.post(f"{PAGE}/requeue", data=form, base_url=HERE)
    assert answer.status_code == 303, answer.text
    assert answer.location.endswith("told=away")
    page = client.get("/operations", base_url=HERE)
    assert page.status_code == 200
    assert "The engine does not answer." in page.text


def test_what_is_no_longer_kept_cannot_be_asked_again(board: Board) -> None:
    client = board.as_person(None, is_admin=True)
    form = form_of(client)
    board.ledger.retention(-1, board.now)
    assert client.post(f"{PAGE}/requeue", data=form, base_url=HERE).location.endswith("told=gone")
    assert board.engine.taken == []


def test_for_others_there_is_no_button_and_nothing_behind_it(board: Board) -> None:
    client = board.as_person([OURS])
    form = form_of(client, "/rules")
    assert "Put in line again" not in client.get(PAGE, base_url=HERE).text
    assert client.post(f"{PAGE}/requeue", data=form, base_url=HERE).status_code == 404
    text = client.get("/operations", base_url=HERE).text
    assert "What people did" not in text
    assert "Model budget" not in text
    assert board.engine.taken == []
    assert audit(board) == []


def test_an_administrator_of_one_team_cannot_reach_another_teams_delivery(board: Board) -> None:
    client = board.as_person([OURS], is_admin=True)
    form = form_of(client)
    for guid in (f"guid-{THEIRS}", "guid-of-none"):
        page = f"/operations/deliveries/{guid}/requeue"
        assert client.post(page, data=form, base_url=HERE).status_code == 404
    assert board.engine.taken == []


@pytest.mark.parametrize("form", [{}, {"csrf_token": ""}, {"csrf_token": "made-up"}])
def test_a_form_that_is_not_ours_does_nothing(board: Board, form: dict[str, str]) -> None:
    client = board.as_person(None, is_admin=True)
    assert client.post(f"{PAGE}/requeue", data=form, base_url=HERE).status_code == 400
    assert board.engine.taken == []


def test_a_form_of_another_site_does_nothing(board: Board) -> None:
    client = board.as_person(None, is_admin=True)
    form = form_of(client)
    for headers in ({"Origin": "https://evil.test"}, {"Sec-Fetch-Site": "cross-site"}):
        assert client.post(f"{PAGE}/requeue", data=form, headers=headers, base_url=HERE).status_code == 403
    assert client.get(f"{PAGE}/requeue", base_url=HERE).status_code in (404, 405)
    assert board.engine.taken == []


def test_nobody_who_is_not_signed_in_gets_there(board: Board) -> None:
    assert board.app.test_client().post(f"{PAGE}/requeue", base_url=HERE).status_code in (400, 401)
    assert board.engine.taken == []
