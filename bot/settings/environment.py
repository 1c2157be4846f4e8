"""The environment: what child processes get of it, and what it says of the network."""

import os
from collections.abc import Callable

from bot.redaction import masked


def environment_for_child(keeps: Callable[[str], bool]) -> dict[str, str]:
    """This process's variables, those whose names `keeps` accepts."""
    return {name: value for name, value in os.environ.items() if keeps(name)}


_PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY")
_AUTHORITIES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")


def certificate_bundle() -> str:
    """The file of certificate authorities to trust instead of the usual ones; empty where none is named."""
    return next((value for name in _AUTHORITIES if (value := os.environ.get(name, ""))), "")


def network_environment() -> dict[str, str]:
    """Proxy and CA variables that are set, in either case; passwords in them are masked."""
    return {
        name: masked(value)
        for name in (*_PROXIES, *map(str.lower, _PROXIES), *_AUTHORITIES)
        if (value := os.environ.get(name, ""))
    }
