"""`link`: proves that a person of a chat system owns a GitHub login.

The code is drawn at random, kept as a digest only, good for fifteen minutes and for the one login that was named; it
counts when that login posts it where GitHub vouches for its author.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import ClassVar

from bot.chat.asked import Asked
from bot.chat.command import Command, Declined, Example, Use, said
from bot.chat.wording import iso, quote
from bot.domain import Answer, Code

LIVES = timedelta(minutes=15)


class Link(Command):
    name = "link"
    topic = "you"
    summary = "Links you to your GitHub login, with a code that this login posts on a pull request"
    uses = (
        Use("link confirm <code>", "anyone", "nothing", where="github"),
        Use("link <login>", "anyone", "nothing", where="chat"),
    )
    aliases: ClassVar = {"signin": "link", "connect": "link"}
    examples = (
        Example("link octocat", "Prove that you are octocat", where="chat"),
        Example("link confirm 0123456789abcdef", "That code is not known", state="refused", where="github"),
    )

    def run(self, asked: Asked) -> Answer:
        return _confirm(asked) if "confirm" in asked else _begin(asked)


class Unlink(Command):
    name = "unlink"
    topic = "you"
    summary = "Ends the link between you and your GitHub login"
    uses = (Use("unlink", "anyone", "nothing", where="chat"),)
    aliases: ClassVar = {"signout": "unlink", "disconnect": "unlink"}
    examples = (Example("unlink", "You are not linked any more", where="chat"),)

    def run(self, asked: Asked) -> Answer:
        if asked.given.person.transport in ("github", "terminal"):
            raise Declined("There is nothing to unlink here", "Say `unlink` in the chat system that is linked.")
        if asked.desk.ledger.unlink(asked.given.person.key):
            return said("You are not linked any more", f"Seawall no longer takes you for {quote(asked.login)}.")
        return said("There was no link")


def _begin(asked: Asked) -> Answer:
    person, login = asked.given.person, asked.value("login")
    if person.transport == "github":
        raise Declined("On GitHub nobody needs a link", "Say `link YOUR-LOGIN` in the chat system you want to link.")
    if person.transport == "terminal":
        raise Declined("The terminal needs no link", "Who can use it may do everything here.")
    if login == asked.login:
        return said(f"You are linked to {login} already", "`unlink` ends that.")
    drawn = asked.desk.draw_code()
    expires_at = asked.desk.now() + LIVES
    asked.desk.ledger.keep_link_code(person.key, login, _digest(drawn), iso(expires_at))
    return said(
        f"Prove that you are {login}",
        f"Sign in to GitHub as {quote(login)} and post this as a comment on any pull request that Seawall serves, "
        f"before {expires_at:%H:%M} UTC:",
        Code(text=f"@seawall link confirm {drawn}"),
        "Until then show the code to nobody: it links whoever asked for it here.",
    )


def _confirm(asked: Asked) -> Answer:
    person = asked.given.person
    if person.transport != "github":
        raise Declined(
            "The code is to be posted on GitHub",
            "Post that line as a comment on a pull request, signed in as the login.",
        )
    at = max(datetime.fromisoformat(asked.given.at), asked.desk.now())
    linked = asked.desk.ledger.confirm_link(person.id, _digest(asked.value("code").lower()), iso(at))
    if linked is None:
        raise Declined(
            "That code is not known",
            f"It is another login's, or older than {LIVES.seconds // 60} minutes. "
            "Say `link YOUR-LOGIN` in chat once more for a new one.",
        )
    system, _, _ = linked.partition(":")
    return said(
        f"{person.id} is linked", f"Commands of that person on `{system}` now count as yours. `unlink` there ends it."
    )


def _digest(drawn: str) -> str:
    return sha256(drawn.encode()).hexdigest()
