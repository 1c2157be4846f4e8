"""Three sentences before the figures: from a template, or written by a model and then checked against the facts."""

from collections.abc import Collection, Iterator
from typing import Final

from pydantic import Field

from bot.domain.protocols import Model
from bot.domain.record import Record
from bot.errors import SeawallError
from bot.weekly.facts import Facts
from bot.weekly.figure import Figure
from bot.weekly.prose_check import fault_of, sentences_in
from bot.weekly.telling import SHOWN, against, made_of

PROMPT: Final = "weekly-summary"
_TEMPLATE: Final = "The sentences come from a template."


class Sentences(Record):
    """Three sentences of plain text, and where they come from."""

    text: tuple[str, ...]
    writer: str = Field(default="", description="The model that wrote them; empty: the template")
    origin: str = Field(default=_TEMPLATE, description="Told under them")


def by_template(facts: Facts, origin: str = _TEMPLATE) -> Sentences:
    """Always the same for the same facts."""
    return Sentences(text=(_flow(facts), _value(facts), _next(facts)), origin=origin)


def by_model(facts: Facts, model: Model, people: Collection[str] = ()) -> Sentences:
    """What the model writes where all of it is in the facts, else the template, saying why. `people`: logins that must
    not be said."""
    shown = told_to_model(facts)
    try:
        answer = model.answer(PROMPT, shown)
    except SeawallError:
        return by_template(facts, "The model did not answer; the sentences come from a template.")
    prose = " ".join(answer.text.split())
    if fault := fault_of(prose, facts, people, " ".join(shown.values())):
        return by_template(facts, f"What the model wrote was not used ({fault}); the sentences come from a template.")
    return Sentences(
        text=sentences_in(prose),
        writer=answer.model,
        origin=f"Written by {answer.model}; each number was checked against the figures below.",
    )


def told_to_model(facts: Facts) -> dict[str, str]:
    """The prompt's inputs: only what is known, and nobody's name."""
    figures = [figure for names in SHOWN.values() for figure in _known(facts, names)]
    doing = [f"{one.title}: {one.reason}" for one in facts.worth_doing]
    return {
        "subject": f"{facts.subject}, week {facts.week}",
        "figures": "\n".join(_line(figure) for figure in figures) or "(nothing is known of this week)",
        "worth_doing": "\n".join(doing) or "(nothing)",
    }


def _line(figure: Figure) -> str:
    standing = against(figure)
    judged = {True: "; better", False: "; worse", None: ""}[figure.is_better]
    return f"{figure.title}: {figure.text}, {made_of(figure)}" + (
        f"; {figure.change}{judged}; {standing}" * bool(standing)
    )


def _known(facts: Facts, names: Collection[str]) -> Iterator[Figure]:
    return (figure for name in names if (figure := facts.figure(name)).is_known)


def _flow(facts: Facts) -> str:
    merged, cycle, pickup = (facts.figure(name) for name in ("throughput", "cycle", "pickup"))
    if not merged.is_known:
        return f"How work flows is not told: {merged.why}."
    if not merged.value:
        return "Nothing was merged this week."
    said = f"{merged.text} pull request{'s were' if merged.value != 1 else ' was'} merged{_change(merged)}"
    durations = (("cycle time", cycle), ("pickup", pickup))
    parts = [f"the median {name} was {one.text}{_change(one)}" for name, one in durations if one.is_known]
    return f"{said}; {' and '.join(parts)}." if parts else f"{said}; how long they took is not told."


def _value(facts: Facts) -> str:
    posted, precision, in_time = (facts.figure(name) for name in ("posted", "precision", "receipt-in-time"))
    reviews = facts.figure("reviews")
    if not reviews.value:
        return "Seawall reviewed nothing this week."
    if not posted.value:
        said = "Seawall had nothing to say"
    else:
        said = f"Seawall said {posted.text} point{'s' if posted.value != 1 else ''}"
        said += f"; of the {precision.n} judged, {precision.text} were heeded" if precision.is_known else ""
    timely = f"; {in_time.text} of heads had a receipt within 10 minutes{_change(in_time)}" if in_time.is_known else ""
    return f"{said}{timely}."


def _next(facts: Facts) -> str:
    if not facts.worth_doing:
        return "Nothing stands out that should be done next."
    first = facts.worth_doing[0]
    return f"Most worth doing next: {first.title[:1].lower()}{first.title[1:]} ({first.reason})."


def _change(figure: Figure) -> str:
    """` (12 before, no clear change)`, ` (higher than 12 before)`; nothing where nothing can be compared."""
    if figure.before is None or figure.before.value is None or figure.change == "not enough":
        return ""
    before = f"{figure.before.text} before"
    if figure.change == "no clear change":
        return f" ({before}, no clear change)"
    return f" ({figure.change} than {before})"
