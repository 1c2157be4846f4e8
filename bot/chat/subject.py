"""Which repository, pull request and finding a command is about."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from bot.chat.access import not_visible
from bot.chat.asked import ChatDesk
from bot.chat.command import Declined
from bot.chat.grammar import Word, words_of
from bot.chat.understanding import Line, Understood, understood
from bot.domain import CommandGiven, Place, Point, Repository

_SHORT = re.compile(r"(?P<name>[\w.-]+/[\w.-]+)?#(?P<number>\d{1,9})")
_ADDRESS = re.compile(r"https://(?P<host>[^/\s]+)/(?P<name>[\w.-]+/[\w.-]+)/pull/(?P<number>\d{1,9})(?:[/?#]\S*)?")


@dataclass(frozen=True)
class Subject:
    repository: Repository | None = None
    number: int | None = None
    thread_point: Point | None = None


@dataclass(frozen=True)
class _Reference:
    name: str
    number: int
    at: int
    """Which word it is."""


def settle(given: CommandGiven, line: Line, desk: ChatDesk) -> tuple[Understood, Subject]:
    """The form that fits and what it is about. Raises Declined."""
    if given.place.transport == "github":
        subject = _of_place(given.place, desk)
        meant = understood(line, is_in_thread=subject.thread_point is not None)
    else:
        meant, reference = _with_reference(line, desk.own_host)
        subject = _of_chat(given.place, meant, reference, desk)
    if meant.use.about == "nothing":
        return meant, Subject(thread_point=subject.thread_point)
    if subject.repository is None and meant.use.about != "anything":
        raise Declined("Which repository?", f"Name it: `{_completed(line, meant)}`.", state="misunderstood")
    if subject.number is None and meant.use.about == "pull request":
        raise Declined(
            "Which pull request?",
            f"Name it: `{_completed(line, meant)}`, or give its address.",
            state="misunderstood",
        )
    return meant, subject


def repository_named(desk: ChatDesk, full_name: str) -> Repository:
    """A repository that is served here. Raises Declined."""
    wanted = full_name.lower()
    for repository in desk.ledger.known_repositories():
        if repository.full_name.lower() == wanted and _is_served(desk, repository):
            return repository
    raise not_visible(full_name)


def _is_served(desk: ChatDesk, repository: Repository) -> bool:
    name = repository.full_name.lower()
    return any(fnmatchcase(name, pattern.lower()) for pattern in desk.settings.repositories)


def _of_place(place: Place, desk: ChatDesk) -> Subject:
    """On GitHub a command is about the pull request it stands on: all who read there would read of another one."""
    point = None
    if place.repository is not None and place.thread.isdigit():
        found = desk.ledger.point_of_comment(place.repository.id, int(place.thread))
        point = found[1] if found and found[0] == place.number else None
    return Subject(place.repository, place.number, point)


def _with_reference(line: Line, own_host: str) -> tuple[Understood, _Reference | None]:
    """The reference is no part of the form, unless the form needs it (`incident https://…/pull/7`)."""
    reference = _reference(line.words, own_host)
    if reference is None:
        return understood(line, is_in_thread=False), None
    without = _left_out(line, reference.at)
    try:
        return understood(without, is_in_thread=False), reference
    except Declined:
        return understood(line, is_in_thread=False), reference


def _left_out(line: Line, at: int) -> Line:
    """At either end it is an address; in the middle of a question it belongs to the sentence, and stays in its text."""
    words = (*line.words[:at], *line.words[at + 1 :])
    if 0 < at < len(words):
        return replace(line, words=words)
    start = line.words[at].start
    text = f"{line.text[:start].rstrip()} {line.text[start:].partition(' ')[2]}".rstrip()
    return replace(line, text=text, words=words_of(text)[1:])


def _reference(words: Sequence[Word], own_host: str) -> _Reference | None:
    for at, word in enumerate(words):
        text = word.text.strip("<>,;()").rstrip(".")
        found = None if word.is_quoted else _SHORT.fullmatch(text)
        if found is None and (address := _ADDRESS.fullmatch(text)) and address["host"].lower() == own_host:
            found = address
        if found is not None:
            return _Reference(found["name"] or "", int(found["number"]), at)
    return None


def _of_chat(place: Place, meant: Understood, reference: _Reference | None, desk: ChatDesk) -> Subject:
    number = reference.number if reference else place.number
    if reference and reference.name:
        return Subject(repository_named(desk, reference.name), number)
    if named := meant.values.get("owner/repo"):
        return Subject(repository_named(desk, named), number)
    if place.repository is not None:
        return Subject(place.repository, number)
    return Subject(_only_subscription(place, desk), number)


def _only_subscription(place: Place, desk: ChatDesk) -> Repository | None:
    if not place.channel:
        return None
    heard = desk.ledger.subscriptions(place.transport, place.workspace, place.channel)
    ids = {subscription.repository.id for subscription in heard}
    known = [repository for repository in desk.ledger.known_repositories() if repository.id in ids]
    return known[0] if len(known) == 1 and _is_served(desk, known[0]) else None


def _completed(line: Line, meant: Understood) -> str:
    suffix = "#12" if meant.use.about == "pull request" else ""
    said = " ".join([line.command.name, *(word.text for word in line.words)])[:80]
    return f"{said} owner/repo{suffix}"
