"""`stats` and `weekly`: what the record says in numbers. Of repositories, never of people."""

from datetime import timedelta
from typing import ClassVar

from bot.chat.asked import Asked
from bot.chat.command import Command, Declined, Example, Use, said
from bot.chat.figures import figures
from bot.chat.wording import iso, listing, moment, one_of, quote, span_of
from bot.domain import Answer, Table
from bot.review.filter import code

_WEEKLY = (
    ("Reviews", "runs that ended in a receipt"),
    ("Incomplete", "runs that did not read all they should have, of all runs"),
    ("Said", "findings first said in that week"),
    ("Fixed, accepted, disputed, ignored", "what became of those, of those said; dismissed ones count as disputed"),
    ("Model", "US dollars, as far as prices are known"),
)


class Stats(Command):
    name = "stats"
    summary = "Reviews, findings, what became of them and what they cost, each with definition and n"
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
    summary = "The last four weeks side by side"
    uses = (Use("weekly [<owner/repo>]", "read", "anything"),)
    aliases: ClassVar = {"week": "weekly"}
    examples = (Example("weekly", "acme/shop, four weeks"), Example("weekly acme/shop", "acme/shop, four weeks"))

    def run(self, asked: Asked) -> Answer:
        weeks = asked.desk.ledger.ask("weekly", now=iso(asked.desk.now()), repository_id=_scope(asked))
        rows = []
        for at, week in enumerate(weeks):
            posted = week["posted"]
            fates = (f"{week[fate]} of {posted}" for fate in ("fixed", "accepted", "disputed", "ignored"))
            rows.append((
                f"{week['week']}{' (so far)' if at == 0 else ''}",
                f"{one_of(week['reviews'], 'run')} on {one_of(week['pull_requests'], 'pull request')}",
                f"{week['incomplete']} of {week['reviews']}",
                one_of(posted, "finding"),
                *fates,
                f"US$ {week['cost_usd']:.2f}",
            ))  # fmt: skip
        columns = ("Week from", "Reviews", "Incomplete", "Said", "Fixed", "Accepted", "Disputed", "Ignored", "Model")
        meanings = listing(f"*{name}*: {meaning}" for name, meaning in _WEEKLY)
        return said(f"{_named(asked)}, four weeks", Table(columns=columns, rows=tuple(rows)), meanings, _muted(asked))


def _muted(asked: Asked) -> str:
    """The rules that muted themselves and are still silent: nobody should have to look for that."""
    waivers = asked.desk.ledger.waivers(_scope(asked), iso(asked.desk.now()))
    own = [waiver for waiver in waivers if waiver.kind == "muted" and waiver.owner == "seawall"]
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
