"""The JSON: every address answers as it is described, to whom a token was given, and of nothing else."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import jsonschema_rs
import pytest

from bot.dashboard.api.openapi import description
from bot.dashboard.api.resource import Resource
from bot.dashboard.api.routes import RESOURCES
from bot.dashboard.api.tokens import make_token
from tests.dashboard.two_teams import HERE, NOW, OURS, RULE, SECRET_WORD, THEIRS, Board
from tests.ledger.records import a_run

DESCRIBED = description(RESOURCES)
REVIEW = f"{a_run()['key']}~1"
CLASS, KIND = RULE.split("/")
IN_PATH = {"review": quote(REVIEW, safe=""), "class": CLASS, "kind": KIND, "week": "2026-W47"}


def ask(board: Board, address: str, token: str = "", **headers: str) -> Any:
    if token:
        headers["Authorization"] = f"Bearer {token}"
    return board.app.test_client().get(f"/api/v1{address}", base_url=HERE, headers=headers)


def a_token(board: Board, ids: list[int] | None, days: int = 30) -> str:
    return make_token(board.ledger, "grafana", "ana", ids, NOW, days)[1]


def address_of(resource: Resource) -> str:
    address = resource.path
    for name, value in IN_PATH.items():
        address = address.replace(f"{{{name}}}", value)
    return address + ("?q=post" if resource.name == "search" else "")


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda one: one.name)
def test_every_address_answers_as_it_is_described(board: Board, resource: Resource) -> None:
    operation = DESCRIBED["paths"][resource.path]["get"]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    answer = ask(board, address_of(resource), a_token(board, None))
    assert answer.status_code == 200
    told = answer.get_json()
    jsonschema_rs.validate(schema | {"components": DESCRIBED["components"]}, told)
    if "items" in told and resource.name != "models":
        assert told["items"], "an empty list fits every description"


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda one: one.name)
def test_no_address_tells_what_the_token_was_not_made_for(board: Board, resource: Resource) -> None:
    text = ask(board, address_of(resource), a_token(board, [OURS])).text
    assert SECRET_WORD not in text
    assert "airship" not in text


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda one: one.name)
def test_without_a_token_nothing_is_told_not_even_to_who_is_signed_in(board: Board, resource: Resource) -> None:
    described = {"error"}
    for client in (board.app.test_client(), board.as_person(None, is_admin=True)):
        answer = client.get(f"/api/v1{address_of(resource)}", base_url=HERE)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert answer.get_json().keys() == described
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda one: one.name)
def test_a_token_reads_and_nothing_else(board: Board, resource: Resource) -> None:
    token = a_token(board, None)
    for method in ("post", "put", "patch", "delete"):
        client = board.app.test_client()
        answer = getattr(client, method)(
            f"/api/v1{address_of(resource)}", base_url=HERE, headers={"Authorization": f"Bearer {token}"}
        )
        assert answer.status_code == 405


@pytest.mark.parametrize(
    "address",
    ["/reviews?repository=acme/airship", "/rules?repository=acme/airship", "/weeks/2026-W47?repository=acme/airship",
     f"/reviews/{quote(REVIEW.replace('71#', '72#'), safe='')}/findings", "/reviews/none/findings", "/rules/no/such",
     "/weeks/2027-W20"],
)  # fmt: skip
def test_what_the_token_may_not_see_is_not_there(board: Board, address: str) -> None:
    answer = ask(board, address, a_token(board, [OURS]))
    assert answer.status_code == 404
    assert answer.get_json()["error"]
    assert SECRET_WORD not in answer.text


def test_the_other_teams_review_is_there_for_their_own_token(board: Board) -> None:
    address = f"/reviews/{quote(REVIEW.replace('71#', '72#'), safe='')}/findings"
    assert SECRET_WORD in ask(board, address, a_token(board, [THEIRS])).text


@pytest.mark.parametrize(
    "address",
    ["/rules?since=yesterday", "/reviews?limit=0", "/reviews?limit=1001", "/reviews?limit=-1", "/reviews?limit=many",
     "/reviews?limit=٣", "/rules?nonsense=1", "/weeks/2026-W60", "/weeks/now"],
)  # fmt: skip
def test_what_cannot_be_asked_is_said_and_not_passed_over(board: Board, address: str) -> None:
    answer = ask(board, address, a_token(board, None))
    assert answer.status_code == 400
    assert answer.get_json()["error"]


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic YWJj", "Bearer swl_", "Bearer swl_" + "x" * 43])
def test_what_is_no_token_opens_nothing(board: Board, header: str) -> None:
    a_token(board, None)
    assert ask(board, "/rules", Authorization=header).status_code == 401


def test_a_token_ends_by_itself_and_at_once_when_it_is_taken_back(board: Board) -> None:
    token_id, token = make_token(board.ledger, "ci", "ana", None, NOW, 1)
    past = make_token(board.ledger, "old", "ana", None, NOW - timedelta(days=3), 2)[1]
    assert ask(board, "/rules", token).status_code == 200
    assert ask(board, "/rules", past).status_code == 401
    assert board.ledger.end_api_token(token_id, "2026-11-22T12:00:00+00:00")
    assert not board.ledger.end_api_token(token_id, "2026-11-22T12:00:01+00:00")
    assert ask(board, "/rules", token).status_code == 401


def test_the_ledger_keeps_no_token_and_knows_when_one_was_used(board: Board) -> None:
    token = a_token(board, [OURS])
    assert board.ledger.api_tokens()[0]["used_at"] == ""
    ask(board, "/rules", token)
    (row,) = board.ledger.api_tokens()
    assert row["used_at"].startswith("2026-11-22")
    assert row["repository_ids"] == [OURS]
    for file in board.folder.glob("ledger.sqlite*"):
        assert token.encode() not in file.read_bytes()


def test_the_description_is_for_everybody_and_tells_nothing_on_record(board: Board) -> None:
    answer = ask(board, "/openapi.json")
    assert answer.status_code == 200
    assert answer.get_json() == DESCRIBED
    assert "acme" not in answer.text
    assert answer.get_json()["paths"].keys() == {resource.path for resource in RESOURCES}


def test_every_schema_of_the_description_is_one(board: Board) -> None:
    for name, schema in DESCRIBED["components"]["schemas"].items():
        assert jsonschema_rs.meta.is_valid(schema | {"$schema": "https://json-schema.org/draft/2020-12/schema"}), name
    ids = [operation["get"]["operationId"] for operation in DESCRIBED["paths"].values()]
    assert len(ids) == len(set(ids))


def test_an_engine_that_is_away_is_told(board: Board) -> None:
    board.engine.is_away = True
    answer = ask(board, "/operations/queues", a_token(board, None))
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
