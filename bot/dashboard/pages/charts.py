"""Charts as pictures: an address of their own, so that pages need neither script nor style within."""

from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, request

from bot.dashboard.desk import Desk


def add(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/charts/<name>.svg")
    def chart(name: str) -> Response:
        from bot.weekly.charts import chart_svg, charts_of
        from bot.weekly.week import Week

        zone = ZoneInfo(desk.settings.weekly.zone)
        named = request.args.get("week", "")
        week = Week(named, zone) if named else Week.last_over(desk.now(), zone)
        if week.starts > desk.now():
            abort(404)
        found = next((one for one in charts_of(desk.sight.facts(week)) if one.name == name), None)
        if found is None:
            abort(404)
        answer = Response(chart_svg(found.series, found.kind, name=name), mimetype="image/svg+xml")
        answer.headers["Cache-Control"] = "private, max-age=60"
        return answer
