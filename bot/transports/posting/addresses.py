"""Posting JSON to an address that an operator set."""

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from bot.errors import ChatUnavailable, Forbidden, NotFound, OutcomeUnknown, Rejected

CONNECT_S, READ_S = 5.0, 10.0
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def is_postable(url: str) -> bool:
    """True for https, and for http to this machine: elsewhere anybody on the way could read what is posted."""
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and (parts.scheme == "https" or parts.hostname in _LOOPBACK)
    except ValueError:
        return False


def post_json(
    whom: str, url: str, values: Mapping[str, Any], headers: Mapping[str, str] | Callable[[bytes], Mapping[str, str]]
) -> None:
    """Posts once; redirects are not followed. `headers` may be made from the body, such as its signature.

    Raises ChatUnavailable where nothing was taken and it is worth trying again, OutcomeUnknown where the answer was
    lost, errors.RefusedError otherwise. No message names the address, which may be a secret.
    """
    import requests

    if not is_postable(url):
        raise Forbidden(f"{whom} is not posted to: the address is not https.")
    body = json.dumps(values, ensure_ascii=False).encode("utf-8", "replace")
    more = headers(body) if callable(headers) else headers
    sent = {"Content-Type": "application/json; charset=utf-8", **more}
    try:
        answer = requests.post(url, data=body, headers=sent, timeout=(CONNECT_S, READ_S), allow_redirects=False)
    except requests.ConnectTimeout as away:
        raise ChatUnavailable(f"{whom} did not answer within {CONNECT_S:.0f} s.") from away
    except requests.ReadTimeout as late:
        raise OutcomeUnknown(f"{whom} did not answer within {READ_S:.0f} s; the message may stand there.") from late
    except requests.RequestException as away:
        raise ChatUnavailable(f"{whom} cannot be reached ({type(away).__name__}).") from away
    if answer.status_code == 429 or answer.status_code >= 500:
        asked = answer.headers.get("Retry-After", "")
        wait_s = float(asked) if asked.isdigit() else None
        raise ChatUnavailable(f"{whom} cannot take messages now (status {answer.status_code}).", wait_s)
    if answer.status_code in (401, 403):
        raise Forbidden(f"{whom} does not let us post (status {answer.status_code}). Compare address and secret.")
    if answer.status_code in (404, 410):
        raise NotFound(f"{whom}: nothing is at the address any more (status {answer.status_code}). Make it anew.")
    if not 200 <= answer.status_code < 300:
        raise Rejected(f"{whom} refuses the message (status {answer.status_code}).")
