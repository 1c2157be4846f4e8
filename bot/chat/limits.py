"""How many commands one person may give in a minute."""

from datetime import datetime, timedelta

from bot.chat.asked import ChatDesk
from bot.chat.command import Declined
from bot.domain import CommandGiven

_MINUTE = timedelta(minutes=1)


def count_against_limit(desk: ChatDesk, given: CommandGiven) -> None:
    """Raises Declined for a person's eleventh command in a minute; on GitHub later ones are declined without a word.

    There two hundred refusals would be read by everybody, and cost the writes that reviews need. In chat the asker
    alone reads them. Who sits at the terminal is not limited.
    """
    limit = desk.settings.chat.commands_per_minute
    if (earlier := _given_before(desk, given)) < limit:
        return
    if earlier > limit and given.place.transport == "github":
        raise Declined("")
    at = datetime.fromisoformat(given.at)
    raise Declined(
        f"More than {limit} commands in a minute",
        f"That is the limit for one person (`chat.commands_per_minute`). Try again after {at + _MINUTE:%H:%M:%S} UTC; "
        "until then further commands are passed over.",
    )


def is_passed_over(desk: ChatDesk, given: CommandGiven) -> bool:
    """True where neither a word nor a reaction follows: its author was told already."""
    limit = desk.settings.chat.commands_per_minute
    return given.place.transport == "github" and _given_before(desk, given) > limit


def _given_before(desk: ChatDesk, given: CommandGiven) -> int:
    """Within a minute of this one, and heard before it."""
    if given.person.transport == "terminal":
        return 0
    at = datetime.fromisoformat(given.at)
    since, until = ((at + step).isoformat(timespec="seconds") for step in (-_MINUTE, _MINUTE))
    return desk.ledger.commands_before(given, since, until)
