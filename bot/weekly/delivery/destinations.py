"""Who wants which summary: channels that subscribed to a repository, and what the settings name."""

from collections.abc import Iterator, Sequence
from typing import Final, Literal, NamedTuple, get_args

from bot.domain import Place, Repository, Transport
from bot.domain.record import Record
from bot.ledger import Ledger
from bot.settings.groups import Weekly

Way = Literal["chat", "mail", "issue", "folder"]
WAYS: Final[tuple[Way, ...]] = get_args(Way)


class Destination(Record):
    """One summary a week goes there. `name` is frozen: by it the ledger knows what was told."""

    name: str
    way: Way
    subject: str
    """`acme/shop`, or the owner whose repositories are told together."""
    repository_ids: tuple[int, ...]
    place: Place | None = None
    """Of a chat."""


class Subject(NamedTuple):
    """`key` outlives a repository's name."""

    key: str
    name: str
    repository_ids: tuple[int, ...]


def of_repository(repository: Repository) -> Subject:
    return Subject(str(repository.id), repository.full_name, (repository.id,))


def of_organisations(known: Sequence[Repository]) -> list[Subject]:
    """One for each owner, by name."""
    owners = sorted({repository.owner for repository in known})
    return [
        Subject(f"org-{owner}", owner, tuple(sorted(one.id for one in known if one.owner == owner))) for owner in owners
    ]


def subscribed(ledger: Ledger, repository: Repository) -> Iterator[tuple[Destination, str]]:
    """The channels that want that repository's week, each with since when."""
    for each in ledger.subscribers(repository.id):
        if each.wants.get("weekly"):
            place = Place(transport=each.transport, workspace=each.workspace, channel=each.channel)
            yield _channel(of_repository(repository), place), each.at


def set_for(subject: Subject, weekly: Weekly) -> Iterator[Destination]:
    """Those that the settings name, for that subject."""
    for named in weekly.channels:
        transport, _, channel = named.partition(":")
        found: Transport = "slack" if transport == "slack" else "teams" if transport == "teams" else "signed"
        yield _channel(subject, Place(transport=found, channel=channel))
    is_set = {"mail": bool(weekly.to_mail), "issue": bool(weekly.issue_repository), "folder": bool(weekly.folder)}
    for way in WAYS:
        if is_set.get(way):
            yield Destination(
                name=f"{subject.key}:{way}", way=way, subject=subject.name, repository_ids=subject.repository_ids
            )


def told_by_settings(known: Sequence[Repository], weekly: Weekly) -> list[Destination]:
    """What `weekly.tells` says, for every owner and repository."""
    subjects = of_organisations(known) if "organisation" in weekly.tells else []
    subjects += map(of_repository, known) if "repository" in weekly.tells else []
    return [destination for subject in subjects for destination in set_for(subject, weekly)]


def without_doubles(found: Sequence[Destination]) -> list[Destination]:
    """A channel that subscribed, and is named by the settings too, hears of a repository once."""
    first: dict[object, Destination] = {}
    for each in found:
        where = (each.place.transport, each.place.channel) if each.place else each.name
        first.setdefault((each.subject, where), each)
    return list(first.values())


def _channel(subject: Subject, place: Place) -> Destination:
    return Destination(
        name=f"{subject.key}:{place.transport}-{place.workspace}-{place.channel}",
        way="chat",
        subject=subject.name,
        repository_ids=subject.repository_ids,
        place=place,
    )
