"""Renamed repositories: GitHub answers reads with 301, writes with 307, and expects both to be sent where it says.

PyGithub follows a 301 by itself, but loses its query, so that every page of a list becomes the first one; a 307 it
takes for an answer. Its connections are told to hand both to us, and to look at the environment once.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from github.Requester import HTTPRequestsConnectionClass, HTTPSRequestsConnectionClass, Requester, RequestsResponse

from bot.errors import Rejected

MOST_HOPS = 3
_MOVED = {301, 302, 307, 308}
_HANDED_ON = 308


def _hand_on(answer: RequestsResponse) -> RequestsResponse:
    if answer.status == 301:
        answer.status = _HANDED_ON
    return answer


class _Http(HTTPRequestsConnectionClass):
    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        _ask_the_environment_once(self)

    def getresponse(self) -> RequestsResponse:
        return _hand_on(super().getresponse())


class _Https(HTTPSRequestsConnectionClass):
    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        _ask_the_environment_once(self)

    def getresponse(self) -> RequestsResponse:
        return _hand_on(super().getresponse())


def _ask_the_environment_once(connection: HTTPRequestsConnectionClass | HTTPSRequestsConnectionClass) -> None:
    """Proxies and authorities, which requests would look up anew for every request: a tenth of a review's CPU time."""
    session = connection.session
    found = session.merge_environment_settings(f"{connection.protocol}://{connection.host}/", {}, None, None, None)
    session.proxies, session.trust_env = found["proxies"], False
    if connection.verify is True:
        connection.verify = found["verify"]


def requester_without_redirects(**options: object) -> Requester:
    """A Requester that answers with the redirect instead of following it. PyGithub's own classes stay as they are."""
    Requester.injectConnectionClasses(_Http, _Https)
    try:
        return Requester(**options)  # type: ignore[arg-type]
    finally:
        Requester.resetConnectionClasses()


def new_place(status: int, headers: Mapping[str, str], base_url: str, asked: str) -> str | None:
    """The URL to ask instead, on the same host; None where the answer is none of these. Raises Rejected elsewhere."""
    if status not in _MOVED or "location" not in headers:
        return None
    place = urljoin(base_url, headers["location"])
    here, there = urlsplit(base_url), urlsplit(place)
    if (here.scheme, here.netloc) != (there.scheme, there.netloc):
        raise Rejected(f"{asked}: redirected to {there.scheme}://{there.netloc}. Set github.base_url to that host.")
    return place
