"""How does it reach production? DORA's four figures, where deployments and incidents are on record; never guessed."""

from datetime import timedelta
from typing import Final

from bot.weekly.chronicle import Chronicle, Span, Values
from bot.weekly.history import Moment
from bot.weekly.metric import TWO, Metric, MetricGroup, sample_of
from bot.weekly.sample import Absent, Count, Quantile, Sample, Share

NO_DEPLOYMENTS: Final = "not measured: no deployment to production is on record"
NO_INCIDENTS: Final = "not measured: no incident is on record"
NO_ENDS: Final = "not measured: no issue with an incident label is on record"
NO_RELEASES: Final = "not measured: no release is on record"


def _frequency(chronicle: Chronicle, span: Span) -> Sample:
    if not chronicle.deployments:
        return Absent(NO_DEPLOYMENTS)
    return Count(sum(span.holds(one.at) for _, one in chronicle.deployments), span.weeks)


def _lead_time(chronicle: Chronicle, span: Span) -> Sample:
    if not chronicle.deployments:
        return Absent(NO_DEPLOYMENTS)
    times: Values = []
    for deployed_at, life in chronicle.first_deployed(span):
        begun = life.history.first_commit_at
        times.append((deployed_at - begun) / timedelta(hours=1) if begun else None)
    return sample_of(times, 0.5)


def _failures(chronicle: Chronicle, span: Span) -> Sample:
    if not chronicle.deployments:
        return Absent(NO_DEPLOYMENTS)
    if not (chronicle.incidents or chronicle.moments("incident-opened")):
        return Absent(NO_INCIDENTS)
    broken = [(repository_id, one.at) for repository_id, one in chronicle.moments("incident-opened")]
    broken += [(row["repository_id"], at) for at, row in chronicle.incidents if row["repository_id"] is not None]
    total = failed = 0
    for repository_id, times in chronicle.deployed_at.items():
        mine = [at for of, at in broken if of == repository_id]
        for at, following in zip(times, [*times[1:], chronicle.as_of], strict=True):
            if span.holds(at):
                total += 1
                failed += any(at <= one < following for one in mine)
    return Share(failed, total)


def _restores(chronicle: Chronicle, span: Span) -> Sample:
    opened = chronicle.moments("incident-opened")
    if not opened:
        return Absent(NO_ENDS)
    closed = chronicle.moments("incident-closed")
    hours, unclosed = [], 0
    for repository_id, one in opened:
        ended = next((end.at for of, end in closed if of == repository_id and _same(one, end)), None)
        if ended is None or ended >= span.ends:
            unclosed += one.at < span.ends
        elif span.holds(ended):
            hours.append((ended - one.at) / timedelta(hours=1))
    return Quantile(hours, missing=unclosed, least=1)


def _same(opened: Moment, closed: Moment) -> bool:
    return opened.details.get("issue") == closed.details.get("issue") and closed.at >= opened.at


def _releases(chronicle: Chronicle, span: Span) -> Sample:
    released = chronicle.moments("released")
    if not released:
        return Absent(NO_RELEASES)
    final = [one for _, one in released if not one.details.get("is_prerelease") and span.holds(one.at)]
    return Count(len(final), span.weeks)


GROUP = MetricGroup(
    name="delivery",
    title="Delivery",
    question="How does it reach production?",
    order=2,
    metrics=(
        Metric(
            "deployments", "Deployments", "", "count", "deployments to production",
            "Deployments to production in the week that succeeded.", _frequency, "higher", is_charted=True,
        ),
        Metric(
            "lead-time", "Lead time for changes", "h", "median", "pull requests deployed",
            "First commit to the first deployment to production after the merge, of pull requests first deployed in "
            "the week.", _lead_time, "lower", least_authors=TWO,
        ),
        Metric(
            "change-failure", "Change failure rate", "%", "share", "deployments to production",
            "Deployments to production in the week after which an incident began before the next one.",
            _failures, "lower",
        ),
        Metric(
            "time-to-restore", "Time to restore", "h", "median", "incidents closed",
            "Opening to closing, of issues with an incident label closed in the week; missing are those still open.",
            _restores, "lower",
        ),
        Metric(
            "releases", "Releases", "", "count", "releases", "Releases of the week that are no pre-releases.",
            _releases,
        ),
    ),
)  # fmt: skip
