"""`pause` and `resume`: no reviews for a while, of one pull request or of a whole repository."""

from typing import ClassVar

from bot.chat.access import require
from bot.chat.asked import Asked
from bot.chat.command import Command, Example, Use, said
from bot.chat.wording import quote, times_said, typed
from bot.domain import Answer


class Pause(Command):
    name = "pause"
    topic = "a pull request"
    summary = "Stops reviewing the pull request, or the repository where none is named (administrators)"
    uses = (Use("pause [<owner/repo>] [<reason…>]", "write"),)
    aliases: ClassVar = {"hold": "pause"}
    examples = (
        Example("pause until the release is out", "Reviews of acme/shop#7 are paused"),
        Example("pause", "Reviews of acme/shop#7 are paused"),
    )

    def run(self, asked: Asked) -> Answer:
        _whole_repository_is_for_admins(asked, "pause a whole repository")
        ledger, key = asked.desk.ledger, (asked.repository.id, asked.number)
        if paused := ledger.paused(*key):
            return said(f"Reviews of {asked.subject} were paused already", f"Paused {quote(times_said(paused))}.")
        ledger.pause(*key, asked.who, asked.given.at, asked.value("reason"))
        return said(
            f"Reviews of {asked.subject} are paused",
            f"By {quote(asked.who)}" + (f": {quote(asked.value('reason'))}" if asked.value("reason") else "."),
            f"A review that is under way still ends. {typed(asked, 'resume')} takes the pause back.",
        )


class Resume(Command):
    name = "resume"
    topic = "a pull request"
    summary = "Goes on reviewing after `pause`"
    uses = (Use("resume [<owner/repo>]", "write"),)
    aliases: ClassVar = {"unpause": "resume", "continue": "resume"}
    examples = (Example("resume", "Reviews of acme/shop#7 were not paused"),)

    def run(self, asked: Asked) -> Answer:
        _whole_repository_is_for_admins(asked, "resume a whole repository")
        ledger, key = asked.desk.ledger, (asked.repository.id, asked.number)
        was_paused = ledger.resume(*key, asked.who, asked.given.at)
        if paused := ledger.paused(*key):
            return said(
                f"{asked.repository.full_name} is still paused as a whole",
                f"Paused {quote(times_said(paused))}. An administrator ends that outside of a pull request.",
            )
        if not was_paused:
            return said(f"Reviews of {asked.subject} were not paused")
        then = f"{typed(asked, 'review')} reviews its head now." if asked.number else ""
        return said(f"Reviews of {asked.subject} go on", "The next push is reviewed.", then)


def _whole_repository_is_for_admins(asked: Asked, to_do: str) -> None:
    if asked.number is None:
        require(asked, "admin", to_do)
