"""A week as messages of Slack (Block Kit) and of Teams (Adaptive Cards), each within what its system takes.

Charts are pictures that the system already has: a file of Slack's, an address that Teams can fetch. Each comes with the
sentence that tells it.
"""

from collections.abc import Mapping
from typing import Any, Final

from bot.transports.writing import blocks, card
from bot.weekly.charts import alt_text, charts_of
from bot.weekly.formats.reply import reply_of
from bot.weekly.summary import Summary

MOST_MESSAGES: Final = 4
_ALT: Final = 2000
_TITLE: Final = 2000


def slack_messages(summary: Summary, files: Mapping[str, str] | None = None) -> tuple[dict[str, Any], ...]:
    """`text` and `blocks` of each. `files`: chart's name → id of the PNG that was uploaded."""
    first, *rest = blocks.messages(reply_of(summary), MOST_MESSAGES - 1)
    images = [
        {
            "type": "image",
            "slack_file": {"id": file},
            "title": {"type": "plain_text", "text": chart.title[:_TITLE]},
            "alt_text": alt_text(chart.title, chart.series)[:_ALT],
        }
        for chart in charts_of(summary.facts)
        if (file := (files or {}).get(chart.name))
    ]
    if not images:
        return (first, *rest)
    return (first, *rest, {"text": "The last twelve weeks", "blocks": images})


def teams_messages(summary: Summary, addresses: Mapping[str, str] | None = None) -> tuple[dict[str, Any], ...]:
    """A message with a card each. `addresses`: chart's name → https address of its PNG."""
    found = card.messages(reply_of(summary), MOST_MESSAGES)
    images = [
        {"type": "Image", "url": address, "altText": alt_text(chart.title, chart.series), "size": "Stretch"}
        for chart in charts_of(summary.facts)
        if (address := (addresses or {}).get(chart.name, ""))
    ]
    if images:
        found[-1]["attachments"][0]["content"]["body"].extend(images)
    return found
