"""A summary on its way: by chat, mail, issue or file. What is done after a crash, the courier knows."""

from datetime import datetime, timedelta
from pathlib import Path

from bot.domain import Place
from bot.errors import Forbidden, OutcomeUnknown, SettingsError, UsageError
from bot.github import GitHubHost
from bot.github.issues import Issues, Telling
from bot.logs import logger
from bot.settings import Settings
from bot.transports.registry import chat_systems
from bot.transports.system import Picture as ChatPicture
from bot.weekly.charts import Chart, alt_text, chart_png, charts_of
from bot.weekly.delivery import folder, mail, smtp
from bot.weekly.delivery.destinations import Destination
from bot.weekly.formats import FORMATS, render
from bot.weekly.formats.chat import slack_messages, teams_messages
from bot.weekly.formats.html import page
from bot.weekly.formats.reply import reply_of
from bot.weekly.summary import Summary

_ENDINGS = {"text": "txt", "markdown": "md"}
_LOOKED_THROUGH = timedelta(days=60)
"""Issues older than this are no longer looked at: the one of the week before is younger, even after a downtime."""
_log = logger(__name__)


def send(destination: Destination, summary: Summary, settings: Settings, host: GitHubHost, now: datetime) -> None:
    """Tells it there, once. Raises RetryableError or OutcomeUnknown where it is worth trying again, RefusedError or
    SettingsError where it is not."""
    match destination.way:
        case "chat":
            assert destination.place is not None, "a chat has a place"
            _to_chat(destination.place, summary, settings)
        case "mail":
            _by_mail(f"{destination.name}:{summary.facts.week}", summary, settings, now)
        case "issue":
            _as_issue(destination, summary, settings, host, now)
        case "folder":
            texts = {_ENDINGS.get(name, name): render(summary, name, width=100) for name in FORMATS}
            folder.write(Path(settings.weekly.folder), destination.subject, summary.facts.week, texts)


def pictures(summary: Summary) -> list[tuple[Chart, bytes, str]]:
    """Each chart with its PNG and the sentence that tells it; none where the extra `png` is not installed."""
    try:
        return [
            (chart, chart_png(chart.series, chart.kind, title=chart.title), alt_text(chart.title, chart.series))
            for chart in charts_of(summary.facts)
        ]
    except UsageError as missing:
        _log.info("a summary goes without its charts", reason=str(missing))
        return []


def _to_chat(place: Place, summary: Summary, settings: Settings) -> None:
    """An answer that was lost is taken for a yes: nothing there could be asked, and a double is worse than a doubt."""
    system = next((one for one in chat_systems() if one.name == place.transport), None)
    if system is None:
        raise Forbidden(f"Nothing is delivered to {place.transport} from here.")
    try:
        if place.transport == "slack":
            shown = [ChatPicture(chart.name, chart.title, alt, png) for chart, png, alt in pictures(summary)]
            system.publish(place, slack_messages(summary), shown, settings)
        elif place.transport == "teams":
            system.publish(place, teams_messages(summary), (), settings)
        else:
            system.deliver(place, reply_of(summary), settings)
    except OutcomeUnknown as lost:
        _log.warning("a summary may stand there only in part", place=place.transport, reason=str(lost))


def _by_mail(key: str, summary: Summary, settings: Settings, now: datetime) -> None:
    weekly = settings.weekly
    if not weekly.mail_host or not weekly.mail_from:
        raise SettingsError("No summary is mailed: set weekly.mail_host and weekly.mail_from beside weekly.to_mail.")
    drawn = pictures(summary)
    letter = mail.Letter(
        title=_title(summary),
        text=render(summary, "text", width=78),
        html=page(summary, image=lambda chart: f"cid:{chart.name}" if drawn else ""),
        pictures=[mail.Picture(chart.name, png, alt) for chart, png, alt in drawn],
    )
    smtp.send(mail.message_of(letter, weekly, key, now), weekly)


def _as_issue(destination: Destination, summary: Summary, settings: Settings, host: GitHubHost, now: datetime) -> None:
    telling = Telling(
        series=destination.name,
        key=f"{destination.name}:{summary.facts.week}",
        title=_title(summary),
        body=render(summary, "markdown"),
        label=settings.weekly.issue_label,
    )
    since = (now - _LOOKED_THROUGH).strftime("%Y-%m-%dT%H:%M:%SZ")
    Issues(host, settings.weekly.issue_repository).tell(telling, since)


def _title(summary: Summary) -> str:
    return f"{summary.title} (late)" if summary.is_late else summary.title
