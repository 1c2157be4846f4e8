"""Errors as pages: what happened, and what to do. Nothing of the inside is told."""

from flask import Blueprint, g, render_template, request
from werkzeug.exceptions import HTTPException

from bot.dashboard.addresses import is_ours
from bot.dashboard.guard import POLICY
from bot.errors import LedgerError, NotFound, RetryableError, UsageError
from bot.logs import logger
from bot.settings import Settings

log = logger(__name__)
Answer = tuple[str, int, dict[str, str]]

_LINES = {
    400: ("This was not understood", "Go back, load the page anew, and try again."),
    401: ("You are not signed in", "Sign in, and try again."),
    403: ("That is not for you", "Ask whoever runs Seawall here, or go back."),
    404: ("There is nothing here", "It does not exist, or you may not see it."),
    405: ("That cannot be done here", "Go back, and try again from the page."),
    413: ("That is too much", "Send less."),
}


class ErrorPages:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def wanted(self) -> bool:
        """True where a person looks at our own address with a browser."""
        is_browser = request.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html"
        return is_browser and "text/html" in request.headers.get("Accept", "") and is_ours(
            request, self._settings.dashboard
        )  # fmt: skip

    def of(self, error: HTTPException) -> Answer:
        status = error.code or 500
        title, line = _LINES.get(status, ("That did not work", "Try again in a minute."))
        return _page(status, title, line)

    def add(self, pages: Blueprint) -> None:
        pages.register_error_handler(HTTPException, self.of)
        pages.register_error_handler(NotFound, lambda _: _page(404, *_LINES[404]))
        pages.register_error_handler(UsageError, lambda wrong: _page(400, "This was not understood", str(wrong)))
        pages.register_error_handler(LedgerError, _away)
        pages.register_error_handler(RetryableError, _away)
        pages.register_error_handler(Exception, _unforeseen)


def _page(status: int, title: str, line: str) -> Answer:
    # Where no page of ours was reached, nobody else brings the policy that lets in its style.
    told = {"Content-Security-Policy": POLICY}
    return render_template("error.html", status=status, title=title, line=line), status, told


def _away(error: Exception) -> Answer:
    log.warning("a page could not be made", path=request.path, reason=str(error))
    line = "The record, or what it needs, does not answer right now. Load the page again in a minute."
    return _page(503, "Not just now", f"{line} The log says more under {g.get('request_id', '')}.")


def _unforeseen(error: Exception) -> Answer:
    log.exception("a page failed", path=request.path, request_id=g.get("request_id", ""), exc_info=error)
    line = f"Something went wrong here; the log has it under {g.get('request_id', '')}."
    return _page(500, "That did not work", line)
