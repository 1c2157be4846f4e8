"""The dashboard as a part of the web application. What it loads at the start is little: the ledger, the figures and
GitHub's sign-in come with the first page that needs them."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, Flask, Response

from bot.dashboard import pages
from bot.dashboard.api.routes import api
from bot.dashboard.desk import Desk, Works, shared
from bot.dashboard.error_pages import ErrorPages
from bot.dashboard.guard import stand_guard
from bot.dashboard.keys import Seal, cookie_key
from bot.dashboard.navigation import navigation
from bot.dashboard.people import People
from bot.dashboard.reader import Reader
from bot.dashboard.wording import filters, printable
from bot.errors import SettingsError
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.dashboard.github_accounts import GitHubAccounts
    from bot.dashboard.week_facts import WeekFacts
    from bot.ledger import Ledger

_STYLE = Path(__file__).with_name("static") / "seawall.css"


def mount(
    app: Flask,
    settings: Settings,
    works: Works,
    front: Callable[[], Response],
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    open_ledger: "Callable[[], Ledger] | None" = None,
) -> ErrorPages:
    """Adds the pages to the application, and gives those that tell of errors elsewhere in it. `front`: what stands at
    `/` for who comes by another address than the dashboard's own. Raises SettingsError."""

    _check(settings)

    def facts(ledger: "Ledger") -> "WeekFacts":
        from bot.dashboard.week_facts import week_facts

        return week_facts(ledger, settings, now)

    @cache
    def accounts() -> "GitHubAccounts":
        from bot.dashboard.github_accounts import GitHubAccounts

        return GitHubAccounts(settings)

    @cache
    def key() -> str:
        return cookie_key(settings)

    reader = Reader(open_ledger or (lambda: _ledger(settings)), facts)
    people = People(settings, lambda: reader.ledger, accounts, cache(lambda: Seal(key())), now)
    desk = Desk(settings, reader, people, works, now)
    blueprint = Blueprint("dashboard", __name__, template_folder="templates", static_folder="static")
    errors = ErrorPages(settings)
    stand_guard(app, blueprint, desk, key, front)
    errors.add(blueprint)
    pages.add_all(blueprint, desk)
    _dress(app, desk)
    app.register_blueprint(blueprint)
    app.register_blueprint(api(desk))
    return errors


def _dress(app: Flask, desk: Desk) -> None:
    app.jinja_env.finalize = printable
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(filters(lambda: desk.zone, desk.now))
    style = hashlib.sha256(_STYLE.read_bytes()).hexdigest()[:12]
    app.context_processor(
        lambda: shared(
            navigation=navigation(),
            style=style,
            zone=desk.zone.key,
            now=desk.now(),
        )
    )


def _check(settings: Settings) -> None:
    """Half a sign-in would let in nobody, or too many."""
    asked = settings.dashboard
    if asked.client_id and not (asked.organisation and asked.url and asked.client_secret.get_secret_value()):
        raise SettingsError(
            "Signing in with GitHub needs all of dashboard.client_id, client_secret, organisation and url. Set them, "
            "or leave client_id empty: then `seawall dashboard login` makes links."
        )


def _ledger(settings: Settings) -> "Ledger":
    """Raises SettingsError where another host is to be asked without Postgres."""
    if settings.ledger.access == "file":
        from bot.ledger import Ledger

        return Ledger(settings.ledger_path)
    from bot.engine.ledger_line import LedgerLine
    from bot.ledger.remote import RemoteLedger

    return RemoteLedger(LedgerLine(settings))
