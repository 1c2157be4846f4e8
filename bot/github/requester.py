"""PyGithub's requester, made fit for a service: several threads share it, redirects are handed on, the environment is
looked at once.
"""

import threading
from typing import Any

from github.Requester import HTTPRequestsConnectionClass, HTTPSRequestsConnectionClass, Requester, RequestsResponse

_HANDED_ON = 308


class _OwnOfThread:
    """An attribute of a connection that each thread has for itself."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, connection: "_Shared", owner: type) -> Any:
        return getattr(connection.of_thread, self._name)

    def __set__(self, connection: "_Shared", value: Any) -> None:
        setattr(connection.of_thread, self._name, value)


class _Shared:
    """What a connection is asked stays with the thread that asks.

    PyGithub notes it on the one connection of all threads and sends it in a second step; in between another thread may
    note something else, which is then sent twice, with the other's token and body, and the first not at all
    (PyGithub/PyGithub#2052).
    """

    verb, url, input, headers, stream = (_OwnOfThread() for _ in range(5))

    def __init__(self, *arguments: Any, **named: Any) -> None:
        self.of_thread = threading.local()
        super().__init__(*arguments, **named)
        _ask_the_environment_once(self)  # type: ignore[arg-type]

    def getresponse(self) -> RequestsResponse:
        answer: RequestsResponse = super().getresponse()  # type: ignore[misc]
        if answer.status == 301:
            answer.status = _HANDED_ON
        return answer


class _Http(_Shared, HTTPRequestsConnectionClass):
    pass


class _Https(_Shared, HTTPSRequestsConnectionClass):
    pass


def _ask_the_environment_once(connection: HTTPRequestsConnectionClass | HTTPSRequestsConnectionClass) -> None:
    """Proxies and authorities, which requests would look up anew for every request: a tenth of a review's CPU time."""
    session = connection.session
    found = session.merge_environment_settings(f"{connection.protocol}://{connection.host}/", {}, None, None, None)
    session.proxies, session.trust_env = found["proxies"], False
    if connection.verify is True:
        connection.verify = found["verify"]


def shared_requester(**options: object) -> Requester:
    """A Requester for many threads that answers with a redirect (a 301 as 308) instead of following it.

    PyGithub's own classes stay as they are.
    """
    Requester.injectConnectionClasses(_Http, _Https)
    try:
        return Requester(**options)  # type: ignore[arg-type]
    finally:
        Requester.resetConnectionClasses()
