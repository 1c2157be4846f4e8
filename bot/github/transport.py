"""One HTTP exchange with GitHub at a time: bounded, counted, its failures explained. Nothing is sent twice here."""

import json
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Any, cast

from github import Auth, GithubException

from bot.errors import Rejected
from bot.github.breaker import Breaker, Bulkhead
from bot.github.failures import Asked, explained, garbled
from bot.github.redirects import MOST_HOPS, new_place
from bot.github.requester import shared_requester
from bot.github.routes import GRAPHQL, Route
from bot.settings.service import GitHub

API_VERSION = "2022-11-28"
CountCall = Callable[[str, str, int, float], None]
"""`count(method, route, status, seconds)`: the route is a template, status 0 where no answer came."""
Hear = Callable[[Mapping[str, str]], None]


@dataclass(frozen=True)
class Answer:
    headers: Mapping[str, str]
    body: Any


@dataclass(frozen=True)
class Request:
    method: str
    route: Route
    query: Mapping[str, object] = field(default_factory=dict)
    body: Any = None
    is_repeatable: bool = True
    is_word: bool = False

    @property
    def asked(self) -> Asked:
        return Asked(self.method, self.route.path, self.is_repeatable)


class _HeaderGiven(Auth.Auth):
    """Every request brings its own authorization; this one only keeps it out of PyGithub's log."""

    token_type = ""
    token = ""

    def authentication(self, headers: dict[str, str]) -> None:
        return

    @property
    def _masked_token(self) -> str:
        return "(masked)"


class Transport:
    """PyGithub's requester, with its retries and throttles off: there is one owner of each, and it is not here."""

    def __init__(self, settings: GitHub, clock: Callable[[], float], count: CountCall | None) -> None:
        self._clock = clock
        self._count = count
        self._breaker = Breaker(settings.base_url, settings.breaker_failures, settings.breaker_reset_s)
        self._bulkhead = Bulkhead(settings.connections, settings.timeout_s)
        self._base_url = settings.base_url
        self._requester = shared_requester(
            auth=_HeaderGiven(),
            base_url=settings.base_url.rstrip("/"),
            timeout=cast(int, settings.timeout_s),  # requests takes fractions of seconds
            user_agent=f"seawall/{_version()}",
            per_page=100,
            verify=True,
            retry=None,
            pool_size=settings.connections,
            seconds_between_requests=None,
            seconds_between_writes=None,
            api_version=API_VERSION,
        )

    @property
    def parallelism(self) -> int:
        """How many requests one piece of work should send at once, so that others find room too."""
        return max(1, self._bulkhead.slots // 2)

    def send(self, request: Request, authorization: str, hear: Hear) -> Answer:
        """`hear` gets the headers of every answer, also of one that refuses.

        Raises what `failures.explained` makes of a failure; CircuitOpen while the host is left alone."""
        with self._bulkhead.slot(), self._breaker.around():
            return self._exchange(request, authorization, hear)

    @property
    def is_broken(self) -> bool:
        """True while the circuit breaker is open."""
        return self._breaker.is_open

    def close(self) -> None:
        self._requester.close()

    def _exchange(self, request: Request, authorization: str, hear: Hear) -> Answer:
        url = self._requester.graphql_url if request.route.template == GRAPHQL else request.route.path
        query = dict(request.query)
        for _ in range(MOST_HOPS):
            status, answer = self._ask(request, url, query, authorization, hear)
            moved_to = new_place(status, answer.headers, self._base_url, str(request.asked))
            if moved_to is None:
                return answer
            url, query = moved_to, {}
        raise Rejected(f"{request.asked}: redirected more than {MOST_HOPS} times. Check github.base_url.")

    def _ask(
        self, request: Request, url: str, query: dict[str, object], authorization: str, hear: Hear
    ) -> tuple[int, Answer]:
        started = time.perf_counter()
        status = 0
        try:
            status, headers, text = self._requester.requestJson(
                request.method,
                url,
                parameters=query,
                headers={"Authorization": authorization, "Accept": "application/vnd.github+json"},
                input=request.body,
            )
            hear(headers)
            body = _parsed(text, status, request.asked)
            if status >= 400:
                raise self._requester.createException(status, headers, body)
        except (GithubException, OSError, ValueError, RuntimeError) as failure:
            raise explained(failure, request.asked, self._clock()) from failure
        finally:
            if self._count is not None:
                self._count(request.method, request.route.template, status, time.perf_counter() - started)
        return status, Answer(headers, body)


def _parsed(text: str, status: int, asked: Asked) -> Any:
    """JSON, or nothing. An error may come as anything: a proxy's page still has a status."""
    try:
        return json.loads(text) if text else None
    except ValueError:
        if status >= 300:
            return {"message": " ".join(text[:200].split())}
        raise garbled(asked) from None


def _version() -> str:
    with suppress(PackageNotFoundError):
        return version("seawall")
    return "0"
