"""The five things worth doing next: found in the week's facts and rows, ranked by a stated value, never about a person.

Each kind of thing is told once, with the worst of it as its link. Its value is what one of it weighs times how many
there are; `WEIGHTS` is what the appendix prints.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Any, Final
from urllib.parse import quote_plus, urlsplit

from bot.domain.tally import Tally
from bot.domain.timeline import Row, WeekRows
from bot.weekly.classes import tally_of
from bot.weekly.facts import Facts, Turn, Waiting, WorthDoing
from bot.weekly.history import parsed
from bot.weekly.metrics.value import COMPLETE
from bot.weekly.mutes import in_force
from bot.weekly.posture_trail import step_of
from bot.weekly.telling import hours_as_days

MOST: Final = 5
_INCIDENT: Final = 15
_MERGED_UNFIXED: Final = {"critical": 20, "high": 10}
_CALL: Final = 8
_DAYS: Final = 14
_DAYS_OF_ALL: Final = 40
_UNHEEDED: Final = 3
_UNREAD: Final = 2
_DRAFT: Final = 4
WEIGHTS: Final = (
    f"What is worth doing is ranked by weight: {_INCIDENT} for an incident that got through, {_MERGED_UNFIXED['high']} "
    f"for a high and {_MERGED_UNFIXED['critical']} for a critical finding merged unfixed, {_CALL} for an unprotected "
    f"call added, 1 for each day a stale or blocked pull request has waited ({_DAYS} at most for each, {_DAYS_OF_ALL} "
    f"for all of one turn), {_UNHEEDED} for a point not heeded of a rule less than half heeded, {_DRAFT} for a drafted "
    f"rule, {_UNREAD} for a review that did not read all, 1 for a pull request merged without review."
)
_LEAST_JUDGED: Final = 5
_TURNS: Final[dict[Turn, tuple[str, str]]] = {
    "author": ("Move or close", "its author"),
    "reviewer": ("Review", "a reviewer"),
    "merge": ("Merge or close", "the merge, though approved"),
}
Found = Iterator[WorthDoing]


def worth_doing(facts: Facts, rows: WeekRows) -> tuple[WorthDoing, ...]:
    """The five of the highest value; fewer where the record gives no more. `rows` are those the facts were made of."""
    look = _Look(facts, rows)
    found = [one for find in _FINDERS for one in find(look)]
    return tuple(sorted(found, key=lambda one: (-one.value, one.title))[:MOST])


class _Look:
    """The facts, and the rows of the week by what they are needed for."""

    def __init__(self, facts: Facts, rows: WeekRows) -> None:
        self.facts = facts
        self.rows = rows
        self._urls = {(row["repository_id"], row["number"]): row["url"] for row in rows["pull_requests"]}
        self._names = {row["id"]: row["repository"] for row in rows["repositories"]}

    def within(self, name: str, key: str) -> list[Row]:
        """Rows of that list whose time lies in the week."""
        starts, ends = parsed(self.facts.starts), parsed(self.facts.ends)
        return [row for row in self.rows[name] if row[key] and starts <= parsed(row[key]) < ends]

    def url(self, row: Row) -> str:
        return str(self._urls.get((row["repository_id"], row["number"])) or "")

    def named(self, row: Row) -> str:
        """`acme/shop#12`."""
        return f"{self._names.get(row['repository_id'], 'a repository')}#{row['number']}"

    def search(self, words: str) -> str:
        """Pull requests of these repositories at the host, by its own search; empty where no address is known."""
        known = next((url for url in self._urls.values() if url), "")
        host = urlsplit(known)
        if not host.scheme or not self.facts.repositories:
            return ""
        owners = {name.partition("/")[0] for name in self.facts.repositories}
        one = len(self.facts.repositories) == 1
        where = f"repo:{self.facts.repositories[0]}" if one else " ".join(f"user:{owner}" for owner in sorted(owners))
        return f"{host.scheme}://{host.netloc}/search?type=pullrequests&q={quote_plus(f'is:pr {words} {where}')}"


def _missed_incidents(look: _Look) -> Found:
    missed = [one for one in look.facts.incidents if one.verdict in ("missing", "dismissed")]
    if missed:
        first = missed[0]
        had = "nothing had been said of it" if first.verdict == "missing" else "what had been said was dismissed"
        yield WorthDoing(
            title=f"Learn from {_count(len(missed), 'incident')} that got through",
            reason=f"{first.id}{f', {first.class_}' if first.class_ else ''}: {had}",
            url=first.url,
            value=_INCIDENT * len(missed),
        )


def _merged_unfixed(look: _Look) -> Found:
    said = [row for row in look.within("points", "said_at") if row["severity"] in _MERGED_UNFIXED]
    ignored = [row for row in said if row["fate"] == "ignored"]
    if ignored:
        ignored.sort(key=lambda row: (-_MERGED_UNFIXED[row["severity"]], row["said_at"]))
        worst = ignored[0]
        yield WorthDoing(
            title=f"Fix {_count(len(ignored), 'high or critical finding')} merged unfixed",
            reason=f"{worst['severity']}: {worst['rule']} in {look.named(worst)}{_more(ignored)}",
            url=look.url(worst),
            value=sum(_MERGED_UNFIXED[row["severity"]] for row in ignored),
        )


def _unprotected(look: _Look) -> Found:
    changed = [(row, step_of(row).unprotected_added) for row in look.within("posture_changes", "merged_at")]
    added = sorted((one for one in changed if one[1]), key=lambda one: -one[1])
    if added:
        row, most = added[0]
        calls = sum(count for _, count in added)
        yield WorthDoing(
            title=f"Give {_count(calls, 'new call')} a timeout",
            reason=f"merged without a limit to the wait; {most} of them in {look.named(row)}",
            url=look.url(row),
            value=_CALL * calls,
        )


def _waiting(look: _Look) -> Found:
    by_turn: defaultdict[Turn, list[Waiting]] = defaultdict(list)
    for one in look.facts.stale:
        by_turn[one.turn].append(one)
    for turn, (verb, whom) in _TURNS.items():
        if waiting := by_turn[turn]:
            longest = max(waiting, key=lambda one: one.waited_h)
            blocked = f", blocked by {longest.blocked_by}" if longest.blocked_by else ""
            which = f"{longest.repository}#{longest.number}"
            yield WorthDoing(
                title=f"{verb} {_count(len(waiting), 'pull request')} that {_stand(len(waiting))} still",
                reason=f"{which} has waited {hours_as_days(longest.waited_h)} for {whom}{blocked}{_more(waiting)}",
                url=longest.url,
                value=round(min(_DAYS_OF_ALL, sum(min(_DAYS, one.waited_h / 24) for one in waiting)), 1),
            )


def _rules_unheeded(look: _Look) -> Found:
    """Of the weeks charted, not of this one alone: a rule's record needs more than a handful. What a rule said where it
    is muted by now, itself or with its class, counts no more."""
    known_until = min(parsed(look.facts.ends), parsed(look.facts.made_at))
    muted = {(row["repository_id"], row["rule"]) for row in in_force(look.rows["muted"], known_until)}
    by_rule: defaultdict[str, list[Row]] = defaultdict(list)
    for row in look.rows["points"]:
        if muted.isdisjoint((row["repository_id"], name) for name in (row["rule"], row["class"])):
            by_rule[row["rule"]].append(row)
    told = [(rule, tally_of(rows), rows) for rule, rows in by_rule.items()]
    bad = [(rule, tally, rows) for rule, tally, rows in told if _is_bad(tally)]
    for rule, tally, rows in sorted(bad, key=lambda one: one[1].heeded / one[1].judged)[:1]:
        unheeded = [row for row in rows if row["fate"] in ("disputed", "dismissed", "ignored")]
        last = max(unheeded, key=lambda row: row["said_at"])
        also = f"; {len(bad) - 1} more such" if len(bad) > 1 else ""
        yield WorthDoing(
            title=f"Tune or mute {rule}",
            reason=f"{tally.heeded} of {tally.judged} judged in twelve weeks were heeded, last not in "
            f"{look.named(last)}{also}",
            url=look.url(last),
            value=_UNHEEDED * (tally.judged - tally.heeded),
        )


def _incomplete(look: _Look) -> Found:
    runs = [row for row in look.within("reviews", "finished_at") if row["coverage"] not in COMPLETE]
    if runs:
        reasons = [one for one in look.facts.receipts.reasons if one.coverage not in COMPLETE]
        commonest = f", most often: {reasons[0].reason} ({reasons[0].runs})" if reasons else ""
        of = Counter(row["coverage"] for row in runs)
        kinds = ", ".join(f"{count} {coverage}" for coverage, count in of.most_common())
        last = max(runs, key=lambda row: row["finished_at"])
        yield WorthDoing(
            title=f"See why {_count(len(runs), 'review')} did not read all",
            reason=f"{kinds}{commonest}",
            url=look.url(last),
            value=_UNREAD * len(runs),
        )


def _rules_drafted(look: _Look) -> Found:
    """Told in the week in which they were drafted, and once."""
    if drafted := look.within("rule_drafts", "at"):
        last = drafted[-1]
        yield WorthDoing(
            title=f"Adopt or drop {_count(len(drafted), 'drafted rule')}",
            reason=f"{last['name']}: {last['title']}, of {look.named(last)}{_more(drafted)}",
            url=look.url(last),
            value=_DRAFT * len(drafted),
        )


def _unreviewed(look: _Look) -> Found:
    figure = look.facts.figure("merged-unreviewed")
    if figure.value and figure.n:
        merged = round(figure.value * figure.n)
        yield WorthDoing(
            title=f"Agree on who reviews what: {_count(merged, 'pull request')} merged unseen",
            reason=f"{figure.text} of {figure.n} merged had no review by another person",
            url=look.search(f"is:merged review:none merged:{look.facts.starts[:10]}..{look.facts.ends[:10]}"),
            value=merged,
        )


_FINDERS: Final[tuple[Callable[[_Look], Found], ...]] = (
    _missed_incidents, _merged_unfixed, _unprotected, _waiting, _rules_unheeded, _rules_drafted, _incomplete,
    _unreviewed,
)  # fmt: skip


def _is_bad(tally: Tally) -> bool:
    return tally.judged >= _LEAST_JUDGED and tally.heeded * 2 < tally.judged


def _count(count: int, what: str) -> str:
    return f"{count} {what}{'s' if count != 1 else ''}"


def _stand(count: int) -> str:
    return "stands" if count == 1 else "stand"


def _more(found: list[Any]) -> str:
    return f", and {len(found) - 1} more" if len(found) > 1 else ""
