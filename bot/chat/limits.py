"""How many commands one person may give in a minute."""

from datetime import datetime, timedelta

from bot.chat.asked import ChatDesk
from bot.chat.command import Declined
from bot.domain import CommandGiven

_MINUTE = timedelta(minutes=1)


def count_against_limit(desk: ChatDesk, given: CommandGiven) -> None:
    """Raises Declined for a person's eleventh command in a minute; on GitHub later ones are declined without a word.

    There two hundred refusals would be read by everybody: a reply without a title is shown as a reaction only. In chat
    the asker alone reads them. Who sits at the terminal is not limited.
    """
    if given.person.transport == "terminal":
        return
    at = datetime.fromisoformat(given.at)
    limit = desk.settings.chat.commands_per_minute
    since = (at - _MINUTE).isoformat(timespec="seconds")
    earlier = desk.ledger.commands_before(given, since)
    if earlier < limit:
        return
    if earlier > limit and given.place.transport == "github":
        raise Declined("")
    raise Declined(
        f"More than {limit} commands in a minute",
        f"That is the limit for one person (`chat.commands_per_minute`). Try again after {at + _MINUTE:%H:%M:%S} UTC; "
        "until then further commands are passed over.",
    )
