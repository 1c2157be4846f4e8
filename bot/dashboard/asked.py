"""What the address asks of a page beside sorting: since when, of which repository, of which class."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from flask import request

from bot.dashboard.desk import Desk


@dataclass(frozen=True)
class Field:
    """One field of the form with the filters."""

    name: str
    label: str
    value: str
    type: str = "text"


@dataclass(frozen=True)
class Choice(Field):
    options: tuple[tuple[str, str], ...] = field(default=())


def since(desk: Desk, days: int) -> str:
    """The day of `?since=`, or so many days ago: `2026-08-30`. What is no day is passed over."""
    try:
        return date.fromisoformat(request.args.get("since", "")).isoformat()
    except ValueError:
        return (desk.now().date() - timedelta(days=days)).isoformat()


def since_field(value: str) -> Field:
    return Field("since", "Since", value, "date")


def repository_choice(desk: Desk) -> Choice:
    """All repositories that the person may see, whichever the page is narrowed to."""
    names = [row["repository"] for row in desk.whole_sight.repositories()]
    here = request.args.get("repository", "").strip().lower()
    value = next((name for name in names if name.lower() == here), "")
    options = (("", "All repositories"), *((name, name) for name in names))
    return Choice("repository", "Repository", value, options=options)


def choice(name: str, label: str, every: str, values: Iterable[str]) -> Choice:
    """One of those values, or every one of them."""
    known = tuple(values)
    given = request.args.get(name, "")
    value = given if given in known else ""
    return Choice(name, label, value, options=(("", every), *((one, one) for one in known)))


def unbound(desk: Desk) -> int:
    """1 where what belongs to no repository may be shown: to who sees everything, on a page that is not narrowed."""
    return int(desk.viewer.may_see(None) and not request.args.get("repository", "").strip())
