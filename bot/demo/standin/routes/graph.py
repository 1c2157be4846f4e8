"""GraphQL: the same state, asked for in one go."""

from functools import cache
from importlib.resources import files
from typing import Any

from flask import Blueprint, Response
from graphql import GraphQLError, GraphQLSchema, build_schema, graphql_sync

from bot.demo.standin.links import node_id
from bot.demo.standin.records import PullRequest, Repository
from bot.demo.standin.refusals import Refusal
from bot.demo.standin.routes.asking import answer, body, caller, links, me, my_token, talk, world
from bot.demo.standin.shapes import JSON, iso, nodes, posts
from bot.demo.standin.shapes.graph import GraphProblem, actor

routes = Blueprint("graph", __name__)


@routes.post("/graphql")
def graphql() -> Response:
    """200 with `data` and, where something failed, `errors`, each with GitHub's `type`."""
    caller()
    sent = body()
    query, variables = sent.get("query"), sent.get("variables")
    if not isinstance(query, str):
        raise Refusal(400, "A query attribute must be specified and must be a string.")
    result = graphql_sync(
        schema(),
        query,
        _Root(),
        context_value={"may_resolve": _may_resolve()},
        variable_values=variables,
        operation_name=sent.get("operationName"),
    )
    shown: JSON = {"data": result.data} if result.data is not None or not result.errors else {}
    if result.errors:
        shown["errors"] = [_error(error) for error in result.errors]
    return answer(shown)


@cache
def schema() -> GraphQLSchema:
    return build_schema((files("bot.demo.standin") / "schema.graphql").read_text("utf-8"))


class _Root:
    """The fields of Query and Mutation; graphql-core calls each by its name."""

    def viewer(self, _info: Any) -> JSON:
        """An installation sees itself with `[bot]`, unlike its posts."""
        account = my_token().account
        return actor(account, links()) | {"__typename": "User", "login": account.login}

    def rateLimit(self, _info: Any, dryRun: bool = False) -> JSON:
        token, limit = my_token(), world().tokens.rate_limit
        assert token.resets_at
        left = max(0, limit - token.used)
        at = iso(token.resets_at)
        return {"cost": 1, "limit": limit, "nodeCount": 0, "remaining": left, "resetAt": at, "used": token.used}

    def repository(self, _info: Any, owner: str, name: str, **_: Any) -> JSON:
        try:
            return nodes.repository(world().repository(f"{owner}/{name}", my_token()), links())
        except Refusal:
            problem = f"Could not resolve to a Repository with the name '{owner}/{name}'."
            raise GraphProblem("NOT_FOUND", problem) from None

    def node(self, _info: Any, id: str) -> JSON:
        for found, pull in _own_pulls():
            if id == node_id("PR", pull.id):
                return nodes.pull_request(found, pull, links())
            for review in pull.reviews.values():
                if id == node_id("PRR", review.id):
                    return nodes.review(found, pull, review, links())
            for comment in pull.review_comments.values():
                if id == node_id("PRRC", comment.id):
                    return posts.review_comment(found, pull, comment, links())
            for thread in pull.threads():
                if id == posts.thread_id(thread):
                    return posts.thread(found, pull, thread, links())
        raise _no_node(id)

    def resolveReviewThread(self, _info: Any, input: JSON) -> JSON:
        return _resolve(input, True)

    def unresolveReviewThread(self, _info: Any, input: JSON) -> JSON:
        return _resolve(input, False)

    def minimizeComment(self, _info: Any, input: JSON) -> JSON:
        my_token().require("pull_requests", "write")
        for found, pull in _own_pulls():
            for kind, type, said in (
                ("PRR", "PullRequestReview", pull.reviews),
                ("PRRC", "PullRequestReviewComment", pull.review_comments),
            ):
                for one in said.values():
                    if node_id(kind, one.id) == input["subjectId"]:
                        one.minimized = input["classifier"].lower().replace("_", "-")
                        shape: Any = nodes.review if type == "PullRequestReview" else posts.review_comment
                        return _payload(input, minimizedComment=shape(found, pull, one, links()))
        raise _no_node(input["subjectId"])


def _resolve(input: JSON, is_resolved: bool) -> JSON:
    for found, pull in _own_pulls():
        for thread in pull.threads():
            if posts.thread_id(thread) == input["threadId"]:
                if not _may_resolve():
                    raise Refusal(403, "Resource not accessible by integration")
                talk().resolve(found, pull, me(), thread, is_resolved)
                return _payload(input, thread=posts.thread(found, pull, thread, links()))
    raise _no_node(input["threadId"])


def _may_resolve() -> bool:
    """GitHub lets an App resolve threads only where it may write contents too, little as they have to do with it.
    https://github.com/orgs/community/discussions/44650
    """
    token = my_token()
    granted = (token.permissions.get(name) for name in ("contents", "pull_requests"))
    return not token.is_installation or all(level == "write" for level in granted)


def _payload(input: JSON, **fields: JSON) -> JSON:
    return {"clientMutationId": input.get("clientMutationId")} | fields


def _own_pulls() -> list[tuple[Repository, PullRequest]]:
    """Pull requests that the token may see."""
    token = my_token()
    seen = [*world().pulls()]
    return [one for one in seen if token.installation_id in (None, one[0].installation_id)]


def _no_node(id: str) -> GraphProblem:
    return GraphProblem("NOT_FOUND", f"Could not resolve to a node with the global id of '{id}'")


def _error(error: GraphQLError) -> JSON:
    """GitHub puts the type beside the message, not into `extensions`."""
    shown: JSON = dict(error.formatted)
    cause = error.original_error
    if isinstance(cause, GraphProblem):
        shown["type"] = cause.type
    elif isinstance(cause, Refusal):
        shown["type"] = "FORBIDDEN"
    elif cause is not None:
        raise cause
    return shown
