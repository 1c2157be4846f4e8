"""The JSON's blueprint: a token before everything, no session, no cookie, and errors as JSON."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from flask import Blueprint, Response, g, jsonify, request
from werkzeug.exceptions import HTTPException

from bot.dashboard.api.openapi import BASE, description
from bot.dashboard.api.record_resources import RECORD
from bot.dashboard.api.resource import Resource
from bot.dashboard.api.tokens import viewer_of
from bot.dashboard.api.week_resources import WEEKS
from bot.dashboard.desk import Desk
from bot.dashboard.wording import all_printable
from bot.errors import LedgerError, NotFound, RetryableError, UsageError
from bot.logs import logger

log = logger(__name__)

RESOURCES = (*RECORD, *WEEKS)
_BEARER: Final = {"WWW-Authenticate": 'Bearer realm="seawall"'}
_LATER: Final = {"Retry-After": "30"}
Refused = tuple[Response, int, dict[str, str]]


def api(desk: Desk) -> Blueprint:
    """Every resource with its route, and `/openapi.json`, which tells nothing that is on record and needs no token."""
    routes = Blueprint("dashboard_api", __name__, url_prefix=BASE)
    described = f"{routes.name}.openapi"

    @routes.before_request
    def know_the_token() -> Refused | None:
        if request.endpoint == described:
            return None
        viewer = viewer_of(desk, request.headers.get("Authorization", ""))
        if viewer is None:
            return _error("Send a token that has not ended: `Authorization: Bearer …`.", 401, _BEARER)
        g.viewer = viewer
        return None

    @routes.get("/openapi.json")
    def openapi() -> Response:
        return jsonify(description(RESOURCES))

    for resource in RESOURCES:
        routes.add_url_rule(resource.route, resource.name, _view(desk, resource), methods=["GET"])
    _tell_errors(routes)
    return routes


def _view(desk: Desk, resource: Resource) -> Any:
    known = {one.name for one in resource.where(is_path=False)}

    def view(**in_path: str) -> Response:
        if strange := sorted(set(request.args) - known):
            raise UsageError(f"{resource.path} knows no `{strange[0][:40]}`. See {BASE}/openapi.json.")
        return jsonify(all_printable(resource.answer(desk, request.args.to_dict() | in_path)))

    return view


def _tell_errors(routes: Blueprint) -> None:
    @routes.errorhandler(NotFound)
    def missing(error: NotFound) -> Refused:
        return _error(str(error), 404)

    @routes.errorhandler(UsageError)
    def wrong(error: UsageError) -> Refused:
        return _error(str(error), 400)

    @routes.errorhandler(LedgerError)
    @routes.errorhandler(RetryableError)
    def away(error: Exception) -> Refused:
        log.warning("an answer could not be made", path=request.path, reason=str(error))
        return _error("The record, or what it needs, does not answer right now.", 503, _LATER)

    @routes.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Refused:
        return _error(f"{error.name}.", error.code or 500)


def _error(line: str, status: int, headers: Mapping[str, str] = MappingProxyType({})) -> Refused:
    return jsonify(error=line), status, dict(headers)
