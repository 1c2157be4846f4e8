"""`stats` and `weekly`: what the record says in numbers. Of repositories, never of people."""

from collections.abc import Sequence
from datetime import timedelta
from typing import ClassVar

from bot.chat.asked import Asked
from bot.chat.command import Command, Declined, Example, Use, said
from bot.chat.figures import figures
from bot.chat.wording import iso, listing, moment, quote, span_of
from bot.domain import Answer, Repository, Table
from bot.review.filter import code
from bot.weekly.facts import MutedRule
from bot.weekly.formats.reply import reply_of
from bot.weekly.formats.sections import MOST_MUTED
from bot.weekly.reading import read_summary, week_named
from bot.weekly.summary import Summary

_MEANINGS = (
    ("Reviews", "runs that ended in a receipt"),
    ("Incomplete", "runs that did not read all they should have"),
    ("Said", "findings first said in that week"),
    ("Fixed, accepted, disputed, ignored", "what became of those; dismissed ones count as disputed"),
    ("Model", "what it cost, as far as prices are known"),
)
_FATES = ("fixed", "accepted", "disputed", "ignored")


class Stats(Command):
    name = "stats"
    topic = "a repository"
    summary = "Counts reviews and findings, what became of them and what they cost, each with its definition"
    uses = (
        Use("stats [<days>] [<owner/repo>]", "read", "anything"),
        Use("stats <owner/repo> <days>", "read", "anything"),
    )
    aliases: ClassVar = {"statistics": "stats", "metrics": "stats"}
    examples = (Example("stats 7d", "acme/shop in 7 days"), Example("stats 4w acme/shop", "acme/shop in 28 days"))

    def run(self, asked: Asked) -> Answer:
        span = span_of(asked.value("days")) if asked.value("days") else timedelta(days=7)
        ledger, here = asked.desk.ledger, _scope(asked)
        values = {"since": iso(asked.desk.now() - span), "repository_id": here}
        found = figures(
            ledger.ask("stats-reviews", **values),
            ledger.ask("stats-findings", **values)[0],
            ledger.ask("stats-cost", **values)[0],
        )
        table = Table(columns=("Figure", "Value", "n", "What it is"), rows=tuple(tuple(figure) for figure in found))
        return said(f"{_named(asked)} in {_days(span)}", table)


class Weekly(Command):
    name = "weekly"
    topic = "a repository"
    summary = "Tells the last week that is over: figures, what is worth doing, what waits; and four weeks side by side"
    uses = (Use("weekly [<owner/repo>]", "read", "anything"),)
    aliases: ClassVar = {"week": "weekly"}
    examples = (Example("weekly", "acme/shop, week"), Example("weekly acme/shop", "acme/shop, week"))

    def run(self, asked: Asked) -> Answer:
        weeks = asked.desk.ledger.ask("weekly", now=iso(asked.desk.now()), repository_id=_scope(asked))
        columns = ["Week from", *(f"{week['week']}{'' if at else ' (so far)'}" for at, week in enumerate(weeks))]
        rows = [
            ["Reviews", *(str(week["reviews"]) for week in weeks)],
            ["Pull requests", *(str(week["pull_requests"]) for week in weeks)],
            ["Incomplete", *(f"{week['incomplete']} of {week['reviews']}" for week in weeks)],
            ["Said", *(str(week["posted"]) for week in weeks)],
            *([fate.capitalize(), *(f"{week[fate]} of {week['posted']}" for week in weeks)] for fate in _FATES),
            ["Model", *(f"US$ {week['cost_usd']:.2f}" for week in weeks)],
        ]
        table = Table(columns=tuple(columns), rows=tuple(map(tuple, rows)))
        meanings = listing(f"*{name}*: {meaning}" for name, meaning in _MEANINGS)
        here = asked.repository_or_none
        repositories = [here] if here else asked.desk.ledger.known_repositories()
        summary = _last_week(asked, repositories)
        told = reply_of(summary)
        silent = _muted(asked, repositories, summary.facts.muted[:MOST_MUTED])
        return said(told.title, *told.parts, "**Four weeks side by side**", table, meanings, silent)


def _last_week(asked: Asked, repositories: Sequence[Repository]) -> Summary:
    """The last week that is over, in words of the template: a model takes longer than a chat waits."""
    desk = asked.desk
    week = week_named(None, desk.settings.weekly.of(_named(asked)), desk.now())
    return read_summary(desk.ledger, repositories, _named(asked), week, desk.settings.weekly, desk.now())


def _muted(asked: Asked, repositories: Sequence[Repository], named: Sequence[MutedRule]) -> str:
    """The rules that muted themselves and are still silent: nobody should have to look for that. Without those that
    the week has `named`."""
    waivers = asked.desk.ledger.waivers(_scope(asked), iso(asked.desk.now()))
    heard = {(one.repository, one.rule) for one in named if not one.is_over}
    names = {repository.id: repository.full_name for repository in repositories}
    own = [
        waiver
        for waiver in waivers
        if waiver.kind == "muted"
        and waiver.owner == "seawall"
        and (names.get(waiver.repository_id), waiver.rule) not in heard
    ]
    if not own:
        return ""
    lines = listing(f"{code(waiver.rule)}: {quote(waiver.reason)}, since {moment(waiver.at)}" for waiver in own)
    return f"Muted themselves, since few heed them here (`unmute` lets one speak again):\n{lines}"


def _scope(asked: Asked) -> int | None:
    """The repository; None, for all of them, only at the terminal."""
    if asked.repository_or_none is not None:
        return asked.repository_or_none.id
    if asked.given.person.transport == "terminal":
        return None
    raise Declined("Which repository?", f"Name it: `{asked.command.name} owner/repo`.", state="misunderstood")


def _named(asked: Asked) -> str:
    return asked.repository_or_none.full_name if asked.repository_or_none else "All repositories"


def _days(span: timedelta) -> str:
    hours = span // timedelta(hours=1)
    return f"{hours // 24} days" if hours % 24 == 0 and hours != 24 else f"{hours} hours"
