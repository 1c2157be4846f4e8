"""A week, ready to be told: the facts, and three sentences before them."""

from collections.abc import Collection
from typing import Final

from pydantic import Field

from bot.domain.protocols import Model
from bot.domain.record import Record
from bot.domain.timeline import WeekRows
from bot.weekly.facts import Facts
from bot.weekly.sentences import Sentences, by_model, by_template
from bot.weekly.telling import days_of

_LATE: Final = "Late: nobody was there when the week was over."


class Summary(Record):
    """What every format shows."""

    facts: Facts
    sentences: Sentences
    is_late: bool = Field(default=False, description="Told later than planned, after a downtime; said by who tells it")

    @property
    def title(self) -> str:
        """`acme/shop, week 47: 16 to 22 November 2026`."""
        so_far = "" if self.facts.is_over else ", so far"
        return f"{self.facts.subject}, week {int(self.facts.week[6:])}: {days_of(self.facts)}{so_far}"

    @property
    def opening(self) -> str:
        """The sentences, as one paragraph."""
        return " ".join(self.sentences.text)

    @property
    def origin(self) -> str:
        """Who wrote the sentences, and that this comes late where it does."""
        return f"{f'{_LATE} ' if self.is_late else ''}{self.sentences.origin}"


def summary_of(facts: Facts, rows: WeekRows, model: Model | None = None) -> Summary:
    """`rows` are those the facts were made of. With a model, it is asked for the sentences; what it writes is believed
    only where each number in it is one of the facts'. Never raises for a model that is away."""
    sentences = by_model(facts, model, _people(rows)) if model else by_template(facts)
    return Summary(facts=facts, sentences=sentences)


def _people(rows: WeekRows) -> Collection[str]:
    """Logins that the record knows, so that none is said."""
    logins = {row["author"] for row in rows["pull_requests"]} | {row["actor"] for row in rows["events"]}
    return {login for login in logins if login}
