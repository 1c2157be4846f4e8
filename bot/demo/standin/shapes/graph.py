"""What all GraphQL objects are made with: pages of lists, accounts, and errors with GitHub's types."""

from collections.abc import Callable, Sequence
from typing import Any

from bot.demo.standin.links import Links, node_id
from bot.demo.standin.records import Account
from bot.demo.standin.shapes import JSON

MOST_NODES = 100


class GraphProblem(Exception):
    """An error with GitHub's `type`, such as NOT_FOUND."""

    def __init__(self, type: str, message: str) -> None:
        super().__init__(message)
        self.type = type


def connection(name: str, items: Sequence[Any], shape: Callable[[Any], JSON], asked: JSON) -> JSON:
    """One page of a list. Like GitHub's, it has to be told how many, and gives 100 at most."""
    first, last = asked.get("first"), asked.get("last")
    if first is None and last is None:
        problem = f"You must provide a `first` or `last` value to properly paginate the `{name}` connection."
        raise GraphProblem("MISSING_PAGINATION_BOUNDARIES", problem)
    for way, number in (("first", first), ("last", last)):
        if number is not None and not 0 <= number <= MOST_NODES:
            problem = (
                f"Requesting {number} records on the `{name}` connection exceeds the `{way}` limit of 100 records."
            )
            raise GraphProblem("EXCESSIVE_PAGINATION", problem)
    start = _cursor_index(asked.get("after"), -1) + 1
    end = _cursor_index(asked.get("before"), len(items))
    if first is not None:
        end = min(end, start + first)
    if last is not None:
        start = max(start, end - last)
    return {
        "nodes": [shape(item) for item in items[start:end]],
        "totalCount": len(items),
        "pageInfo": {
            "startCursor": f"c{start}" if start < end else None,
            "endCursor": f"c{end - 1}" if start < end else None,
            "hasNextPage": end < len(items),
            "hasPreviousPage": start > 0,
        },
    }


def actor(account: Account, links: Links) -> JSON:
    """GraphQL names a bot without the `[bot]` that REST puts after it."""
    return {
        "__typename": account.kind,
        "id": node_id("U", account.id),
        "databaseId": account.id,
        "login": account.login.removesuffix("[bot]"),
        "url": links.profile(account.login),
    }


def person(account: Account | None, links: Links) -> JSON | None:
    """Where the schema names a User, GitHub has nothing to say of a bot."""
    return actor(account, links) if account and account.kind == "User" else None


def _cursor_index(cursor: str | None, otherwise: int) -> int:
    return int(cursor[1:]) if cursor and cursor[1:].isdigit() else otherwise
