"""Who may give a command. Where that cannot be known, nobody may."""

from bot.chat.asked import Asked, ChatDesk, Granted
from bot.chat.command import Declined, Permission
from bot.domain import CommandGiven, Person, Repository
from bot.errors import SeawallError
from bot.logs import logger
from bot.review.filter import literal

log = logger(__name__)

_ORDER: tuple[Granted, ...] = ("none", "read", "write", "admin")
_HAS: dict[Granted, str] = {
    "none": "you have no access",
    "read": "you have `read`",
    "write": "you have `write`",
    "admin": "you have `admin`",
}
_WHO = {
    "read": "whoever can see {repository}",
    "write": "whoever can push to {repository}",
    "admin": "administrators of {repository}",
}


def login_of(desk: ChatDesk, person: Person) -> str:
    """The GitHub login this person has proved to be; empty where none."""
    if person.transport == "github":
        return person.id
    return "" if person.transport == "terminal" else desk.ledger.login_of(person.key)


def must_be_known(given: CommandGiven, login: str, permission: Permission) -> None:
    """Raises Declined for a chat identity that nobody has linked and a command that is not for anyone."""
    if permission == "anyone" or login or given.person.transport == "terminal":
        return
    raise Declined(
        "Seawall does not know who you are on GitHub",
        "This is for people who are linked to a GitHub login. Say `link YOUR-LOGIN` here; you get a code, which you "
        "post on any pull request that Seawall serves. `help` and `rules` are for anyone.",
    )


def granted(desk: ChatDesk, given: CommandGiven, login: str, repository: Repository) -> Granted:
    """What this person may do there. Raises Declined where it cannot be looked up.

    Who sits at the terminal holds the ledger's file and the credentials, and may do everything.
    """
    if given.person.transport == "terminal":
        return "admin"
    if not login:
        return "none"
    try:
        return desk.permissions.of(repository, login)
    except SeawallError as unknown:
        log.warning("a permission could not be looked up", run=given.run_id, reason=str(unknown))
        raise Declined(
            "Your permission could not be looked up",
            f"Nothing is done on a guess. {literal(str(unknown))} Try again in a minute.",
        ) from unknown


def require(asked: Asked, permission: Permission, to_do: str, repository: Repository | None = None) -> None:
    """Raises Declined, saying who may, unless the person asking has that permission.

    `to_do` follows "to": `mute a critical rule`. "write" is what the repository's policy makes of it.
    """
    if permission == "anyone":
        return
    must_be_known(asked.given, asked.login, permission)
    where = repository or asked.repository_or_none
    if where is None:
        return  # about nothing that belongs to anybody: being known is enough
    has = granted(asked.desk, asked.given, asked.login, where)
    if has == "none" and asked.given.person.transport != "github":
        raise not_visible(where.full_name)
    needed: Granted = permission
    if permission == "write" and has != "admin":
        needed = _by_policy(asked, where)
    if _ORDER.index(has) >= _ORDER.index(needed):
        return
    raise Declined(
        f"You may not {to_do}",
        f"That is for {_WHO[needed].format(repository=where.full_name)}; {_HAS[has]} there."
        + (" Policy sets this: `command_permission`." if permission == "write" else ""),
    )


def may_see(asked: Asked, repository: Repository) -> bool:
    """Whether the repository may be spoken of to this person. Raises Declined where that cannot be looked up."""
    return granted(asked.desk, asked.given, asked.login, repository) != "none"


def not_visible(full_name: str) -> Declined:
    """The same words whether it does not exist or may not be seen."""
    return Declined(f"{full_name} is not served by Seawall, or you may not see it", "`whoami` says who you are here.")


def _by_policy(asked: Asked, repository: Repository) -> Granted:
    is_here = repository == asked.repository_or_none
    try:
        in_force = asked.in_force if is_here else asked.desk.policies.of(repository, None)
    except SeawallError as unread:
        log.warning("a policy could not be read", run=asked.given.run_id, reason=str(unread))
        raise Declined(
            "Who may do this could not be looked up",
            f"The repository's policy cannot be read. {literal(str(unread))} Try again in a minute.",
        ) from unread
    return in_force.policy.command_permission
