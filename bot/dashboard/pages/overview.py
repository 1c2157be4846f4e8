"""The overview: whether all is well, whether work flows, what reviews were worth."""

from flask import Blueprint, render_template

from bot.dashboard.desk import Desk


def add(pages: Blueprint, desk: Desk) -> None:
    @pages.get("/")
    def overview() -> str:
        return render_template("overview.html", repositories=desk.sight.repositories())
