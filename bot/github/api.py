"""GitHub's API as one identity sees it: paced, retried where that is safe, paged in parallel."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

from bot.errors import Forbidden, RateLimited, Rejected
from bot.github.retries import Retries
from bot.github.routes import GRAPHQL, Route
from bot.github.throttle import Throttle
from bot.github.tokens import Identity
from bot.github.transport import Answer, Hear, Request, Transport

T = TypeVar("T")
R = TypeVar("R")
PAGE = 100
_REPEATABLE = {"PUT", "PATCH", "DELETE"}
_LINK = re.compile(r'<([^>]+)>;\s*rel="(\w+)"')


class Api:
    """The identity is asked before each try, so that an ended token is renewed between tries."""

    def __init__(
        self, transport: Transport, retries: Retries, throttle: Throttle, identity: Identity, hear: Hear
    ) -> None:
        self.retries = retries
        self._transport = transport
        self._throttle = throttle
        self._identity = identity
        self._hear = hear

    def get(self, route: Route, query: Mapping[str, object] | None = None) -> Any:
        """The answer's JSON. Raises as `bot.github.failures` says; so do all of these."""
        return self._call(Request("GET", route, query or {})).body

    def write(
        self, method: str, route: Route, body: Any = None, *, repeatable: bool = False, is_word: bool = False
    ) -> Any:
        """POST is sent once and may raise OutcomeUnknown, unless it is `repeatable`; other methods are repeated.

        `is_word`: it only tells people how a review stands, and may go out while GitHub limits us.
        """
        return self._call(Request(method, route, {}, body, repeatable or method in _REPEATABLE, is_word)).body

    def headers(self, route: Route) -> Mapping[str, str]:
        return self._call(Request("GET", route)).headers

    def query(self, text: str, variables: Mapping[str, object]) -> dict[str, Any]:
        """A read-only GraphQL query: `{"data": {…}|None, "errors": […]}`. It is a POST that may be repeated."""
        body = self._graphql(text, variables, repeatable=True)
        errors = body.get("errors") or []
        if any(isinstance(error, dict) and error.get("type") == "RATE_LIMITED" for error in errors):
            raise RateLimited("GitHub's GraphQL rate limit is reached.", 60.0)
        return {"data": body.get("data"), "errors": errors}

    def mutate(self, text: str, variables: Mapping[str, object]) -> None:
        """A GraphQL mutation, sent once. Raises Rejected where GitHub names an error."""
        if errors := self._graphql(text, variables, repeatable=False).get("errors"):
            raise Rejected(f"GraphQL: {errors[0].get('message', 'no message')}")

    def pages(self, route: Route, limit: int = 30) -> Iterator[Any]:
        """Pages in order. The first one tells how many there are; the others are read in parallel, `limit` in all."""
        first = self._call(Request("GET", route, {"per_page": PAGE}))
        yield first.body
        others = range(2, min(_last_page(first.headers), limit) + 1)
        yield from self.parallel(lambda number: self.get(route, {"per_page": PAGE, "page": number}), list(others))

    def chain(self, route: Route, query: Mapping[str, object] | None = None, limit: int = 30) -> Iterator[Any]:
        """Pages one after the other, by the link to the next one; for cursors, and where the reader may stop early."""
        more: Mapping[str, object] | None = dict(query or {}) | {"per_page": PAGE}
        for _ in range(limit):
            answer = self._call(Request("GET", route, more or {}))
            yield answer.body
            if (more := _next_query(answer.headers)) is None:
                return

    def parallel(self, function: Callable[[T], R], items: Sequence[T]) -> list[R]:
        """The results in order. Raises what the first failing one raised."""
        if len(items) < 2:
            return [function(item) for item in items]
        with ThreadPoolExecutor(min(len(items), self._transport.parallelism), "github") as threads:
            return list(threads.map(function, items))

    def _graphql(self, text: str, variables: Mapping[str, object], repeatable: bool) -> dict[str, Any]:
        body = {"query": text, "variables": variables}
        answer = self._call(Request("POST", Route(GRAPHQL), {}, body, repeatable)).body
        return answer if isinstance(answer, dict) else {}

    def _call(self, request: Request) -> Answer:
        if not request.is_repeatable:
            return self._try(request)
        return self.retries.call(lambda: self._try(request))

    def _try(self, request: Request) -> Answer:
        is_query = request.route.template == GRAPHQL
        self._throttle.admit(request.method != "GET" and not is_query, request.is_word)
        authorization = self._identity.authorization()
        try:
            answer = self._transport.send(request, authorization, self._hear)
        except RateLimited as limited:
            self._throttle.rest(limited.retry_after_s or 0.0)
            raise
        except Forbidden:
            self._identity.refused()
            raise
        if not is_query:
            self._throttle.heed(answer.headers)
        return answer


def _links(headers: Mapping[str, str]) -> dict[str, dict[str, str]]:
    links = {relation: url for url, relation in _LINK.findall(headers.get("link", ""))}
    return {relation: {k: v[-1] for k, v in parse_qs(urlsplit(url).query).items()} for relation, url in links.items()}


def _last_page(headers: Mapping[str, str]) -> int:
    return int(_links(headers).get("last", {}).get("page", 1))


def _next_query(headers: Mapping[str, str]) -> dict[str, str] | None:
    return _links(headers).get("next")
