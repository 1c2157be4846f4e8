"""A week as messages of Slack (Block Kit) and of Teams (Adaptive Cards), each within what its system takes.

Charts come beside them where the system takes pictures.
"""

from typing import Any, Final

from bot.transports.writing import blocks, card
from bot.weekly.formats.reply import reply_of
from bot.weekly.summary import Summary

MOST_MESSAGES: Final = 4


def slack_messages(summary: Summary) -> tuple[dict[str, Any], ...]:
    """`text` and `blocks` of each."""
    return blocks.messages(reply_of(summary), MOST_MESSAGES)


def teams_messages(summary: Summary) -> tuple[dict[str, Any], ...]:
    """A message with a card each."""
    return card.messages(reply_of(summary), MOST_MESSAGES)
