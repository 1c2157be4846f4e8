"""Renamed repositories: GitHub answers reads with 301, writes with 307, and expects both to be sent where it says.

PyGithub follows a 301 by itself, but loses its query, so that every page of a list becomes the first one; a 307 it
takes for an answer. Its connections are told to hand both to us (`bot.github.requester`).
"""

from collections.abc import Mapping
from urllib.parse import urljoin, urlsplit

from bot.errors import Rejected

MOST_HOPS = 3
_MOVED = {301, 302, 307, 308}


def new_place(status: int, headers: Mapping[str, str], base_url: str, asked: str) -> str | None:
    """The URL to ask instead, on the same host; None where the answer is none of these. Raises Rejected elsewhere."""
    if status not in _MOVED or "location" not in headers:
        return None
    place = urljoin(base_url, headers["location"])
    here, there = urlsplit(base_url), urlsplit(place)
    if (here.scheme, here.netloc) != (there.scheme, there.netloc):
        raise Rejected(f"{asked}: redirected to {there.scheme}://{there.netloc}. Set github.base_url to that host.")
    return place
