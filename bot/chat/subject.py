"""Which repository, pull request and finding a command is about."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from bot.chat.access import granted, login_of, must_be_known, not_visible
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
    number: int | None
    at: int
    """Which word it is."""


def settle(given: CommandGiven, line: Line, desk: ChatDesk) -> tuple[Understood, Subject]:
    """The form that fits and what it is about. Raises Declined."""
    if given.place.transport == "github":
        subject = _of_place(given.place, desk)
        meant = understood(line, is_in_thread=subject.thread_point is not None)
        subject = _as_named(subject, meant)
    else:
        login = login_of(desk, given.person)
        meant, reference = _with_reference(line, desk, lambda one: granted(desk, given, login, one) != "none")
        must_be_known(given, login, meant.use.permission)  # before it is told what exists
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


def _as_named(subject: Subject, meant: Understood) -> Subject:
    """Who names the repository means all of it."""
    named = meant.values.get("owner/repo")
    if named is None or subject.repository is None:
        return subject
    if named.lower() != subject.repository.full_name.lower():
        raise Declined(
            f"{named} is another repository",
            f"On GitHub a command is about where it stands: {subject.repository.full_name}. "
            'If that was meant as a reason, put it in "quotes".',
        )
    return replace(subject, number=None) if meant.use.about != "pull request" else subject


def _with_reference(
    line: Line, desk: ChatDesk, may_see: Callable[[Repository], bool]
) -> tuple[Understood, _Reference | None]:
    """The reference is no part of the form, unless the form needs it (`incident https://…/pull/7`)."""
    reference = _reference(line.words, desk.own_host)
    if reference is None:
        meant = understood(line, is_in_thread=False)
        if "<owner/repo>" not in meant.use.form:
            reference = _repository_at_an_end(line.words, desk, may_see)
        if reference is None:
            return meant, None
    try:
        return understood(_left_out(line, reference.at), is_in_thread=False), reference
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


def _repository_at_an_end(
    words: Sequence[Word], desk: ChatDesk, may_see: Callable[[Repository], bool]
) -> _Reference | None:
    """A repository that is served, named first or last, where the command has no place of its own for it.

    One that the asker may not see is a word like any other: that it is known here must not show.
    """
    known = {repository.full_name.lower(): repository for repository in desk.ledger.known_repositories()}
    for at in (0, len(words) - 1) if words else ():
        found = None if words[at].is_quoted else known.get(words[at].text.lower())
        if found is not None and may_see(found):
            return _Reference(found.full_name, None, at)
    return None


def _of_chat(place: Place, meant: Understood, reference: _Reference | None, desk: ChatDesk) -> Subject:
    number = reference.number if reference else place.number
    if reference and reference.name:
        return Subject(repository_named(desk, reference.name), number)
    if named := meant.values.get("owner/repo"):
        return Subject(repository_named(desk, named), reference.number if reference else None)
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
