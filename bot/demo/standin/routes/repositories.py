"""Repositories, and what people may do in them."""

from flask import Blueprint, Response

from bot.demo.standin.refusals import Refusal
from bot.demo.standin.routes.asking import answer, links, repository, world
from bot.demo.standin.shapes.accounts import collaborator
from bot.demo.standin.shapes.repositories import full_repository

routes = Blueprint("repositories", __name__)


@routes.get("/repos/<owner>/<repo>")
def get_repository(owner: str, repo: str) -> Response:
    return answer(full_repository(repository(owner, repo), links()))


@routes.get("/repos/<owner>/<repo>/collaborators/<username>/permission")
def get_permission(owner: str, repo: str, username: str) -> Response:
    """404 for a name that nobody has."""
    found = repository(owner, repo)
    if username not in world().accounts and username not in found.collaborators:
        raise Refusal(404, f"{username} is not a user")
    otherwise = "none" if found.is_private else "read"
    permission = "admin" if username == owner else found.collaborators.get(username, otherwise)
    return answer(collaborator(world().account(username), permission, links()))
