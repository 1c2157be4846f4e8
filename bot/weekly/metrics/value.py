"""Did review prevent trouble? What was said and what became of it, how complete it was, and what it cost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from bot.domain.timeline import Row
from bot.weekly.chronicle import Chronicle, Span, Values, within
from bot.weekly.classes import tally_of
from bot.weekly.history import parsed
from bot.weekly.metric import Metric, MetricGroup, quantiles
from bot.weekly.mutes import in_force
from bot.weekly.sample import Absent, Amount, Count, Mean, Sample, Share

SOON: Final = timedelta(minutes=10)
COMPLETE: Final = frozenset({"full", "rules-only"})
_SAID: Final = "points said"
_RUNS: Final = "runs of reviews"


def _posted(chronicle: Chronicle, span: Span) -> Sample:
    return Count(len(within(chronicle.points, span)), span.weeks)


def _with_fate(fate: str) -> Callable[[Chronicle, Span], Sample]:
    def take(chronicle: Chronicle, span: Span) -> Sample:
        tally = tally_of(within(chronicle.points, span))
        return Amount(getattr(tally, fate) / span.weeks, tally.posted, missing=tally.posted - tally.judged)

    return take


def _precision(chronicle: Chronicle, span: Span) -> Sample:
    tally = tally_of(within(chronicle.points, span))
    return Share(tally.heeded, tally.judged, missing=tally.posted - tally.judged)


def _to_fix(chronicle: Chronicle, span: Span) -> Values:
    times: Values = []
    for said_at, row in chronicle.points:
        if row["fixed_at"] and span.holds(fixed_at := parsed(row["fixed_at"])):
            times.append(max(0.0, (fixed_at - said_at) / timedelta(hours=1)))
        elif not row["fixed_at"] and row["fate"] == "fixed" and span.holds(said_at):
            times.append(None)
    return times


def _escaped(chronicle: Chronicle, span: Span) -> Sample:
    if not chronicle.incidents:
        return Absent("not measured: no incident has been told to Seawall")
    verdicts = [row["verdict"] for row in within(chronicle.incidents, span)]
    escaped = sum(verdict in ("missing", "dismissed") for verdict in verdicts)
    return Amount(escaped / span.weeks, len(verdicts), missing=verdicts.count("unknown"))


def _muted(chronicle: Chronicle, span: Span) -> Sample:
    silent = in_force((row for _, row in chronicle.muted), span.ends)
    return Amount(len({(row["repository_id"], row["rule"]) for row in silent}), len(silent))


def _reviews(chronicle: Chronicle, span: Span) -> Sample:
    return Count(len(within(chronicle.reviews, span)), span.weeks)


def _complete(chronicle: Chronicle, span: Span) -> Sample:
    runs = within(chronicle.reviews, span)
    return Share(sum(row["coverage"] in COMPLETE for row in runs), len(runs))


def _in_time(chronicle: Chronicle, span: Span) -> Sample:
    """Heads overtaken or closed before their time was up, and those told of in the last minutes, are not counted."""
    total = timely = 0
    for at, row in chronicle.heads_told(span):
        place, due = (row["repository_id"], row["number"], row["head_sha"]), at + SOON
        if due <= chronicle.as_of and not chronicle.is_overtaken(*place, at, due):
            total += 1
            receipts = chronicle.receipts.get((row["repository_id"], row["head_sha"]), ())
            timely += any(finished <= due for finished in receipts)
    return Share(timely, total)


def _cost_of_runs(chronicle: Chronicle, span: Span) -> Sample:
    costs = [row["cost_usd"] for row in within(chronicle.reviews, span) if row["model"]]
    known = [float(cost) for cost in costs if cost is not None]
    return Mean(known, missing=len(costs) - len(known))


def _tokens_of_runs(chronicle: Chronicle, span: Span) -> Sample:
    return Mean([_tokens(row) for row in within(chronicle.reviews, span) if row["model"]])


def _cost(chronicle: Chronicle, span: Span) -> Sample:
    calls = within(chronicle.model_calls, span)
    known = [float(row["cost_usd"]) for row in calls if row["cost_usd"] is not None]
    return Amount(sum(known) / span.weeks, len(known), missing=len(calls) - len(known))


def _for_each_heeded(amount: Callable[[Row], float | None]) -> Callable[[Chronicle, Span], Sample]:
    def take(chronicle: Chronicle, span: Span) -> Sample:
        heeded = tally_of(within(chronicle.points, span)).heeded
        amounts = [amount(row) for row in within(chronicle.model_calls, span)]
        known = [one for one in amounts if one is not None]
        missing = len(amounts) - len(known)
        if not heeded:
            return Amount(None, 0, missing, "too few: nothing said was fixed or accepted yet")
        return Amount(sum(known) / heeded, heeded, missing) if known else Absent("not measured: no price is known")

    return take


def _tokens(row: Row) -> float:
    return float(row["input_tokens"] + row["output_tokens"])


def _price(row: Row) -> float | None:
    return None if row["cost_usd"] is None else float(row["cost_usd"])


def _fate(name: str, title: str, what: str) -> Metric:
    definition = f"Points said in the week {what}; missing are those nobody has judged yet."
    return Metric(name, title, "", "count", _SAID, definition, _with_fate(name))


GROUP = MetricGroup(
    name="value",
    title="Review",
    question="Did review prevent trouble?",
    order=3,
    metrics=(
        Metric(
            "posted", "Points said", "", "count", _SAID, "Points first said in the week, inline or listed.", _posted,
            is_charted=True,
        ),
        _fate("fixed", "Fixed", "that the code has fixed since"),
        _fate("accepted", "Accepted", "that somebody agreed with and the code does not show yet"),
        _fate("disputed", "Disputed", "that somebody objected to or dismissed"),
        _fate("ignored", "Ignored", "that were merged untouched"),
        Metric(
            "precision", "Precision", "%", "share", "points judged",
            "Fixed or accepted, of the points said in the week that were fixed, accepted, disputed or ignored.",
            _precision, "higher", is_charted=True,
        ),
        *quantiles(
            "time-to-fix", "Time to fix", "A point said to its fix seen in the code, of points fixed in the week.",
            "points fixed", _to_fix,
        ),
        Metric(
            "escaped", "Escaped incidents", "", "count", "incidents told",
            "Incidents that broke in the week and of which nothing had been said, or what was said had been dismissed.",
            _escaped, "lower",
        ),
        Metric(
            "muted", "Rules muted", "", "count", "mutes in force",
            "Rules muted in a repository at the end of the week, by their record or by people.", _muted, "lower",
        ),
        Metric("reviews", "Reviews", "", "count", _RUNS, "Runs that ended in a receipt in the week.", _reviews),
        Metric(
            "complete", "Complete receipts", "%", "share", _RUNS,
            "Runs of the week that read all that was expected: coverage full, or rules-only by choice.",
            _complete, "higher",
        ),
        Metric(
            "receipt-in-time", "Receipt within 10 minutes", "%", "share", "heads that stood for 10 minutes",
            "Heads with a receipt other than none within 10 minutes; drafts and heads overtaken by then left out.",
            _in_time, "higher", is_charted=True,
        ),
        Metric(
            "model-cost", "Model cost", "US$", "sum", "calls to the model",
            "What calls to the model cost in the week; missing are calls whose price is not known.", _cost, "lower",
            is_charted=True,
        ),
        Metric(
            "cost-per-review", "Cost of a review", "US$", "mean", "runs with a model",
            "What the model cost in a run, of runs of the week in which it took part.", _cost_of_runs, "lower",
        ),
        Metric(
            "tokens-per-review", "Tokens of a review", "tokens", "mean", "runs with a model",
            "Tokens read and written by the model in a run, of runs of the week in which it took part.",
            _tokens_of_runs, "lower",
        ),
        Metric(
            "cost-per-accepted", "Cost of a finding heeded", "US$", "ratio", "points fixed or accepted",
            "All that the model cost in the week, for each point said in it that was fixed or accepted since.",
            _for_each_heeded(_price), "lower",
        ),
        Metric(
            "tokens-per-accepted", "Tokens of a finding heeded", "tokens", "ratio", "points fixed or accepted",
            "All tokens of the week, for each point said in it that was fixed or accepted since.",
            _for_each_heeded(_tokens), "lower",
        ),
    ),
)  # fmt: skip
