"""Where one can go from every page."""

from typing import Final

from flask import request, url_for

SUBJECTS: Final = (
    ("overview", "Overview"),
    ("repositories", "Repositories"),
    ("reviews", "Reviews"),
    ("rules", "Rules"),
    ("weeks", "Weeks"),
    ("incidents", "Incidents"),
    ("operations", "Operations"),
    ("search", "Search"),
)
"""Endpoint → its words. A page whose endpoint begins so, as `rules_one`, belongs to the same subject."""
_BELONGS: Final = {"repository": "repositories", "review": "reviews", "rule": "rules", "week": "weeks"}


def navigation() -> list[tuple[str, str, bool]]:
    """Address, words and whether one is there, of each subject."""
    here = (request.endpoint or "").removeprefix("dashboard.")
    here = _BELONGS.get(here, here)
    return [
        (url_for(f"dashboard.{name}"), words, here == name or here.startswith(f"{name}_")) for name, words in SUBJECTS
    ]
