"""Charts as pictures: an address of their own, so that pages need neither script nor style within."""

from flask import Blueprint, Response, abort, request

from bot.dashboard.desk import Desk
from bot.dashboard.weeks_asked import this_week, week_named


def add(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/charts/<name>.svg")
    def chart(name: str) -> Response:
        from bot.weekly.charts import chart_svg, charts_of

        named = request.args.get("week", "")
        week = week_named(desk, named) if named else this_week(desk).back(1)
        found = next((one for one in charts_of(desk.sight.facts(week)) if one.name == name), None)
        if found is None:
            abort(404)
        drawn = chart_svg(found.series, found.kind, title=found.title, name=name, shows_title=False)
        answer = Response(drawn, mimetype="image/svg+xml")
        answer.headers["Cache-Control"] = "private, max-age=60"
        return answer
