"""What every route asks first: who is it, which repository, what does the body say, which page."""

import json
import re
from collections.abc import Sequence
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from flask import Response, g, request

from bot.demo.standin.courier import Courier
from bot.demo.standin.credentials import Token, verify_app_jwt
from bot.demo.standin.links import Links
from bot.demo.standin.records import Account, PullRequest, Repository
from bot.demo.standin.refusals import Refusal, not_found
from bot.demo.standin.shapes import iso
from bot.demo.standin.talk import Talk
from bot.demo.standin.world import World

LARGEST_BODY = 10 * 1024 * 1024
Item = TypeVar("Item")


def world() -> World:
    return request.environ["standin.world"]  # type: ignore[no-any-return]


def courier() -> Courier:
    return request.environ["standin.courier"]  # type: ignore[no-any-return]


def talk() -> Talk:
    return Talk(world(), courier(), links())


def links() -> Links:
    """Addresses as the caller sees this host; GitHub Enterprise Server's clients come in under /api/v3."""
    site = request.host_url.rstrip("/")
    return Links(api=site + request.script_root, site=site)


def caller() -> Token:
    """The token that asks, with one request taken from its quota; else 401, or 403 over the limit."""
    g.token = world().tokens.find(request.headers.get("Authorization", ""))
    world().tokens.spend(g.token)
    return g.token  # type: ignore[no-any-return]


def my_token() -> Token:
    """The token that `caller` took."""
    return g.token  # type: ignore[no-any-return]


def me() -> Account:
    """The account behind it."""
    return my_token().account


def the_app() -> None:
    """Only the App itself, by JWT, may go on."""
    here = world()
    verify_app_jwt(request.headers.get("Authorization", ""), here.app.id, here.app.key.public_key(), here.clock())


def repository(owner: str, name: str, permission: str = "", level: str = "read") -> Repository:
    """The repository in the address, if the caller may do this there."""
    token = caller()
    found = world().repository(f"{owner}/{name}", token)
    if permission:
        token.require(permission, level)
    return found


def pull_request(owner: str, name: str, number: int, level: str = "read") -> tuple[Repository, PullRequest]:
    found = repository(owner, name, "pull_requests", level)
    if number not in found.pulls:
        raise not_found()
    return found, found.pulls[number]


def body() -> dict[str, Any]:
    """The JSON object sent; 400 where it is none."""
    sent = request.get_json(force=True, silent=True) if request.get_data() else {}
    if sent is None:
        raise Refusal(400, "Problems parsing JSON")
    if not isinstance(sent, dict):
        raise Refusal(400, "Body should be a JSON object")
    return sent


def changed_since(items: Sequence[Item]) -> Sequence[Item]:
    """Those changed at or after the time asked for (`since`), or all."""
    since = request.args.get("since", "")
    return [item for item in items if iso(item.updated_at) >= since] if since else items  # type: ignore[attr-defined]


def page_of(items: Sequence[Item]) -> tuple[Sequence[Item], dict[str, str]]:
    """The page asked for (`page` from 1, `per_page` up to 100, 30 unless told), and the Link header around it."""
    size, number = min(max(_number("per_page", 30), 1), 100), max(_number("page", 1), 1)
    last = max(1, -(-len(items) // size))
    ways = []
    if number < last:
        ways += [("next", number + 1), ("last", last)]
    if number > 1:
        ways += [("first", 1), ("prev", number - 1)]
    header = ", ".join(f'<{_address(page=str(at))}>; rel="{name}"' for name, at in ways)
    return items[(number - 1) * size : number * size], {"Link": header} if header else {}


def page_after(items: Sequence[Item], cursor: str) -> tuple[Sequence[Item], dict[str, str]]:
    """A page by cursor (here: the index of its first item), as GitHub pages through deliveries."""
    size = min(max(_number("per_page", 30), 1), 100)
    start = int(cursor[1:]) if re.fullmatch(r"v\d+", cursor) else 0
    if start + size >= len(items):
        return items[start : start + size], {}
    return items[start : start + size], {"Link": f'<{_address(cursor=f"v{start + size}")}>; rel="next"'}


def wants_raw() -> bool:
    return "raw" in request.headers.get("Accept", "")


def answer(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(json.dumps(body), status, headers, content_type="application/json; charset=utf-8")


def _number(name: str, otherwise: int) -> int:
    text = request.args.get(name, "")
    return int(text) if text.isdigit() else otherwise


def _address(**changed: str) -> str:
    return f"{links().api}{quote(request.path)}?{urlencode(request.args.to_dict() | changed)}"
