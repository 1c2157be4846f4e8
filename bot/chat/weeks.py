"""The week of a repository, told to the channels that want it: on Monday morning, once, late rather than never."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from bot.chat import dispatch
from bot.chat.asked import ChatDesk
from bot.domain import CommandGiven, Person, Place, Reply

TOLD_AT = time(8, tzinfo=UTC)
LATE_AFTER = timedelta(hours=1)


def summaries_due(desk: ChatDesk, now: datetime) -> dict[str, dict[str, Any]]:
    """By week and channel. Who subscribed after the week was over waits for the next one."""
    monday = now.astimezone(UTC).date() - timedelta(days=now.astimezone(UTC).weekday())
    due_at = datetime.combine(monday, TOLD_AT)
    if now < due_at:
        return {}
    over = (due_at - timedelta(days=7)).isocalendar()
    week = f"{over.year}-W{over.week:02}"
    due = {}
    for repository in desk.ledger.known_repositories():
        for each in desk.ledger.subscribers(repository.id):
            if each.wants.get("weekly") and datetime.fromisoformat(each.at) < due_at:
                place = Place(transport=each.transport, workspace=each.workspace, channel=each.channel)
                due[f"{week}:{repository.id}:{each.transport}-{each.workspace}-{each.channel}"] = {
                    "place": place.to_json(),
                    "repository": repository.full_name,
                    "week": week,
                    "is_late": now - due_at > LATE_AFTER,
                }
    return due


def summary_of(desk: ChatDesk, repository: str, week: str, is_late: bool) -> Reply:
    """What `weekly` answers, for everybody in the channel."""
    given = CommandGiven(
        id=f"summary-{week}-{repository}",
        text=f"weekly {repository}",
        person=Person(transport="terminal", id="seawall"),
        place=Place(transport="terminal"),
        at=desk.now().isoformat(timespec="seconds"),
    )
    reply = dispatch.answer(given, desk).reply
    late = " (late: nobody was there on Monday)" if is_late else ""
    return reply.model_copy(update={"title": f"{reply.title}, after {week}{late}", "is_public": True, "run_id": ""})
