"""The way in and out: GitHub for members of the organisation, a one-time link for whoever sits at the machine."""

import hmac

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from bot.dashboard.addresses import safe_next
from bot.dashboard.desk import Desk
from bot.dashboard.keys import new_secret
from bot.errors import Forbidden, HostUnavailable

Answer = Response | str | tuple[str, int]


def add(pages: Blueprint, desk: Desk) -> None:
    has_github = bool(desk.settings.dashboard.client_id)

    def the_way_in(refused: str = "", status: int = 200) -> tuple[str, int]:
        wanted = safe_next(request.args.get("next"))
        asked = desk.settings.dashboard
        return render_template(
            "sign_in.html", has_github=has_github, wanted=wanted, refused=refused, organisation=asked.organisation,
            team=asked.team,
        ), status  # fmt: skip

    @pages.get("/sign-in")
    def sign_in() -> Answer:
        return the_way_in()

    @pages.get("/sign-in/github")
    def sign_in_github() -> Answer:
        if not has_github:
            return the_way_in("Signing in with GitHub is not set up here.", 404)
        from bot.dashboard.github_accounts import GitHubAccounts

        departure = GitHubAccounts(desk.settings).depart(new_secret() + new_secret()[:10])
        session["departure"] = {
            "state": departure.state,
            "verifier": departure.verifier,
            "next": safe_next(request.args.get("next")),
        }
        return redirect(departure.url, 303)

    @pages.get("/sign-in/github/back")
    def github_back() -> Answer:
        departure = session.pop("departure", None)  # good for one return
        if not has_github or not isinstance(departure, dict):
            return the_way_in("That sign-in was not begun here, or has been used. Begin again.", 400)
        if not hmac.compare_digest(str(departure["state"]).encode(), request.args.get("state", "").encode()):
            return the_way_in("That sign-in was begun elsewhere. Begin again.", 400)
        if "code" not in request.args:
            return the_way_in("GitHub did not let you through, or you turned back. Nothing was signed in.", 403)
        from bot.dashboard.github_accounts import GitHubAccounts

        accounts = GitHubAccounts(desk.settings)
        try:
            token = accounts.token_for(request.args["code"], str(departure["verifier"]))
            account = accounts.account(token)
        except Forbidden as refused:
            return the_way_in(str(refused), 403)
        except HostUnavailable as away:
            return the_way_in(str(away), 503)
        desk.people.begin(account, token)
        return redirect(safe_next(departure["next"]), 303)

    @pages.get("/sign-in/link")
    def sign_in_link() -> Answer:
        # A look at the address must not use it up: whatever previews links would be signed in, and nobody else.
        return render_template("sign_in_link.html", code=request.args.get("code", "")[:200])

    @pages.post("/sign-in/link")
    def use_link() -> Answer:
        if not desk.people.use_link(request.form.get("code", "")):
            return the_way_in("That link has been used, or is older than five minutes. Make another one.", 403)
        desk.people.begin(None)
        return redirect(url_for("dashboard.overview"), 303)

    @pages.post("/sign-out")
    def sign_out() -> Answer:
        desk.people.end()
        return redirect(url_for("dashboard.sign_in"), 303)
