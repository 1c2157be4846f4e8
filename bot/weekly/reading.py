"""A week read from the ledger and made ready to be told."""

from collections.abc import Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.domain import Repository
from bot.domain.protocols import Model
from bot.domain.timeline import WeekRows
from bot.errors import UsageError
from bot.ledger import Ledger
from bot.settings.groups import Weekly
from bot.weekly.facts import Facts
from bot.weekly.life import Lives
from bot.weekly.making import facts_of, span_of
from bot.weekly.summary import Summary, summary_of
from bot.weekly.week import DAYS, Week, WorkingTime


def zone_of(settings: Weekly) -> ZoneInfo:
    return ZoneInfo(settings.zone)


def working_time(settings: Weekly) -> WorkingTime:
    return WorkingTime(
        zone_of(settings),
        frozenset(DAYS.index(day) for day in settings.working_days),
        time.fromisoformat(settings.opens),
        time.fromisoformat(settings.closes),
    )


def week_named(name: str | None, settings: Weekly, now: datetime) -> Week:
    """That week, or the last one that is over. Raises UsageError for no week, and for one that has not begun."""
    zone = zone_of(settings)
    week = Week(name, zone) if name else Week.last_over(now, zone)
    if week.starts > now:
        raise UsageError(
            f"Week {week.name} has not begun yet. The last one that is over is {Week.last_over(now, zone).name}."
        )
    return week


def read_summary(
    ledger: Ledger,
    repositories: Sequence[Repository],
    subject: str,
    week: Week,
    settings: Weekly,
    now: datetime,
    model: Model | None = None,
) -> Summary:
    """Of those repositories together; `subject` is what they are called, and whose clock it is. Raises LedgerError."""
    facts, rows = read_facts(ledger, [repository.id for repository in repositories], subject, week, settings, now)
    return summary_of(facts, rows, model)


def read_facts(
    ledger: Ledger,
    repository_ids: Sequence[int],
    subject: str,
    week: Week,
    settings: Weekly,
    now: datetime,
    told: Lives | None = None,
) -> tuple[Facts, WeekRows]:
    """The facts of a week, and the rows they were made of. `told` as in `facts_of`. Raises LedgerError."""
    own, rows = settings.of(subject), ledger.week_rows(list(repository_ids), *span_of(week))
    return facts_of(rows, week, subject, now, working_time(own), own.production, told), rows


def subject_of(repositories: Sequence[Repository]) -> str:
    """`acme/shop`; `acme` where they have one owner; else `All repositories`."""
    if len(repositories) == 1:
        return repositories[0].full_name
    owners = {repository.owner for repository in repositories}
    return owners.pop() if len(owners) == 1 else "All repositories"
