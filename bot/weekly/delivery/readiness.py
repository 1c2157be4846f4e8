"""What the doctor says of weekly summaries: where they go, and what would keep them from arriving."""

import os
from calendar import day_name
from collections.abc import Iterator
from pathlib import Path

from bot.errors import SeawallError
from bot.github import GitHubHost
from bot.github.issues import Issues
from bot.settings import Settings
from bot.settings.groups import Weekly
from bot.transports.system import Readiness
from bot.weekly.delivery.smtp import greet
from bot.weekly.week import DAYS


def readiness(settings: Settings, is_offline: bool) -> Iterator[Readiness]:
    """One line for the schedule, and one for each way that is set."""
    weekly = settings.weekly
    ways = {"mail": weekly.to_mail, "issue": weekly.issue_repository, "folder": weekly.folder}
    named = [*weekly.channels, *(way for way, is_set in ways.items() if is_set)]
    where = f"to {', '.join(named)} and whoever subscribed" if named else "to channels that subscribed"
    yield Readiness("weekly", True, f"on {_moment(weekly)}, {where}")
    for clock in weekly.clocks:
        yield Readiness(f"weekly of {clock.of}", True, f"on {_moment(weekly.of(clock.of))}")
    yield from _channels(settings)
    if weekly.to_mail:
        yield _mail(settings, is_offline)
    if weekly.folder:
        yield _folder(Path(weekly.folder).expanduser())
    if weekly.issue_repository and not is_offline:
        yield _issue(settings)


def _moment(weekly: Weekly) -> str:
    return f"{day_name[DAYS.index(weekly.day)]}s at {weekly.at} ({weekly.zone})"


def _channels(settings: Settings) -> Iterator[Readiness]:
    needed = {
        "slack": ("chat.slack_bot_token", settings.chat.slack_bot_token),
        "teams": ("chat.teams_post_url", settings.chat.teams_post_url),
        "signed": ("chat.signed_post_url", settings.chat.signed_post_url),
    }
    for transport in sorted({channel.partition(":")[0] for channel in settings.weekly.channels}):
        name, value = needed[transport]
        if not value.get_secret_value():
            yield Readiness("weekly chat", False, f"{transport} cannot be posted to", f"Set {name}.")


def _mail(settings: Settings, is_offline: bool) -> Readiness:
    weekly = settings.weekly
    if not weekly.mail_host or not weekly.mail_from:
        return Readiness("weekly mail", False, "no way to send it", "Set weekly.mail_host and weekly.mail_from.")
    says = f"from {weekly.mail_from} by {weekly.mail_host}:{weekly.mail_port} ({weekly.mail_security})"
    if is_offline:
        return Readiness("weekly mail", True, says)
    try:
        greet(weekly)
    except SeawallError as failed:
        return Readiness("weekly mail", False, says, str(failed))
    return Readiness("weekly mail", True, f"{says}, which answers")


def _folder(folder: Path) -> Readiness:
    there = next((one for one in (folder, *folder.parents) if one.exists()), folder)
    if there.is_dir() and os.access(there, os.W_OK):
        return Readiness("weekly folder", True, str(folder))
    return Readiness("weekly folder", False, f"{folder} cannot be written to", f"Let the service write to {there}.")


def _issue(settings: Settings) -> Readiness:
    host = GitHubHost(settings.github)
    try:
        missing = Issues(host, settings.weekly.issue_repository).missing()
    except SeawallError as failed:
        missing = str(failed)
    finally:
        host.close()
    says = f"in {settings.weekly.issue_repository}"
    return Readiness("weekly issue", not missing, says, missing)
