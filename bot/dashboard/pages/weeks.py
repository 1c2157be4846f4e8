"""Weeks: the archive, twelve at a time, and each week whole, on a page or taken along."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, render_template, request, url_for

from bot.dashboard import asked
from bot.dashboard.addresses import http_url
from bot.dashboard.desk import Desk
from bot.dashboard.figures import chart_pictures
from bot.dashboard.tables import Column, Kind, Row, exported, table_of
from bot.dashboard.weeks_asked import this_week, week_named
from bot.errors import UsageError
from bot.weekly.week import Week

if TYPE_CHECKING:
    from bot.weekly.facts import Facts
    from bot.weekly.figure import Figure, Group, Series

_KINDS: Final[dict[str, Kind]] = {"h": "hours", "%": "share", "US$": "money"}
_PERCENTILES: Final = ("-p75", "-p90")
_TYPES: Final = {
    "text": "text/plain",
    "markdown": "text/markdown",
    "html": "text/html",
    "json": "application/json",
}
_ENDINGS: Final = {"text": "txt", "markdown": "md", "html": "html", "json": "json"}


def add(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/weeks")
    def weeks() -> str | Response:
        now = this_week(desk)
        last = _week(desk, request.args.get("until", "") or now.name)
        facts = desk.sight.facts(last)
        columns = (
            Column("week", "Week", "name", href=_address),
            Column("days", "Days", "name", is_sortable=False),
            *_columns(facts),
        )
        told = table_of("weeks", "Weeks", columns, _rows(facts, desk.zone), sort="week", order="desc")
        later = last.back(-12)
        return exported(told) or render_template(
            "weeks.html", told=told, filters=(asked.repository_choice(desk),), facts=facts,
            pictures=chart_pictures(facts),
            earlier=_narrowed(until=last.back(12).name),
            later=_narrowed(until=min(later, now, key=lambda week: week.starts).name) if last.name != now.name else "",
        )  # fmt: skip

    @pages.get("/weeks/<name>")
    def week(name: str) -> str | Response:
        one = _week(desk, name)
        facts = desk.sight.facts(one)
        wanted = request.args.get("format", "")
        if wanted in _TYPES and "table" not in request.args:
            return _taken_along(facts, wanted)
        classes = table_of(
            "classes", "What was said, by class of defect", _CLASS,
            [record.to_json() for record in facts.classes], sort="posted", order="desc", empty="Nothing was said.",
        )  # fmt: skip
        stale = table_of(
            "stale", "Waiting or blocked when the week ended", _STALE, [waiting.to_json() for waiting in facts.stale],
            sort="waited_h", order="desc", empty="Nothing was stale or blocked.", per_page=15,
        )  # fmt: skip
        return exported(classes, stale) or render_template(
            "week.html", facts=facts, classes=classes, stale=stale, summary=_summary(facts), http_url=http_url,
            pictures=chart_pictures(facts), remarks=_remarks(facts), with_spread=_with_spread,
            days=_days(one, desk.zone), formats=tuple(_TYPES), filters=(asked.repository_choice(desk),),
            earlier=one.back(1).name, later=one.back(-1).name if one != this_week(desk) else "",
            narrowed={key: value for key, value in request.args.items() if key == "repository"},
        )  # fmt: skip


def _week(desk: Desk, name: str) -> Week:
    """The week of that name; 404 where it is none, too: its page is not there."""
    try:
        return week_named(desk, name)
    except UsageError:
        abort(404)


def _summary(facts: "Facts") -> Any:
    """The three sentences of the template: what a model wrote is told once, where the week is delivered."""
    from bot.weekly.sentences import by_template
    from bot.weekly.summary import Summary

    return Summary(facts=facts, sentences=by_template(facts))


def _with_spread(group: "Group") -> "list[tuple[Figure, tuple[Figure, ...]]]":
    """Each figure with its percentiles, which are told under it; one whose median stands elsewhere is told alone."""
    by_name = {figure.name: figure for figure in group.figures}
    spreads = {name: [one for end in _PERCENTILES if (one := by_name.get(f"{name}{end}"))] for name in by_name}
    folded = {one.name for found in spreads.values() for one in found}
    return [(figure, tuple(spreads[figure.name])) for figure in group.figures if figure.name not in folded]


def _remarks(facts: "Facts") -> dict[str, tuple[str, ...]]:
    """What is told in words under the figures of a group, by its name: receipts, and rules that are kept silent."""
    from bot.weekly.formats.sections import remarks_told

    return remarks_told(facts)


def _taken_along(facts: "Facts", wanted: str) -> Response:
    from bot.weekly.formats import render

    answer = Response(render(_summary(facts), wanted, width=100), mimetype=_TYPES[wanted])
    name = f"seawall-{facts.week}.{_ENDINGS[wanted]}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _columns(facts: "Facts") -> tuple[Column, ...]:
    return tuple(_column(series) for series in facts.series)


def _column(series: "Series") -> Column:
    return Column(series.name, series.title, _KINDS.get(series.unit, "number"))


def _rows(facts: "Facts", zone: ZoneInfo) -> list[dict[str, Any]]:
    """A row a week, of the figures that are charted; weeks before all record are left out."""
    by_week: dict[str, dict[str, Any]] = {}
    for series in facts.series:
        for point in series.points:
            row = by_week.setdefault(point.week, {"week": point.week, "days": _days(Week(point.week, zone), zone)})
            row[series.name] = point.value
    told = [row for row in by_week.values() if any(row.get(series.name) is not None for series in facts.series)]
    return sorted(told, key=lambda row: str(row["week"]), reverse=True)


def _days(week: Week, zone: ZoneInfo) -> str:
    last = week.monday + timedelta(days=6)
    first = f"{week.monday.day} {week.monday:%b}" if week.monday.month != last.month else str(week.monday.day)
    return f"{first} – {last.day} {last:%b %Y}"


def _address(row: Row) -> str:
    return url_for("dashboard.week", name=row["week"], **_kept())


def _narrowed(**words: Any) -> str:
    return url_for("dashboard.weeks", **(_kept() | words))


def _kept() -> dict[str, Any]:
    repository = request.args.get("repository", "")
    return {"repository": repository} if repository else {}


_CLASS = (
    Column("class", "Class"),
    Column("posted", "Said", "number"),
    Column("fixed", "Fixed", "number"),
    Column("accepted", "Accepted", "number"),
    Column("disputed", "Disputed", "number"),
    Column("ignored", "Ignored", "number"),
    Column("open", "Open", "number"),
    Column("precision", "Precision", "share"),
    Column("low", "95 % from", "share"),
    Column("high", "to", "share"),
)
_STALE = (
    Column("title", "Pull request", href=lambda row: http_url(row["url"])),
    Column("repository", "Repository"),
    Column("number", "Number", "number"),
    Column("turn", "Whose turn"),
    Column("waited_h", "Waited", "wait"),
    Column("blocked_by", "Blocked by"),
)
