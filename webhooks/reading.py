"""The records that several events carry."""

from collections.abc import Mapping
from typing import Any

from bot.domain import PullRequest, Repository, TimelineEvent, TimelineNoted
from bot.domain.timeline import PullRequestEvent, RepositoryEvent
from webhooks.payload import Payload
from webhooks.refusal import Malformed

MAX_BODY_CHARS = 16_000
"""A longer description is cut here: it travels with every job, and what a change is for is said at its beginning."""


def repository_of(payload: Payload) -> Repository:
    """The repository the event is about."""
    repository = payload.part("repository")
    return Repository(
        id=repository.number("id"),
        owner=repository.part("owner").name("login"),
        name=repository.name("name"),
        installation_id=installation_id_of(payload),
    )


def repositories_in(payload: Payload, name: str, installation_id: int) -> tuple[Repository, ...]:
    """The repositories listed under that name, which are told by `full_name` alone."""
    listed = []
    for item in payload.parts(name):
        owner, slash, rest = item.text("full_name").partition("/")
        if not slash or not owner:
            raise Malformed(f"`{name}` lists a full_name that is not owner/name.")
        known = Payload({"owner": owner, "name": rest}, f"{name}.")
        listed.append(
            Repository(
                id=item.number("id"),
                owner=known.name("owner"),
                name=known.name("name"),
                installation_id=installation_id,
            )
        )
    return tuple(listed)


def installation_id_of(payload: Payload) -> int | None:
    installation = payload.part_or_none("installation")
    return installation.number("id") if installation else None


def sender_of(payload: Payload) -> str:
    sender = payload.part_or_none("sender")
    return sender.text_or_empty("login") if sender else ""


def is_bot(account: Payload) -> bool:
    return account.text_or_empty("type") == "Bot" or account.text_or_empty("login").endswith("[bot]")


def moment(
    payload: Payload,
    number: int,
    event: PullRequestEvent | RepositoryEvent,
    at: str,
    actor: str,
    details: Mapping[str, Any],
) -> TimelineNoted:
    """One moment of a pull request's timeline, or (number 0) of the repository's."""
    repository = repository_of(payload)
    told = TimelineEvent(
        repository_id=repository.id, number=number, event=event, at=at, actor=actor, details=dict(details)
    )
    return TimelineNoted(repository=repository, events=(told,))


def pull_request_of(payload: Payload) -> PullRequest:
    """The pull request the event is about, as it stands after the event."""
    found = payload.part("pull_request")
    base, head = found.part("base"), found.part("head")
    author = found.part_or_none("user")  # null once the account is deleted
    return PullRequest(
        repository=repository_of(payload),
        number=found.number("number"),
        base_ref=base.text("ref"),
        base_sha=base.sha("sha"),
        head_ref=head.text("ref"),
        head_sha=head.sha("sha"),
        title=found.text_or_empty("title"),
        body=found.text_or_empty("body")[:MAX_BODY_CHARS],
        author=author.text_or_empty("login") if author else "",
        author_is_bot=author is not None and author.text_or_empty("type") == "Bot",
        labels=tuple(label.text("name") for label in found.parts("labels")),
        is_draft=found.flag("draft"),
        is_open=found.text("state") == "open",
        url=found.text_or_empty("html_url"),
        created_at=found.time("created_at"),
    )
