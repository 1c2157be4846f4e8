"""The App, its installations, their tokens, its deliveries; the user behind a token; the rate limit."""

from flask import Blueprint, Response, request

from bot.demo.standin.credentials import Token
from bot.demo.standin.refusals import Refusal, not_found
from bot.demo.standin.routes.asking import answer, body, caller, courier, links, page_after, page_of, the_app, world
from bot.demo.standin.shapes import accounts, deliveries
from bot.demo.standin.shapes.repositories import repository

routes = Blueprint("apps", __name__)


@routes.get("/app")
def get_app() -> Response:
    the_app()
    return answer(accounts.app(world().app, links()) | {"installations_count": len(world().installations)})


@routes.get("/app/installations")
def list_installations() -> Response:
    the_app()
    page, headers = page_of(list(world().installations.values()))
    return answer([accounts.installation(one, world().app, links()) for one in page], headers=headers)


@routes.get("/app/installations/<int:installation_id>")
def get_installation(installation_id: int) -> Response:
    the_app()
    return answer(accounts.installation(world().installation_by_id(installation_id), world().app, links()))


@routes.get("/repos/<owner>/<repo>/installation")
def get_repository_installation(owner: str, repo: str) -> Response:
    the_app()
    found = world().repository(f"{owner}/{repo}")
    return answer(accounts.installation(world().installation_by_id(found.installation_id), world().app, links()))


@routes.post("/app/installations/<int:installation_id>/access_tokens")
def create_access_token(installation_id: int) -> Response:
    the_app()
    installation = world().installation_by_id(installation_id)
    granted, wanted = world().app.permissions, body().get("permissions") or world().app.permissions
    if any(level != granted.get(name) and granted.get(name) != "write" for name, level in wanted.items()):
        raise Refusal(422, "The permissions requested are not granted to this installation.")
    token = world().tokens.issue(world().bot, installation.id, dict(wanted))
    return answer(accounts.access_token(token), 201)


@routes.get("/installation/repositories")
def list_installation_repositories() -> Response:
    token = caller()
    if not token.is_installation:
        raise Refusal(403, "You must authenticate with an installation access token in order to list repositories")
    found = [one for one in world().repositories.values() if one.installation_id == token.installation_id]
    page, headers = page_of(found)
    shown = [repository(one, links()) for one in page]
    return answer({"total_count": len(found), "repository_selection": "all", "repositories": shown}, headers=headers)


@routes.get("/app/hook/config")
def get_hook_config() -> Response:
    the_app()
    target = courier().target
    secret = {"secret": "********"} if target and target.secret else {}
    url = {"url": target.url} if target else {}
    return answer({"content_type": "json", "insecure_ssl": "0"} | secret | url)


@routes.get("/app/hook/deliveries")
def list_deliveries() -> Response:
    the_app()
    page, headers = page_after(courier().deliveries(), request.args.get("cursor", ""))
    return answer([deliveries.item(one) for one in page], headers=headers)


@routes.get("/app/hook/deliveries/<int:delivery_id>")
def get_delivery(delivery_id: int) -> Response:
    the_app()
    found = courier().delivery(delivery_id)
    if found is None:
        raise not_found()
    return answer(deliveries.full(found))


@routes.post("/app/hook/deliveries/<int:delivery_id>/attempts")
def redeliver(delivery_id: int) -> Response:
    the_app()
    if not courier().redeliver(delivery_id):
        raise not_found()
    return answer({}, 202)


@routes.get("/user")
def get_user() -> Response:
    token = caller()
    if token.is_installation:
        raise Refusal(403, "Resource not accessible by integration")
    return answer(accounts.own_user(token.account, links()))


@routes.get("/rate_limit")
def get_rate_limit() -> Response:
    """Asking for the limit costs nothing."""
    token = world().tokens.find(request.headers.get("Authorization", ""))
    core = _quota(token)
    fixed = {"limit": 30, "used": 0, "remaining": 30, "reset": core["reset"]}
    return answer({"resources": {"core": core, "search": fixed, "graphql": core}, "rate": core})


def _quota(token: Token) -> dict[str, int]:
    limit, now = world().tokens.rate_limit, world().clock()
    used = token.used if token.resets_at and token.resets_at > now else 0
    reset = int((token.resets_at if used and token.resets_at else now).timestamp())
    return {"limit": limit, "used": used, "remaining": max(0, limit - used), "reset": reset}
